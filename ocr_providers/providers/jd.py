"""JD AI, DeepFinch: Zhejiang outpatient invoice OCR (浙江门诊发票OCR识别).

Source: the vendor's own page (copied word for word in the seed document); where it is silent or wrong, the decisions of
docs/decisions (success code, envelope, error table of the gateway).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ocr_providers.base import RawAnswer, Receipt
from ocr_providers.exact_json import loads
from ocr_providers.exceptions import (
    AskAgainLater,
    ClockWrong,
    FixTheRequest,
    OcrError,
    PictureUnreadable,
    RateLimited,
    TellAdministrator,
    UnexpectedAnswer,
)
from ocr_providers.fitting import VendorLimits
from ocr_providers.http import Reason, error_for_status, retry_after
from ocr_providers.json_picture import JsonPictureProvider, json_object, undocumented
from ocr_providers.results import JSON, Kind, ReadingResult
from ocr_providers.vendor_schema import integer_of, invoice_from_json, text_of

DOCUMENTED = frozenset(
    {"code", "charge", "remain", "remainTimes", "remainSeconds", "msg", "result", "requestId", "request_id", "status",
     "degree", "medical_result"}
)  # fmt: skip
"""Members of the gateway's envelope and of the service's answer."""
SUCCESS_CODES = frozenset({"10000", "1000"})
"""The page's example says 1000; the gateway's error table and every public sample say 10000."""
OK = "OK"

GATEWAY_ERRORS: Mapping[str, Reason] = {
    "10001": (TellAdministrator, gettext_lazy("the appkey is wrong")),
    "10003": (FixTheRequest, gettext_lazy("there is no such data")),
    "10004": (TellAdministrator, gettext_lazy("the appkey is empty")),
    "10010": (TellAdministrator, gettext_lazy("the service has to be paid")),
    "10020": (AskAgainLater, gettext_lazy("the system is busy")),
    "10030": (AskAgainLater, gettext_lazy("the gateway's call failed")),
    "10040": (TellAdministrator, gettext_lazy("the day's calls are used up")),
    "10041": (TellAdministrator, gettext_lazy("the timestamp is missing")),
    "10042": (TellAdministrator, gettext_lazy("the signature is missing")),
    "10043": (RateLimited, gettext_lazy("too many calls a second")),
    "10044": (RateLimited, gettext_lazy("too many calls a second for the cluster")),
    "10045": (ClockWrong, gettext_lazy("the timestamp is more than five minutes off")),
    "10046": (TellAdministrator, gettext_lazy("the timestamp has a wrong format")),
    "10047": (TellAdministrator, gettext_lazy("the signature is wrong: check the secret key")),
    "10048": (TellAdministrator, gettext_lazy("the service has not been ordered")),
    "10050": (TellAdministrator, gettext_lazy("the user is disabled")),
    "10060": (TellAdministrator, gettext_lazy("the publisher gives no permission")),
    "10070": (TellAdministrator, gettext_lazy("the service is for enterprises only")),
    "10090": (FixTheRequest, gettext_lazy("the file is too large")),
    "11010": (AskAgainLater, gettext_lazy("the publisher's service failed")),
    "11030": (UnexpectedAnswer, gettext_lazy("the publisher's service sent a wrong format")),
    "12001": (FixTheRequest, gettext_lazy("the picture is not accepted")),
    "12002": (FixTheRequest, gettext_lazy("the picture is not accepted")),
    "12003": (FixTheRequest, gettext_lazy("the picture is not accepted")),
    "13001": (FixTheRequest, gettext_lazy("the algorithm failed on this picture")),
    "13002": (AskAgainLater, gettext_lazy("the algorithm ran out of time")),
    "13003": (AskAgainLater, gettext_lazy("the algorithm has no resources left")),
    "13004": (PictureUnreadable, gettext_lazy("nothing was found in the picture")),
    "13005": (UnexpectedAnswer, gettext_lazy("the algorithm failed")),
}
"""System-level codes of the JD gateway (`code`), success apart."""

STATUS_WORDS: Mapping[str, Reason] = {
    "INVALID_ARGUMENT": (FixTheRequest, gettext_lazy("the request is wrong")),
    "DETETION_FAILED": (PictureUnreadable, gettext_lazy("no invoice was found in the picture")),
    "DETECTION_FAILED": (PictureUnreadable, gettext_lazy("no invoice was found in the picture")),
    "DOWNLOAD_ERROR": (FixTheRequest, gettext_lazy("the picture could not be fetched")),
    "UNAUTHORIZED": (TellAdministrator, gettext_lazy("the account is not authorised")),
    "KEY_EXPIRED": (TellAdministrator, gettext_lazy("the account has expired")),
    "NO_PERMISSION": (TellAdministrator, gettext_lazy("the account has no permission")),
    "OUT_OF_QUOTA": (TellAdministrator, gettext_lazy("the calls are used up")),
    "RATE_LIMIT_EXCEEDED": (RateLimited, gettext_lazy("too many calls")),
    "NOT_FOUND": (TellAdministrator, gettext_lazy("the address is wrong")),
    "INTERNAL_ERROR": (AskAgainLater, gettext_lazy("the service has an internal error")),
}
"""The page's `status` words; one of them is misspelt there, both spellings are understood."""

PUBLISHER_FAILED = "11010"
PUBLISHER_CODES = frozenset({PUBLISHER_FAILED, "11030"})
"""The gateway's codes for a service behind it that failed."""


