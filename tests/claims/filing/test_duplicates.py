"""The same paper again: found with the tolerance of misreadings, explained, and not invented."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from claims.filing import duplicates
from claims.filing.duplicates import misreadings, plain
from claims.models import Claim, Document, Duplicate, HealthValue, InvoiceHeader, LogEntry, Page, User

pytestmark = pytest.mark.django_db
NUMBERS = itertools.count(1)
PAPER: dict[str, Any] = {
    "note_no": "0136427183",
    "total_cost": Decimal("855.32"),
    "billing_date": date(2025, 3, 2),
    "hospital_name": "杭州市第一人民医院",
    "patient_name": "王芳",
}


def a_document(**fields: Any) -> Document:
    n = next(NUMBERS)
    claim = Claim.objects.create(number=f"D-{n}")
    return Document.objects.create(
        claim=claim, sha256=f"{n:064x}", media_type="image/jpeg", byte_size=1, original_name="a.jpg", **fields
    )


def an_invoice(**changes: Any) -> Document:
    document = a_document(kind="invoice")
    InvoiceHeader.objects.create(document=document, **{**PAPER, **changes})
    return document


def found(document: Document, hashes: list[list[str]] | None = None) -> set[tuple[int, str]]:
    duplicates.link_alike({document: hashes or []})
    return set(document.duplicates.values_list("other_id", "reason"))


def test_the_same_number_is_found_and_the_same_visit_with_it() -> None:
    first = an_invoice()
    assert found(an_invoice()) == {(first.pk, "same-number"), (first.pk, "same-visit")}


@pytest.mark.parametrize("read_as", ["0136427188", "0136427133", "136427183", "00136427183", "O136427183"])
def test_a_misread_number_is_found_when_amount_or_date_agree(read_as: str) -> None:
    first = an_invoice(hospital_name="")
    assert (first.pk, "same-number") in found(an_invoice(note_no=read_as, billing_date=None))
    assert (first.pk, "same-number") in found(an_invoice(note_no=read_as, total_cost=None))


@pytest.mark.parametrize(
    "changes",
    [
        {
            "note_no": "0136427188",
            "total_cost": Decimal(1),
            "billing_date": date(2025, 5, 5),
        },  # the next of the roll
        {"note_no": "0136427184"},  # 3 and 4 are not mistaken for one another
        {"note_no": "9999999999"},
        {"note_no": "12", "total_cost": None},
        {"note_no": ""},
        {"note_code": "11010125"},
        {"hospital_name": "上海市中医医院", "total_cost": Decimal(1)},
    ],
)
def test_another_paper_is_not_the_same_number(changes: dict[str, Any]) -> None:
    an_invoice(note_code="33060125")
    assert "same-number" not in {reason for _other, reason in found(an_invoice(**changes))}


def test_a_number_with_its_caption_is_the_same_number() -> None:
    assert plain("No.0136427183") == plain(" 0136 427183 ") == "0136427183"
    first = an_invoice()
    assert (first.pk, "same-number") in found(an_invoice(note_no="NO: 0136427183"))


@pytest.mark.parametrize("hospital", ["杭州市第一人民医院", "杭州市第—人民医院", "杭州市第一人民医"])
def test_the_same_hospital_date_and_total_is_the_same_visit(hospital: str) -> None:
    first = an_invoice()
    assert found(an_invoice(note_no="7777777777", hospital_name=hospital)) == {(first.pk, "same-visit")}


@pytest.mark.parametrize(
    "changes",
    [
        {"hospital_name": "上海市中医医院"},
        {"billing_date": date(2025, 3, 3)},
        {"total_cost": Decimal("855.33")},
        {"patient_name": "李小明"},
    ],
)
def test_another_hospital_day_total_or_person_is_another_visit(changes: dict[str, Any]) -> None:
    an_invoice()
    assert found(an_invoice(note_no="7777777777", **changes)) == set()


def with_page(document: Document, text: str) -> Document:
    Page.objects.create(document=document, index=0, width=1, height=1, picture="", thumbnail="", perceptual_hash=text)
    return document


def test_a_near_picture_counts_when_the_values_agree_and_not_when_they_differ() -> None:
    first = with_page(an_invoice(note_no=""), "0" * 64)
    near = "f" * 10 + "0" * 54
    assert (first.pk, "same-picture") in found(an_invoice(note_no=""), [[near]])
    other = {"patient_name": "李四", "total_cost": Decimal(1), "billing_date": date(2024, 1, 1)}
    assert found(an_invoice(note_no="", **other), [[near]]) == set()
    assert "same-picture" not in {reason for _other, reason in found(an_invoice(note_no=""), [["f" * 64]])}


def test_without_values_only_the_very_same_picture_counts() -> None:
    first = with_page(a_document(), "0" * 64)
    assert found(a_document(), [["8" + "0" * 63]]) == {(first.pk, "same-picture")}
    assert found(a_document(), [["f" * 4 + "0" * 60]]) == set()


def test_two_persons_on_the_same_form_are_two_papers() -> None:
    reports = [with_page(a_document(kind="health-check"), "0" * 64) for _person in range(2)]
    for n, report in enumerate(reports):
        for key, value in (("Weight", 60 + n), ("Height", 160 + n), ("FBS", 90 + n)):
            HealthValue.objects.create(document=report, n=0, key=key, number=value)
    assert found(reports[1], [["0" * 64]]) == set()


def test_linking_again_links_nothing_twice() -> None:
    an_invoice()
    again = an_invoice()
    assert found(again) == found(again)


def test_looking_costs_the_same_number_of_queries_on_a_full_desk() -> None:
    counts = []
    for _round in range(2):
        for _paper in range(5):
            an_invoice(note_no="5555555555", total_cost=Decimal(next(NUMBERS)))
        document = an_invoice()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            duplicates.link_alike({document: [["0" * 64]]})
        counts.append(len(queries))
        Duplicate.objects.all().delete()
        InvoiceHeader.objects.filter(document=document).delete()
    assert counts[0] == counts[1]


def test_a_person_dismisses_with_a_reason(reviewer: User) -> None:
    an_invoice()
    again = an_invoice()
    duplicates.link_alike({again: []})
    link = again.duplicates.first()
    assert link
    duplicates.dismiss(duplicate=link, user=reviewer, reason="Copy for the file")
    link.refresh_from_db()
    assert (link.dismissed_by, link.dismissed_reason) == (reviewer, "Copy for the file")
    assert LogEntry.objects.get(action="duplicate.dismissed").reason == "Copy for the file"


@given(st.text("0123456789OISB", min_size=1, max_size=12))
def test_misreading_is_mutual(number: str) -> None:
    for other in misreadings(number):
        assert abs(len(other) - len(number)) <= 1
        if len(other) == len(number):
            assert number in misreadings(other)
