"""What leaves the house: complete, exact, harmless in a spreadsheet, and on record."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from claims.access import get_claim
from claims.deciding.decisions import Verdict, decide
from claims.editing.corrections import Edit, correct
from claims.exports.gather import gather
from claims.exports.spreadsheets import csv_text, to_csv, to_xlsx
from claims.exports.tables import Table
from claims.models import Claim, Decision, Document, LogEntry, User
from ocr_providers.exact_json import loads
from ocr_providers.results import Kind
from ocr_providers.vendor_schema import invoice_from_json

from ..conftest import INVOICE, ReadDocument

SignIn = Callable[[User], Client]
DANGEROUS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1+1", "\r=1", '=HYPERLINK("x")', "-"]


@pytest.mark.django_db
def test_json_is_the_vendor_schema_with_corrections_and_decision(
    invoice: Document, reviewer: User, signed_in: SignIn
) -> None:
    correct(document=invoice, user=reviewer, edits=[Edit("invoice/payee", "李")], reason="stamp")
    claim = Claim.objects.get()
    decide(claim=claim, user=reviewer, verdict=Verdict(outcome=Decision.Outcome.APPROVED), version=claim.version)
    answer = signed_in(reviewer).get(f"/claims/{claim.number}/export.json")
    exported: Any = loads(answer.content)
    result = exported["documents"][0]["medical_result"]
    read: Any = loads(INVOICE)
    assert result["cost_detail_list"][0]["amount"] == 2
    assert result["cost_detail_list"][1]["price"] == Decimal("50.00")
    assert result["average_prob"] == Decimal("0.7073246833276072")
    assert (result["payee"], result["vendor_key"]) == ("李", read["vendor_key"])
    assert exported["documents"][0]["corrections"][0]["reason"] == "stamp"
    assert exported["decision"]["approved"] == Decimal("83.33")
    assert invoice_from_json(result).line_items == invoice_from_json(read).line_items
    assert LogEntry.objects.latest("id").action == "claim.exported"


@pytest.mark.django_db
@pytest.mark.parametrize("suffix", ["json", "csv", "xlsx"])
def test_identity_numbers_are_masked_unless_asked_for_by_who_may(
    invoice: Document, reviewer: User, signed_in: SignIn, suffix: str
) -> None:
    def export(query: str) -> bytes:
        content: bytes = signed_in(reviewer).get(f"/claims/{invoice.claim.number}/export.{suffix}{query}").content
        return content if suffix != "xlsx" else json.dumps(cells(content), default=str).encode()

    assert b"11010519491231002X" not in export("")
    assert b"110105********002X" in export("")
    assert b"11010519491231002X" in export("?identity=full")


def cells(content: bytes) -> list[Any]:
    book = load_workbook(io.BytesIO(content))
    return [value for sheet in book for row in sheet.iter_rows(values_only=True) for value in row if value is not None]


@pytest.mark.django_db
def test_who_may_export(invoice: Document, people: dict[str, User], signed_in: SignIn) -> None:
    answers = {
        name: signed_in(person).get(f"/claims/{invoice.claim.number}/export.csv").status_code
        for name, person in people.items()
    }
    assert answers == {
        "clerk": 403, "reviewer": 200, "supervisor": 200, "auditor": 200, "administrator": 200, "stranger": 403,
    }  # fmt: skip


@pytest.mark.django_db
def test_a_claim_with_both_kinds_is_exported_with_a_fixed_number_of_queries(
    read_document: ReadDocument, invoice: Document, reviewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    claim = get_claim(reviewer, invoice.claim.number)
    for _count in range(2):
        read_document(Kind.HEALTH_CHECK)
        read_document()
        with django_assert_num_queries(9):
            file = gather(claim)
    assert len(file.documents) == 5


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_a_spreadsheet_would_run_is_kept_a_text(text: str) -> None:
    table = Table("t", ("a",), ((text,),))
    assert csv_text(text).startswith("'")
    row = list(csv.reader(io.StringIO(to_csv([table]).decode("utf-8-sig"))))[2]
    assert row[0][0] == "'"
    cell = load_workbook(io.BytesIO(to_xlsx([table]))).active["A2"]  # type: ignore[index]
    assert cell.data_type != "f"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_numbers_stay_numbers(number: Decimal) -> None:
    assert Decimal(csv_text(number)) == number
    assert csv_text(str(number)) == str(number)
    assert csv_text(f"{number:.2f}元").lstrip("'") == f"{number:.2f}元"


def test_numbers_are_numbers_in_a_workbook_too() -> None:
    book = load_workbook(io.BytesIO(to_xlsx([Table("t", ("a",), ((Decimal("-12.50"),), ("乙\x00类",)))])))
    sheet = book["t"]
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A3"].value) == (-12.5, "n", "乙类")


@given(st.text(max_size=20))
def test_no_text_at_all_becomes_a_formula(text: str) -> None:
    written = csv_text(text)
    assert written in (text, f"'{text}")
    if written == text and text.strip():
        assert text.strip()[0] not in "=@＝＋－＠" or text.strip()[0].isdigit()
