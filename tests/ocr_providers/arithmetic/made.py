"""Consistent invoices for property tests: what is printed adds up to the cent."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from ocr_providers.arithmetic.money import cents

Json = dict[str, Any]
RATIOS = {"甲": ["0"], "乙": ["0.05", "0.1", "0.2"], "丙": ["1"]}
CATEGORIES = ("西药费", "中成药费", "化验费", "检查费")


@st.composite
def lines(draw: st.DrawFn) -> Json:
    level = draw(st.sampled_from("甲乙丙"))
    quantity = draw(st.integers(1, 12))
    unit_price = draw(st.decimals(min_value=1, max_value=300, places=2))
    price = cents(quantity * unit_price)
    ratio = Decimal(draw(st.sampled_from(RATIOS[level])))
    return {
        "class": draw(st.sampled_from(CATEGORIES)),
        "amount": quantity,
        "unit_price": unit_price,
        "price": price,
        "level": level,
        "selfpay_ratio": ratio,
        "selfpay": cents(price * ratio),
    }


@st.composite
def medical_results(draw: st.DrawFn) -> Json:
    """A `medical_result` of an insured patient, 2 to 12 lines, every identity of DOMAIN notes 1.5 exact."""
    items = draw(st.lists(lines(), min_size=2, max_size=12))
    costs: defaultdict[str, Decimal] = defaultdict(Decimal)
    for item in items:
        costs[item["class"]] += item["price"]
    total = sum(costs.values(), Decimal(0))
    own = sum((item["price"] for item in items if item["level"] == "丙"), Decimal(0))
    share = sum((item["selfpay"] for item in items if item["level"] == "乙"), Decimal(0))
    fund = cents((total - own - share) * draw(st.decimals(min_value=0, max_value=1, places=2)))
    account = cents((total - fund) * draw(st.decimals(min_value=0, max_value=1, places=2)))
    payments = {
        "基金支付": fund,
        "自付一": total - fund - own - share,
        "自付二": share,
        "自费": own,
        "个人账户支付": account,
        "现金支付": total - fund - account,
    }
    return {
        "total_cost": total,
        "medical_insurance_type": "职工医保",
        "cost_detail_list": items,
        "cost_categories": [{"name": name, "cost": cost} for name, cost in costs.items()],
        "payments_info": [{"name": name, "amount": amount} for name, amount in payments.items()],
    }


def pointers(result: Json) -> list[str]:
    """Cells whose value an identity fixes; zeros have no digit to misread."""
    names = ("amount", "unit_price", "price", "selfpay")
    at = ["/medical_result/total_cost"]
    at += [
        f"/medical_result/cost_detail_list/{n}/{name}" for n in range(len(result["cost_detail_list"])) for name in names
    ]
    at += [f"/medical_result/cost_categories/{n}/cost" for n in range(len(result["cost_categories"]))]
    at += [f"/medical_result/payments_info/{n}/amount" for n in range(len(result["payments_info"]))]
    return [path for path in at if value_at(result, path)]


def value_at(result: Json, path: str) -> Any:
    value: Any = result
    for token in path.split("/")[2:]:
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value


def put(result: Json, path: str, new: object) -> None:
    parent, _, name = path.rpartition("/")
    value_at(result, parent)[name] = new
