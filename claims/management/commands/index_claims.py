"""Makes what claims are found by, and what the queue filters by, again from the claims themselves."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from claims.models import Claim
from claims.queueing import claim_figures
from ocr_providers.management.desk_command import DeskCommand

BATCH = 500


class Command(DeskCommand):
    help = "Writes the search row and the kept figures of every claim again. Safe beside the running desk."

    def handle(self, *args: Any, **options: Any) -> None:
        pks = list(Claim.objects.order_by("id").values_list("pk", flat=True))
        for first in range(0, len(pks), BATCH):
            with transaction.atomic():
                claim_figures.update(*pks[first : first + BATCH])
        self.stdout.write(f"{len(pks)} claims")
