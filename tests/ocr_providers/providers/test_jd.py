"""JD DeepFinch: every row of its document."""

from __future__ import annotations

import hashlib
import io
import json
import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image

from ocr_providers.arithmetic.vocabulary import DOCUMENTED_PAYMENTS, payment_kind
from ocr_providers.base import Connection, RawAnswer, SourceDocument
from ocr_providers.documents import page_image
from ocr_providers.exact_json import dumps, loads
from ocr_providers.exceptions import (
    AskAgainLater,
    ClockWrong,
    FixTheRequest,
    OcrError,
    PictureUnreadable,
    RateLimited,
    TellAdministrator,
    UnexpectedAnswer,
    UnsupportedDocument,
)
from ocr_providers.providers.jd import JdProvider, signature
from ocr_providers.results import Invoice, Kind
from ocr_providers.vendor_schema import invoice_to_json
from tests.ocr_providers.contract import SECRET, HttpProviderContract
from tests.ocr_providers.fault_server import FaultServer, reply

SAMPLE: dict[str, Any] = {
    "request_id": "TIDa0f74432e2134772a8974cb086e9ae6b",
    "status": "OK",
    "degree": 0,
    "medical_result": {
        "average_prob": 0.7073246833276072,
        "billing_date": "2018-03-28",
        "checksum": {"cost_categories": 1, "total_cost": 1, "note_no": 1, "billing_date": 1},
        "cost_categories": [],
        "fund_payments": [],
        "payments_info": [{"amount": 102376.98, "check_info": -1, "name": "个人支付金额"}],
        "hospital_name": "烟台市州台山医院",
        "note_no": "401238134315",
        "patient_gender": 2,
        "patient_name": "曲多多",
        "total_cost": 855.32,
        "type": 1,
    },
}
"""The document's own sample."""

FULL_LINE = {
    "amount": 2.0, "check_info": 1, "check_info_price": 0, "check_name_info": -1, "class": "西药费", "level": "乙",
    "medical_type": 1, "name": "阿莫西林胶囊", "ocr_name": "阿莫西林胶囊", "origin_ocr_name": "阿莫西林胶襄",
    "price": 31.2, "selfpay": 3.12, "selfpay_ratio": 0.1, "spec": "0.25g*24", "unit_price": 15.6,
}  # fmt: skip
FULL = {
    **SAMPLE["medical_result"],
    "cost_categories": [{"name": "西药费", "cost": 31.2}],
    "cost_detail_list": [FULL_LINE],
    "hospital_dates": ["2018-03-01", "2018-03-28"],
    "hospital_days": 27.0,
    "medical_insurance_type": "城镇职工",
    "medical_organization_type": "综合医院",
    "service_serial_number": "S1",
    "social_security_card_number": "C1",
    "checksum": {"total_cost": 1, "cost_categories": 0, "payments_class_b": -1, "payments_class_c": 1},
    "charging_units": "示例医院",
    "hospital_no": "M1",
    "payee": "王五",
}  # fmt: skip
ENVELOPE = {"code": "10000", "charge": True, "remainTimes": 1305, "remainSeconds": -1, "msg": "查询成功,扣费"}


def enveloped(result: object, **fields: object) -> dict[str, Any]:
    return {**ENVELOPE, "result": result, **fields}


