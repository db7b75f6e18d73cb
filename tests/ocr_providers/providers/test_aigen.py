"""AIGEN: every row of its document."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image

from ocr_providers.accounts import set_credentials
from ocr_providers.base import SourceDocument
from ocr_providers.documents import page_image, sniff
from ocr_providers.exceptions import (
    AskAgainLater,
    FixTheRequest,
    OcrError,
    RateLimited,
    SmallerPicture,
    TellAdministrator,
    UnexpectedAnswer,
)
from ocr_providers.ledger import read_with_account
from ocr_providers.providers.aigen import AigenProvider
from ocr_providers.results import HEALTH_KEYS, HealthReport, Kind
from ocr_providers.vendor_schema import health_to_json
from tests.ocr_providers.contract import SECRET, HttpProviderContract
from tests.ocr_providers.fault_server import FaultServer, fault_server, reply
from tests.ocr_providers.scripted import make_account


def entry(key: str, value: object = "n/a", score: float = 0.0, *, found: bool = False) -> dict[str, Any]:
    return {"key": key, "value": value, "score": score, "found": found, "rect": []}


FOUND: dict[str, tuple[object, float]] = {
    "bp": ("106/71", 0.9982), "Weight": (73.1, 0.9982), "Height": (179.5, 0.9982), "BMI": (22.69, 0.9372),
    "BP-Systolic": (106.0, 0.9982), "BP-Diastolic": (71.0, 0.9982), "Date": ("02 ก.ค. 68", 0.9919),
    "Date_reformatted": ("02/07/2025", 0.9919),
}  # fmt: skip
DATA = [entry(key, *FOUND[key], found=True) if key in FOUND else entry(key) for key in HEALTH_KEYS]
SAMPLE = {"result": "Success", "data": DATA}
"""The document's own sample."""


class TestAigenProvider(HttpProviderContract):
    provider_class = AigenProvider
    kind = Kind.HEALTH_CHECK
    good = SAMPLE
    known_keys = ("result", "status", "data", "message", "error", "request_id")
    body_key = "image"

    def report(self, body: object, status: int = 200) -> HealthReport:
        document = self.provider().read_answer(self.answer(body, status)).document
        assert isinstance(document, HealthReport)
        return document

    def value(self, key: str, value: object) -> Any:
        return self.report({"result": "Success", "data": [entry(key, value, 0.9, found=True)]}).values[0]

    def test_sample_of_the_document_comes_through_whole(self) -> None:
        written = health_to_json(self.report(SAMPLE))
        assert [row["key"] for row in written] == list(HEALTH_KEYS)
        assert [float(row["value"]) if isinstance(row["value"], Decimal) else row["value"] for row in written] == [
            row["value"] for row in DATA
        ]
        assert [(float(row["score"]), row["found"], row["rect"]) for row in written] == [
            (row["score"], row["found"], row["rect"]) for row in DATA
        ]

    def test_numbers_keep_their_digits(self) -> None:
        assert self.report(SAMPLE).number("BMI") == Decimal("22.69")

    def test_what_stands_beside_the_data_is_kept(self) -> None:
        assert dict(self.provider().read_answer(self.answer({**SAMPLE, "page_errors": [2]})).beside) == {
            "page_errors": [2]
        }

    def test_unknown_keys_and_fields_are_kept(self) -> None:
        report = self.report({"result": "Success", "data": [{**entry("Triglyceride", 88.0), "page": 2}]})
        assert report.values[0].key == "Triglyceride"
        assert dict(report.values[0].extra) == {"page": 2}

    @pytest.mark.parametrize("absent", ["n/a", "N/A", "", "-", None, "null"])
    def test_na_and_its_relatives_are_absent(self, absent: object) -> None:
        assert self.value("FBS", absent).value is None

    @pytest.mark.parametrize(
        ("key", "text", "number", "unit"),
        [
            ("Weight", "73.1", "73.1", None), ("Weight", "73.1 kg", "73.1", "kg"), ("LDL", "<5.0", "5.0", None),
            ("Cholesterol", "≥ 1,200 mg/dL", "1200", "mg/dL"), ("Age", "42 ปี", "42", "ปี"),
            ("Height", "179.5ซม.", "179.5", "ซม."),
        ],
    )  # fmt: skip
    def test_numbers_written_as_text_are_numbers(self, key: str, text: str, number: str, unit: str | None) -> None:
        value = self.value(key, text)
        assert (value.value, value.unit) == (Decimal(number), unit)
        assert value.text in {None, text}

    @pytest.mark.parametrize(
        ("key", "text"), [("FBS", "5.4 mmol/L"), ("LDL", "high"), ("Weight", "1/2"), ("bp", "106/71")]
    )
    def test_what_is_no_number_in_the_keys_unit_stays_a_text(self, key: str, text: str) -> None:
        assert self.value(key, text).value == text

    @pytest.mark.parametrize("word", [{"result": "Success"}, {"result": "SUCCESS"}, {"status": "success"}])
    def test_success_under_either_name_in_any_case(self, word: dict[str, str]) -> None:
        assert len(self.report({**word, "data": DATA}).values) == 16

    @pytest.mark.parametrize(
        "body",
        [{"result": "Success"}, {"result": "Success", "data": {}}, {"result": "Failed", "data": []}, {"data": []}],
    )
    def test_anything_else_under_200_is_unexpected(self, body: object) -> None:
        with pytest.raises(UnexpectedAnswer):
            self.report(body)

    def test_206_is_partial_and_says_so(self) -> None:
        result = self.provider().read_answer(self.answer(SAMPLE, 206))
        assert result.partial
        assert result.messages
        assert not self.provider().read_answer(self.answer(SAMPLE, 200)).partial

    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (400, FixTheRequest), (401, TellAdministrator), (403, TellAdministrator), (404, TellAdministrator),
            (413, FixTheRequest), (415, FixTheRequest), (429, RateLimited), (500, AskAgainLater), (503, AskAgainLater),
            (504, SmallerPicture), (502, AskAgainLater), (418, FixTheRequest),
        ],
    )  # fmt: skip
    def test_every_status_of_the_table_has_its_class(self, status: int, error: type[OcrError]) -> None:
        for body in ({"status": "x", "message": "y"}, {"error": [{"message": "y"}]}, SAMPLE, b"<html>"):
            answer = self.answer(body, status)
            with pytest.raises(error) as caught:
                self.provider().read_answer(answer)
            assert type(caught.value) is error
            assert caught.value.code == str(status)
            assert self.provider().receipt(answer).charged is False

    def test_retry_after_in_seconds_or_as_a_date(self) -> None:
        date = {"date": "Wed, 01 Jan 2025 00:00:00 GMT"}
        for text, seconds in [("120", 120.0), ("Wed, 01 Jan 2025 00:02:00 GMT", 120.0), ("soon", None)]:
            for status in (429, 503):
                with pytest.raises(AskAgainLater) as caught:
                    self.provider().read_answer(self.answer(b"", status, **date, **{"retry-after": text}))
                assert caught.value.retry_after == seconds

    def test_the_key_travels_in_its_header_only(self, vendor: FaultServer) -> None:
        vendor.script(reply(self.good))
        self.asked(self.at(vendor))
        assert vendor.seen[0].headers["x-aigen-key"] == SECRET
        assert vendor.seen[0].query == {}


