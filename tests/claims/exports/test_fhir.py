"""A claim as a FHIR R4 Bundle: valid, whole, exact to the digit, and masked.

`fhir.resources` has the resources of R4B, the release that corrected R4: those used here are the same in both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from fhir.resources.R4B.bundle import Bundle
from pydantic import BaseModel
from pytest_django import DjangoAssertNumQueries
from rest_framework.authtoken.models import Token

from claims.access import get_claim
from claims.deciding.decisions import Verdict, decide
from claims.editing.corrections import Edit, correct
from claims.exports.fhir.bundle import to_bundle
from claims.exports.fhir.health import value
from claims.exports.gather import gather
from claims.models import Claim, Decision, Document, HealthValue, LetterHead, LogEntry, Policy, User
from ocr_providers.exact_json import dumps, loads
from ocr_providers.results import Kind

from ..conftest import ReadDocument

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
DESK = "https://desk.example"
Outcome = Decision.Outcome


def bundle_of(claim: Claim, person: User) -> Any:
    """Through JSON and back, as it leaves the house; checked by the library on the way."""
    text = dumps(to_bundle(gather(get_claim(person, claim.number)), DESK))
    whole = Bundle.model_validate(json.loads(text))
    assert list(unknown_codes(whole)) == []
    found: Any = loads(text)
    assert unresolved(found) == set()
    return found


LEFT_OUT = {("DiagnosticReport", "status"): ("amended", "corrected", "appended", "unknown")}
"""Of the set in https://hl7.org/fhir/R4/valueset-diagnostic-report-status.html, which the library cuts short."""


def unknown_codes(part: Any) -> Iterator[str]:
    """Codes of required value sets that are not in them: the library knows the sets and does not look."""
    if isinstance(part, list):
        for one in part:
            yield from unknown_codes(one)
    if isinstance(part, BaseModel):
        for name, field in type(part).model_fields.items():
            here: Any = getattr(part, name, None)
            extra: Any = field.json_schema_extra or {}
            allowed = extra.get("enum_values")
            left_out = LEFT_OUT.get((type(part).__name__, name), ())
            if allowed and here is not None and here not in (*allowed, *left_out):
                yield f"{type(part).__name__}.{name}: {here}"
            yield from unknown_codes(here)


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (text for name, text in part.items() if name == "reference" and isinstance(text, str))
        for one in part.values():
            yield from references(one)
    elif isinstance(part, list):
        for one in part:
            yield from references(one)


def unresolved(bundle: Any) -> set[str]:
    return set(references(bundle)) - {entry["fullUrl"] for entry in bundle["entry"]}


def of_kind(bundle: Any, kind: str) -> list[Any]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def only(bundle: Any, kind: str) -> Any:
    (found,) = of_kind(bundle, kind)
    return found


# --- what is asked ---------------------------------------------------------------------------------------------------


def test_a_claim_in_review_is_a_draft_with_its_invoice_line_by_line(invoice: Document, reviewer: User) -> None:
    bundle = bundle_of(invoice.claim, reviewer)
    claim = only(bundle, "Claim")
    assert (claim["status"], claim["use"], claim["total"]) == (
        "draft", "claim", {"value": Decimal("203.33"), "currency": "CNY"},
    )  # fmt: skip
    first, second = claim["item"][:2]
    assert (first["productOrService"]["text"], first["category"]["text"]) == ("阿莫西林胶囊", "西药费")
    assert (first["quantity"]["value"], first["unitPrice"]["value"], first["net"]["value"]) == (2, 50, 100)
    assert second["programCode"][0]["text"] == "乙"
    assert of_kind(bundle, "ClaimResponse") == []
    assert {info["valueString"] for info in claim["supportingInfo"] if "valueString" in info} == {"3300123456"}


def test_the_receipt_is_an_invoice_with_its_payments(invoice: Document, reviewer: User) -> None:
    receipt = only(bundle_of(invoice.claim, reviewer), "Invoice")
    assert receipt["identifier"] == [{"system": f"{DESK}/fhir/note-no", "value": "3300123456"}]
    assert receipt["totalGross"]["value"] == Decimal("203.33")
    paid = {part["code"]["text"]: part["amount"]["value"] for part in receipt["totalPriceComponent"]}
    assert paid["基金支付"] == Decimal("120.00")
    base, share = receipt["lineItem"][1]["priceComponent"]
    assert (base["type"], base["amount"]["value"]) == ("base", Decimal("50.00"))
    assert (share["type"], share["factor"]) == ("informational", Decimal("0.05"))


def test_money_keeps_its_digits(invoice: Document, reviewer: User) -> None:
    text = dumps(to_bundle(gather(get_claim(reviewer, invoice.claim.number)), DESK))
    assert '"value": 203.33' in text
    assert '"value": 50.00' in text.replace("50.0000", "50.00")
    assert "E+" not in text


def test_a_receipt_without_lines_asks_by_category(read_document: ReadDocument, reviewer: User) -> None:
    document = read_document(cost_detail_list=[])
    items = only(bundle_of(document.claim, reviewer), "Claim")["item"]
    assert [item["productOrService"]["text"] for item in items] == ["西药费", "材料费"]


