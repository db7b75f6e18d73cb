"""Fills a database with believable claims, fast: whole batches by COPY or executemany, defaults of the models' own."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection, models, transaction

from claims.models import Claim, Document, InvoiceHeader, Plan, Policy, Role, SearchText, User
from claims.queueing import search

POLICIES, YEARS, OPEN_SHARE = 0.3, 3, 0.03
BATCH = 20_000
REVIEWERS = 40
FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂建国华志文斌玉梅浩宇欣怡梓涵子轩雨桐思远嘉琪俊豪"
THAI_GIVEN = "สมชาย สมหญิง ประเสริฐ วิชัย มาลี สุดา อนงค์ ธนพล กิตติ ณัฐพล พรทิพย์ ศิริพร ชัยวัฒน์ วราภรณ์".split()  # noqa: SIM905
THAI_FAMILY = "ใจดี ทองดี แก้วมณี ศรีสุข บุญมี สุขสวัสดิ์ รักไทย วงศ์สวัสดิ์ พงษ์พันธ์ จันทร์เพ็ญ".split()  # noqa: SIM905
CITIES = "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 余姚 慈溪 海宁 桐乡 诸暨 温岭 瑞安 乐清".split()  # noqa: SIM905
HOUSES = [
    "第一人民医院",
    "第二人民医院",
    "第三人民医院",
    "中医院",
    "妇幼保健院",
    "中心医院",
    "肿瘤医院",
    "口腔医院",
    "康复医院",
    "红十字会医院",
]
ACCOUNTS = (("local", 0.6), ("deepfinch", 0.3), ("aigen", 0.08), ("deepfinch-trial", 0.02))
OPEN = (("received", 0.1), ("ready", 0.45), ("in-review", 0.25), ("checking", 0.12), ("returned", 0.08))
NOW = datetime.now(UTC).replace(microsecond=0)


class Table:
    """Rows of one model, given by column; what is not given is the model's default."""

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        self.model, self.given = model, columns
        fields = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
        rest = [field for field in fields if field.column not in columns]
        if "id" not in columns:
            rest = [field for field in rest if not isinstance(field, models.AutoField)]
        self.rest = [field.get_db_prep_save(field.get_default(), connection) for field in rest]
        self.columns = [*columns, *(str(field.column) for field in rest)]

    def insert(self, rows: Iterable[Sequence[Any]]) -> None:
        whole = [(*row, *self.rest) for row in rows]
        table, columns = self.model._meta.db_table, ", ".join(self.columns)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in whole:
                        copy.write_row(row)
            else:
                marks = ", ".join("%s" for _column in self.columns)
                insert = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - our own names
                cursor.executemany(insert, [tuple(_lite(value) for value in row) for row in whole])


