"""The engine inside, as a provider: its answer on record gives the same result again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal

import pytest
from PIL import Image

from ocr_providers.answers import record_of
from ocr_providers.engine import pipeline
from ocr_providers.exact_json import dumps
from ocr_providers.providers.local import LocalProvider
from ocr_providers.results import Box, HealthReport, HealthValue, Invoice, Kind, LineItem, ReadingResult, Source
from tests.ocr_providers.contract import ProviderContract
from tests.ocr_providers.scripted import picture

INVOICE = ReadingResult(
    kind=Kind.INVOICE,
    document=Invoice(
        total_cost=Decimal("120.50"),
        line_items=(LineItem(name="血常规", price=Decimal("120.50")),),
        note_code="33060118",
        sources={"/total_cost": Source(text="120.50", score=0.5, box=Box(1, 2, 3, 4, page=1), derived=True)},
    ),
    partial=True,
    messages=("page 2 is blank",),
)
HEALTH = ReadingResult(
    kind=Kind.HEALTH_CHECK,
    document=HealthReport(
        values=(
            HealthValue(key="LDL", value=Decimal(99), score=Decimal("0.9"), found=True),
            HealthValue(key="bp", value="1/2", score=Decimal("0.8"), found=True),
        ),
        sources={"/0/value": Source(text="99", box=Box(1, 2, 3, 4, page=2))},
    ),
)


class TestLocalProvider(ProviderContract):
    provider_class = LocalProvider
    kind = Kind.INVOICE
    good = json.loads(dumps(record_of(INVOICE)))
    known_keys = ("kind", "status", "degree", "medical_result", "data", "sources", "messages")

    @pytest.mark.parametrize("result", [INVOICE, HEALTH])
    def test_a_result_survives_its_record(self, result: ReadingResult) -> None:
        assert self.provider().read_answer(self.answer(dumps(record_of(result)).encode())) == result

    def test_the_engine_gets_upright_pages_and_the_asked_kind(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[tuple[int, Kind]] = []

        def read_pages(pages: Sequence[Image.Image], kind: Kind = Kind.AUTO) -> ReadingResult:
            asked.append((len(pages), kind))
            return INVOICE

        monkeypatch.setattr(pipeline, "read_pages", read_pages)
        provider = self.provider()
        answer = provider.call(provider.check(picture(kind=Kind.AUTO)))

        assert asked == [(1, Kind.AUTO)]
        assert provider.read_answer(answer).messages == INVOICE.messages
        assert provider.receipt(answer).charged is False
