"""A vendor that does what the test says."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from ocr_providers.base import BaseProvider, RawAnswer, Receipt, SourceDocument
from ocr_providers.documents import MEDIA_TYPES
from ocr_providers.exceptions import FixTheRequest, UnexpectedAnswer
from ocr_providers.models import ProviderAccount
from ocr_providers.results import Invoice, Kind, ReadingResult


def jpeg(shade: int = 255, size: tuple[int, int] = (200, 150)) -> bytes:
    """A small picture; another shade is another picture."""
    buffer = io.BytesIO()
    Image.new("L", size, shade).save(buffer, "JPEG")
    return buffer.getvalue()


def picture(shade: int = 255, kind: Kind = Kind.INVOICE) -> SourceDocument:
    return SourceDocument(content=jpeg(shade), media_type="image/jpeg", kind=kind)


class ScriptedProvider(BaseProvider):
    """Answers from `script`: bytes are a body, an exception is raised, the last entry repeats."""

    vendor = "scripted"
    title = "Scripted"
    kinds = frozenset({Kind.INVOICE})
    whole_media_types = frozenset(MEDIA_TYPES)
    script: list[bytes | BaseException] = []
    sent: list[SourceDocument] = []

    def fit(self, document: SourceDocument, page: int | None, smaller: int) -> SourceDocument:
        return document

    def call(self, document: SourceDocument) -> RawAnswer:
        type(self).sent.append(document)
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, BaseException):
            raise step
        return RawAnswer(body=step, status=400 if step.startswith(b"refused") else 200)

    def receipt(self, answer: RawAnswer) -> Receipt:
        return Receipt(charged=answer.body.startswith(b"charged"), code="42", remaining_calls=7)

    def parse(self, answer: RawAnswer) -> ReadingResult:
        if answer.status == 400:
            raise FixTheRequest("refused", code="400")
        if answer.body.endswith(b"garbage"):
            raise UnexpectedAnswer("garbage")
        return ReadingResult(kind=Kind.INVOICE, document=Invoice(note_no=answer.body.decode()))

    def test_connection(self) -> str:
        return "well"


class InHouseProvider(ScriptedProvider):
    vendor = "inside"
    in_house = True


class OnePageProvider(ScriptedProvider):
    vendor = "one-page"
    whole_media_types = frozenset()


SCRIPTED: tuple[type[ScriptedProvider], ...] = (ScriptedProvider, InHouseProvider, OnePageProvider)


def make_account(vendor: str = "scripted", **fields: Any) -> ProviderAccount:
    defaults: dict[str, Any] = {
        "name": vendor,
        "endpoint": "http://127.0.0.1:9",
        "documents_may_leave": True,
        "price_per_call": "0.1",
    }
    return ProviderAccount.objects.create(vendor=vendor, **{**defaults, **fields})
