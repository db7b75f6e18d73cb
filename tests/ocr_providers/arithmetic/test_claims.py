"""Findings that an invoice's claim gives rise to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ocr_providers.arithmetic import ClaimContext, OtherInvoice, Severity, check_claim
from ocr_providers.results import Invoice

MakeInvoice = Callable[..., Invoice]
FIELDS = {
    "patient_name": "张三丰",
    "note_no": "0123456789",
    "billing_date": "2024-05-16",
    "hospital_name": "杭州市第一人民医院",
    "total_cost": 120,
}
SAME_DAY = OtherInvoice("C-2", "1", hospital_name="杭州市第一人民医院", billing_date=date(2024, 5, 16))


@pytest.mark.parametrize(
    ("context", "code", "severity"),
    [
        ({"insured_name": "张 三丰"}, None, None),
        ({"insured_name": "张三风"}, "INV-NAME", Severity.WARNING),
        ({"insured_name": "李四"}, "INV-NAME", Severity.ERROR),
        ({"others": (OtherInvoice("C-2", "0123456789"),)}, "INV-DUP", Severity.ERROR),
        ({"others": (OtherInvoice("C-2", "0123456789", hospital_name="宁波市妇幼保健院"),)}, None, None),
        (
            {
                "others": (
                    OtherInvoice("C-2", "9", None, "杭州市第一人民医院", date(2024, 5, 16), Decimal(120), "张三丰"),
                )
            },
            "INV-DUP-SOFT",
            Severity.WARNING,
        ),
        ({"others": (SAME_DAY, SAME_DAY)}, "CLM-SPLIT", Severity.INFO),
        ({"policy_begins": date(2024, 6, 1)}, "CLM-PERIOD", Severity.ERROR),
        ({"policy_ends": date(2024, 5, 15)}, "CLM-PERIOD", Severity.ERROR),
        ({"policy_begins": date(2024, 5, 1), "waiting_days": 30}, "CLM-WAIT", Severity.ERROR),
        ({"policy_begins": date(2024, 5, 1), "waiting_days": 30, "accident": True}, None, None),
        ({"hospitals": ("杭州市第一人民医院",)}, None, None),
        ({"hospitals": ("宁波市妇幼保健院",)}, "CLM-HOSP", Severity.ERROR),
        ({"covers_class_c": False}, "CLM-CLASSC", Severity.WARNING),
        ({"eligible": Decimal(80), "deductible_left": Decimal(100)}, "CLM-DEDUCT", Severity.INFO),
        ({"eligible": Decimal(0)}, "CLM-DEDUCT", Severity.INFO),
        (
            {"eligible": Decimal(80), "payable": Decimal(64), "sum_insured_left": Decimal(50)},
            "CLM-LIMIT",
            Severity.WARNING,
        ),
        ({"needs_public_settlement": True}, "CLM-NOCARD", Severity.WARNING),
        ({"verified": False}, "CLM-VERIFY", Severity.WARNING),
    ],
)
def test_what_the_claim_knows_is_held_against_the_invoice(
    invoice: MakeInvoice, context: dict[str, Any], code: str | None, severity: Severity | None
) -> None:
    document = invoice(
        lines=[{"price": 120, "level": "丙"}],
        payments={"现金支付": 120},
        extra={"check_code": "0bf601"},
        **FIELDS,
    )
    found = [(finding.code, finding.severity) for finding in check_claim(document, ClaimContext(**context))]
    assert found == ([(code, severity)] if code else [])


def test_a_name_that_differs_in_one_character_is_proposed_as_the_insured_persons(invoice: MakeInvoice) -> None:
    (finding,) = check_claim(invoice(**FIELDS), ClaimContext(insured_name="张三风"))
    assert finding.best is not None
    assert finding.best.changes[0].value == "张三风"
