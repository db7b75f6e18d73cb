"""The page of rules tells the truth, and every finding belongs to a rule on it."""

from __future__ import annotations

import re
from pathlib import Path

from ocr_providers.arithmetic import DEFAULT_RULES, RULES, Severity
from ocr_providers.arithmetic.rules_page import page
from ocr_providers.arithmetic.sentences import TEMPLATES

ROOT = Path(__file__).parents[3]


def test_the_page_of_rules_is_made_from_the_table() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == page()


def test_every_code_in_the_package_is_a_documented_rule() -> None:
    sources = (ROOT / "ocr_providers" / "arithmetic").glob("*.py")
    used = {
        code
        for source in sources
        for code in re.findall(r'"((?:INV|LIN|PAY|CLM|HC)-[A-Z-]+)"', source.read_text("utf-8"))
    }
    assert used - {"INV-", "LIN-"} <= set(RULES)
    assert set(TEMPLATES) <= set(RULES)


def test_flags_of_a_screening_are_only_information() -> None:
    assert {rule.severity for code, rule in DEFAULT_RULES.items() if code.startswith("HC-FLAG")} == {Severity.INFO}