def test_two_hospitals_stand_each_at_its_own_items(read_document: ReadDocument, reviewer: User) -> None:
    first, _second = read_document(), read_document(hospital_name="宁波市中医院", note_no="3300999999")
    bundle = bundle_of(first.claim, reviewer)
    claim = only(bundle, "Claim")
    assert [member["provider"]["display"] for member in claim["careTeam"]] == ["杭州市第一人民医院", "宁波市中医院"]
    assert {item["careTeamSequence"][0] for item in claim["item"]} == {1, 2}
    assert len(of_kind(bundle, "Organization")) == 3


def test_an_empty_claim_and_one_that_was_not_read_are_valid_too(
    claim: Claim, document: Document, reviewer: User
) -> None:
    assert len(of_kind(bundle_of(claim, reviewer), "DocumentReference")) == 1
    empty = Claim.objects.create(number="empty")
    assert only(bundle_of(empty, reviewer), "Coverage")["status"] == "draft"


def test_policy_plan_and_insurer_are_named(invoice: Document, policy: Policy, reviewer: User) -> None:
    LetterHead.objects.create(language="en", name="Good Friends")
    Claim.objects.update(policy=policy)
    bundle = bundle_of(Claim.objects.get(), reviewer)
    coverage = only(bundle, "Coverage")
    assert (coverage["subscriberId"], coverage["class"][0]["value"]) == ("P-1", "basic")
    assert "Good Friends" in {one["name"] for one in of_kind(bundle, "Organization")}


# --- what was decided ------------------------------------------------------------------------------------------------


def decided(claim: Claim, person: User, **verdict: Any) -> Any:
    claim.refresh_from_db()
    decide(claim=claim, user=person, verdict=Verdict(**verdict), version=claim.version)
    return bundle_of(claim, person)


def amounts(adjudication: Any) -> dict[str, Decimal]:
    return {part["category"]["coding"][0]["code"]: part["amount"]["value"] for part in adjudication}


def test_a_decision_answers_every_item_and_keeps_the_steps(invoice: Document, reviewer: User) -> None:
    bundle = decided(invoice.claim, reviewer, outcome=Outcome.APPROVED)
    response, claim = only(bundle, "ClaimResponse"), only(bundle, "Claim")
    assert (claim["status"], response["outcome"]) == ("active", "complete")
    assert [item["itemSequence"] for item in response["item"]] == [item["sequence"] for item in claim["item"]]
    assert sum(amounts(item["adjudication"])["benefit"] for item in response["item"]) == Decimal("83.33")
    assert amounts(response["total"]) == {
        "submitted": Decimal("203.33"), "eligible": Decimal("83.33"), "benefit": Decimal("83.33"),
    }  # fmt: skip
    steps = [part["category"]["coding"][0]["code"] for part in response["adjudication"]]
    assert (steps[0], steps[1], steps[-1]) == ("total", "fund-paid", "payable")
    assert response["payment"]["amount"]["value"] == Decimal("83.33")


@pytest.mark.parametrize(
    ("verdict", "outcome", "paid"),
    [
        ({"outcome": Outcome.PARTLY, "approved": Decimal("50.00"), "reason_code": "other"}, "complete", True),
        ({"outcome": Outcome.REJECTED, "reason_code": "period", "reason": "Too late."}, "complete", False),
        ({"outcome": Outcome.RETURNED, "reason": "The list of charges."}, "queued", False),
    ],
)
def test_every_outcome_is_valid(
    invoice: Document, reviewer: User, verdict: dict[str, Any], outcome: str, paid: bool
) -> None:
    response = only(decided(invoice.claim, reviewer, **verdict), "ClaimResponse")
    assert (response["outcome"], "payment" in response) == (outcome, paid)
    if verdict.get("reason"):
        assert verdict["reason"] in [note["text"] for note in response["processNote"]]


def test_a_decision_that_waits_for_a_second_person_is_not_complete(
    invoice: Document, policy: Policy, reviewer: User
) -> None:
    policy.plan.check_above = Decimal(1)
    policy.plan.save()
    Claim.objects.update(policy=policy)
    response = only(decided(Claim.objects.get(), reviewer, outcome=Outcome.APPROVED), "ClaimResponse")
    assert (response["status"], response["outcome"]) == ("draft", "partial")
    assert "payment" not in response


def test_what_the_total_says_beyond_its_lines_is_added(read_document: ReadDocument, reviewer: User) -> None:
    document = read_document(total_cost="210.00", payments_info=[])
    verdict = {"outcome": Outcome.PARTLY, "reason_code": "other", "override_reason": "Seen.", "reason": "Seen."}
    response = only(decided(document.claim, reviewer, **verdict), "ClaimResponse")
    assert [amounts(line["adjudication"])["submitted"] for line in response["addItem"]] == [Decimal("6.67")]


# --- health checks ---------------------------------------------------------------------------------------------------


@pytest.fixture
def report(read_document: ReadDocument) -> Document:
    return read_document(Kind.HEALTH_CHECK)


def observation(bundle: Any, key: str) -> Any:
    return next(one for one in of_kind(bundle, "Observation") if one["code"]["text"] == key)


