"""AIGEN: health-check report OCR, version 2.

Source: the vendor's own page (copied word for word in the seed document); where it is silent, docs/decisions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from ocr_providers.base import RawAnswer, Receipt
from ocr_providers.documents import PDF
from ocr_providers.exact_json import dumps
from ocr_providers.exceptions import SmallerPicture, TellAdministrator, UnexpectedAnswer
from ocr_providers.fitting import VendorLimits
from ocr_providers.http import error_for_status
from ocr_providers.json_picture import JsonPictureProvider, json_object, undocumented
from ocr_providers.results import HEALTH_KEYS, JSON, TEXT_HEALTH_KEYS, HealthReport, HealthValue, Kind, ReadingResult
from ocr_providers.vendor_schema import health_from_json, number_of, text_of

PARTIAL_CONTENT = 206
TOO_MANY_REQUESTS = 429
GATEWAY_TIMEOUT = 504
CREDIT = re.compile(r"credit|quota|balance|top.?up|เครดิต|โควตา", re.IGNORECASE)
RATE = re.compile(r"rate.?limit|per (second|minute|hour)", re.IGNORECASE)
"""What a message of 429 is about."""
DOCUMENTED = frozenset({"result", "status", "data", "request_id"})
SUCCESS = "success"
PARTIAL_WORDS = frozenset({"partial", "partial content", "partial_content"})

UNITS: dict[str, tuple[str, ...]] = {
    "weight": ("kg", "kgs", "กก", "กก.", "กิโลกรัม"),
    "height": ("cm", "cms", "ซม", "ซม.", "เซนติเมตร"),
    "bmi": ("kg/m2", "kg/m²", "กก./ม2", "กก./ม²"),
    "bp-systolic": ("mmhg", "mm[hg]"),
    "bp-diastolic": ("mmhg", "mm[hg]"),
    "fbs": ("mg/dl", "mg%"),
    "cholesterol": ("mg/dl", "mg%"),
    "hdl": ("mg/dl", "mg%"),
    "ldl": ("mg/dl", "mg%"),
    "age": ("ปี", "y", "yr", "yrs", "year", "years"),
}
"""Spellings of the unit that each number of the document is in. A value with another unit stays a text."""

MEASURED = re.compile(r"\s*(?P<comparator>[<>≤≥]=?)?\s*(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>\D.{0,20})?\s*")


class AigenProvider(JsonPictureProvider):
    vendor = "aigen"
    title = "AIGEN"
    kinds = frozenset({Kind.HEALTH_CHECK})
    path = "/aiscript/healthcheck-form/v2"
    default_endpoint = "https://api.aigen.online"
    credential_names = ("key",)
    whole_media_types = frozenset({PDF})
    smaller_after = frozenset({413, GATEWAY_TIMEOUT})
    body_key = "image"
    limits = VendorLimits(
        media_types=frozenset({"image/jpeg", "image/png", PDF}),
        max_bytes=20 * 1024 * 1024,  # the page names no limit; too large is answered with 413
    )

    def query(self) -> Mapping[str, str]:
        return {}

    def headers(self) -> Mapping[str, str]:
        return {"x-aigen-key": self.connection.credentials["key"]}

    def receipt(self, answer: RawAnswer) -> Receipt:
        """The vendor says nothing about charges: one is assumed for whatever was not refused."""
        try:
            code = text_of(json_object(self.title, answer.body).get("status")) or ""
        except UnexpectedAnswer:
            code = ""
        return Receipt(charged=False if answer.status >= 300 else None, code=code or str(answer.status))

    def parse(self, answer: RawAnswer) -> ReadingResult:
        if answer.status == GATEWAY_TIMEOUT:
            late = error_for_status(self.title, answer)
            raise SmallerPicture(str(late), code=late.code, retry_after=late.retry_after)
        if answer.status == TOO_MANY_REQUESTS and self._says_that_credit_is_spent(answer):
            raise TellAdministrator(
                _("%(vendor)s: the credit is spent (HTTP 429).") % {"vendor": self.title}, code="429-credit"
            )
        if answer.status >= 300:
            raise error_for_status(self.title, answer)
        body = json_object(self.title, answer.body)
        word = _word_of(body)
        partial = answer.status == PARTIAL_CONTENT or word in PARTIAL_WORDS
        if not isinstance(body.get("data"), list) or not (partial or word == SUCCESS):
            raise UnexpectedAnswer(_("%(vendor)s sent no result.") % {"vendor": self.title}, code=word[:80])
        return ReadingResult(
            kind=Kind.HEALTH_CHECK,
            document=_measured(health_from_json(body["data"])),
            partial=partial,
            request_id=text_of(body.get("request_id")) or "",
            messages=(_("%(vendor)s could not read some page.") % {"vendor": self.title},) if partial else (),
            beside=undocumented(body, DOCUMENTED),
        )

    def _says_that_credit_is_spent(self, answer: RawAnswer) -> bool:
        """The page has one status for both, and one message that names both: that one is taken for the rate limit."""
        try:
            said = dumps(json_object(self.title, answer.body))
        except UnexpectedAnswer:
            return False
        return bool(CREDIT.search(said)) and not RATE.search(said)


def _word_of(body: Mapping[str, JSON]) -> str:
    """`result` in this document, `status` in its siblings."""
    return (text_of(body.get("result")) or text_of(body.get("status")) or "").strip().casefold()


def _measured(report: HealthReport) -> HealthReport:
    return replace(report, values=tuple(_number_with_unit(value) for value in report.values))


def _number_with_unit(value: HealthValue) -> HealthValue:
    """The text of a numeric key ("<5.0", "73.1 kg") as its number; the text is kept beside it."""
    key = value.key.casefold()
    if not isinstance(value.value, str) or value.key not in HEALTH_KEYS or value.key in TEXT_HEALTH_KEYS:
        return value
    found = MEASURED.fullmatch(value.value)
    number = number_of(found["number"]) if found else None
    unit = (found["unit"] or "").strip() if found else ""
    if number is None or (unit and unit.casefold() not in UNITS[key]):
        return value
    return replace(value, value=number, unit=value.unit or unit or None, text=value.text or value.value)
