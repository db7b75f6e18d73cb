"""Makes `docs/rules.md` from the table of rules: `python -m ocr_providers.arithmetic.rules_page > docs/rules.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from ocr_providers.arithmetic.health_values import PLAUSIBLE
from ocr_providers.arithmetic.rules import CLAIM_RULES, HEALTH_RULES, INVOICE_RULES, Rule

INTRODUCTION = """\
# Rules

Made from `ocr_providers/arithmetic/rules.py`; do not edit. To make it again:
`python -m ocr_providers.arithmetic.rules_page > docs/rules.md`.

A rule passes, fails, or cannot be checked because a value is missing; a rule that does not fit a form says so. An
error blocks approval until it is corrected or acknowledged with a reason. An administrator can change the severity of a
rule and, where it has one, its tolerance, or switch it off. Amounts are exact decimals, rounded half up. Several rules
that fail for one cause make one finding.

Sources: V, a public source; B, background knowledge; I, our own decision.
"""
HEAD = "| rule | severity | says | tolerance | can be set, in | source | example |\n|---|---|---|---|---|---|---|\n"
RANGES_HEAD = "| key | unit | possible | usual |\n|---|---|---|---|\n"


def page() -> str:
    """The whole page."""
    tables = (("Invoices", INVOICE_RULES), ("Claims", CLAIM_RULES), ("Health-check reports", HEALTH_RULES))
    return "\n".join([INTRODUCTION, *(_table(title, rules) for title, rules in tables), _ranges()])


def _table(title: str, rules: Iterable[Rule]) -> str:
    return f"## {title}\n\n{HEAD}" + "".join(_row(rule) for rule in rules)


def _row(rule: Rule) -> str:
    cells = (rule.code, rule.severity.value, rule.formula, rule.tolerance, rule.unit or "–", rule.source, rule.example)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _ranges() -> str:
    rows = "".join(
        f"| {key} | {item.unit} | {item.hard.low}–{item.hard.high} | {item.soft.low}–{item.soft.high} |\n"
        for key, item in PLAUSIBLE.items()
    )
    return f"## Plausible values of a health check (HC-RANGE)\n\n{RANGES_HEAD}{rows}"


if __name__ == "__main__":
    sys.stdout.write(page())
