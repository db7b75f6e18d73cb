"""In which order the queue stands, and where in it a page begins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Field, Func, QuerySet, Value
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from claims.models import Claim

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Place = tuple[datetime | Decimal, int]
LARGEST_ID = 2**63 - 1


class RowComparison(Func):
    """`(column, id) < (value, pk)`: a seek in an index of both columns.

    Django writes it as an OR on SQLite, and then walks there from the beginning of the list.
    """

    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, sign: str, place: Place) -> None:
        field: Any = Claim._meta.get_field(column)
        value: Field[Any, Any] = getattr(field, "output_field", None) or field
        super().__init__(column, "id", Value(place[0], value), Value(place[1]))
        self.sign = sign

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        parts = [compiler.compile(expression) for expression in self.get_source_expressions()]
        column, pk, value, number = (sql for sql, _params in parts)
        params = [param for _sql, own in parts for param in own]
        return f"({column}, {pk}) {self.sign} ({value}, {number})", params


@dataclass(frozen=True, slots=True)
class Cursor:
    """A row of the list: its value of the column that the list is sorted by, and its id."""

    value: datetime | Decimal
    pk: int

    def place(self) -> Place:
        return self.value, self.pk

    def __str__(self) -> str:
        text = self.value.isoformat() if isinstance(self.value, datetime) else str(self.value)
        return f"{text}_{self.pk}"


@dataclass(frozen=True, slots=True)
class Order:
    """By one column and the id, both in the same direction: an index has both."""

    name: str
    label: StrOrPromise
    column: str
    descending: bool

    @property
    def by(self) -> tuple[str, str]:
        sign = "-" if self.descending else ""
        return f"{sign}{self.column}", f"{sign}id"

    def backwards(self) -> Order:
        return replace(self, descending=not self.descending)

    def key(self, claim: Claim) -> Place:
        return getattr(claim, self.column), claim.pk

    def cursor(self, claim: Claim) -> Cursor:
        return Cursor(*self.key(claim))

    def between(self, claims: QuerySet[Claim], after: Cursor | None, stop: Cursor | None) -> QuerySet[Claim]:
        """Those behind `after`, up to `stop` and with it."""
        beyond, up_to = ("<", ">=") if self.descending else (">", "<=")
        if after:
            claims = claims.filter(RowComparison(self.column, beyond, after.place()))
        return claims.filter(RowComparison(self.column, up_to, stop.place())) if stop else claims

    def parse(self, text: str) -> Cursor | None:
        """From `2026-11-22T08:00:00+00:00_17` or `120.50_17`; anything else is no cursor."""
        value, _separator, pk = text.rpartition("_")
        found = _amount(value) if self.column == "sort_asked" else _moment(value)
        if found is None or not (pk.isascii() and pk.isdecimal() and int(pk) <= LARGEST_ID):
            return None
        return Cursor(found, int(pk))


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < Decimal("1e12") else None


ORDERS: tuple[Order, ...] = (
    Order("newest", _("Newest first"), "received_at", descending=True),
    Order("oldest", _("Oldest first"), "received_at", descending=False),
    Order("due", _("Due first"), "sort_due", descending=False),
    Order("amount", _("Largest amount first"), "sort_asked", descending=True),
)
ORDERS_BY_NAME = {order.name: order for order in ORDERS}
