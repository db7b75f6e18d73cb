"""A document as it came, its page pictures, and what the providers read in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim


class Document(models.Model):
    """One uploaded file. The original bytes are never changed; they are addressed by their SHA-256."""

    class Kind(models.TextChoices):
        AUTO = "auto", _("Recognise")
        INVOICE = "invoice", _("Medical invoice")
        HEALTH_CHECK = "health-check", _("Health-check report")

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting to be read")
        READING = "reading", _("Being read")
        READ = "read", _("Read")
        FAILED = "failed", _("Not read")
        HELD = "held", _("Held for a person")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="documents", verbose_name=_("claim"))
    sha256 = models.CharField(_("SHA-256 of the original"), max_length=64, db_index=True)
    media_type = models.CharField(_("media type"), max_length=40)
    byte_size = models.PositiveBigIntegerField(_("bytes"))
    original_name = models.CharField(_("file name"), max_length=255)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.AUTO)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.QUEUED)
    failure_code = models.CharField(_("failure code"), max_length=40, blank=True)
    failure_reason = models.TextField(_("why it was not read"), blank=True)
    partial = models.BooleanField(_("partly read"), default=False)
    partial_confirmed = models.BooleanField(_("partial reading confirmed"), default=False)
    page_count = models.PositiveIntegerField(_("pages"), default=1)
    perceptual_hash = models.CharField(max_length=64, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    revision = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Counts changes of the working values; every value knows its own.")
    )
    error_count = models.PositiveIntegerField(_("errors"), default=0)
    warning_count = models.PositiveIntegerField(_("warnings"), default=0)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("id",)
        indexes = (models.Index(fields=("status", "id"), name="document_by_status"),)
        constraints = (
            models.UniqueConstraint(fields=("claim", "sha256"), name="document_once_per_claim"),
            models.CheckConstraint(
                name="document_failure_has_reason",
                condition=~Q(status__in=("failed", "held")) | ~Q(failure_code=""),
            ),
        )

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_invoice(self) -> bool:
        return self.kind == self.Kind.INVOICE

    @property
    def current_reading(self) -> Reading | None:
        return self.readings.order_by("-id").first()


class Page(models.Model):
    """One page picture (EXIF applied, re-encoded) with its thumbnail: derived, can be made again."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    index = models.PositiveIntegerField(_("page, from 0"))
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    picture = models.CharField(_("key of the picture in the store"), max_length=200)
    thumbnail = models.CharField(_("key of the thumbnail in the store"), max_length=200)
    perceptual_hash = models.CharField(max_length=64, blank=True)
    rotation = models.SmallIntegerField(
        _("rotation for the screen"), default=0, help_text=_("Degrees clockwise; boxes stay in unrotated pixels.")
    )

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ("document", "index")
        constraints = (
            models.UniqueConstraint(fields=("document", "index"), name="page_once_per_document"),
            models.CheckConstraint(name="page_rotation_is_right_angle", condition=Q(rotation__in=(0, 90, 180, 270))),
        )

    def __str__(self) -> str:
        return f"{self.document_id}/{self.index}"


class Reading(models.Model):
    """One provider's answer about one document. Append-only, by trigger too."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="readings")
    vendor = models.CharField(_("vendor"), max_length=30)
    account_name = models.CharField(_("account"), max_length=80)
    call_ids = models.JSONField(_("calls in the ledger"), default=list)
    kind = models.CharField(_("kind"), max_length=12, choices=Document.Kind)
    answer = models.TextField(_("answer in the vendor's schema"), help_text=_("JSON text; numbers digit for digit."))
    partial = models.BooleanField(_("partial"), default=False)
    degree = models.SmallIntegerField(_("rotation reported"), default=0)
    charged = models.BooleanField(_("charged"), null=True)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"))

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ("document", "id")
        indexes = (models.Index(fields=("finished_at",), name="reading_by_day"),)
        constraints = (
            models.CheckConstraint(
                name="reading_ends_after_start", condition=Q(finished_at__gte=models.F("started_at"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id}: {self.account_name} {self.finished_at:%Y-%m-%d %H:%M}"


class Duplicate(models.Model):
    """Two documents that look like the same paper: linked and explained, never silently taken or refused."""

    class Reason(models.TextChoices):
        SAME_BYTES = "same-bytes", _("The same file")
        SAME_PICTURE = "same-picture", _("The same picture")
        SAME_NUMBER = "same-number", _("The same invoice number")
        SAME_VISIT = "same-visit", _("The same hospital, date and total")

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="duplicates")
    other = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=14, choices=Reason)
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    dismissed_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("document", "other", "reason"), name="duplicate_once_per_reason"),
            models.CheckConstraint(name="duplicate_of_another", condition=~Q(document=models.F("other"))),
            models.CheckConstraint(
                name="duplicate_dismissed_with_reason", condition=Q(dismissed_by=None) | ~Q(dismissed_reason="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id} ~ {self.other_id} ({self.reason})"

    @property
    def sides(self) -> tuple[Document, Document]:
        """Both documents, to be looked at side by side."""
        return self.document, self.other


class Presence(models.Model):
    """Who has a document open; older than a minute means gone."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = (models.UniqueConstraint(fields=("document", "user"), name="presence_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.document_id}"