def test_a_health_check_is_a_report_of_observations(report: Document, reviewer: User) -> None:
    HealthValue.objects.create(document=report, n=20, key="BP-Systolic", number=106)
    bundle = bundle_of(report.claim, reviewer)
    assert len(only(bundle, "DiagnosticReport")["result"]) == len(of_kind(bundle, "Observation")) == 5
    assert observation(bundle, "BMI")["valueQuantity"] == {
        "value": Decimal("22.69"), "unit": "kg/m2", "system": "http://unitsofmeasure.org", "code": "kg/m2",
    }  # fmt: skip
    bounded = observation(bundle, "LDL")["valueQuantity"]
    assert (bounded["comparator"], bounded["value"]) == ("<", Decimal("5.0"))
    upper, lower = observation(bundle, "bp")["component"]
    assert upper["valueQuantity"]["value"] == 106
    assert lower["dataAbsentReason"]["coding"][0]["code"] == "unknown"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("negative", {"valueString": "negative"}),
        ("<5.0", {"valueQuantity": {"comparator": "<", "value": Decimal("5.0"), "unit": "IU"}}),
        (">= 40", {"valueQuantity": {"comparator": ">=", "value": Decimal(40), "unit": "IU"}}),
        ("5.0-6.0", {"valueString": "5.0-6.0"}),
    ],
)
def test_words_and_bounds_stay_what_they_are(text: str, written: dict[str, Any]) -> None:
    assert value(HealthValue(key="HBsAg", value_text=text, unit="IU")) == written


def test_a_value_is_preliminary_then_final_or_amended(report: Document, invoice: Document, reviewer: User) -> None:
    weight = report.health_values.get(key="Weight")
    assert observation(bundle_of(report.claim, reviewer), "Weight")["status"] == "preliminary"
    correct(document=report, user=reviewer, edits=[Edit(f"health_values/{weight.pk}/value", "74", 1)])
    bundle = decided(report.claim, reviewer, outcome=Outcome.APPROVED, override_reason="Seen.")
    assert {key: observation(bundle, key)["status"] for key in ("Weight", "Height")} == {
        "Weight": "amended", "Height": "final",
    }  # fmt: skip


# --- the record, and what leaves the house ---------------------------------------------------------------------------


def test_every_correction_has_its_provenance(invoice: Document, reviewer: User) -> None:
    correct(document=invoice, user=reviewer, edits=[Edit("invoice/payee", "李")], reason="stamp")
    record = only(bundle_of(invoice.claim, reviewer), "Provenance")
    assert record["agent"][0]["who"]["display"] == reviewer.username
    assert record["reason"] == [{"text": "stamp"}]
    assert record["entity"][0]["what"]["display"].endswith("– → 李")


@pytest.mark.parametrize("address", ["/claims/{}/export.fhir.json", "/api/v1/claims/{}/export/fhir/"])
def test_identity_numbers_are_masked_unless_asked_for_by_who_may(
    invoice: Document, policy: Policy, reviewer: User, signed_in: SignIn, address: str
) -> None:
    Policy.objects.update(identity_number="110105199001011234")
    Claim.objects.update(policy=policy)
    url, desk = address.format(invoice.claim.number), signed_in(reviewer)
    masked, full = desk.get(url), desk.get(f"{url}?identity=full")
    assert masked["Content-Type"] == "application/fhir+json"
    for number in (b"11010519491231002X", b"110105199001011234"):
        assert number not in masked.content
        assert number in full.content
    assert list(LogEntry.objects.values_list("action", "subject", "detail")) == [
        ("claim.exported", "fhir", {"in_full": False}),
        ("claim.exported", "fhir", {"in_full": True}),
    ]


def test_a_program_fetches_it_with_its_token(invoice: Document, reviewer: User, clerk: User) -> None:
    url = f"/api/v1/claims/{invoice.claim.number}/export/"
    keys = {person: Token.objects.create(user=person).key for person in (reviewer, clerk)}
    with_token = {person: {"Authorization": f"Token {key}"} for person, key in keys.items()}
    assert Client().get(f"{url}fhir/", headers=with_token[reviewer]).json()["resourceType"] == "Bundle"
    assert Client().get(f"{url}fhir/", headers=with_token[clerk]).status_code == 403
    assert Client().get(f"{url}hl7v2/", headers=with_token[reviewer]).status_code == 404


def test_a_bundle_costs_the_same_queries_however_long_the_claim_is(
    read_document: ReadDocument, reviewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = read_document()
    for n in range(3):
        read_document(note_no=f"33001111{n:02d}")
    claim = get_claim(reviewer, first.claim.number)
    with django_assert_num_queries(9):
        to_bundle(gather(claim), DESK)


def test_the_same_claim_has_the_same_ids_in_every_export(invoice: Document, reviewer: User) -> None:
    one, other = (bundle_of(invoice.claim, reviewer)["entry"] for _ in range(2))
    assert [entry["fullUrl"] for entry in one] == [entry["fullUrl"] for entry in other]
    assert len({entry["fullUrl"] for entry in one}) == len(one)
