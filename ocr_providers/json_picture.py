"""Vendors that take a picture as base64 in a JSON body: what their modules need not repeat."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from django.utils.translation import gettext as _

from ocr_providers import http
from ocr_providers.base import BaseProvider, RawAnswer, SourceDocument
from ocr_providers.exact_json import dumps, loads
from ocr_providers.exceptions import FixTheRequest, OcrError, UnexpectedAnswer
from ocr_providers.fitting import VendorLimits, fit
from ocr_providers.results import JSON

SKEW_WORTH_SAYING = 60.0
"""Seconds between the vendor's clock and ours."""


class JsonPictureProvider(BaseProvider):
    """A vendor of this sort says its limits, how it signs, and how its answers are to be understood."""

    body_key: ClassVar[str]
    """Name of the JSON member that carries the picture."""
    limits: ClassVar[VendorLimits]

    def fit(self, document: SourceDocument, page: int | None, smaller: int) -> SourceDocument:
        return fit(document, self.limits, page, smaller)

    def call(self, document: SourceDocument) -> RawAnswer:
        return http.post_picture(
            self.connection,
            self.url,
            http.JsonPicture(self.body_key, document.content),
            query=self.query(),
            headers=self.headers(),
        )

    @property
    def url(self) -> str:
        return f"{self.connection.endpoint}{self.route}"

    @abstractmethod
    def query(self) -> Mapping[str, str]:
        """Query parameters of one attempt."""

    @abstractmethod
    def headers(self) -> Mapping[str, str]:
        """Headers of one attempt."""

    def test_connection(self) -> str:
        """Sends no picture: a vendor that gets as far as missing it has accepted everything else."""
        answer = http.probe(
            self.connection,
            "POST",
            self.url,
            query=self.query(),
            headers={"Content-Type": "application/json", **self.headers()},
            data=dumps({self.body_key: ""}).encode(),
        )
        try:
            self.read_answer(answer)
        except OcrError as error:
            if not self.misses_only_the_picture(error):
                raise
        return _clock_remark(answer.clock_offset, _("%(vendor)s answers and accepts the key.") % {"vendor": self.title})

    def misses_only_the_picture(self, error: OcrError) -> bool:
        """Whether the error of an empty request shows that the account is in order."""
        return isinstance(error, FixTheRequest)


def undocumented(answer: Mapping[str, JSON], documented: frozenset[str]) -> dict[str, JSON]:
    """What a vendor sends beyond its page: kept and shown, whatever it means."""
    return {name: value for name, value in answer.items() if name not in documented}


def _clock_remark(offset: float | None, well: str) -> str:
    if offset is None or abs(offset) < SKEW_WORTH_SAYING:
        return well
    return f"{well} " + _("Its clock is %(seconds)d s ahead of ours; signatures are corrected.") % {"seconds": offset}


def json_object(title: str, body: bytes) -> dict[str, JSON]:
    """The body as a JSON object. Raises `UnexpectedAnswer`."""
    try:
        value = loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise UnexpectedAnswer(_("%(vendor)s sent an answer that is no JSON object.") % {"vendor": title})
    return value