class TestJdProvider(HttpProviderContract):
    provider_class = JdProvider
    kind = Kind.INVOICE
    good = enveloped(SAMPLE)
    known_keys = ("code", "charge", "result", "status", "medical_result", "degree", "remainTimes", "msg")
    body_key = "image_base64"

    def invoice(self, body: object, status: int = 200) -> Invoice:
        document = self.provider().read_answer(self.answer(body, status)).document
        assert isinstance(document, Invoice)
        return document

    def test_sample_of_the_document(self) -> None:
        invoice = self.invoice(SAMPLE)
        assert (invoice.note_no, invoice.patient_name, invoice.patient_gender, invoice.type) == (
            "401238134315", "曲多多", 2, 1,
        )  # fmt: skip
        assert invoice.billing_date == date(2018, 3, 28)
        assert invoice.total_cost == Decimal("855.32")
        assert invoice.average_prob == Decimal("0.7073246833276072")
        assert invoice.fund_payments == []
        assert dict(invoice.checksum) == {"cost_categories": 1, "total_cost": 1, "note_no": 1, "billing_date": 1}
        assert (invoice.payments_info[0].name, invoice.payments_info[0].amount) == (
            "个人支付金额",
            Decimal("102376.98"),
        )

    @pytest.mark.parametrize("name", sorted(FULL))
    def test_every_documented_field_comes_through_digit_for_digit(self, name: str) -> None:
        written = loads(dumps(invoice_to_json(self.invoice({"status": "OK", "medical_result": FULL}))))
        assert isinstance(written, dict)
        assert written[name] == loads(json.dumps(FULL[name]))

    def test_unknown_fields_are_kept(self) -> None:
        invoice = self.invoice({"status": "OK", "medical_result": {**FULL, "image_id": "I1", "seal": {"x": 1}}})
        assert dict(invoice.extra) == {"image_id": "I1", "seal": {"x": 1}}

    def test_what_stands_beside_the_result_is_kept(self) -> None:
        body = enveloped({**SAMPLE, "image_id": "I1"}, trace={"hops": [1, 2]})
        assert dict(self.provider().read_answer(self.answer(body)).beside) == {
            "image_id": "I1",
            "trace": {"hops": [1, 2]},
        }
        assert dict(self.provider().read_answer(self.answer({**SAMPLE, "angle": 3})).beside) == {"angle": 3}
        assert dict(self.provider().read_answer(self.answer(enveloped(SAMPLE))).beside) == {}

    def test_medical_result_may_be_text_too(self) -> None:
        body = enveloped({**SAMPLE, "medical_result": json.dumps(SAMPLE["medical_result"])})
        assert self.invoice(body).note_no == "401238134315"

    def test_one_absurd_number_does_not_cost_the_answer(self) -> None:
        digits = "9" * 5000
        body = json.dumps(enveloped(SAMPLE)).replace("855.32", digits)
        invoice = self.provider().read_answer(RawAnswer(body=body.encode())).document
        assert isinstance(invoice, Invoice)
        assert (invoice.total_cost, invoice.note_no) == (None, "401238134315")
        assert invoice.unparsed["/total_cost"] == digits

    @pytest.mark.parametrize("code", ["10000", 10000, 10000.0, "1000", 1000, None])
    @pytest.mark.parametrize("shape", [dict, str])
    def test_enveloped_as_object_or_text_with_either_success_code(self, code: object, shape: type) -> None:
        result: object = SAMPLE if shape is dict else " " + json.dumps(SAMPLE)
        assert self.invoice(enveloped(result, code=code)).note_no == "401238134315"

    def test_degree_and_request_id(self) -> None:
        result = self.provider().read_answer(self.answer(enveloped({**SAMPLE, "degree": 90})))
        assert (result.degree, result.request_id) == (90, "TIDa0f74432e2134772a8974cb086e9ae6b")

    @pytest.mark.parametrize("result", [None, "", "not json", [], 7, {}, {"status": "OK"}])
    def test_success_without_a_result_is_unexpected(self, result: object) -> None:
        for code in ("10000", "1000"):
            with pytest.raises(UnexpectedAnswer):
                self.invoice(enveloped(result, code=code))

    # --- money ---

    @pytest.mark.parametrize(
        ("body", "charged", "calls", "seconds"),
        [
            (enveloped(SAMPLE), True, 1305, -1),
            (enveloped(SAMPLE, charge=False, remainTimes=-1, remainSeconds=1223456), False, -1, 1223456),
            (enveloped(SAMPLE, charge="true", remainTimes="12"), True, 12, -1),
            ({"code": "10000", "remain": 3, "result": SAMPLE}, None, 3, None),
            ({"code": "10020", "msg": "系统繁忙"}, False, None, None),
            ({"code": "10000", "charge": True, "result": {"status": "DETETION_FAILED"}}, True, None, None),
            ({"status": "INVALID_ARGUMENT", "reason": "x"}, False, None, None),
            (SAMPLE, None, None, None),
        ],
    )
    def test_receipt(self, body: object, charged: bool | None, calls: int | None, seconds: int | None) -> None:
        receipt = self.provider().receipt(self.answer(body))
        assert (receipt.charged, receipt.remaining_calls, receipt.remaining_seconds) == (charged, calls, seconds)

    # --- errors ---

    @pytest.mark.parametrize(
        ("code", "error"),
        [
            ("10001", TellAdministrator), ("10003", FixTheRequest), ("10004", TellAdministrator),
            ("10010", TellAdministrator), ("10020", AskAgainLater), ("10030", AskAgainLater),
            ("10040", TellAdministrator), ("10041", TellAdministrator), ("10042", TellAdministrator),
            ("10043", RateLimited), ("10044", RateLimited), ("10045", ClockWrong), ("10046", TellAdministrator),
            ("10047", TellAdministrator), ("10048", TellAdministrator), ("10050", TellAdministrator),
            ("10060", TellAdministrator), ("10070", TellAdministrator), ("10090", FixTheRequest),
            ("11010", AskAgainLater), ("11030", UnexpectedAnswer), ("12001", FixTheRequest), ("12002", FixTheRequest),
            ("12003", FixTheRequest), ("13001", FixTheRequest), ("13002", AskAgainLater), ("13003", AskAgainLater),
            ("13004", PictureUnreadable), ("13005", UnexpectedAnswer), ("77777", UnexpectedAnswer),
        ],
    )  # fmt: skip
    def test_every_code_of_the_gateway_has_its_class(self, code: str, error: type[OcrError]) -> None:
        for written in (code, int(code)):
            with pytest.raises(error) as caught:
                self.invoice({"code": written, "charge": False, "msg": "曲多多"})
            assert caught.value.code == code
            assert type(caught.value) is error

    @pytest.mark.parametrize(
        ("http_status", "word", "error"),
        [
            (400, "INVALID_ARGUMENT", FixTheRequest), (400, "DETETION_FAILED", PictureUnreadable),
            (400, "DETECTION_FAILED", PictureUnreadable), (400, "DOWNLOAD_ERROR", FixTheRequest),
            (401, "UNAUTHORIZED", TellAdministrator), (401, "KEY_EXPIRED", TellAdministrator),
            (403, "NO_PERMISSION", TellAdministrator), (403, "OUT_OF_QUOTA", TellAdministrator),
            (403, "RATE_LIMIT_EXCEEDED", RateLimited), (404, "NOT_FOUND", TellAdministrator),
            (500, "INTERNAL_ERROR", AskAgainLater), (400, "SOMETHING_NEW", UnexpectedAnswer),
        ],
    )  # fmt: skip
    def test_every_status_word_has_its_class_bare_or_in_the_envelope(
        self, http_status: int, word: str, error: type[OcrError]
    ) -> None:
        body = {"status": word, "reason": "must specify 'file' or 'url' argument", "request_id": "TID1"}
        for answer in (
            self.answer(body, http_status),
            self.answer(enveloped(body), 200),
            self.answer(enveloped(body, code="11010"), 200),
        ):
            with pytest.raises(error) as caught:
                self.provider().read_answer(answer)
            assert caught.value.code == word
            assert type(caught.value) is error

    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (400, FixTheRequest),
            (403, TellAdministrator),
            (500, AskAgainLater),
            (502, AskAgainLater),
            (504, AskAgainLater),
        ],
    )
    def test_a_body_without_a_word_leaves_the_http_status(self, status: int, error: type[OcrError]) -> None:
        for body in (b"<html>Bad gateway</html>", b"{}"):
            with pytest.raises(error) as caught:
                self.provider().read_answer(self.answer(body, status))
            assert caught.value.code == str(status)

    # --- signature ---

    def test_signature_is_lower_case_md5_of_secret_and_milliseconds(self) -> None:
        assert signature("secret", "1541491668060") == hashlib.md5(b"secret1541491668060").hexdigest()  # noqa: S324

    def test_every_attempt_is_signed_anew_by_the_vendors_clock(self, vendor: FaultServer) -> None:
        vendor.script(reply(self.good))
        for offset in (0.0, 3600.0):
            self.asked(self.at(vendor, clock_offset=offset))
            query = vendor.seen[-1].query
            assert set(query) == {"appkey", "timestamp", "sign"}
            assert query["appkey"] == SECRET
            assert query["sign"] == signature(SECRET, query["timestamp"])
            assert abs(int(query["timestamp"]) / 1000 - (time.time() + offset)) < 30
        assert vendor.seen[0].query["timestamp"] != vendor.seen[1].query["timestamp"]

    def test_the_connection_test_takes_a_failing_publisher_for_a_good_key(self, vendor: FaultServer) -> None:
        vendor.script(reply({"code": "11010", "charge": False, "msg": "x"}))
        assert "accepts the key" in self.at(vendor).test_connection()

    def test_the_connection_test_names_a_wrong_secret(self, vendor: FaultServer) -> None:
        vendor.script(reply({"code": "10047", "charge": False, "msg": "x"}))
        with pytest.raises(TellAdministrator, match="secret key"):
            self.at(vendor).test_connection()

    def test_the_connection_test_reports_a_clock_that_is_off(self, vendor: FaultServer) -> None:
        vendor.script(reply({"status": "INVALID_ARGUMENT"}, 400, Date="Wed, 01 Jan 2020 00:00:00 GMT"))
        assert "clock" in self.at(vendor).test_connection()


