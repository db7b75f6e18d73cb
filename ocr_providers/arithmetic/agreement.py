"""The provider's flags beside ours: who says what, and what follows from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from django.utils.translation import gettext

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.findings import Finding, Severity
from ocr_providers.arithmetic.flags import Flags, checksum, flags_of
from ocr_providers.arithmetic.identities import Equations
from ocr_providers.arithmetic.invoice_identities import equations_of
from ocr_providers.arithmetic.messages import gettext_noop
from ocr_providers.arithmetic.remarks import remark, with_severity
from ocr_providers.results import Flag, Invoice

CHECKSUM = f"{paths.ROOT}/checksum/"
LINE_FLAGS = ("check_info", "check_info_price", "check_name_info")
Row: TypeAlias = tuple[str, str, int | None, Flag]
"""Path, key, the provider's word, ours."""


class Verdict(StrEnum):
    """What two flags come to."""

    AGREED = "agreed"
    BOTH_FAIL = "both-fail"
    NOT_CONFIRMED = "not-confirmed"
    """The provider says 0, ours passes: in practice 0 often means "not looked at"."""
    CONTRADICTED = "contradicted"
    """The provider says 1, ours fails."""
    OURS_COUNTS = "ours-counts"
    THEIRS_ONLY = "theirs-only"
    """We cannot compute it."""
    UNKNOWN = "unknown"


