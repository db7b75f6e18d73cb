"""Every rule: what it says, how exactly, why, and how much it matters. `docs/rules.md` is made from this table.

A rule's severity and tolerance can be changed by an administrator: `RuleSettings` is what the caller passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TypeAlias

from ocr_providers.arithmetic.findings import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table of rules. Sources: V public source, B background knowledge, I our own decision."""

    code: str
    severity: Severity
    formula: str
    tolerance: str
    source: str
    example: str
    unit: str = ""
    """Of the tolerance that an administrator can set; empty: the rule has none."""


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """How one rule is applied. `tolerance`: an amount that replaces the formula's own; `None` keeps the formula's."""

    severity: Severity
    tolerance: Decimal | None = None
    enabled: bool = True


Rules: TypeAlias = Mapping[str, RuleSettings]

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

INVOICE_RULES = (
    Rule(
        "INV-TOTAL-DET",
        E,
        "total_cost = Σ price of all lines (and a rounding category without lines); a missing total is proposed",
        "0.005 per line, from 0.01 to 0.05",
        "V",
        "10.00 + 20.00 = 30.00, printed 30.00",
        unit="¥",
    ),
    Rule(
        "INV-TOTAL-CAT",
        E,
        "total_cost = Σ cost of all categories",
        "0.01; 0.05 with a rounding category (舍入费)",
        "V: 727.77 + 0.03 = 727.80",
        "727.77 + 0.03 = 727.80, printed 727.80",
        unit="¥",
    ),
    Rule(
        "INV-CAT-DET",
        W,
        "cost of a category = Σ price of its lines; synonyms of a category are one",
        "0.005 per line, from 0.01 to 0.05",
        "I",
        "50.00 + 33.33 = 83.33, category printed 83.33",
        unit="¥",
    ),
    Rule(
        "INV-CN-UPPER",
        E,
        "total_cost = amount in capitals (大写), compared by value",
        "none",
        "B",
        "伍拾陆元整 = 56.00",
        unit="¥",
    ),
    Rule(
        "INV-CLASSB",
        W,
        "乙类自付 (自付二) = Σ selfpay of level 乙; information where no misreading explains it",
        "0.005 per line, at least 0.01",
        "V (meaning), I (identity)",
        "2.50 + 3.33 = 5.83, printed 5.83",
        unit="¥",
    ),
    Rule(
        "INV-CLASSC",
        W,
        "丙类自付 (自费) = Σ price of level 丙; information where no misreading explains it",
        "0.005 per line, at least 0.01",
        "V (meaning), I (identity)",
        "20.00 = 20.00, printed 20.00",
        unit="¥",
    ),
    Rule(
        "INV-NOTE",
        W,
        "note_no: 8 to 12 or 20 digits; on an electronic receipt 10, with 8 digits of 票据代码 and 6 "
        "letters or digits of 校验码",
        "–",
        "V",
        "O123456789 → 0123456789",
    ),
    Rule(
        "INV-DATE",
        E,
        "billing_date exists and is not in the future; a warning before 1990 or when the code's year differs "
        "by more than one",
        "–",
        "I",
        "2042-03-28 lies in the future",
    ),
    Rule(
        "INV-TYPE",
        W,
        "type = 1, and then no fields of a hospital stay",
        "–",
        "V: the service reads outpatient forms",
        "type 2",
    ),
    Rule(
        "INV-STAY",
        W,
        "admission ≤ discharge; hospital_days = discharge - admission, or one more",
        "1 day",
        "I",
        "3 to 5 May: 2 or 3",
        unit="d",
    ),
    Rule(
        "INV-ID",
        W,
        "18 characters: check character of GB 11643; information when there is no birth date in them",
        "–",
        "V: GB 11643",
        "11010519491231002X",
    ),
    Rule(
        "INV-GENDER-ID",
        W,
        "patient_gender = parity of digit 17 of a valid identity number (odd: male)",
        "–",
        "V",
        "…002X: female",
    ),
    Rule(
        "INV-HOSP-REGION",
        INFO,
        "the hospital's name does not begin with another province or its city",
        "–",
        "I",
        "烟台市…: 山东",
    ),
    Rule("INV-CONF", INFO, "scores of the reading ≥ 0.8; a warning for an amount", "–", "I", "average_prob 0.71"),
    Rule("INV-LABEL-VALUE", W, "no value is a caption of the form", "–", "V: payee “收款人”", "payee = 收款人"),
    Rule(
        "INV-UNREADABLE",
        W,
        "every value can be understood, and every amount printed was read",
        "–",
        "I",
        "price = “1Z.00”",
    ),
    Rule(
        "INV-VENDOR",
        INFO,
        "what the provider did not confirm (0) holds when computed again",
        "–",
        "V: vendor practice",
        "checksum.total_cost = 0",
    ),
    Rule(
        "LIN-PRICE",
        W,
        "price = unit_price × amount; one that is missing beside the two others is proposed",
        "0.005 (0.05 where the form rounds prices to 角) + half the last place of the unit price × amount, at least "
        "0.01; 0.005 for one piece",
        "V: the vendor's check_info_price",
        "3 × 40.00 = 120.00, printed 128.00, difference 8.00",
        unit="¥",
    ),
    Rule(
        "LIN-SELFPAY",
        W,
        "selfpay = price × selfpay_ratio; more, up to the price, is information: perhaps over a price limit (限价)",
        "0.01, and 0.00005 × price where the ratio has more than two decimals; 0.005 for a ratio of 0 or 1",
        "V: 5 / 14 = 0.3571",
        "14.00 × 0.3571 = 4.9994, printed 5.00",
        unit="¥",
    ),
    Rule(
        "LIN-RANGE",
        E,
        "0 ≤ selfpay ≤ price; 0 ≤ selfpay_ratio ≤ 1; amount > 0",
        "0.005",
        "V",
        "ratio 10 → 0.10",
        unit="¥",
    ),
    Rule(
        "LIN-LEVEL",
        W,
        "甲: ratio 0; 乙: between; 丙: 1. Not for uninsured patients",
        "0.0001",
        "V",
        "level 甲, ratio 0.10",
        unit="1",
    ),
    Rule(
        "LIN-NAME",
        INFO,
        "the name is in the desk's own catalogue, if there is one",
        "similarity 0.85",
        "I",
        "阿莫西林胶襄 → 阿莫西林胶囊",
        unit="similarity",
    ),
    Rule(
        "LIN-VENDOR",
        INFO,
        "lines that the provider did not confirm (0) hold when computed again",
        "–",
        "V: vendor practice",
        "check_info = 0",
    ),
    Rule(
        "LIN-SHIFT",
        W,
        "not two or more lines multiply in another order of their columns",
        "0.005",
        "V: column shift in real answers",
        "amount 32, price 14",
    ),
    Rule("LIN-DUP", INFO, "no line has name, amount and price of another", "–", "B", "the same line twice"),
    Rule("LIN-NEG", INFO, "price ≥ 0", "–", "B", "a refund"),
    Rule(
        "PAY-PART",
        W,
        "基金 + 大病 + 民政 + 自付一 + 自付二 + 自费 = total_cost, where all are printed",
        "0.01, and a rounding category",
        "V",
        "120.00 + 57.50 + 5.83 + 20.00 = 203.33",
        unit="¥",
    ),
    Rule(
        "PAY-CHAN",
        W,
        "funds + 个人账户 + 现金 = total_cost, where all are printed",
        "0.01, and a rounding category",
        "V",
        "120.00 + 40.00 + 43.33 = 203.33",
        unit="¥",
    ),
    Rule(
        "PAY-PERSON",
        W,
        "自付一 + 自付二 + 自费 = 个人账户 + 现金 = 个人支付金额; on the national receipt 个人自付 + 个人自费",
        "0.01, and a rounding category",
        "V",
        "57.50 + 5.83 + 20.00 = 40.00 + 43.33",
        unit="¥",
    ),
    Rule(
        "PAY-MAX",
        E,
        "0 ≤ each payment ≤ total_cost",
        "0.01",
        "V: 102376.98 > 855.32 in the service document",
        "102376.98 > 855.32",
        unit="¥",
    ),
    Rule(
        "PAY-NAME",
        INFO,
        "the name of a payment is one of the eight documented ones or a synonym",
        "–",
        "V",
        "个人支付金额",
    ),
    Rule("PAY-SELF", W, "an uninsured patient's funds are 0", "none", "V", "医保类型 自费, 基金支付 10.00"),
)