# --- limits: JPG or PNG, 128 < side <= 6000, 5 MB ---


def sent(image: Image.Image, format_: str = "PNG", **options: Any) -> SourceDocument:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    document = SourceDocument(content=buffer.getvalue(), media_type=f"image/{format_.lower()}", kind=Kind.INVOICE)
    return TestJdProvider().provider().check(document)


def size_of(document: SourceDocument) -> tuple[int, int]:
    return page_image(document.content, 0).size


@pytest.mark.parametrize(
    "name", ["自付一", "自付二", "自费", "现金支付", "个人账户支付", "基金支付", "民政救助", "大病救助"]
)
def test_every_documented_name_of_a_payment_is_understood_and_kept(name: str) -> None:
    body = dumps({"medical_result": {"payments_info": [{"name": name, "amount": 1.5, "check_info": 1}]}}).encode()
    credentials = {"appkey": "a", "secretkey": "s"}
    result = JdProvider(Connection(endpoint="http://vendor", credentials=credentials)).read_answer(RawAnswer(body=body))
    assert isinstance(result.document, Invoice)
    (payment,) = result.document.payments_info
    assert (payment.name, payment.amount, payment.check_info) == (name, Decimal("1.5"), 1)
    assert payment_kind(name) in DOCUMENTED_PAYMENTS


