"""Names and numbers are found by any part, in any script, and as soon as they change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from claims import intake
from claims.editing import corrections
from claims.editing.corrections import Edit
from claims.models import Claim, Document, LogEntry, Plan, Policy, SearchText, User
from claims.queueing import grams, search
from claims.receiving import claim_changes
from claims.working_values.cells import HEADER
from tests.claims.conftest import ReadDocument

SignIn = Callable[[User], Client]
IDENTITY = "11010519491231002X"


def found(query: str) -> list[str]:
    words = grams.words_of(query)
    pks = search.find(words)  # None: too common for the index, or too short
    claims = Claim.objects.all() if pks is None else Claim.objects.filter(pk__in=pks)
    return sorted(claims.filter(search.holds(words)).values_list("number", flat=True))


@pytest.fixture
def read_claim(read_document: ReadDocument, reviewer: User, policy: Policy) -> Claim:
    claim = intake.open_claim(user=reviewer, policy=policy, patient_name="สมชาย ใจดี", number="C2026-000123")
    document = read_document(of=claim)
    Document.objects.filter(pk=document.pk).update(original_name="IMG 0042 (front).jpg")
    search.refresh(claim.pk)
    return claim


@pytest.mark.parametrize(
    "query",
    [
        "C2026-000123", "c2026000123", "000123", "2026-0", "23",
        "P-1", "王芳", "芳", "王",
        "3300123456", "001234", "56",
        "杭州市第一人民医院", "第一人民", "医院",
        "สมชาย", "มชา", "ใจดี", "ดี", "สมชาย ใจดี", "ใจดี สมชาย",
        "img 0042", "front", "IMG0042", "Ｃ２０２６",
        "王芳 3300123456 杭州",
    ],
)  # fmt: skip
def test_any_part_of_a_name_or_number_finds_the_claim(read_claim: Claim, query: str) -> None:
    assert found(query) == ["C2026-000123"]


@pytest.mark.parametrize("query", ["王强", "芳王", "330012345699", "C2025", "สมหญิง", "王芳 宁波", "jpg"])
def test_what_is_not_there_finds_nothing(read_claim: Claim, query: str) -> None:
    assert found(query) == []


@pytest.mark.parametrize(
    "query", ["", " ", "- .", "'", '"', "%", "_", "\\", "王' OR 1=1 --", 'a" OR "b', ":*", "&|!()"]
)
@pytest.mark.django_db
def test_signs_mean_nothing(reviewer: User, signed_in: SignIn, query: str) -> None:
    assert signed_in(reviewer).get("/", {"view": "all", "q": query}).status_code == 200


@given(name=st.text(min_size=1, max_size=30), begin=st.integers(0, 29), length=st.integers(1, 30))
def test_the_grams_of_a_part_are_among_the_grams_of_the_whole(name: str, begin: int, length: int) -> None:
    whole = grams.fold(name)
    part = whole[begin : begin + length]
    kept = grams.stored([whole])
    for gram in grams.wanted([part] if part else []):
        assert any(other.startswith(gram.text) if gram.is_beginning else other == gram.text for other in kept)


# --- as soon as it changes -------------------------------------------------------------------------------------------


def test_a_corrected_number_is_found_and_the_misread_one_is_not(invoice: Document, reviewer: User) -> None:
    search.refresh(invoice.claim_id)
    invoice.refresh_from_db()
    edits = [Edit(f"{HEADER}/note_no", "3300999999", invoice.revision)]
    corrections.correct(document=invoice, user=reviewer, edits=edits)
    assert (found("3300999999"), found("3300123456")) == ([invoice.claim.number], [])


def test_another_policy_brings_its_number_and_person(claim: Claim, clerk: User, policy: Policy) -> None:
    claim_changes.change_claim(claim=claim, user=clerk, version=0, changes={"policy": policy, "patient_name": "刘洋"})
    assert (found("P-1"), found("刘洋"), found("测试人")) == ([claim.number], [claim.number], [])


def test_a_change_that_is_taken_back_leaves_nothing(claim: Claim) -> None:
    search.refresh(claim.pk)
    with transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(patient_name="赵敏")
        search.refresh(claim.pk)
        transaction.set_rollback(True)
    assert (found("赵敏"), found("测试人")) == ([], [claim.number])


def test_rows_changed_by_hand_are_followed_by_the_index(claim: Claim) -> None:
    search.refresh(claim.pk)
    SearchText.objects.filter(pk=claim.pk).update(words="钱多多", grams="钱多 多多 多")
    assert (found("钱多多"), found("测试人")) == ([claim.number], [])
    SearchText.objects.all().delete()
    assert found("钱多多") == []


def test_everything_can_be_made_again(claim: Claim) -> None:
    assert found("测试人") == []
    call_command("index_claims")
    assert found("测试人") == [claim.number]


def test_the_index_is_made_once(db: None) -> None:
    search.create_index(connection)
    search.create_index(connection)


# --- identity numbers ------------------------------------------------------------------------------------------------


@pytest.fixture
def insured(claim: Claim, plan: Plan) -> Claim:
    claim.policy = Policy.objects.create(
        number="P-7",
        plan=plan,
        insured_name="王芳",
        identity_number=IDENTITY,
        effective_from=date(2025, 1, 1),
        effective_until=date(2026, 12, 31),
    )
    claim.save()
    search.refresh(claim.pk)
    return claim


@pytest.mark.parametrize("part", [IDENTITY, IDENTITY[:17], "19491231", "1231002"])
def test_no_part_of_an_identity_number_finds_anybody(insured: Claim, invoice: Document, part: str) -> None:
    Document.objects.update(original_name=f"{IDENTITY}.jpg")
    search.refresh(insured.pk)
    assert found(part) == []


def ask(client: Client, words: str) -> str:
    return client.post(reverse("claims:search"), {"q": words})["Location"]


@pytest.mark.parametrize("typed", [IDENTITY, IDENTITY.lower(), " 110105 19491231 002X "])
def test_the_whole_number_finds_the_claims_and_stands_in_no_address(
    insured: Claim, reviewer: User, signed_in: SignIn, typed: str
) -> None:
    address = ask(signed_in(reviewer), typed)
    assert address == f"/?view=all&numbers={insured.number}"
    assert insured.number in signed_in(reviewer).get(address).content.decode()


def test_the_number_on_an_invoice_counts_too(invoice: Document, reviewer: User, signed_in: SignIn) -> None:
    assert invoice.claim.number in ask(signed_in(reviewer), IDENTITY)


def test_each_such_search_is_on_record_with_the_number_masked(insured: Claim, auditor: User, signed_in: SignIn) -> None:
    ask(signed_in(auditor), IDENTITY)
    entry = LogEntry.objects.latest("id")
    assert (entry.person, entry.action, entry.subject) == (
        auditor.username,
        "identity.searched",
        "110105********002X",
    )
    assert entry.detail == {"claims": [insured.number]}


def test_whoever_may_not_reveal_one_may_not_search_by_one(insured: Claim, clerk: User, signed_in: SignIn) -> None:
    assert ask(signed_in(clerk), IDENTITY) == "/"
    assert not LogEntry.objects.filter(action="identity.searched").exists()


def test_other_words_go_on_to_the_queue(reviewer: User, signed_in: SignIn) -> None:
    assert ask(signed_in(reviewer), "王芳") == "/?view=all&q=%E7%8E%8B%E8%8A%B3"
