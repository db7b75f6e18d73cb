"""`rotate_credentials`, with the secrets of webhooks and of second factors."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import CommandError
from django.db import transaction

from claims.models import WebhookEndpoint
from claims.staff import accounts
from ocr_providers import credentials
from ocr_providers.exceptions import Misconfigured
from ocr_providers.management.commands import rotate_credentials


class Command(rotate_credentials.Command):
    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """All or nothing."""
        super().handle(*args, **options)
        try:
            _rotate_webhooks()
            _rotate_second_factors()
        except Misconfigured as error:
            raise CommandError(str(error)) from None


def _rotate_webhooks() -> None:
    for endpoint in WebhookEndpoint.objects.select_for_update():
        endpoint.encrypted_secret = credentials.rotate(endpoint.encrypted_secret)
        endpoint.save(update_fields=("encrypted_secret",))


def _rotate_second_factors() -> None:
    for factor in Authenticator.objects.select_for_update():
        factor.data = accounts.rotate(factor.data)
        factor.save(update_fields=("data",))
