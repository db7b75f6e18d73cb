"""`rotate_credentials`: everything encrypted at rest, under the newest key of CREDENTIALS_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from ocr_providers import credentials
from ocr_providers.exceptions import Misconfigured
from ocr_providers.management.desk_command import DeskCommand
from ocr_providers.models import GatewayClient, ProviderAccount


class Command(DeskCommand):
    help = "Encrypts all stored credentials with the first key of CREDENTIALS_KEYS; the others may then be taken away."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = rotate_all()
        except Misconfigured as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{count} credentials are under the newest key.")


@transaction.atomic
def rotate_all() -> int:
    """All or nothing; how many there were."""
    count = 0
    for account in ProviderAccount.objects.exclude(encrypted_credentials="").select_for_update():
        account.encrypted_credentials = credentials.rotate(account.encrypted_credentials)
        account.save(update_fields=("encrypted_credentials",))
        count += 1
    for client in GatewayClient.objects.select_for_update():
        client.encrypted_secret = credentials.rotate(client.encrypted_secret)
        client.save(update_fields=("encrypted_secret",))
        count += 1
    return count