class JdProvider(JsonPictureProvider):
    vendor = "jd"
    title = "JD DeepFinch"
    kinds = frozenset({Kind.INVOICE})
    path = "/deepfinch/ocr_medical_invoice_zhejiang"
    default_endpoint = "https://aiapi.jd.com"
    credential_names = ("appkey", "secretkey")
    body_key = "image_base64"
    limits = VendorLimits(
        media_types=frozenset({"image/jpeg", "image/png"}),
        # "≤ 5 MB" of the file or of its base64? The base64 of this many bytes is 5 MB: right either way.
        max_bytes=5 * 1024 * 1024 // 4 * 3,
        above_side=128,
        max_side=6000,
    )

    def query(self) -> Mapping[str, str]:
        """A fresh timestamp and signature for every attempt, by the vendor's clock."""
        timestamp = str(int((time.time() + self.connection.clock_offset) * 1000))
        return {
            "appkey": self.connection.credentials["appkey"],
            "timestamp": timestamp,
            "sign": signature(self.connection.credentials["secretkey"], timestamp),
        }

    def headers(self) -> Mapping[str, str]:
        return {}

    def receipt(self, answer: RawAnswer) -> Receipt:
        try:
            envelope = json_object(self.title, answer.body)
        except UnexpectedAnswer:
            return Receipt()
        result = _result_of(envelope)
        code = _code_of(envelope)
        went_wrong = (bool(code) and code not in SUCCESS_CODES) or _status_of(result) not in {"", OK}
        charged = _boolean_of(envelope.get("charge"))
        return Receipt(
            charged=False if charged is None and went_wrong else charged,  # only calls that succeed are charged
            code=code or _status_of(result),
            remaining_calls=_first_integer(envelope, "remainTimes", "remain"),
            remaining_seconds=_first_integer(envelope, "remainSeconds"),
        )

    def parse(self, answer: RawAnswer) -> ReadingResult:
        try:
            envelope = json_object(self.title, answer.body)
        except UnexpectedAnswer:
            if answer.status >= 300:
                raise error_for_status(self.title, answer) from None
            raise
        result = _result_of(envelope)
        self._raise_for(answer, _code_of(envelope), _status_of(result))
        medical_result = result.get("medical_result")
        if isinstance(medical_result, str):
            medical_result = _object_in(medical_result)
        if not isinstance(medical_result, dict):
            raise UnexpectedAnswer(
                _("%(vendor)s sent no result.") % {"vendor": self.title}, code=_code_of(envelope) or _status_of(result)
            )
        return ReadingResult(
            kind=Kind.INVOICE,
            document=invoice_from_json(medical_result),
            degree=integer_of(result.get("degree")) or 0,
            request_id=text_of(result.get("request_id")) or text_of(envelope.get("requestId")) or "",
            beside=undocumented({**envelope, **result}, DOCUMENTED),
        )

    def _raise_for(self, answer: RawAnswer, code: str, status: str) -> None:
        """Raises what the gateway's code, the service's word or the HTTP status stands for.

        The gateway's code comes first where the gateway itself refused; where it only passes on that the service
        failed, the service's word says more.
        """
        refused = bool(code) and code not in SUCCESS_CODES
        if refused and code not in PUBLISHER_CODES:
            raise self._error(GATEWAY_ERRORS, code, answer)
        if status not in {"", OK}:
            raise self._error(STATUS_WORDS, status, answer)
        if refused:
            raise self._error(GATEWAY_ERRORS, code, answer)
        if answer.status >= 300:
            raise error_for_status(self.title, answer)

    def _error(self, table: Mapping[str, Reason], code: str, answer: RawAnswer) -> OcrError:
        kind, reason = table.get(code, (UnexpectedAnswer, _("an error that its documentation does not have")))
        wait = retry_after(answer.headers) if kind.retryable else None
        return kind(f"{self.title}: {reason} ({code[:40]}).", code=code[:80], retry_after=wait)

    def misses_only_the_picture(self, error: OcrError) -> bool:
        """The gateway has checked key and signature before it passes the request on to the publisher."""
        return super().misses_only_the_picture(error) or error.code == PUBLISHER_FAILED


def signature(secret_key: str, timestamp: str) -> str:
    """Lower-case hexadecimal MD5 of secret key and millisecond timestamp, as the vendor prescribes."""
    return hashlib.md5(f"{secret_key}{timestamp}".encode(), usedforsecurity=False).hexdigest()


def _result_of(envelope: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """The service's own answer: bare, or in the gateway's `result`, as an object or as the text of one."""
    result = envelope.get("result")
    if isinstance(result, str):
        result = _object_in(result)
    return result if isinstance(result, dict) and "medical_result" not in envelope else envelope


def _object_in(text: str) -> JSON:
    """What the text of an object stands for; some publishers make a text of it twice."""
    value: JSON = text
    for _time in range(2):
        if isinstance(value, str):
            try:
                value = loads(value.strip())
            except ValueError:
                return None
    return value


def _code_of(envelope: Mapping[str, JSON]) -> str:
    code = envelope.get("code")
    whole = integer_of(code) if isinstance(code, Decimal) else None  # 10000.0
    return str(whole) if whole is not None else (text_of(code) or "").strip()


def _status_of(result: Mapping[str, JSON]) -> str:
    return (text_of(result.get("status")) or "").strip().upper()


def _boolean_of(value: JSON) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().casefold())
    return value if isinstance(value, bool) else None


def _first_integer(envelope: Mapping[str, JSON], *names: str) -> int | None:
    """Bounded, so that any number fits its column."""
    numbers = (integer_of(envelope.get(name)) for name in names)
    return next((number for number in numbers if number is not None and abs(number) < 2**62), None)
