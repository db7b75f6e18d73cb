"""Whether an account may be asked now. Kept in its row, so that every worker on every machine sees the same.

A vendor that names a time to wait gets it. After `THRESHOLD` failures in a row the circuit opens; when its pause is
over, one call is let through as a probe, and its outcome closes the circuit or opens it again for longer.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from django.db import transaction
from django.db.models import Count, F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from ocr_providers.exceptions import (
    AskAgainLater,
    ClockWrong,
    FateUnknown,
    FixTheRequest,
    OcrError,
    RateLimited,
    SmallerPicture,
    TellAdministrator,
    UnexpectedAnswer,
)
from ocr_providers.models import ProviderAccount, ProviderCall

THRESHOLD = 5
"""Failures in a row that open the circuit."""
FIRST_PAUSE = 15.0
"""Seconds; doubled with every failure beyond the threshold."""
LONGEST_PAUSE = 900.0
LONGEST_VENDOR_PAUSE = 3600.0
"""A `Retry-After` beyond this is taken as this."""
ATTENTION_PAUSE = 900.0
"""Seconds before a key, credit or permission that failed is tried again without anybody's word."""
PROBE_SECONDS = 10.0
"""How long the others wait for a probe before one more is let through."""
BUSY_RETRY = 0.5
"""Seconds until a call in flight has probably made room for the next."""

THE_DOCUMENT_AT_FAULT = (FixTheRequest, UnexpectedAnswer, ClockWrong)
"""Failures that say nothing about the account."""


class Admission:
    """Calls that one account is asked to admit at the same moment, with its row locked. Counts what it admits."""

    def __init__(self, account: ProviderAccount) -> None:
        self.account = account
        self._now = timezone.now()

    def admit(self, *, respect_pause: bool = True) -> None:
        """Raises while the account may not be asked. `respect_pause=False`: a person asks, limits still hold."""
        self._refuse_over_daily_limits()
        self._refuse_if_full()
        if respect_pause:
            self._refuse_if_paused()
            self._let_one_probe_through()
        self._in_flight += 1
        self._calls_today += 1
        self._spent_today += self.account.price_per_call

    @cached_property
    def _in_flight(self) -> int:
        return self.account.calls.in_flight(self._now).count()

    @cached_property
    def _today(self) -> tuple[int, Decimal]:
        """Calls of today and their cost; not counted where there is no limit."""
        if self.account.daily_call_limit is None and self.account.daily_cost_limit is None:
            return 0, Decimal(0)
        sent = self.account.calls.today().exclude(state=ProviderCall.State.NOT_SENT)
        found = sent.aggregate(calls=Count("pk"), spent=Sum("cost"))
        return found["calls"], found["spent"] or Decimal(0)

    @cached_property
    def _calls_today(self) -> int:
        return self._today[0]

    @cached_property
    def _spent_today(self) -> Decimal:
        return self._today[1]

    def _refuse_over_daily_limits(self) -> None:
        """Raises `RateLimited` until midnight when today's calls or their cost reach the account's own limits."""
        account = self.account
        if account.daily_call_limit is not None and self._calls_today >= account.daily_call_limit:
            raise _until_midnight(account, _("calls"))
        limit = account.daily_cost_limit
        if limit is not None and self._spent_today + account.price_per_call > limit:
            raise _until_midnight(account, _("cost"))

    def _refuse_if_full(self) -> None:
        """Raises `RateLimited` while as many calls are in flight as the account allows."""
        account = self.account
        if self._in_flight >= account.max_in_flight:
            raise RateLimited(
                _("“%(account)s” has %(count)d calls in flight, its limit.")
                % {"account": account.name, "count": account.max_in_flight},
                code="in-flight",
                retry_after=BUSY_RETRY,
            )

    def _refuse_if_paused(self) -> None:
        """Raises `AskAgainLater` while the account is paused."""
        account = self.account
        if account.paused_until is not None and account.paused_until > self._now:
            raise AskAgainLater(
                _("“%(account)s” is paused: %(reason)s") % {"account": account.name, "reason": account.pause_reason},
                code="paused",
                retry_after=(account.paused_until - self._now).total_seconds(),
            )

    def _let_one_probe_through(self) -> None:
        """Half-open after a pause: the caller goes on, others wait for what comes of it."""
        account = self.account
        if account.paused_until is not None:
            account.paused_until = self._now + timedelta(seconds=PROBE_SECONDS)
            account.pause_reason = _("one call is trying whether it works again")
            account.save(update_fields=["paused_until", "pause_reason"])


def _until_midnight(account: ProviderAccount, what: str) -> RateLimited:
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return RateLimited(
        _("“%(account)s” has reached its daily limit (%(what)s).") % {"account": account.name, "what": what},
        code="daily-limit",
        retry_after=(midnight - now).total_seconds(),
    )


def succeeded(account: ProviderAccount) -> None:
    """Closes the circuit. Writes nothing while all is well."""
    if account.failures or account.paused_until:
        resume(account)


def resume(account: ProviderAccount) -> None:
    """Forgets failures and pause: somebody acted, or a call went through."""
    ProviderAccount.objects.filter(pk=account.pk).update(failures=0, paused_until=None, pause_reason="")
    account.failures, account.paused_until, account.pause_reason = 0, None, ""


@transaction.atomic(savepoint=False)
def failed(account: ProviderAccount, error: OcrError) -> None:
    """Counts a failure of the account and pauses it where that is due."""
    if isinstance(error, THE_DOCUMENT_AT_FAULT) and not isinstance(error, SmallerPicture):
        succeeded(account)
        return
    rows = ProviderAccount.objects.filter(pk=account.pk)
    rows.update(failures=F("failures") + 1)
    account.refresh_from_db(fields=("failures", "paused_until"))
    seconds = pause_after(error, account.failures)
    until = timezone.now() + timedelta(seconds=seconds)
    if seconds and (account.paused_until is None or account.paused_until < until or account.failures >= THRESHOLD):
        rows.update(paused_until=until, pause_reason=f"{error.code}: {error}"[:200])


def pause_after(error: OcrError, failures: int) -> float:
    """Seconds to pause after this failure, the vendor's word first; 0 for none."""
    if isinstance(error, TellAdministrator):
        return ATTENTION_PAUSE
    beyond = failures - THRESHOLD
    own = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(beyond, 10)) if beyond >= 0 else 0.0
    if isinstance(error, FateUnknown):
        return own
    return max(own, min(error.retry_after or 0.0, LONGEST_VENDOR_PAUSE))
