"""The engine that ships inside: nothing leaves this machine, nothing is charged.

Its raw answer on record is JSON in the vendors' own schema (`answers.record_of`), so that it is kept, read again and
compared like any vendor's.
"""

from __future__ import annotations

import time
from dataclasses import replace

from django.utils.translation import gettext as _

from ocr_providers.answers import record_of, result_from_record
from ocr_providers.arithmetic import flag_invoice
from ocr_providers.base import BaseProvider, RawAnswer, SourceDocument
from ocr_providers.documents import MEDIA_TYPES, configured_limits, page_images
from ocr_providers.exact_json import dumps, loads
from ocr_providers.exceptions import UnexpectedAnswer
from ocr_providers.results import Invoice, Kind, ReadingResult


class LocalProvider(BaseProvider):
    vendor = "local"
    title = "Local engine"
    kinds = frozenset({Kind.INVOICE, Kind.HEALTH_CHECK, Kind.AUTO})
    whole_media_types = frozenset(MEDIA_TYPES)
    in_house = True

    def fit(self, document: SourceDocument, page: int | None, smaller: int) -> SourceDocument:
        return document

    def call(self, document: SourceDocument) -> RawAnswer:
        from ocr_providers.engine.pipeline import read_pages  # the engine is an extra and slow to load

        started = time.monotonic()
        pages = list(page_images(document.content, limits=configured_limits()))
        result = _flagged(read_pages(pages, document.kind))
        return RawAnswer(body=dumps(record_of(result)).encode(), elapsed=time.monotonic() - started)

    def parse(self, answer: RawAnswer) -> ReadingResult:
        try:
            return result_from_record(loads(answer.body))
        except ValueError:
            raise UnexpectedAnswer(_("The answer on record cannot be read.")) from None

    def test_connection(self) -> str:
        from ocr_providers.engine import pipeline

        return _("The engine is ready (%(module)s).") % {"module": pipeline.__name__}


def _flagged(result: ReadingResult) -> ReadingResult:
    """With the check flags that the vendors' schema has, filled like a vendor fills them."""
    if isinstance(result.document, Invoice):
        return replace(result, document=flag_invoice(result.document))
    return result
