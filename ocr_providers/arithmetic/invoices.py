"""All checks of one invoice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from ocr_providers.arithmetic.agreement import has_flags, with_provider
from ocr_providers.arithmetic.catalogue import check_names
from ocr_providers.arithmetic.days import latest_today
from ocr_providers.arithmetic.explain import findings_of
from ocr_providers.arithmetic.findings import Finding, Severity
from ocr_providers.arithmetic.header_rules import check_header
from ocr_providers.arithmetic.invoice_identities import equations_of
from ocr_providers.arithmetic.line_rules import check_lines
from ocr_providers.arithmetic.missing import check_missing
from ocr_providers.arithmetic.payment_rules import check_payments
from ocr_providers.arithmetic.reading_rules import check_reading
from ocr_providers.arithmetic.remarks import configured, with_severity
from ocr_providers.arithmetic.rules import DEFAULT_RULES, Rules
from ocr_providers.results import Invoice

BOUNDS = frozenset({"LIN-RANGE", "LIN-LEVEL", "PAY-MAX"})
"""Rules that a number breaks in passing when it also breaks an equation."""


def check_invoice(
    invoice: Invoice,
    rules: Rules = DEFAULT_RULES,
    today: date | None = None,
    catalogue: Sequence[str] = (),
    *,
    corrected: Collection[str] = (),
    independent: bool = True,
) -> tuple[Finding, ...]:
    """What is doubtful about an invoice, most severe first; one finding for one cause.

    `today` bounds dates (default: the current day). `catalogue`: known names of items; none, no check of names.
    `corrected`: paths of values that a person changed since the provider set its flags. `independent`: the flags are
    another's judgement; those of the local engine are our own, and confirm nothing.
    """
    today = today or latest_today()
    equations = equations_of(invoice, rules)
    missing = list(check_missing(invoice, equations, rules))
    others = [
        *check_header(invoice, today, rules),
        *check_reading(invoice, [item.paths[0] for item in missing if item.severity is not Severity.INFO]),
        *check_lines(invoice, rules),
        *missing,
        *check_payments(invoice, rules),
        *check_names(invoice, catalogue, rules),
    ]
    found = _one_for_each_cause(findings_of(invoice, equations, rules), configured(others, rules))
    if independent and has_flags(invoice):
        usual = equations if rules is DEFAULT_RULES else equations_of(invoice)
        found, not_confirmed = with_provider(invoice, usual, found, today, corrected)
        found += configured(not_confirmed, rules)
    return tuple(sorted(found, key=lambda finding: finding.severity.rank))


def _one_for_each_cause(equations: Sequence[Finding], others: Iterable[Finding]) -> list[Finding]:
    """A number out of bounds that an equation already accuses makes that finding graver, and none of its own."""
    found, apart = list(equations), []
    for other in others:
        at = next((n for n, finding in enumerate(found) if _same_cause(finding, other)), None)
        if at is None:
            apart.append(other)
        else:
            graver = min(found[at].severity, other.severity, key=lambda severity: severity.rank)
            found[at] = with_severity(found[at], graver, *other.checks)
    return found + apart


def _same_cause(finding: Finding, bound: Finding) -> bool:
    if bound.code == finding.code and bound.paths[0] == finding.paths[0]:
        return True
    if bound.code not in BOUNDS or finding.code in BOUNDS:
        return False
    changed = {change.path for item in finding.suggestions for change in item.changes}
    if changed:
        return not changed.isdisjoint(bound.paths)
    of_level = bound.code == "LIN-LEVEL"
    concerned = bound.paths[1] if of_level else bound.paths[0]
    return finding.severity is not Severity.INFO and concerned in finding.paths
