"""What a check says about a document: findings, and the corrections they propose.

Paths are JSON Pointers rooted at the vendor's answer: `/medical_result/cost_detail_list/2/price`, `/data/5/value`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from django.utils.translation import gettext

Value: TypeAlias = Decimal | str | int | None

CLEAR_SHARE = 0.75
"""From this share of the evidence on, a proposal is the one to offer; below, several are candidates."""


class Severity(StrEnum):
    """How much a finding matters: an error blocks approval until it is corrected or acknowledged with a reason."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the most severe."""
        return (Severity.ERROR, Severity.WARNING, Severity.INFO).index(self)


class State(StrEnum):
    """What a check came to."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """A value is missing: see `Check.wants`."""
    NOT_APPLICABLE = "not-applicable"
    """The rule says nothing about a form like this one."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value a proposal would set. `value` is a `Decimal` for numbers; `None` at a whole line removes that line."""

    path: str
    value: Value


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Changes that belong together: applied, they make every check true that they touch."""

    changes: tuple[Change, ...]
    explains: int
    """How many failed checks come true."""
    share: float = 1.0
    """This proposal's part of the evidence among all that were considered, 0..1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One cause of doubt, and the values concerned. `template` is an English msgid with `%(name)s` for `values`."""

    code: str
    severity: Severity
    paths: tuple[str, ...]
    """The cells concerned, the suspected one first."""
    template: str
    values: Mapping[str, str] = field(default_factory=dict)
    suggestions: tuple[Suggestion, ...] = ()
    """Best first."""
    checks: tuple[str, ...] = ()
    """Codes of all checks that fail for this one cause, `code` included."""

    @property
    def message(self) -> str:
        """The template in the active language, with its sum written out."""
        return gettext(self.template) % self.values

    @property
    def best(self) -> Suggestion | None:
        """The proposal that stands out; `None` when there is none or when several tie."""
        first = self.suggestions[0] if self.suggestions else None
        return first if first and first.share >= CLEAR_SHARE else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rule applied to one document, whatever it came to: for those who want to see what was verified."""

    code: str
    state: State
    paths: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    """Cells that would be needed, when the state is unknown."""
    template: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sum written out, or why it cannot be."""
        return gettext(self.template) % self.values if self.template else ""
