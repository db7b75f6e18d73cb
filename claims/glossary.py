"""Terms of the trade, for tooltips and the help page. Printed words stay as printed; explanations are translated.

Sources: the definitions of the national electronic medical receipt, the two service documents, and the health
authorities' pages named in docs/rules.md. An explanation says what the paper means, never what to decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Term:
    """One entry: the words as printed on the paper, and what they mean."""

    key: str
    """What a screen asks for: a field's name, or a word on the paper."""
    printed: str
    meaning: StrOrPromise


TERMS: tuple[Term, ...] = (
    Term(
        "level-a", "甲 · 甲类 · 无自付", _("Class A: inside the insurance catalogue, nothing paid by the person first.")
    ),
    Term("level-b", "乙 · 乙类 · 有自付", _("Class B: inside the catalogue, the person pays a share first.")),
    Term("level-c", "丙 · 丙类 · 全自付 · 自费", _("Class C: outside the catalogue, paid by the person in full.")),
    Term(
        "selfpay-1",
        "自付一 · 自负 · 个人自负",
        _("The person's part inside the scope of the insurance: deductible, share, above the ceiling."),
    ),
    Term(
        "selfpay-2",
        "自付二 · 自理 · 个人自理",
        _("The first share of class B items, and what lies above a price limit."),
    ),
    Term(
        "selfpay-all",
        "自费 · 个人自费",
        _("Outside the catalogue: class C items. For an uninsured person the whole total."),
    ),
    Term("fund", "基金支付 · 医保统筹基金支付", _("Paid by the pooled fund of the public insurance.")),
    Term("account", "个人账户支付", _("Paid from the insured person's own insurance account.")),
    Term("cash", "现金支付 · 个人现金支付", _("Paid by the person in cash, by card or by phone.")),
    Term("serious-illness", "大病救助 · 大病保险", _("Paid by the insurance against serious illness.")),
    Term("civil-aid", "民政救助", _("Paid by civil aid.")),
    Term("cost_categories", "大类项目", _("Charge categories. Their sum is the total.")),
    Term(
        "line_items",
        "细类项目 · 收费明细",
        _("The single items. Quantity × unit price is the price; the prices add up to the total."),
    ),
    Term("note_no", "票据号码", _("Invoice number: ten digits on electronic receipts, eight to twelve on paper.")),
    Term("note_code", "票据代码", _("Invoice code: eight digits; province, class, kind and year.")),
    Term("check_code", "校验码", _("Check code: six letters or digits, to verify the receipt with the authority.")),
    Term("total_cost_in_words", "合计(大写)", _("The total in capital numerals, which are hard to alter.")),
    Term(
        "checksum",
        "checksum",
        _("What the provider says about its own reading: 1 passed, 0 not confirmed, −1 cannot be checked."),
    ),
    Term("FBS", "FBS · FPG · น้ำตาลในเลือด", _("Fasting blood sugar, mg/dL.")),
    Term("LDL", "LDL · ไขมันไม่ดี", _("Low-density lipoprotein cholesterol, mg/dL.")),
    Term("HDL", "HDL · ไขมันดี", _("High-density lipoprotein cholesterol, mg/dL.")),
    Term(
        "Cholesterol",
        "Cholesterol · คอเลสเตอรอล",
        _("Total cholesterol, mg/dL. Not smaller than HDL and LDL together."),
    ),
    Term("BMI", "BMI · ดัชนีมวลกาย", _("Body mass index: weight in kg divided by the square of the height in m.")),
    Term("bp", "BP · ความดันโลหิต", _("Blood pressure, systolic over diastolic, mmHg.")),
    Term("buddhist-era", "พ.ศ.", _("Year of the Buddhist era: 543 more than the common era.")),
)


def meanings() -> dict[str, str]:
    """What each term means, by its key, in the active language."""
    return {term.key: str(term.meaning) for term in TERMS}


def by_printed_word() -> dict[str, str]:
    """The same by every word that a paper may print: 甲, 甲类, 无自付 all lead to class A. Keys count, too."""
    printed = {word: term for term in TERMS for word in term.printed.split(" · ")}
    return {word: str(term.meaning) for word, term in printed.items()} | meanings()
