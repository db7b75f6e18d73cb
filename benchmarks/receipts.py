"""Two other conventions than `benchmarks/invoices.py` has, so that nothing is measured on one alone.

A hospital's paper prints what its price list has, and four payments of which 自付一 is all that is borne inside the
catalogue; the national electronic receipt has names of its own, unit prices of any size, and the amount in capitals.
Misreadings happen to the text as printed, zeros included, and every kind is as frequent as the next one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TypeAlias

from benchmarks.invoices import cents

Json: TypeAlias = dict[str, Any]

PRICE_LIST = {
    "西药费": ("3.10甲", "21.35乙", "30.73乙", "42.30乙", "9.47甲", "16.58乙", "33.27甲", "12.80甲", "36.50乙"),
    "中成药费": ("15.30甲", "39.90丙", "22.75甲", "14.80甲", "27.40甲", "11.50乙"),
    "中草药费": ("0.12甲", "0.09甲", "0.26甲", "0.18甲", "0.07甲", "3.20丙"),
    "化验费": ("60.00乙", "18.00甲", "135.00乙", "9.00甲", "20.00甲", "48.00甲"),
    "检查费": ("168.00乙", "110.00甲", "55.00甲", "22.00甲", "210.00乙", "480.00乙"),
    "治疗费": ("8.00甲", "4.00甲", "12.00甲", "28.50乙", "45.00丙"),
    "材料费": ("0.85丙", "3.57乙", "2.40丙"),
}
RATIOS = {"甲": ("0",), "乙": ("0.05", "0.1", "0.15", "0.2", "0.3"), "丙": ("1",)}
FEW, DOSES = (1, 1, 1, 2, 2, 3, 4, 5, 7), (3, 6, 9, 10, 12, 15, 20, 30)


def hospital_paper(rng: random.Random) -> Json:
    """A `medical_result` of 3 to 30 lines as a hospital prints it from its price list."""
    items = [(category, item) for category, items in PRICE_LIST.items() for item in items]
    chosen = sorted(rng.sample(items, rng.randint(3, 30)), key=lambda item: list(PRICE_LIST).index(item[0]))
    lines = [_listed(rng, category, item[:-1], item[-1]) for category, item in chosen]
    total = _sum(lines)
    uninsured = rng.random() < 0.2
    own = total if uninsured else _sum(line for line in lines if line["level"] == "丙")
    fund = Decimal(0) if uninsured else _share(rng, total - own, 0.4, 0.9)
    account = Decimal(0) if uninsured or rng.random() < 0.3 else _share(rng, total - fund, 0.2, 0.9)
    payments = {
        "基金支付": fund, "个人账户支付": account, "现金支付": total - fund - account, "自费": own,
        "自付一": total - fund - own,
    }  # fmt: skip
    return _result("自费" if uninsured else "城镇职工", lines, total, payments)


def _listed(rng: random.Random, category: str, unit_price: str, level: str) -> Json:
    quantity = Decimal(rng.choice(DOSES if category == "中草药费" else FEW))
    return _line(rng, category, quantity, Decimal(unit_price), level)


def national_receipt(rng: random.Random) -> Json:
    """A `medical_result` as from the national electronic receipt with its list of charges."""
    names = rng.sample(["诊察费", "检查费", "化验费", "治疗费", "卫生材料费", "西药费", "中成药费"], rng.randint(1, 5))
    lines = [_charged(rng, rng.choice(names)) for _ in range(rng.randint(3, 30))]
    total = _sum(lines)
    own = _sum(line for line in lines if line["level"] == "丙")
    fund = _share(rng, total - own, 0.2, 0.95)
    other = Decimal(0) if rng.random() < 0.7 else _share(rng, total - own - fund, 0.1, 0.6)
    person = total - fund - other
    account = Decimal(0) if rng.random() < 0.25 else _share(rng, person, 0.05, 0.95)
    payments = {
        "医保统筹基金支付": fund, "其他支付": other, "个人账户支付": account, "个人现金支付": person - account,
        "个人自付": person - own, "个人自费": own,
    }  # fmt: skip
    result = _result("职工基本医疗保险", lines, total, payments)
    result["extra"] = {"total_cost_in_words": in_capitals(total), "note_code": "33060124", "check_code": "0bf601"}
    return result


def _charged(rng: random.Random, category: str) -> Json:
    quantity = Decimal(rng.choice([1] * 9 + [2] * 5 + [3] * 3 + [4, 5, 6, 7, 8, 10, 14, 20]))
    low = rng.choice([100, 1000, 10000])
    unit_price = Decimal(rng.randint(low, 10 * low - 1)).scaleb(-2)
    return _line(rng, category, quantity, unit_price, rng.choice("甲甲甲乙乙丙"))


def _line(rng: random.Random, category: str, quantity: Decimal, unit_price: Decimal, level: str) -> Json:
    price, ratio = cents(quantity * unit_price), Decimal(rng.choice(RATIOS[level]))
    return {
        "name": f"项目{rng.randrange(10**6)}", "class": category, "amount": quantity, "unit_price": unit_price,
        "price": price, "level": level, "selfpay_ratio": ratio, "selfpay": cents(price * ratio), "spec": None,
    }  # fmt: skip


def _sum(lines: Iterable[Json]) -> Decimal:
    return sum((line["price"] for line in lines), Decimal(0))


def _share(rng: random.Random, amount: Decimal, low: float, high: float) -> Decimal:
    return cents(amount * Decimal(str(rng.uniform(low, high))))


def _result(insurance: str, lines: list[Json], total: Decimal, payments: dict[str, Decimal]) -> Json:
    categories = dict.fromkeys(line["class"] for line in lines)
    return {
        "type": 1,
        "note_no": "0136427183",
        "patient_name": "李四",
        "billing_date": "2024-11-05",
        "hospital_name": "宁波市第一医院",
        "total_cost": cents(total),
        "medical_insurance_type": insurance,
        "cost_categories": [
            {"name": name, "cost": _sum(line for line in lines if line["class"] == name)} for name in categories
        ],
        "cost_detail_list": lines,
        "payments_info": [{"name": name, "amount": cents(amount)} for name, amount in payments.items()],
    }


DIGITS = "零壹贰叁肆伍陆柒捌玖"


def in_capitals(amount: Decimal) -> str:
    """大写金额 of less than 10^8: every digit with its unit, zeros where they stand."""
    whole, fraction = f"{amount:.2f}".split(".")
    units = ("", "拾", "佰", "仟", "万", "拾", "佰", "仟")
    own = zip(whole, units[len(whole) - 1 :: -1], strict=True)
    text = "".join(DIGITS[int(digit)] + unit * (digit != "0") for digit, unit in own)
    return f"{text}元{DIGITS[int(fraction[0])]}角{DIGITS[int(fraction[1])]}分"


# --- misreading what is printed ---------------------------------------------------------------------------------------

SEEN_AS = {
    "0": "68", "1": "7", "2": "7", "3": "18", "4": "91", "5": "63", "6": "58", "7": "12", "8": "53", "9": "08",
}  # fmt: skip


def misread_as_printed(rng: random.Random, number: Decimal) -> Decimal:
    """Another number: one thing happened to the text, which has two decimals unless it is a count or a ratio."""
    text = f"{number:.2f}" if number.as_tuple().exponent == -2 else f"{number:f}"
    while True:
        read = rng.choice(KINDS)(rng, text)
        if any(glyph.isdigit() for glyph in read) and Decimal(read) not in (number, 0):
            return Decimal(read)


def _places(text: str) -> list[int]:
    return [at for at, glyph in enumerate(text) if glyph.isdigit()]


def _confused(rng: random.Random, text: str) -> str:
    at = rng.choice(_places(text))
    return text[:at] + rng.choice(SEEN_AS[text[at]]) + text[at + 1 :]


def _dropped(rng: random.Random, text: str) -> str:
    at = rng.choice(_places(text))
    return text[:at] + text[at + 1 :]


def _doubled(rng: random.Random, text: str) -> str:
    at = rng.choice(_places(text))
    return text[:at] + text[at] + text[at:]


def _swapped(rng: random.Random, text: str) -> str:
    pairs = [at for at in _places(text)[:-1] if text[at + 1].isdigit()]
    if not pairs:
        return text
    at = rng.choice(pairs)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _point_lost(_rng: random.Random, text: str) -> str:
    return text.replace(".", "")


def _point_moved(rng: random.Random, text: str) -> str:
    whole, _, fraction = text.partition(".")
    digits, at = whole + fraction, len(whole) + rng.choice((-1, 1))
    return f"{digits[:at]}.{digits[at:]}" if fraction and 0 < at < len(digits) else text


KINDS: tuple[Callable[[random.Random, str], str], ...] = (
    _confused, _dropped, _doubled, _swapped, _point_lost, _point_moved,
)  # fmt: skip
