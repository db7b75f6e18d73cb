"""Why a reading failed, and the one thing a caller needs to know: ask again or not, and after how long.

`str(error)` is safe to log and to show: it never holds a response body, a URL (it carries the signature), a key or a
value from a document. Wrong configuration stands outside the tree (`Misconfigured`), so that no `except OcrError` hides
it.
"""

from __future__ import annotations

from typing import ClassVar

from ocr_providers.exact_json import storable


class OcrError(Exception):
    """A document was not read. `code` is the vendor's own word or number where there is one."""

    retryable: ClassVar[bool] = False
    default_code: ClassVar[str] = "error"

    def __init__(
        self, message: str, *, code: str = "", retry_after: float | None = None, charged: bool | None = None
    ) -> None:
        super().__init__(storable(message))
        self.code = storable(code) or self.default_code
        self.retry_after = retry_after
        """Seconds to wait before asking again, where the vendor named a time."""
        self.charged = charged
        """Whether the vendor charged for the failed call; `None` when it did not say."""


class AskAgainLater(OcrError):
    """Busy, rate-limited, timed out, out of order for the moment."""

    retryable = True
    default_code = "busy"


class RateLimited(AskAgainLater):
    default_code = "rate-limited"


class NotSent(AskAgainLater):
    """The request provably never left this machine: it may be sent again freely."""

    default_code = "not-sent"


class FateUnknown(OcrError):
    """The request left, the answer never came: it may have been charged. Held for a person, never re-sent silently."""

    default_code = "fate-unknown"


class ClockWrong(AskAgainLater):
    """The vendor refused our timestamp: measure the clock again, sign again, ask once more."""

    default_code = "clock"


class FixTheRequest(OcrError):
    """This document, as it is, will not be read by this provider."""

    default_code = "bad-request"


class UnsupportedDocument(FixTheRequest):
    """Refused before any byte was sent or charged: format, size, pixels."""

    default_code = "unsupported"


class PictureUnreadable(FixTheRequest):
    """Too small, too blurred, or without text: take it again, closer."""

    default_code = "unreadable"


class UnknownDocument(FixTheRequest):
    """Neither an invoice nor a health-check report."""

    default_code = "unknown-document"


class SmallerPicture(FixTheRequest):
    """The vendor could not cope with the size in time. Asked again, the ledger sends it smaller or page by page, until
    it cannot be made smaller."""

    retryable = True
    default_code = "too-slow"


class TellAdministrator(OcrError):
    """Key, permission, credit, subscription: no document will be read with this account until somebody acts."""

    default_code = "account"


class UnexpectedAnswer(OcrError):
    """The vendor answered something its document does not describe. The raw answer is kept in the ledger."""

    default_code = "unexpected-answer"


class Misconfigured(Exception):
    """A setting or an account of ours is wrong: never to be mistaken for a vendor's failure."""
