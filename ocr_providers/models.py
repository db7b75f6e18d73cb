"""Accounts at the vendors, and the ledger of every call made with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NoReturn

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ocr_providers.base import RawAnswer, SourceDocument
from ocr_providers.gateway.models import GatewayClient

__all__ = ["GatewayClient", "ProviderAccount", "ProviderCall"]


class ProviderAccount(models.Model):
    """One account at one vendor: where it is, how it is paid, what it may do. Secrets are encrypted (`credentials`)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    vendor = models.CharField(_("vendor"), max_length=30)
    endpoint = models.CharField(_("base URL"), max_length=200, blank=True, help_text=_("Before the vendor's path."))
    route = models.CharField(
        _("other path"),
        max_length=120,
        blank=True,
        help_text=_("Only for another form of the same vendor and protocol, such as another province's."),
    )
    encrypted_credentials = models.TextField(editable=False, blank=True)
    kinds = models.JSONField(_("kinds of document"), default=list, blank=True, help_text=_("Empty: all it reads."))
    preference = models.PositiveSmallIntegerField(
        _("preference"), default=100, help_text=_("The lowest is asked first; the next when that one cannot.")
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    documents_may_leave = models.BooleanField(
        _("documents may leave the house"),
        default=False,
        help_text=_("Sending a document to a vendor entrusts it to another party. Without this nothing is sent."),
    )
    region = models.CharField(
        _("region"), max_length=10, blank=True, help_text=_("Only documents of this region. Empty: of any.")
    )
    connect_timeout = models.PositiveSmallIntegerField(
        _("connect timeout, s"), default=5, validators=[MinValueValidator(1)]
    )
    read_timeout = models.PositiveSmallIntegerField(_("read timeout, s"), default=60, validators=[MinValueValidator(1)])
    total_timeout = models.PositiveSmallIntegerField(
        _("time for a call, s"), default=120, validators=[MinValueValidator(1)]
    )
    max_in_flight = models.PositiveSmallIntegerField(
        _("calls at the same time"),
        default=64,
        validators=[MinValueValidator(1)],
        help_text=_("Of all workers together."),
    )
    price_per_call = models.DecimalField(_("price per call"), max_digits=10, decimal_places=4, default=Decimal(0))
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    daily_call_limit = models.PositiveIntegerField(_("calls a day at most"), null=True, blank=True)
    daily_cost_limit = models.DecimalField(
        _("cost a day at most"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    # The circuit (see `circuit`): rows, so that all workers see it.
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True, editable=False)
    pause_reason = models.CharField(_("why paused"), max_length=200, blank=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    clock_offset = models.FloatField(_("vendor's clock ahead of ours, s"), default=0.0, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("provider account")
        verbose_name_plural = _("provider accounts")
        ordering = ("preference", "name")
        constraints = (
            models.CheckConstraint(name="account_price_not_negative", condition=Q(price_per_call__gte=0)),
            models.CheckConstraint(
                name="account_pause_has_reason", condition=Q(paused_until__isnull=True) | ~Q(pause_reason="")
            ),
        )

    def __str__(self) -> str:
        return self.name

    def is_paused(self, now: datetime | None = None) -> bool:
        return self.paused_until is not None and self.paused_until > (now or timezone.now())


class ProviderCallQuerySet(models.QuerySet["ProviderCall"]):
    def delete(self) -> NoReturn:
        raise TypeError("The call ledger is append-only.")

    def today(self) -> ProviderCallQuerySet:
        """Since midnight of the server's time zone: the day that limits count."""
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return self.filter(started_at__gte=midnight)

    def in_flight(self, now: datetime) -> ProviderCallQuerySet:
        return self.filter(state=ProviderCall.State.SENDING, expires_at__gt=now)


class ProviderCall(models.Model):
    """One request to a vendor. Written before it leaves; the raw answer is written before it is parsed, and stays."""

    class State(models.TextChoices):
        SENDING = "sending", _("On its way")
        ANSWERED = "answered", _("Answered, not yet parsed")
        OK = "ok", _("Good answer")
        FAILED = "failed", _("Refused or useless answer")
        NOT_SENT = "not-sent", _("Never left")
        UNCERTAIN = "uncertain", _("Fate unknown")

    account = models.ForeignKey(
        ProviderAccount, on_delete=models.PROTECT, related_name="calls", verbose_name=_("account")
    )
    vendor = models.CharField(_("vendor"), max_length=30)
    endpoint = models.CharField(
        _("address"), max_length=320, help_text=_("Without the query: that carries the signature.")
    )
    sha256 = models.CharField(_("SHA-256 of the document"), max_length=64, db_index=True)
    kind = models.CharField(_("kind"), max_length=12)
    page = models.PositiveIntegerField(_("page, from 0"), null=True, blank=True)
    key = models.CharField(max_length=64, editable=False)
    """Digest of what makes two calls the same: account, endpoint, document, kind, page."""
    generation = models.PositiveIntegerField(_("attempt"), default=0)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.SENDING)
    owner = models.CharField(_("process"), max_length=160, editable=False)
    expires_at = models.DateTimeField(_("deadline"), editable=False)
    asked_again = models.BooleanField(_("asked again by a person"), default=False)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    latency_ms = models.PositiveIntegerField(_("latency, ms"), null=True, blank=True)
    sent_bytes = models.PositiveIntegerField(_("bytes sent"), default=0)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    vendor_code = models.CharField(_("vendor's code"), max_length=80, blank=True)
    charged = models.BooleanField(_("charged"), null=True)
    cost = models.DecimalField(_("cost"), max_digits=10, decimal_places=4, default=Decimal(0))
    remaining_calls = models.BigIntegerField(_("remaining calls"), null=True, blank=True)
    remaining_seconds = models.BigIntegerField(_("remaining seconds"), null=True, blank=True)
    answer = models.BinaryField(_("raw answer"), null=True, editable=False)
    answer_headers = models.JSONField(_("headers of the answer"), default=dict, editable=False)
    cut_short = models.CharField(_("why the answer is not complete"), max_length=200, blank=True)
    error_class = models.CharField(_("class of error"), max_length=40, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    retry_after = models.FloatField(_("seconds to wait, as the vendor said"), null=True, blank=True)

    objects = ProviderCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ("-id",)
        permissions = (("view_raw_answer", _("Can see the vendor's raw answer")),)
        indexes = (
            models.Index(fields=("account", "started_at"), name="call_by_account_and_day"),
            models.Index(fields=("account", "expires_at"), name="call_in_flight", condition=Q(state="sending")),
        )
        constraints = (
            models.UniqueConstraint(fields=("key", "generation"), name="call_once_per_generation"),
            models.CheckConstraint(
                name="call_answer_has_status", condition=~Q(state__in=("answered", "ok")) | Q(status__isnull=False)
            ),
            models.CheckConstraint(
                name="call_failure_has_class",
                condition=~Q(state__in=("failed", "not-sent", "uncertain")) | ~Q(error_class=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.vendor} {self.started_at:%Y-%m-%d %H:%M} {self.state}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("The call ledger is append-only.")

    @property
    def is_erased(self) -> bool:
        """A good answer whose content was erased: as if the document had never been read."""
        return self.state == self.State.OK and not self.answer

    @property
    def raw_answer(self) -> RawAnswer:
        """The answer as `BaseProvider.parse` takes it. Only for a call that has one."""
        return RawAnswer(
            body=bytes(self.answer or b""),
            status=self.status or 0,
            headers=self.answer_headers,
            elapsed=(self.latency_ms or 0) / 1000,
            cut_short=self.cut_short,
        )

    @property
    def may_have_been_charged(self) -> bool:
        """The vendor said so, or said nothing but answered well: not to be sent again without a person's word."""
        return bool(self.charged) or (self.charged is None and self.status is not None and self.status < 400)

    @classmethod
    def opening(cls, document: SourceDocument, seconds: float, **fields: Any) -> ProviderCall:
        """A row to commit before `document` is sent; it is given up after `seconds`."""
        now = timezone.now()
        return cls(
            **fields,
            state=cls.State.SENDING,
            started_at=now,
            expires_at=now + timedelta(seconds=seconds),
            sent_bytes=len(document.content),
        )

    @classmethod
    def accept(cls, calls: Iterable[ProviderCall]) -> None:
        """Their answers are good and taken over: in the transaction that stores what the caller makes of them."""
        fresh = [call for call in calls if call.state == cls.State.ANSWERED]
        if not fresh:
            return
        answered = cls.objects.filter(pk__in=[call.pk for call in fresh], state=cls.State.ANSWERED)
        answered.update(state=cls.State.OK)
        for call in fresh:
            call.state = cls.State.OK
