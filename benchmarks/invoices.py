"""Consistent invoices, made from a seed, and ways to misread them: what `benchmarks/repair.py` measures with."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Json = dict[str, Any]

CENT = Decimal("0.01")
CATEGORIES = {
    "西药费": (2, 120), "中成药费": (8, 60), "中草药费": (0, 2), "化验费": (5, 160), "检查费": (20, 400),
    "治疗费": (3, 80), "材料费": (1, 60), "诊查费": (5, 30),
}  # fmt: skip
SHORT_NAMES = {"西药费": "西药", "中成药费": "中成药", "化验费": "检验费", "材料费": "卫生材料费", "诊查费": "诊察费"}
RATIOS = {"甲": ("0",), "乙": ("0.05", "0.1", "0.15", "0.2", "0.3"), "丙": ("1",)}


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def invoice(rng: random.Random, *, unit_prices: bool = True, lines: int | None = None) -> Json:
    """A `medical_result` of 3 to 30 lines (or of so many) in which every identity holds."""
    return _invoice(rng, _lines(rng, lines, unit_prices=unit_prices))


def _invoice(rng: random.Random, lines: list[Json]) -> Json:
    categories = _categories(rng, lines)
    total = sum((item["cost"] for item in categories), Decimal(0))
    uninsured = rng.random() < 0.15
    result: Json = {
        "type": 1,
        "note_no": f"{rng.randrange(10**9, 10**10)}",
        "patient_name": "张三",
        "billing_date": "2024-05-16",
        "hospital_name": "杭州市第一人民医院",
        "total_cost": total,
        "medical_insurance_type": "自费" if uninsured else "职工医保",
        "cost_categories": categories,
        "cost_detail_list": lines,
        "payments_info": _payments(rng, total, lines, uninsured=uninsured),
    }
    return result


def _lines(rng: random.Random, count: int | None, *, unit_prices: bool) -> list[Json]:
    with_selfpay = rng.random() < 0.8
    names = rng.sample(list(CATEGORIES), rng.randint(1, 7))
    lines = [_line(rng, rng.choice(names), with_selfpay=with_selfpay) for _ in range(count or rng.randint(3, 30))]
    for n, line in enumerate(lines):
        line["name"] = f"项目{n}"
        if not unit_prices:
            line["unit_price"] = None
    return sorted(lines, key=lambda line: names.index(line["class"]))


def _line(rng: random.Random, category: str, *, with_selfpay: bool) -> Json:
    low, high = CATEGORIES[category]
    quantity = Decimal(rng.choice([1] * 10 + [2] * 6 + [3] * 4 + [4, 5, 6, 7, 10, 14]))
    if category == "中草药费":
        quantity = Decimal(rng.choice([6, 9, 10, 12, 15, 20, 30]))
    elif rng.random() < 0.03:
        quantity = Decimal(rng.choice(["0.5", "1.5", "2.5"]))
    places = rng.choice(["0.01", "0.01", "0.01", "0.1", "1"]) if rng.random() < 0.98 else "0.001"
    unit_price = max(Decimal(str(rng.uniform(low, high))).quantize(Decimal(places)), Decimal("0.05"))
    price = cents(quantity * unit_price)
    level = rng.choice("甲甲甲乙乙丙")
    ratio = Decimal(rng.choice(RATIOS[level]))
    return {
        "class": category,
        "amount": quantity,
        "unit_price": unit_price,
        "price": price,
        "level": level,
        "selfpay": cents(price * ratio) if with_selfpay else None,
        "selfpay_ratio": ratio if with_selfpay else None,
        "spec": None,
    }


def _categories(rng: random.Random, lines: list[Json]) -> list[Json]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[line["class"]] += line["price"]
    short = rng.random() < 0.2
    found = [{"name": SHORT_NAMES.get(name, name) if short else name, "cost": cost} for name, cost in sums.items()]
    if rng.random() < 0.05:
        found.append({"name": "舍入费", "cost": Decimal(rng.randint(1, 4)).scaleb(-2)})
    return found


def _payments(rng: random.Random, total: Decimal, lines: list[Json], *, uninsured: bool) -> list[Json]:
    own = total if uninsured else sum((line["price"] for line in lines if line["level"] == "丙"), Decimal(0))
    self_2 = Decimal(0)
    if not uninsured:
        self_2 = sum((line["selfpay"] or Decimal(0) for line in lines if line["level"] == "乙"), Decimal(0))
    rest = total - own - self_2
    fund = cents(rest * Decimal(str(rng.uniform(0.3, 0.9))))
    serious = cents((rest - fund) * Decimal("0.2")) if not uninsured and rng.random() < 0.1 else Decimal(0)
    self_1 = rest - fund - serious
    person = total - fund - serious
    account = Decimal(0) if uninsured or rng.random() < 0.3 else cents(person * Decimal(str(rng.uniform(0.1, 0.9))))
    amounts = {
        "基金支付": fund,
        "个人账户支付": account,
        "现金支付": person - account,
        "自付一": self_1,
        "自付二": self_2,
        "自费": own,
    }
    if serious:
        amounts["大病救助"] = serious
    if rng.random() < 0.2:
        amounts["个人支付金额"] = person
    return [{"name": name, "amount": amount} for name, amount in amounts.items()]


# --- misreading -------------------------------------------------------------------------------------------------------

LOOK_ALIKE = {
    "0": "689", "1": "74", "2": "7", "3": "856", "4": "17", "5": "386", "6": "0853", "7": "142", "8": "0369", "9": "08",
}  # fmt: skip
FIELDS = ("amount", "unit_price", "price", "selfpay")


def numbers(result: Json) -> dict[str, Decimal]:
    """The numbers a reader may get wrong, by JSON Pointer; zeros are no digits to confuse."""
    at = {"/medical_result/total_cost": result["total_cost"]}
    for n, line in enumerate(result["cost_detail_list"]):
        at |= {f"/medical_result/cost_detail_list/{n}/{name}": line[name] for name in FIELDS if line[name] is not None}
    for name, key in (("cost_categories", "cost"), ("payments_info", "amount")):
        at |= {f"/medical_result/{name}/{n}/{key}": row[key] for n, row in enumerate(result[name])}
    return {path: value for path, value in at.items() if value}


def misread(rng: random.Random, number: Decimal) -> Decimal:
    """Another number: one digit confused, one dropped, or the decimal point moved."""
    while True:
        other = rng.choice((_confused, _confused, _dropped, _moved))(rng, number)
        if other not in (number, 0):
            return other


def _text(rng: random.Random, number: Decimal) -> str:
    whole = number == number.to_integral_value() and number < 100
    money = number == cents(number) and rng.random() < (0.2 if whole else 0.8)
    return f"{number:.2f}" if money else f"{number.normalize():f}"


def _confused(rng: random.Random, number: Decimal) -> Decimal:
    text = _text(rng, number)
    at = rng.choice([n for n, glyph in enumerate(text) if glyph.isdigit()])
    return Decimal(text[:at] + rng.choice(LOOK_ALIKE[text[at]]) + text[at + 1 :])


def _dropped(rng: random.Random, number: Decimal) -> Decimal:
    text = _text(rng, number)
    places = [n for n, glyph in enumerate(text) if glyph.isdigit()]
    at = rng.choice(places)
    left = text[:at] + text[at + 1 :]
    return Decimal(left) if any(glyph.isdigit() for glyph in left) else number


def _moved(rng: random.Random, number: Decimal) -> Decimal:
    return number.scaleb(rng.choice((-1, 1, 2)))


def put(result: Json, path: str, value: Decimal) -> None:
    """Sets the cell at a path that `numbers` gave."""
    *parents, last = path.split("/")[2:]
    row: Any = result
    for token in parents:
        row = row[int(token)] if isinstance(row, list) else row[token]
    row[last] = value