def _lite(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return str(value) if isinstance(value, Decimal | date) else value


def name_of(rng: random.Random) -> str:
    if rng.random() < 0.2:
        return f"{rng.choice(THAI_GIVEN)} {rng.choice(THAI_FAMILY)}"
    return rng.choice(FAMILY) + "".join(rng.choices(GIVEN, k=1 if rng.random() < 0.25 else 2))


def pick(rng: random.Random, shares: Sequence[tuple[str, float]]) -> str:
    return rng.choices([name for name, _share in shares], [share for _name, share in shares])[0]


def fill(count: int) -> None:
    """`count` claims over three years, newest last; three of a hundred are open."""
    rng = random.Random(7)
    people = make_people()
    policies = make_policies(rng, max(1, int(count * POLICIES)))
    tables = Filler(rng, people, policies, count)
    for first in range(1, count + 1, BATCH):
        with transaction.atomic():
            tables.batch(range(first, min(first + BATCH, count + 1)))
        print(f"\r{min(first + BATCH - 1, count):>9,} claims", end="", flush=True)
    print()
    finish()


def finish() -> None:
    """Counters behind ids that were given, and statistics for the planner."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in (Claim, Document, Policy):
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
                )
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute(f"INSERT INTO {search.INDEX}({search.INDEX}) VALUES ('optimize')")  # noqa: S608
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def make_people() -> list[User]:
    reviewers, supervisors = Group.objects.get(name=Role.REVIEWER), Group.objects.get(name=Role.SUPERVISOR)
    people = [User.objects.create(username=f"reviewer{n}", display_name=f"Reviewer {n}") for n in range(REVIEWERS)]
    for n, person in enumerate(people):
        person.groups.add(supervisors if n < 4 else reviewers)
    return people


def make_policies(rng: random.Random, count: int) -> list[tuple[int, str, str]]:
    """Id, number, person."""
    plans = [
        Plan.objects.create(code=code, name=code.title()) for code in ("basic", "plus", "senior", "family", "gold")
    ]
    rows = [(pk, f"P{2020 + pk % 6}{pk:08d}", name_of(rng)) for pk in range(1, count + 1)]
    table = Table(
        Policy, "id", "number", "insured_name", "plan_id", "identity_number", "effective_from", "effective_until"
    )
    shares = [(str(plan.pk), share) for plan, share in zip(plans, (0.45, 0.3, 0.15, 0.09, 0.01), strict=True)]
    begin, end = date(2023, 1, 1), date(2027, 12, 31)
    with transaction.atomic():
        table.insert((*row, int(pick(rng, shares)), f"{row[0]:017d}X", begin, end) for row in rows)
    return rows


class Filler:
    """Claims, their documents, invoices and search rows, a batch at a time."""

    def __init__(
        self, rng: random.Random, people: list[User], policies: list[tuple[int, str, str]], count: int
    ) -> None:
        self.rng, self.people, self.policies, self.count = rng, people, policies, count
        self.document = 0
        self.claims = Table(
            Claim, "id", "number", "policy_id", "patient_name", "status", "assignee_id", "received_at", "due_at",
            "amount_asked", "amount_approved", "error_count", "warning_count", "line_count", "kinds", "providers",
        )  # fmt: skip
        self.documents = Table(Document, "id", "claim_id", "sha256", "media_type", "byte_size", "original_name", "kind",
                               "status", "uploaded_at")  # fmt: skip
        self.invoices = Table(
            InvoiceHeader, "document_id", "note_no", "patient_name", "hospital_name", "total_cost", "billing_date"
        )
        self.searches = Table(SearchText, "claim_id", "words", "grams")

    def batch(self, numbers: range) -> None:
        made = [self._claim(n) for n in numbers]
        self.claims.insert(claim for claim, _documents, _invoices, _search in made)
        self.documents.insert(row for _claim, rows, _invoices, _search in made for row in rows)
        self.invoices.insert(row for _claim, _documents, rows, _search in made for row in rows)
        self.searches.insert(row for _claim, _documents, _invoices, row in made)

    def _claim(self, n: int) -> tuple[Any, list[Any], list[Any], Any]:
        rng = self.rng
        policy, policy_number, person = rng.choice(self.policies)
        age = timedelta(days=365 * YEARS) * (1 - n / self.count) + timedelta(seconds=rng.random() * 60)
        received = NOW - age
        is_open = (n > self.count * (1 - OPEN_SHARE) and rng.random() < 0.9) or rng.random() < OPEN_SHARE / 30
        status = pick(rng, OPEN) if is_open else "decided"
        number = f"C{received.year}-{n:06d}"
        documents, invoices = self._papers(n, status, received, person)
        asked = sum((row[4] for row in invoices), Decimal(0)) if invoices else None
        errors, warnings = self._findings(status)
        claim = (
            n, number, policy, person, status, self._assignee(status), received, received + timedelta(days=5), asked,
            asked * Decimal("0.8") if asked and status == "decided" else None, errors, warnings, 12 * len(invoices),
            self._kinds(documents), f",{pick(rng, ACCOUNTS)}," if status != "received" else "",
        )  # fmt: skip
        texts = [number, person, policy_number, *(name for row in invoices for name in (row[1], row[3]))]
        row = search.row(n, [*texts, *(document[5].rpartition(".")[0] for document in documents)])
        return claim, documents, invoices, (n, row.words, row.grams)

    def _papers(self, n: int, status: str, received: datetime, person: str) -> tuple[list[Any], list[Any]]:
        rng, documents, invoices = self.rng, [], []
        for _paper in range(2 if rng.random() < 0.15 else 1):
            self.document += 1
            kind = "health-check" if rng.random() < 0.12 else "invoice"
            is_read = status != "received"
            name = f"IMG_{received:%Y%m%d}_{rng.randrange(10**6):06d}.jpg"
            read_state = "read" if is_read else "queued"
            documents.append(
                (self.document, n, f"{self.document:064x}", "image/jpeg", 400_000, name,
                 kind if is_read else "auto", read_state, received)
            )  # fmt: skip
            if kind == "invoice" and is_read:
                total = Decimal(rng.randrange(1500, 90_000 if rng.random() < 0.9 else 2_000_000)) / 100
                house = f"{rng.choice(CITIES)}市{rng.choice(HOUSES)}"
                day = (received - timedelta(days=3)).date()
                invoices.append((self.document, f"{rng.randrange(10**10):010d}", person, house, total, day))
        return documents, invoices

    def _kinds(self, documents: list[Any]) -> str:
        kinds = sorted({row[6] for row in documents} - {"auto"})
        return f",{','.join(kinds)}," if kinds else ""

    def _findings(self, status: str) -> tuple[int, int]:
        rng = self.rng
        if status in ("decided", "checking", "received"):
            return (1, 0) if rng.random() < 0.01 else (0, rng.randrange(3))
        return max(0, rng.randrange(-3, 4)), rng.randrange(4)

    def _assignee(self, status: str) -> int | None:
        free = {"received": 1.0, "ready": 0.8}.get(status, 0.02)
        return None if self.rng.random() < free else self.rng.choice(self.people).pk