CLAIM_RULES = (
    Rule(
        "INV-NAME",
        E,
        "patient_name = insured person; a warning when one character differs",
        "–",
        "V: settlement tables",
        "张三 / 张二",
    ),
    Rule("INV-DUP", E, "no other claim has this note_no (and code)", "–", "V", "the same invoice twice"),
    Rule("INV-DUP-SOFT", W, "no other invoice has hospital, date, total and name", "–", "B", "the same visit twice"),
    Rule("CLM-PERIOD", E, "policy begins ≤ billing_date ≤ policy ends", "–", "V", "before the policy"),
    Rule("CLM-WAIT", E, "billing_date ≥ begin + waiting days, unless an accident", "–", "V", "day 20 of 30"),
    Rule("CLM-HOSP", E, "the hospital is on the plan's list", "similarity 0.9", "V", "–", unit="similarity"),
    Rule("CLM-CLASSC", W, "the plan pays class C, or no line has level 丙", "–", "V", "level 丙"),
    Rule(
        "CLM-DEDUCT",
        INFO,
        "something is eligible, and more than the deductible that is left",
        "none",
        "V",
        "80.00 of 100.00",
    ),
    Rule("CLM-LIMIT", W, "what is payable is within what the plan's limits leave", "none", "V", "–"),
    Rule(
        "CLM-NOCARD",
        W,
        "a plan that needs settlement by the public insurance finds a fund's payment",
        "none",
        "V",
        "funds 0.00",
    ),
    Rule("CLM-SPLIT", INFO, "fewer than three invoices of one day and hospital", "–", "B", "three invoices of a day"),
    Rule("CLM-VERIFY", W, "an electronic receipt was verified (查验)", "–", "V", "not verified"),
)

