"""An invented invoice on an invented paper: the picture, the provider's answer with boxes, and mistakes put into it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from PIL import Image, ImageDraw

WIDTH, HEIGHT, TOP, STEP = 1000, 1400, 220, 36
COLUMNS = {"ocr_name": 60, "level": 420, "amount": 520, "unit_price": 620, "price": 760}
GOODS = (("Amoxicillin 0.25g", "2", "12.50"), ("Blood count", "1", "18.00"), ("Saline 100 ml", "4", "3.10"))
"""Name, quantity, unit price; lines repeat them."""


@dataclass
class Paper:
    """One page; `mistakes` maps (line, vendor's name of a value) to what was misread there."""

    lines: int = 8
    mistakes: dict[tuple[int, str], str] = field(default_factory=dict)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)

    def picture(self) -> bytes:
        """A JPEG with every value at the place that `answer` says it stands."""
        image = Image.new("RGB", (WIDTH, HEIGHT), "white")
        draw = ImageDraw.Draw(image)
        draw.text((60, 60), "OUTPATIENT INVOICE", fill="black", font_size=40)
        for n, good in enumerate(self._goods()):
            for name, text in good.items():
                if name in COLUMNS:
                    draw.text((COLUMNS[name], TOP + n * STEP), text, fill="black", font_size=24)
        buffer = io.BytesIO()
        image.save(buffer, "JPEG")
        return buffer.getvalue()

    def _goods(self) -> list[dict[str, str]]:
        goods = []
        for n in range(self.lines):
            name, quantity, unit_price = GOODS[n % len(GOODS)]
            price = f"{Decimal(quantity) * Decimal(unit_price):.2f}"
            line = {"ocr_name": name, "level": "甲", "amount": quantity, "unit_price": unit_price, "price": price}
            goods.append({**line, "class": "西药费", "selfpay": "0.00", "selfpay_ratio": "0"})
        return goods

    def answer(self) -> dict[str, Any]:
        """The vendor's `medical_result`, numbers as `Decimal`, with our engine's boxes in `extra`."""
        goods = self._goods()
        total = sum((Decimal(good["price"]) for good in goods), Decimal(0))
        for (n, name), misread in self.mistakes.items():
            goods[n][name] = misread
        sources = {f"/cost_detail_list/{n}/{name}": self._source(n, name, text) for n, good in enumerate(goods)
                   for name, text in good.items() if name in COLUMNS}  # fmt: skip
        return {
            "type": 1,
            "note_no": "3300123456",
            "patient_name": "王芳",
            "patient_gender": 2,
            "billing_date": "2025-03-01",
            "hospital_name": "杭州市第一人民医院",
            "total_cost": total,
            "medical_insurance_type": "城镇职工",
            "social_security_card_number": "11010519491231002X",
            "cost_categories": [{"name": "西药费", "cost": total}],
            "cost_detail_list": [{name: _number(name, text) for name, text in good.items()} for good in goods],
            "payments_info": [{"name": "现金支付", "amount": total}],
            "extra": {"sources": {"/total_cost": _rect(760, 120, str(total)), **sources}},
        }

    def _source(self, n: int, name: str, text: str) -> dict[str, Any]:
        return _rect(COLUMNS[name], TOP + n * STEP, text)


def _number(name: str, text: str) -> str | Decimal:
    return text if name in {"ocr_name", "level", "class"} else Decimal(text)


def _rect(left: int, top: int, text: str) -> dict[str, Any]:
    rect = [left - 4, top, left + 14 * len(text) + 4, top + 30]
    return {"text": text, "score": 0.97, "rect": rect, "page": 0, "alternatives": []}
