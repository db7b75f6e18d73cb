"""What a picture shows, in the vendors' schema: the `.truth.json` beside it. What is not printed is null."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PIL import Image

from benchmarks.painter.sheet import Rect
from claims.demo.invented import InventedInvoice
from ocr_providers.results import Invoice, LineItem

HEADER = (
    "type", "note_no", "patient_name", "patient_gender", "billing_date", "hospital_name", "total_cost",
    "medical_insurance_type", "medical_organization_type", "service_serial_number", "social_security_card_number",
    "hospital_no", "payee",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Painted:
    """Pages, first to last, and their truth."""

    pages: tuple[Image.Image, ...]
    truth: dict[str, Any]
    marks: tuple[dict[str, Rect], ...] = ()
    """By page: where values stand on the undamaged picture, by JSON Pointer as in `ocr_providers.results.Sources`;
    `/note_code` and its like without the `/extra` of the written schema, as the local engine names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Which columns and blocks this form prints."""

    unit_price: bool = True
    spec: bool = True
    level: bool = True
    ratio: bool = False
    """The self-pay ratio of class B lines."""
    selfpay: bool = False
    categories: bool = True
    note_code: bool = True
    check_code: bool = True
    header: frozenset[str] = frozenset(HEADER)
    """Fields of the head."""
    payments: bool = True


def _line(line: LineItem, shown: Shown) -> dict[str, Any]:
    ratio = shown.ratio and line.level == "乙"
    return {
        "name": line.name,
        "amount": line.quantity,
        "unit_price": line.unit_price if shown.unit_price else None,
        "price": line.price,
        "level": line.level if shown.level else None,
        **({"selfpay_ratio": line.selfpay_ratio} if ratio else {}),
        **({"selfpay": line.selfpay} if shown.selfpay else {}),
        "spec": line.spec if shown.spec else None,
        "class": line.category,
    }


def _extra(invoice: Invoice, shown: Shown) -> dict[str, Any]:
    extra: dict[str, Any] = {"total_cost_in_words": invoice.total_cost_in_words}
    if shown.note_code:
        extra["note_code"] = invoice.note_code
    if shown.check_code:
        extra["check_code"] = invoice.check_code
    if invoice.qr_code:
        extra["qr_code"] = invoice.qr_code
    return extra


def _shows(truth: dict[str, Any], error: dict[str, object]) -> bool:
    """Whether this form prints the wrong value at all."""
    node: Any = truth
    for token in str(error["path"]).split("/")[1:]:
        if isinstance(node, list):
            node = node[int(token)] if int(token) < len(node) else None
        else:
            node = (node or {}).get(token)
    return bool(node == error["printed"])


def invoice_truth(invented: InventedInvoice, layout: str, shown: Shown) -> dict[str, Any]:
    invoice = invented.invoice
    truth: dict[str, Any] = {"kind": "invoice", "layout": layout}
    categories = invoice.cost_categories if shown.categories else ()
    payments = invoice.payments_info if shown.payments else ()
    truth["medical_result"] = {
        **{name: getattr(invoice, name) if name in shown.header else None for name in HEADER},
        "cost_categories": [{"name": category.name, "cost": category.cost} for category in categories],
        "cost_detail_list": [_line(line, shown) for line in invoice.line_items],
        "payments_info": [{"name": payment.name, "amount": payment.amount} for payment in payments],
        "extra": _extra(invoice, shown),
    }
    errors = [error for error in invented.printed_errors if _shows(truth, error)]
    return {**truth, "printed_errors": errors} if errors else truth