HEALTH_RULES = (
    Rule(
        "HC-BMI",
        W,
        "BMI = Weight / (Height / 100)²; an error when off by more than 1.0",
        "0.25",
        "B: rounding of height and weight",
        "73.1 / 1.795² = 22.69",
        unit="kg/m2",
    ),
    Rule("HC-BP-STR", E, "bp = BP-Systolic / BP-Diastolic", "none", "V", "106/71 = 106, 71"),
    Rule("HC-BP-ORD", E, "BP-Systolic > BP-Diastolic; a warning unless 10 to 150 apart", "–", "B", "71/106"),
    Rule(
        "HC-RANGE",
        E,
        "values within hard limits; a warning outside soft ones",
        "–",
        "V/B: table of docs/rules",
        "Height 1.79 → 179",
    ),
    Rule(
        "HC-LIPID",
        W,
        "Cholesterol ≥ HDL + LDL; implied triglycerides 5 × (TC - HDL - LDL) ≤ 400; information below 20",
        "3 mg/dL, of cholesterol",
        "V: Friedewald",
        "TC 152, HDL 73, LDL 149",
        unit="mg/dL",
    ),
    Rule("HC-AGE", W, "Age = years from DOB to Date", "1 year", "B", "543 years apart: another era", unit="a"),
    Rule(
        "HC-DATE",
        E,
        "Date_reformatted = Date; not in the future; not before DOB",
        "none",
        "V",
        "02 ก.ค. 68 = 02/07/2025",
    ),
    Rule("HC-FOUND", W, "found, unless the value is absent", "–", "V", "found = false, value 22.69"),
    Rule("HC-DUPKEY", W, "each key once, whatever its case", "–", "I", "BMI twice"),
    Rule(
        "HC-FLAG-BMI",
        INFO,
        "screening: 18.5 ≤ BMI < 23",
        "–",
        "V: Chulalongkorn Hospital, Asian cut-offs",
        "27.1: obese I",
    ),
    Rule(
        "HC-FLAG-BP", INFO, "screening: systolic < 120 and diastolic < 80", "–", "V: Thai hospitals", "147/69: stage 1"
    ),
    Rule("HC-FLAG-FBS", INFO, "screening: FBS < 100 mg/dL", "–", "V", "105: impaired fasting glucose"),
    Rule("HC-FLAG-LIPID", INFO, "screening: Cholesterol < 240, LDL < 160, HDL ≥ 40 mg/dL", "–", "V", "LDL 165: high"),
)

RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.code: rule for rule in (*INVOICE_RULES, *CLAIM_RULES, *HEALTH_RULES)}
)

DEFAULT_RULES: Rules = MappingProxyType({code: RuleSettings(rule.severity) for code, rule in RULES.items()})


def tolerance(rules: Rules, code: str, formula: Decimal) -> Decimal:
    """What an administrator set, or else what the rule's formula gives."""
    configured = setting(rules, code).tolerance
    return formula if configured is None else configured


def setting(rules: Rules, code: str) -> RuleSettings:
    """How `code` is applied: as configured, or else by default."""
    return rules.get(code) or DEFAULT_RULES[code]