def saved(format_: str, pages: int = 1, size: tuple[int, int] = (2000, 1000)) -> SourceDocument:
    buffer = io.BytesIO()
    image = Image.new("RGB", size, "white")
    more = {"save_all": True, "append_images": [image] * (pages - 1)} if pages > 1 else {}
    image.save(buffer, format_, **more)
    media_type = "application/pdf" if format_ == "PDF" else f"image/{format_.lower()}"
    return SourceDocument(content=buffer.getvalue(), media_type=media_type, kind=Kind.HEALTH_CHECK)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "PDF"])
def test_images_and_pdf_go_out_as_they_are(format_: str) -> None:
    document = saved(format_, 2 if format_ == "PDF" else 1)
    assert TestAigenProvider().provider().check(document).content == document.content


@pytest.mark.parametrize("format_", ["WEBP", "TIFF", "HEIF"])
def test_other_formats_are_converted(format_: str) -> None:
    assert TestAigenProvider().provider().check(saved(format_)).media_type == "image/jpeg"


@pytest.mark.django_db
def test_after_a_timeout_a_pdf_is_read_with_fewer_pages_at_a_time() -> None:
    """As the document advises: "Retry with a smaller payload or fewer pages"."""
    with fault_server() as vendor:
        vendor.script(reply(b"", 504), reply(SAMPLE))
        account = make_account("aigen", endpoint=vendor.url)
        set_credentials(account, {"key": SECRET})
        document = saved("PDF", pages=2, size=(600, 300))
        with pytest.raises(SmallerPicture) as caught:
            read_with_account(account, document)
        read_with_account(account, document)

        assert caught.value.retryable
        assert [sniff(seen.picture("image")) for seen in vendor.seen] == ["application/pdf", "image/jpeg", "image/jpeg"]


def test_after_a_timeout_the_picture_is_sent_smaller_and_at_last_not_at_all() -> None:
    provider, document = TestAigenProvider().provider(), saved("JPEG")
    sides = [page_image(provider.check(document, smaller=step).content, 0).width for step in (0, 1, 2)]
    assert sides == [2000, 1400, 1000]
    with pytest.raises(FixTheRequest, match="however small"):
        provider.check(document, smaller=3)
