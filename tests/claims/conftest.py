"""Documents that were read, for tests of what comes after."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from claims.editing import findings
from claims.editing.corrections import Edit
from claims.models import Claim, Document, LineItem, Plan, Policy, Reading, Role, User
from claims.working_values.values import store_reading
from ocr_providers.exact_json import dumps, loads
from ocr_providers.results import Kind, ReadingResult
from ocr_providers.vendor_schema import health_from_json, invoice_from_json

INVOICE = """{
  "type": 1, "note_no": "3300123456", "patient_name": "王芳", "patient_gender": 2, "billing_date": "2025-03-01",
  "hospital_name": "杭州市第一人民医院", "total_cost": 203.33, "medical_insurance_type": "城镇职工",
  "social_security_card_number": "11010519491231002X", "average_prob": 0.7073246833276072,
  "checksum": {"total_cost": 1, "cost_categories": 1}, "fund_payments": [], "vendor_key": {"kept": 1.50},
  "cost_categories": [{"name": "西药费", "cost": 183.33}, {"name": "材料费", "cost": 20.00}],
  "cost_detail_list": [
    {"ocr_name": "阿莫西林胶囊", "class": "西药费", "level": "甲", "amount": 2, "unit_price": 50, "price": 100.00,
     "selfpay": 0, "selfpay_ratio": 0, "check_info": 1, "batch": "B-7"},
    {"ocr_name": "替格瑞洛片", "class": "西药费", "level": "乙", "amount": 1, "unit_price": 50.00, "price": 50.00,
     "selfpay": 2.50, "selfpay_ratio": 0.05},
    {"ocr_name": "左氧氟沙星片", "class": "西药费", "level": "乙", "amount": 1, "unit_price": 33.33, "price": 33.33,
     "selfpay": 3.33, "selfpay_ratio": 0.1},
    {"ocr_name": "留置针", "class": "材料费", "level": "丙", "amount": 1, "unit_price": 20.00, "price": 20.00,
     "selfpay": 20.00, "selfpay_ratio": 1}],
  "payments_info": [
    {"name": "基金支付", "amount": 120.00}, {"name": "自付一", "amount": 57.50}, {"name": "自付二", "amount": 5.83},
    {"name": "自费", "amount": 20.00}, {"name": "个人账户支付", "amount": 40.00},
    {"name": "现金支付", "amount": 43.33}],
  "extra": {"total_cost_in_words": "贰佰零叁元叁角叁分", "sources": {
    "/total_cost": {"text": "203.33", "score": 0.97, "rect": [10, 20, 90, 40], "page": 0,
                    "alternatives": ["208.33"]},
    "/cost_detail_list/0/amount": {"text": "2", "score": 0.9, "rect": [1, 2, 3, 4]}}}
}"""
"""Every identity of DOMAIN's multi-rule example holds."""

HEALTH = """[
  {"key": "bp", "value": "106/71", "score": 0.9982, "found": true, "rect": []},
  {"key": "Weight", "value": 73.1, "score": 0.9982, "found": true, "rect": []},
  {"key": "Height", "value": 179.5, "score": 0.9982, "found": true, "rect": []},
  {"key": "BMI", "value": 22.69, "score": 0.9372, "found": true, "rect": []},
  {"key": "FBS", "value": "n/a", "score": 0.0, "found": false, "rect": []},
  {"key": "LDL", "value": "<5.0", "score": 0.8, "found": true, "rect": [5, 6, 7, 8], "lab": "A"}]"""

ReadDocument = Callable[..., Document]


@pytest.fixture
def read_document(claim: Claim) -> ReadDocument:
    """`read_document(total_cost="9.99")`: an invoice as read, with keys of its JSON replaced."""
    numbers = itertools.count(1)

    def make(kind: Kind = Kind.INVOICE, *, answer: str | None = None, of: Claim | None = None, **keys: Any) -> Document:
        parsed: Any = loads(answer or (INVOICE if kind is Kind.INVOICE else HEALTH))
        if keys:
            parsed = {**parsed, **keys}
        document = Document.objects.create(
            claim=of or claim,
            sha256=f"{next(numbers):064x}",
            media_type="image/jpeg",
            byte_size=1000,
            original_name="receipt.jpg",
            kind=kind,
            status=Document.Status.READ,
        )
        add_reading(document, kind, parsed)
        return document

    return make


def add_reading(document: Document, kind: Kind, parsed: Any, by: str = "local", vendor: str = "local") -> None:
    """What the reading job does with an answer."""
    read = invoice_from_json(parsed) if kind is Kind.INVOICE else health_from_json(parsed)
    now = timezone.now()
    Reading.objects.create(
        document=document,
        vendor=vendor,
        account_name=by,
        kind=kind,
        answer=dumps({"medical_result" if kind is Kind.INVOICE else "data": parsed}),
        started_at=now,
        finished_at=now,
    )
    store_reading(document=document, result=ReadingResult(kind=kind, document=read), by=by)
    findings.refresh(document)


@pytest.fixture
def plan(db: None) -> Plan:
    return Plan.objects.create(code="basic", name="Basic")


@pytest.fixture
def policy(plan: Plan) -> Policy:
    return Policy.objects.create(
        number="P-1",
        plan=plan,
        insured_name="王芳",
        effective_from=date(2025, 1, 1),
        effective_until=date(2026, 12, 31),
    )


@pytest.fixture
def invoice(read_document: ReadDocument) -> Document:
    return read_document()


# --- edits of it -----------------------------------------------------------------------------------------------------


@pytest.fixture
def line(invoice: Document) -> LineItem:
    """The second line: 1 × 50.00 = 50.00."""
    return LineItem.objects.get(document=invoice, n=1)


@pytest.fixture
def second_reviewer(make_user: object) -> User:
    user: User = make_user("wei.reviewer", Role.REVIEWER)  # type: ignore[operator]
    return user


def price(line: LineItem, text: str | None, seen: int = 1) -> Edit:
    return Edit(f"line_items/{line.pk}/price", text, seen)
