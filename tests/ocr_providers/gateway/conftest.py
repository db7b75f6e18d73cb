"""A gateway client, its credentials, and an engine that answers as told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pytest
from PIL import Image

from ocr_providers.engine import pipeline
from ocr_providers.gateway.models import GatewayClient
from ocr_providers.results import HealthReport, HealthValue, Invoice, Kind, LineItem, ReadingResult

INVOICE = ReadingResult(
    kind=Kind.INVOICE,
    document=Invoice(
        note_no="0123456789",
        total_cost=Decimal("120.50"),
        line_items=(LineItem(name="血常规", price=Decimal("120.50")),),
    ),
    degree=90,
)
HEALTH = ReadingResult(
    kind=Kind.HEALTH_CHECK,
    document=HealthReport(
        values=(
            HealthValue(
                key="Weight", value=Decimal("73.1"), score=Decimal("0.99"), found=True, unit="kg", rect=(1, 2, 3, 4)
            ),
            HealthValue(key="Triglyceride", value=Decimal(88), score=Decimal("0.9"), found=True),
        )
    ),
)

Engine = Callable[..., None]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """`engine(result)` or `engine(error)` says what the house's engine does."""

    def answer(outcome: ReadingResult | BaseException) -> None:
        def read_pages(pages: Sequence[Image.Image], kind: Kind = Kind.AUTO) -> ReadingResult:
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

        monkeypatch.setattr(pipeline, "read_pages", read_pages)

    return answer


@dataclass
class Credentials:
    client: GatewayClient
    appkey: str
    secretkey: str
    aigen_key: str


@pytest.fixture
def credentials(db: None) -> Credentials:
    client = GatewayClient(name="hospital", calls_per_second=1000)
    made = client.make_credentials()
    client.save()
    return Credentials(client, made["appkey"], made["secretkey"], made["x-aigen-key"])
