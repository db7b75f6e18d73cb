"""What holds for every invoice: no false alarm, no missed error, no repair that makes things worse."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ocr_providers.arithmetic import Finding, Severity, check_health_report, check_invoice
from ocr_providers.arithmetic.explain import components
from ocr_providers.arithmetic.identities import Identity, Truth
from ocr_providers.arithmetic.invoice_identities import equations_of
from ocr_providers.arithmetic.misreadings import ANYTHING, is_possible, likelihood, likelihood_as_written, slips
from ocr_providers.exact_json import dumps, loads
from ocr_providers.management.commands.check_documents import answer
from ocr_providers.results import Invoice
from ocr_providers.vendor_schema import health_from_json, invoice_from_json
from tests.ocr_providers.arithmetic.made import Json, medical_results, pointers, put, value_at

several = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(result: Json) -> Invoice:
    return invoice_from_json(loads(dumps(result)))


def serious(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is not Severity.INFO]


def truths(result: Json) -> dict[tuple[str, tuple[str, ...]], Truth]:
    equations = equations_of(read(result))
    return {(item.code, item.paths): item.truth(equations.cells) for item in equations.identities if not item.soft}


@several
@given(medical_results())
def test_a_consistent_invoice_has_no_warning_and_no_error(result: Json) -> None:
    assert serious(check_invoice(read(result))) == []


@st.composite
def misread_results(draw: st.DrawFn) -> tuple[Json, str, Decimal]:
    """An invoice with one number misread, where it stands, and what is printed there."""
    result = draw(medical_results())
    path = draw(st.sampled_from(pointers(result)))
    printed = Decimal(value_at(result, path))
    digits = f"{printed:.2f}" if not path.endswith("cost_detail_list/0/amount") else f"{printed}"
    at = draw(st.sampled_from([n for n, glyph in enumerate(digits) if glyph.isdigit()]))
    wrong = Decimal(digits[:at] + draw(st.sampled_from("0123456789")) + digits[at + 1 :])
    assume(wrong != printed)
    broken = copy.deepcopy(result)
    put(broken, path, wrong)
    return broken, path, printed


@several
@given(misread_results())
def test_every_misread_number_that_breaks_an_identity_is_pointed_to(case: tuple[Json, str, Decimal]) -> None:
    broken, path, _ = case
    assume(Truth.FALSE in truths(broken).values())
    assert path in {at for finding in check_invoice(read(broken)) for at in finding.paths}


@several
@given(misread_results(), st.data())
def test_a_proposal_makes_what_it_touches_true_and_nothing_false(
    case: tuple[Json, str, Decimal], data: st.DataObject
) -> None:
    broken, _, _ = case
    suggestions = [item for finding in check_invoice(read(broken)) for item in finding.suggestions]
    assume(suggestions)
    suggestion = data.draw(st.sampled_from(suggestions))
    before = truths(broken)
    mended = copy.deepcopy(broken)
    for change in suggestion.changes:
        put(mended, change.path, change.value)
    after = truths(mended)
    changed = {change.path for change in suggestion.changes}
    for key, truth in after.items():
        if changed.intersection(key[1]):
            assert truth is not Truth.FALSE
        else:
            assert truth is before.get(key, truth)


@several
@given(misread_results())
def test_one_misread_number_is_one_finding(case: tuple[Json, str, Decimal]) -> None:
    broken, path, printed = case
    findings = [item for item in serious(check_invoice(read(broken))) if item.best]
    right = [item for item in findings if {c.path: c.value for c in item.best.changes} == {path: printed}]  # type: ignore[union-attr]
    assume(right)
    assert findings == right
    assert len(right) == 1


@several
@given(medical_results(), st.data())
def test_any_numbers_at_all_are_checked_without_an_exception(result: Json, data: st.DataObject) -> None:
    for path in data.draw(st.lists(st.sampled_from(pointers(result)), max_size=5)):
        wild = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**17), max_value=10**17)
        put(result, path, data.draw(st.none() | wild | st.text(max_size=5)))
    assert all(finding.message for finding in check_invoice(read(result)))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@several
@given(
    st.dictionaries(
        st.sampled_from(["total_cost", "cost_detail_list", "payments_info", "note_no", "checksum"]), json_values
    )
)
def test_any_json_is_checked_without_an_exception(result: Json) -> None:
    assert all(finding.message for finding in check_invoice(read(result)))


@several
@given(
    st.lists(
        st.fixed_dictionaries(
            {"key": st.sampled_from(["BMI", "Weight", "Height", "bp", "DOB", "Date"]), "value": json_values}
        )
    )
)
def test_any_values_of_a_report_are_checked_without_an_exception(data: list[Json]) -> None:
    assert all(finding.message for finding in check_health_report(health_from_json(loads(dumps(data)))))


@several
@given(misread_results())
def test_the_one_suggestion_set_by_any_json_pointer_leaves_nothing_to_warn_of(case: tuple[Json, str, Decimal]) -> None:
    broken, _, _ = case
    document = loads(dumps({"medical_result": broken}))
    warnings = [item for item in answer(dumps(document).encode())["warnings"] if item["severity"] != "info"]
    assume(len(warnings) == 1 and len(warnings[0]["suggestions"]) == 1)
    for change in warnings[0]["suggestions"][0]["changes"]:
        set_at(document, change["path"], change["value"])
    assert [item for item in answer(dumps(document).encode())["warnings"] if item["severity"] != "info"] == []


def set_at(document: Any, pointer: str, value: object) -> None:
    *parents, last = [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
    for token in parents:
        document = document[int(token)] if isinstance(document, list) else document[token]
    document[int(last) if isinstance(document, list) else last] = value


@several
@given(medical_results(), st.sampled_from(["基金支付", "自付一", "自付二", "自费", "个人账户支付", "现金支付"]))
def test_a_payment_that_is_not_printed_is_no_false_alarm(result: Json, name: str) -> None:
    result["payments_info"] = [item for item in result["payments_info"] if item["name"] != name]
    assert serious(check_invoice(read(result))) == []


@several
@given(medical_results())
def test_numbers_as_text_and_shares_in_percent_are_numbers(result: Json) -> None:
    result["total_cost"] = str(result["total_cost"])
    for item in result["cost_detail_list"]:
        item["selfpay_ratio"] = f"{item['selfpay_ratio'] * 100:f}%"
    assert check_invoice(read(result)) == ()


def test_identities_without_common_cells_are_causes_of_their_own() -> None:
    a, b, c = (Identity("X", paths) for paths in (("/1", "/2"), ("/3",), ("/2", "/4")))
    assert {frozenset(group) for group in components([a, b, c])} == {frozenset({a, c}), frozenset({b})}


NUMBERS = st.decimals(min_value=-99999, max_value=99999, allow_nan=False, places=2) | st.decimals(
    min_value=0, max_value=30, allow_nan=False, places=4
)


@several
@given(NUMBERS, st.data())
def test_what_is_ruled_out_at_a_glance_has_no_likelihood(printed: Decimal, data: st.DataObject) -> None:
    read = data.draw(NUMBERS | st.sampled_from([printed + 60, printed * 10, printed / 100, printed + Decimal("0.3")]))
    if not is_possible(read, printed):
        assert likelihood(read, printed) == likelihood(read, printed, whole=True) == ANYTHING
        assert likelihood_as_written(f"{read:f}", f"{printed:.2f}") == ANYTHING


@several
@given(st.decimals(min_value=Decimal("0.1"), max_value=99999, allow_nan=False, places=2))
def test_every_usual_slip_is_possible_at_a_glance(read: Decimal) -> None:
    assert [printed for printed in slips(read) if not is_possible(read, printed)] == []