def test_a_picture_within_the_limits_goes_out_byte_for_byte() -> None:
    for format_ in ("PNG", "JPEG"):
        image, buffer = Image.new("RGB", (129, 6000), "white"), io.BytesIO()
        image.save(buffer, format_)
        assert sent(image, format_).content == buffer.getvalue()


@pytest.mark.parametrize("size", [(128, 500), (500, 128), (100, 6100), (200, 20_000)])
def test_a_picture_that_is_too_small_is_refused_and_never_enlarged(size: tuple[int, int]) -> None:
    with pytest.raises(UnsupportedDocument, match=f"{size[0]} × {size[1]}"):
        sent(Image.new("L", size))


def test_a_picture_that_is_too_large_is_scaled_to_the_longest_side() -> None:
    document = sent(Image.new("L", (6200, 3100)))
    assert size_of(document) == (6000, 3000)
    assert document.media_type == "image/jpeg"


@pytest.mark.parametrize("format_", ["WEBP", "TIFF", "HEIF", "PDF"])
def test_other_formats_are_converted(format_: str) -> None:
    document = sent(Image.new("RGB", (600, 400), "white"), format_)
    assert document.content.startswith(b"\xff\xd8\xff")


def test_a_turned_picture_is_sent_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert size_of(sent(Image.new("RGB", (600, 400)), "JPEG", exif=exif)) == (400, 600)


def test_too_many_bytes_are_brought_down_without_losing_the_size() -> None:
    noise = Image.effect_noise((2600, 2000), 60).convert("RGB")
    document = sent(noise)
    assert len(document.content) * 4 / 3 <= 5 * 1024 * 1024
    assert max(size_of(document)) >= 1600
