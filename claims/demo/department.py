"""A believable department: two hundred claims over sixty days, four members of staff and an administrator, three plans.

Plain data and no Django: `load_demo` writes it into the database without running the OCR engine. The same day gives the
same department. Amounts of decisions are not here: the plan's own calculation gives them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from claims.demo.documents import DemoDocument, department_documents, pictures
from claims.demo.invented import seeded
from claims.demo.misreadings import Value
from claims.demo.papers import TOO_SMALL, TWINS
from claims.demo.staff import PLANS, STAFF, Plan, Policy, StaffMember, policies, still_in_force
from ocr_providers.results import Invoice, Kind

CLAIMS = 200
DAYS = 60
UNREAD_PICTURES = 4
"""Pictures that arrived this morning: the workers read them when the desk is first started."""
SAME_FILES = ("r010", "r120")
"""Receipts handed in a second time, byte for byte."""
RECEIVED, READY, IN_REVIEW, CHECKING, RETURNED, DECIDED = (
    "received", "ready", "in-review", "checking", "returned", "decided",
)  # fmt: skip
"""The values of `claims.models.claim.Claim.Status`."""
CLERK, REVIEWER, SUPERVISOR = (member.username for member in STAFF[:3])


@dataclass(frozen=True, slots=True)
class Correction:
    """A reviewer's correction of a value that was misread."""

    document: int
    """Index in the claim's documents."""
    path: str
    """JSON Pointer inside `medical_result` or `data`."""
    old: Value
    new: Value
    by: str
    at: datetime
    why: str
    """typed or suggestion."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A finding that stays, because the paper says so."""

    document: int
    path: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """`outcome`, `reason_code`: values of `claims.models.decision`. The amounts are the plan's calculation."""

    outcome: str
    reason_code: str
    reason: str
    by: str
    at: datetime
    checked_by: str | None = None
    """Set where the second person has agreed already."""
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoClaim:
    number: str
    policy: str | None
    patient_name: str
    currency: str
    amount_asked: Decimal | None
    """Price of a health check, from the claim form; an invoice says it itself."""
    status: str
    priority: int
    received_at: datetime
    due_at: datetime
    created_by: str
    assignee: str | None
    documents: tuple[DemoDocument, ...]
    unread: bool = False
    """No reading yet: the documents wait in the queue."""
    corrections: tuple[Correction, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    notes: tuple[Note, ...] = ()
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Department:
    staff: tuple[StaffMember, ...]
    plans: tuple[Plan, ...]
    policies: tuple[Policy, ...]
    claims: tuple[DemoClaim, ...]
    """Oldest first."""


def department(now: datetime) -> Department:
    """The department as it stands at `now` (with a time zone). Raises `DemoPicturesMissing`."""
    stored, large = department_documents(), pictures()
    insured = {policy.identity_number or policy.insured_name: policy for policy in policies(now.date())}
    insured |= {
        item.person: _policy_for(item, n, now.date())
        for n, item in enumerate(large, start=1)
        if item.person not in insured
    }
    bundles = [*_bundles(stored, CLAIMS - len(large)), *((item,) for item in large)]
    seeded("order of arrival").shuffle(bundles)
    ordered = sorted(bundles, key=lambda bundle: _arrives_last(bundle, large))
    arrivals = _arrivals(len(ordered), now)
    claims = tuple(
        _claim(n, bundle, insured, (at, now)) for n, (bundle, at) in enumerate(zip(ordered, arrivals, strict=True))
    )
    return Department(STAFF, PLANS, tuple(insured.values()), claims)


# --- which papers make one claim ------------------------------------------------------------------------------------


def _bundles(stored: Sequence[DemoDocument], count: int) -> list[tuple[DemoDocument, ...]]:
    """`count` claims: most of one paper; receipts of one person are joined until the number is right."""
    again = [item for item in stored if item.key in SAME_FILES]
    bundles = [(item,) for item in (*stored, *again)]
    joined: list[tuple[DemoDocument, ...]] = []
    surplus = len(bundles) - count
    while surplus > 0 and (pair := _pair(bundles, taken=len(joined))):
        bundles = [bundle for bundle in bundles if bundle[0] not in pair]
        joined.append(pair)
        surplus -= 1
    return [*bundles, *joined]


def _pair(bundles: Sequence[tuple[DemoDocument, ...]], taken: int) -> tuple[DemoDocument, DemoDocument] | None:
    """Two receipts of one person that no other claim repeats."""
    special = {*SAME_FILES, *TOO_SMALL, *TWINS, *TWINS.values()}
    first: dict[str, DemoDocument] = {}
    for (item,) in bundles[taken * 7 % 60 :]:
        if item.kind is not Kind.INVOICE or item.key in special:
            continue
        if item.person in first:
            return first[item.person], item
        first[item.person] = item
    return None


def _policy_for(item: DemoDocument, n: int, today: date) -> Policy:
    """A policy for the person on one of the large pictures."""
    plan = PLANS[n % 2] if item.kind is Kind.INVOICE else PLANS[2]
    return Policy(
        f"X-{n:05d}", plan.code, item.patient_name, "", date(2016, 1, 1), still_in_force(date(2029, 12, 31), today)
    )


def _arrives_last(bundle: Sequence[DemoDocument], large: Sequence[DemoDocument]) -> int:
    """0 for most; papers not yet read come last, and what repeats another comes after it."""
    key = bundle[0].key
    if key in TOO_SMALL or bundle[0] in large[:UNREAD_PICTURES]:
        return 2
    return 1 if key in TWINS else 0


# --- one claim ------------------------------------------------------------------------------------------------------


def _claim(
    n: int, bundle: tuple[DemoDocument, ...], insured: Mapping[str, Policy], times: tuple[datetime, datetime]
) -> DemoClaim:
    """The claim at place `n`. `times`: its arrival and now."""
    dice, (received, now), first = seeded(f"claim {n}"), times, bundle[0]
    policy = insured.get(first.person)
    unread = n >= CLAIMS - UNREAD_PICTURES - len(TOO_SMALL)
    claim = DemoClaim(
        number=f"DEMO-{n + 1:05d}",  # the same on another day, when the department is loaded again
        policy=policy.number if policy else None,
        patient_name=first.patient_name,
        currency="CNY" if first.kind is Kind.INVOICE else "THB",
        amount_asked=None if first.kind is Kind.INVOICE else Decimal(dice.randrange(1200, 4900, 50)),
        status=RECEIVED if unread else _status(dice, n),
        priority=dice.choice((0,) * 9 + (1,)),
        received_at=received,
        due_at=received + timedelta(days=10),
        created_by=CLERK,
        assignee=None,
        documents=bundle,
        unread=unread,
    )
    return claim if unread else _worked_on(dice, claim, policy, now)


def _arrivals(count: int, now: datetime) -> list[datetime]:
    """When claims came, oldest first, evenly over DAYS."""
    dice = seeded("arrivals")
    ages = (timedelta(days=DAYS * (1 - (n + dice.random()) / count)) for n in range(count))
    return sorted(_office_hours(dice, now - age, now) for age in ages)


def _office_hours(dice: Random, at: datetime, now: datetime) -> datetime:
    """Moved to a working hour of a working day, never into the future."""
    day = at - timedelta(days=max(0, at.weekday() - 4))
    moment = day.replace(hour=dice.randint(8, 17), minute=dice.randrange(60), second=dice.randrange(60), microsecond=0)
    return min(moment, now - timedelta(minutes=dice.randint(2, 50)))


def _status(dice: Random, n: int) -> str:
    """Old claims are decided, new ones wait."""
    chance = dice.random()
    if n < CLAIMS * 0.55:
        return DECIDED if chance < 0.94 else RETURNED
    if n < CLAIMS * 0.75:
        return DECIDED if chance < 0.35 else CHECKING if chance < 0.55 else IN_REVIEW if chance < 0.85 else RETURNED
    if n < CLAIMS * 0.92:
        return DECIDED if chance < 0.4 else CHECKING if chance < 0.5 else READY if chance < 0.88 else IN_REVIEW
    return READY if chance < 0.86 else IN_REVIEW


def _worked_on(dice: Random, claim: DemoClaim, policy: Policy | None, now: datetime) -> DemoClaim:
    """What the staff has done with a claim in its status: nothing, half, or all of it."""
    if claim.status == READY:
        return claim
    thai = claim.currency == "THB"
    worker = SUPERVISOR if thai and claim.status != CHECKING else REVIEWER
    at = min(claim.received_at + timedelta(hours=dice.randint(5, 90)), now - timedelta(hours=3))
    corrections = tuple(_corrections(dice, claim.documents, worker, at))
    if claim.status == IN_REVIEW:
        return replace(claim, assignee=worker, corrections=corrections[: len(corrections) // 2])
    decided = at + timedelta(seconds=dice.randint(170, 840))
    return replace(
        claim,
        assignee=None if claim.status == DECIDED else worker,
        corrections=corrections,
        acknowledgements=tuple(_acknowledgements(claim.documents, worker, at)),
        notes=tuple(_notes(dice, claim, worker, at)),
        decision=_decision(claim, policy, worker, decided),
    )


def _corrections(dice: Random, documents: Iterable[DemoDocument], by: str, at: datetime) -> Iterable[Correction]:
    """Everything that was misread, put right within a minute or two."""
    seconds = 0
    for n, document in enumerate(documents):
        for one in document.misreadings:
            seconds += dice.randint(4, 25)
            why = dice.choice(("suggestion", "suggestion", "typed"))
            yield Correction(n, one.path, one.read, one.true, by, at + timedelta(seconds=seconds), why)


def _acknowledgements(documents: Iterable[DemoDocument], by: str, at: datetime) -> Iterable[Acknowledgement]:
    for n, document in enumerate(documents):
        for error in document.printed_errors:
            path = str(error["path"]).removeprefix("/medical_result")
            yield Acknowledgement(n, path, "票面如此 (printed so on the paper)", by, at + timedelta(seconds=70))


def _notes(dice: Random, claim: DemoClaim, by: str, at: datetime) -> Iterable[Note]:
    if claim.status == RETURNED:
        yield Note("已电话通知客户补交资料。", CLERK, at + timedelta(minutes=30))
    elif dice.random() < 0.12:
        text = "ผู้เอาประกันขอให้โอนเข้าบัญชีเดิม" if claim.currency == "THB" else "与客户电话核实，票据为本人所有。"
        yield Note(text, by, at)


REASONS = {
    "period": "就诊日期不在保险期间内。",
    "class-c": "丙类（自费）项目不在保障范围内。",
    "no-card": "未使用医保结算，按约定比例给付。",
    "papers-missing": "请补交费用明细清单。",
}


def _outcome(claim: DemoClaim, policy: Policy | None) -> tuple[str, str]:
    """Outcome and reason code, from what the papers say."""
    document = claim.documents[0]
    if claim.status == RETURNED:
        return "returned", "papers-missing"
    if not isinstance(document.truth, Invoice):
        return "approved", ""
    day = document.truth.billing_date
    if policy and day and not policy.effective_from <= day <= policy.effective_until:
        return "rejected", "period"
    plan = next((plan for plan in PLANS if policy and plan.code == policy.plan), PLANS[0])
    if "自费" in (document.truth.medical_insurance_type or ""):
        return "partly", "no-card"
    has_class_c = any(line.level == "丙" for line in document.truth.line_items)
    return ("partly", "class-c") if has_class_c and not plan.cover_class_c else ("approved", "")


def _decision(claim: DemoClaim, policy: Policy | None, by: str, at: datetime) -> Decision:
    outcome, code = _outcome(claim, policy)
    decision = Decision(outcome, code, REASONS.get(code, ""), by, at)
    if claim.status != DECIDED or by != REVIEWER:
        return decision
    return replace(decision, checked_by=SUPERVISOR, checked_at=at + timedelta(hours=2))
