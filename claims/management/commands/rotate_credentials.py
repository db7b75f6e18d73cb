"""`rotate_credentials`, with the secrets of webhooks."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from claims.models import WebhookEndpoint
from ocr_providers import credentials
from ocr_providers.management.commands import rotate_credentials


class Command(rotate_credentials.Command):
    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """All or nothing."""
        super().handle(*args, **options)
        for endpoint in WebhookEndpoint.objects.select_for_update():
            endpoint.encrypted_secret = credentials.rotate(endpoint.encrypted_secret)
            endpoint.save(update_fields=("encrypted_secret",))
