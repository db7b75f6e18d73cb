"""Rate limit and quota of gateway clients, counted in their rows: the same for every process that serves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ocr_providers.gateway.models import GatewayClient

WINDOW = timedelta(seconds=1)
UNLIMITED = -1
"""As the JD document writes it."""


@dataclass(eq=False)
class TooMany(Exception):
    """The client has used up its calls of this second, or of this day."""

    quota: bool
    retry_after: int
    """Seconds."""


def admit(client: GatewayClient) -> None:
    """Counts a call against the rate limit. Raises `TooMany`."""
    with transaction.atomic():
        row = GatewayClient.objects.select_for_update().get(pk=client.pk)
        now = timezone.now()
        if remaining_calls(row) == 0:
            raise TooMany(quota=True, retry_after=_seconds_to_midnight())
        if row.second is None or now - row.second >= WINDOW:
            row.second, row.calls_in_second = now, 0
        if row.calls_in_second >= row.calls_per_second:
            raise TooMany(quota=False, retry_after=1)
        row.calls_in_second += 1
        row.save(update_fields=("second", "calls_in_second"))


def charge(client: GatewayClient) -> int:
    """Counts a successful call against the day's quota; the calls that remain."""
    with transaction.atomic():
        row = GatewayClient.objects.select_for_update().get(pk=client.pk)
        row.calls_today = _used_today(row) + 1
        row.day = timezone.localdate()
        row.save(update_fields=("day", "calls_today"))
    return remaining_calls(row)


def remaining_calls(client: GatewayClient) -> int:
    """Successful calls left today; -1 without limit."""
    if client.daily_quota is None:
        return UNLIMITED
    return max(0, client.daily_quota - _used_today(client))


def remaining_seconds(client: GatewayClient) -> int:
    """Seconds until the credentials expire; -1 without limit."""
    if client.expires_at is None:
        return UNLIMITED
    return max(0, int((client.expires_at - timezone.now()).total_seconds()))


def _used_today(client: GatewayClient) -> int:
    return client.calls_today if client.day == timezone.localdate() else 0


def _seconds_to_midnight() -> int:
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return int((midnight - now).total_seconds()) + 1