SENTENCES = {
    Verdict.AGREED: gettext_noop("The provider and we agree"),
    Verdict.BOTH_FAIL: gettext_noop("The provider and we find it wrong"),
    Verdict.NOT_CONFIRMED: gettext_noop("The provider did not confirm it; computed again, it is right"),
    Verdict.CONTRADICTED: gettext_noop("The provider passed it; computed again, it is wrong"),
    Verdict.OURS_COUNTS: gettext_noop("The provider could not check it; ours counts"),
    Verdict.THEIRS_ONLY: gettext_noop("Only the provider checked it"),
    Verdict.UNKNOWN: gettext_noop("Nobody could check it"),
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """One flag: path of the flag, the provider's word (`None`: none was given; unknown codes survive), and ours."""

    path: str
    key: str
    theirs: int | None
    ours: Flag
    stale: bool = False
    """Something was corrected since the provider spoke."""

    @property
    def verdict(self) -> Verdict:
        return _VERDICTS.get((_word(self.theirs), self.ours), Verdict.UNKNOWN)

    @property
    def severity(self) -> Severity | None:
        """`None` when there is nothing to remark."""
        if self.verdict in (Verdict.BOTH_FAIL, Verdict.CONTRADICTED):
            return Severity.ERROR
        if self.verdict is Verdict.OURS_COUNTS and self.ours is Flag.FAILED:
            return Severity.WARNING
        doubtful = self.verdict is Verdict.NOT_CONFIRMED or (self.verdict is Verdict.THEIRS_ONLY and self.theirs == 0)
        return Severity.INFO if doubtful else None

    @property
    def message(self) -> str:
        return gettext(SENTENCES[self.verdict])


_VERDICTS = {
    (Flag.PASSED, Flag.PASSED): Verdict.AGREED,
    (Flag.FAILED, Flag.FAILED): Verdict.BOTH_FAIL,
    (Flag.FAILED, Flag.PASSED): Verdict.NOT_CONFIRMED,
    (Flag.PASSED, Flag.FAILED): Verdict.CONTRADICTED,
    (Flag.UNKNOWN, Flag.PASSED): Verdict.OURS_COUNTS,
    (Flag.UNKNOWN, Flag.FAILED): Verdict.OURS_COUNTS,
    (Flag.PASSED, Flag.UNKNOWN): Verdict.THEIRS_ONLY,
    (Flag.FAILED, Flag.UNKNOWN): Verdict.THEIRS_ONLY,
}


TELLING = frozenset(
    (int(theirs), ours)
    for (theirs, ours), verdict in _VERDICTS.items()
    if verdict in (Verdict.BOTH_FAIL, Verdict.CONTRADICTED, Verdict.NOT_CONFIRMED)
)
"""The provider's word and ours, where they say something about a finding or make one."""


def _word(theirs: int | None) -> Flag:
    return Flag(theirs) if theirs in (0, 1) else Flag.UNKNOWN


def agreement(
    invoice: Invoice,
    catalogue: Sequence[str] = (),
    *,
    corrected: Collection[str] = (),
    today: date | None = None,
) -> tuple[Agreement, ...]:
    """Every flag that the provider gave or that we can compute. `corrected`: paths changed since the reading."""
    ours = flags_of(invoice, equations_of(invoice), catalogue, today)
    return tuple(_compared(_rows(invoice, ours), corrected))


def agreement_on_checksum(
    invoice: Invoice, *, corrected: Collection[str] = (), today: date | None = None
) -> tuple[Agreement, ...]:
    """The part of `agreement` about the document as a whole, at a fraction of its cost."""
    return tuple(_compared(_checksum_rows(invoice.checksum, checksum(invoice, today)), corrected))


def _compared(rows: Iterable[Row], corrected: Collection[str]) -> Iterator[Agreement]:
    """A flag of the whole document is stale after any correction, one of a row after a correction of that row."""
    touched = {at.rpartition("/")[0] for at in corrected}

    def is_stale(path: str) -> bool:
        return bool(touched) if path.startswith(CHECKSUM) else path.rpartition("/")[0] in touched

    for path, key, theirs, ours in rows:
        if theirs is not None or ours is not Flag.UNKNOWN:
            yield Agreement(path, key, theirs, ours, is_stale(path))


def _rows(invoice: Invoice, ours: Flags) -> Iterator[Row]:
    yield from _checksum_rows(invoice.checksum, ours.checksum)
    for index, (item, flags) in enumerate(zip(invoice.line_items, ours.lines, strict=True)):
        for name, flag in zip(LINE_FLAGS, flags, strict=True):
            yield paths.line(index, name), name, getattr(item, name), flag
    for index, (payment, flag) in enumerate(zip(invoice.payments_info, ours.payments, strict=True)):
        yield paths.payment(index, "check_info"), "check_info", payment.check_info, flag


def _checksum_rows(theirs: Mapping[str, int], ours: Mapping[str, int]) -> Iterator[Row]:
    for key in dict.fromkeys((*ours, *theirs)):
        yield f"{CHECKSUM}{key}", key, theirs.get(key), Flag(ours.get(key, Flag.UNKNOWN))


def with_provider(
    invoice: Invoice, equations: Equations, found: Sequence[Finding], today: date, corrected: Collection[str] = ()
) -> tuple[list[Finding], list[Finding]]:
    """The findings, graver where the provider has a word on the same cells; and remarks on what it did not confirm.

    `equations`: those of the default rules. What the provider said about other values than those that are there now
    counts for nothing.
    """
    ours = flags_of(invoice, equations, today=today)
    telling = (row for row in _rows(invoice, ours) if (row[2], row[3]) in TELLING)
    rows = [row for row in _compared(telling, corrected) if not row.stale]
    wrong = [row for row in rows if row.severity is Severity.ERROR]
    return [_graver(finding, wrong) for finding in found], list(_not_confirmed(rows))


def _not_confirmed(rows: Sequence[Agreement]) -> Iterator[Finding]:
    unconfirmed = [row.path for row in rows if row.verdict is Verdict.NOT_CONFIRMED]
    for code, of_lines in (("INV-VENDOR", False), ("LIN-VENDOR", True)):
        at = [path for path in unconfirmed if path.startswith(paths.LINES) is of_lines]
        if at:
            template = gettext_noop("%(count)s values the provider did not confirm are right when computed again")
            yield remark(code, at, template, {"count": len(at)})


def has_flags(invoice: Invoice) -> bool:
    """Whether the provider pronounced on anything."""
    return bool(invoice.checksum) or has_row_flags(invoice)


def has_row_flags(invoice: Invoice) -> bool:
    """Whether it pronounced on a line or on a payment."""
    lines = any(getattr(item, name) is not None for item in invoice.line_items for name in LINE_FLAGS)
    return lines or any(item.check_info is not None for item in invoice.payments_info)


CHECKSUM_CODES = {
    "total_cost": {"INV-TOTAL-DET", "INV-TOTAL-CAT"},
    "cost_categories": {"INV-TOTAL-CAT", "INV-CAT-DET"},
    "payments_class_b": {"INV-CLASSB"},
    "payments_class_c": {"INV-CLASSC"},
    "note_no": {"INV-NOTE"},
    "billing_date": {"INV-DATE"},
}


def _graver(finding: Finding, wrong: Sequence[Agreement]) -> Finding:
    """A warning becomes an error when the provider has pronounced on the same thing."""
    if finding.severity is not Severity.WARNING or not any(_about(row, finding) for row in wrong):
        return finding
    return with_severity(finding, Severity.ERROR)


def _about(row: Agreement, finding: Finding) -> bool:
    if row.path.startswith(f"{paths.ROOT}/checksum"):
        return not CHECKSUM_CODES.get(row.key, set()).isdisjoint(finding.checks)
    of_rows = any(check.startswith(("LIN-", "PAY-")) for check in finding.checks)
    return of_rows and any(path.startswith(row.path.rpartition("/")[0] + "/") for path in finding.paths)
