"""What every provider is: check -> call -> parse.

`check` refuses, or makes fit, before a byte is sent or charged; `call` does I/O and nothing else; `parse` is pure, so
that an answer on record can be read again without paying again. A vendor is one module that says those three things;
everything around them (ledger, charges, limits, retries) is the same for all.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar

from django.utils.translation import gettext as _

from ocr_providers.exceptions import FateUnknown, Misconfigured, UnsupportedDocument
from ocr_providers.results import Kind, ReadingResult


@dataclass(frozen=True)
class SourceDocument:
    """The bytes of one document. Neither content nor name shows in its `repr`: both are patient data."""

    content: bytes = field(repr=False)
    media_type: str
    kind: Kind = Kind.AUTO
    name: str = field(default="", repr=False)

    @cached_property
    def sha256(self) -> str:
        """Lower-case hexadecimal SHA-256 of the content."""
        return hashlib.sha256(self.content).hexdigest()

    def of_kind(self, kind: Kind) -> SourceDocument:
        """The same content, whose digest is not worked out again."""
        known = replace(self, kind=kind)
        known.__dict__["sha256"] = self.sha256
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """A vendor's answer as it came, whatever its status."""

    body: bytes = field(repr=False)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    """Lower-case names; only those that parsers use (see `http.KEPT_HEADERS`)."""
    elapsed: float = 0.0
    """Seconds from the first byte sent to the last byte read."""
    clock_offset: float | None = None
    """Seconds that the vendor's clock is ahead of ours; `None` when it did not say."""
    cut_short: str = ""
    """Why the body is not complete; empty when it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What an answer says about money. `None`: the vendor did not say."""

    charged: bool | None = None
    code: str = ""
    """The vendor's own code or status word."""
    remaining_calls: int | None = None
    """-1: without limit."""
    remaining_seconds: int | None = None
    """-1: without limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Everything a provider needs to call: what a `ProviderAccount` holds, without the ORM."""

    account: int = 0
    """Primary key of the account: each has HTTP connections of its own."""
    endpoint: str = ""
    """Base URL before the vendor's path, without a slash at the end."""
    route: str = ""
    """Another path of the same vendor and protocol (a province's form); empty: the documented one."""
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    connect_timeout: float = 5.0
    """Seconds, for the connection to stand."""
    read_timeout: float = 60.0
    """Seconds without a byte from the vendor."""
    total_timeout: float = 120.0
    """Seconds for the whole call."""
    max_in_flight: int = 32
    clock_offset: float = 0.0
    """Seconds to add to our clock to get the vendor's."""


class BaseProvider(ABC):
    """One vendor. Instances are cheap, hold no state of a call, and may be used by many threads at once."""

    vendor: ClassVar[str]
    title: ClassVar[str]
    kinds: ClassVar[frozenset[Kind]]
    path: ClassVar[str] = ""
    """The documented path after the endpoint."""
    default_endpoint: ClassVar[str] = ""
    credential_names: ClassVar[tuple[str, ...]] = ()
    """Names of the secrets an account has to hold, the key first."""
    whole_media_types: ClassVar[frozenset[str]] = frozenset()
    """Types whose pages are all read in one call; pages of any other are read one by one and joined."""
    smaller_after: ClassVar[frozenset[int]] = frozenset()
    """HTTP statuses after which the same document is sent smaller, or page by page."""
    in_house: ClassVar[bool] = False
    """Reads on this machine: nothing leaves, nothing is charged, a call may be repeated freely."""

    def __init__(self, connection: Connection) -> None:
        missing = [name for name in self.credential_names if not connection.credentials.get(name)]
        if missing:
            raise Misconfigured(f"{self.title}: the account has no {', '.join(missing)}.")
        if not self.in_house and not connection.endpoint:
            raise Misconfigured(f"{self.title}: the account has no endpoint.")
        self.connection = connection

    @property
    def route(self) -> str:
        """The path this account calls."""
        return f"/{self.connection.route.strip('/')}" if self.connection.route else self.path

    def check(self, document: SourceDocument, page: int | None = None, smaller: int = 0) -> SourceDocument:
        """The document as it will be sent, or its `page` (from 0).

        `smaller` counts earlier answers that asked for less. Raises `UnsupportedDocument`.
        """
        fitted = self.fit(replace(document, kind=self.kind_for(document.kind)), page, smaller)
        if not fitted.content:
            raise UnsupportedDocument(_("The file is empty."))
        return fitted

    def kind_for(self, kind: Kind) -> Kind:
        """The kind this vendor is asked for. A vendor of one kind needs nobody to recognise it."""
        if kind in self.kinds:
            return kind
        if kind is Kind.AUTO and len(self.kinds) == 1:
            return next(iter(self.kinds))
        raise UnsupportedDocument(
            _("%(provider)s does not read documents of the kind “%(kind)s”.") % {"provider": self.title, "kind": kind}
        )

    def read_answer(self, answer: RawAnswer) -> ReadingResult:
        """`parse`, guarded: what a vendor module returns is checked before anybody relies on it."""
        if answer.cut_short and answer.status < 400:
            raise FateUnknown(answer.cut_short)
        result = self.parse(answer)
        if not isinstance(result, ReadingResult) or (Kind.AUTO not in self.kinds and result.kind not in self.kinds):
            raise TypeError(f"{type(self).__name__}.parse returned {type(result).__name__} of a kind it does not read")
        return result

    def receipt(self, answer: RawAnswer) -> Receipt:
        """What the answer says about money. Never raises, whatever the body: it is kept before anything is parsed."""
        return Receipt(charged=False if self.in_house else None)

    @abstractmethod
    def fit(self, document: SourceDocument, page: int | None, smaller: int) -> SourceDocument:
        """The document within the vendor's limits, or `UnsupportedDocument`."""

    @abstractmethod
    def call(self, document: SourceDocument) -> RawAnswer:
        """Sends once. Raises `NotSent` when nothing left this machine and `FateUnknown` when no answer came."""

    @abstractmethod
    def parse(self, answer: RawAnswer) -> ReadingResult:
        """Pure. Raises the `OcrError` that the answer's status and documented code stand for."""

    @abstractmethod
    def test_connection(self) -> str:
        """One sentence: the account works. Spends no call where the vendor allows; raises `OcrError` otherwise."""
