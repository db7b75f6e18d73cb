"""The people, plans and policies of the demo department: plain data under the names of the models' fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims.demo.papers import YEAR, guests, people


@dataclass(frozen=True, slots=True)
class StaffMember:
    username: str
    display_name: str
    role: str
    """A name of `claims.models.people.Role`."""
    language: str
    reads_languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    code: str
    name: str
    cover_class_b: bool = False
    cover_class_c: bool = False
    deductible_per_visit: Decimal = Decimal("0.00")
    deductible_per_year: Decimal = Decimal("0.00")
    ratio_insured: Decimal = Decimal("1.0000")
    ratio_uninsured: Decimal = Decimal("1.0000")
    limit_per_visit: Decimal | None = None
    limit_per_year: Decimal | None = None
    waiting_days: int = 0
    hospitals: tuple[str, ...] = ()
    check_above: Decimal = Decimal("2000.00")


@dataclass(frozen=True, slots=True)
class Policy:
    number: str
    plan: str
    """Code of the plan."""
    insured_name: str
    identity_number: str
    effective_from: date
    effective_until: date


@dataclass(frozen=True, slots=True)
class LetterHead:
    language: str
    name: str
    address: str
    contact: str


LETTER_HEADS = (
    LetterHead("zh-hans", "良友健康保险股份有限公司（演示）", "浙江省杭州市示范路 1 号", "理赔热线 000-0000-0000"),
    LetterHead("th", "บริษัท เพื่อนดี ประกันสุขภาพ จำกัด (ตัวอย่าง)", "1 ถนนตัวอย่าง กรุงเทพมหานคร", "ฝ่ายสินไหม โทร. 00-000-0000"),
    LetterHead("en", "Good Friends Health Insurance (demo)", "1 Sample Road, Hangzhou", "Claims: 000-0000-0000"),
)
STAFF = (
    StaffMember("clerk", "林悦 Lin Yue", "clerk", "zh-hans", ("zh",)),
    StaffMember("reviewer", "陈博 Chen Bo", "reviewer", "zh-hans", ("zh", "en")),
    StaffMember("supervisor", "ศิริพร Siriporn", "supervisor", "th", ("th", "en", "zh")),
    StaffMember("auditor", "Helena Larsson", "auditor", "en"),
    StaffMember("admin", "Administrator", "administrator", "en"),
)
PLANS = (
    Plan(
        code="CITY-BASIC",
        name="城市补充门诊 · 基本",
        deductible_per_visit=Decimal("50.00"),
        ratio_insured=Decimal("0.8000"),
        ratio_uninsured=Decimal("0.5000"),
        limit_per_visit=Decimal("1500.00"),
        limit_per_year=Decimal("6000.00"),
        waiting_days=30,
        check_above=Decimal("250.00"),
    ),
    Plan(
        code="CITY-PLUS",
        name="城市补充门诊 · 全面",
        cover_class_b=True,
        cover_class_c=True,
        ratio_insured=Decimal("0.9000"),
        ratio_uninsured=Decimal("0.7000"),
        limit_per_year=Decimal("20000.00"),
        waiting_days=30,
        check_above=Decimal("350.00"),
    ),
    Plan(
        code="CARE-TH",
        name="Annual health check, Thailand",
        cover_class_b=True,
        cover_class_c=True,
        limit_per_visit=Decimal("5000.00"),
        check_above=Decimal("4000.00"),
    ),
)
LATE_START = 4
"""Every so many policies begin only in the middle of the year: earlier visits are outside their period."""


def policies(today: date) -> tuple[Policy, ...]:
    """One for each insured person, in force on this day, whatever the year."""
    return (
        *(
            Policy(
                number=f"P-{YEAR - 1}-{n:05d}",
                plan=PLANS[n % 2].code,
                insured_name=person.name,
                identity_number=person.identity_number,
                effective_from=date(YEAR, 6, 1) if n % LATE_START == 0 else date(YEAR - 1, 7, 1),
                effective_until=still_in_force(date(YEAR + 2, 6, 30), today),
            )
            for n, person in enumerate(people(), start=1)
        ),
        *(
            Policy(
                number=f"T-{YEAR - 3}-{n:05d}",
                plan=PLANS[2].code,
                insured_name=guest.name,
                identity_number="",
                effective_from=date(YEAR - 3, 1, 1),
                effective_until=still_in_force(date(YEAR + 2, 12, 31), today),
            )
            for n, guest in enumerate(guests(), start=1)
        ),
    )


def still_in_force(until: date, today: date) -> date:
    """The end of a policy that is renewed every year: never before the end of the next one."""
    return max(until, until.replace(year=today.year + 1))
