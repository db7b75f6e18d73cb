"""What the queue shows and filters by, kept with the claim: open findings, amount, lines, kinds, who read it.

A list of a million claims joins no other table for it. The search row is kept here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, QuerySet, Sum

from claims.models import Claim, Document, HealthValue, InvoiceHeader, LineItem
from claims.queueing import search
from ocr_providers import bulk

LONGEST_NAME = 120
LIMIT = Decimal(10) ** 12
"""The column holds fourteen digits, two of them decimals."""
FIGURES = ("error_count", "warning_count", "amount_asked", "line_count", "kinds", "providers")


def update(*claims: int) -> None:
    """Counts from the documents, the amount from their totals. Leaves `version` alone: nothing is decided by these.

    Call it in the transaction that changes a document of the claims, or moves one in or out. Four statements, and three
    or four for the search rows, however many claims there are.
    """
    columns = ("claim", "pk", "kind", "error_count", "warning_count", "readings__account_name")
    papers: dict[int, list[Any]] = {pk: [] for pk in claims}
    for paper in Document.objects.filter(claim__in=claims).order_by().values_list(*columns, named=True):
        papers[paper.claim].append(paper)
    asked = _by_claim(InvoiceHeader.objects.all(), claims, Sum("total_cost"))
    lines = _by_claim(LineItem.objects.all(), claims, Count("pk"))
    figures = [_figures(pk, papers[pk], asked.get(pk), lines.get(pk, 0)) for pk in claims]
    bulk.update_rows(figures, FIGURES)
    search.refresh(*claims)


def _by_claim(rows: QuerySet[Any], claims: Iterable[int], figure: Aggregate) -> dict[int, Any]:
    """What the claims' rows add up to, by claim."""
    grouped = rows.filter(document__claim__in=claims).order_by().values_list("document__claim")
    return dict(grouped.annotate(figure=figure))


def _figures(pk: int, papers: Sequence[Any], asked: Decimal | None, lines: int) -> Claim:
    """A claim that knows nothing but its figures. A document that was read twice stands in two rows."""
    each = {paper.pk: paper for paper in papers}.values()
    return Claim(
        pk=pk,
        error_count=sum(paper.error_count for paper in each),
        warning_count=sum(paper.warning_count for paper in each),
        amount_asked=asked if asked is not None and 0 <= asked < LIMIT else None,
        line_count=lines,
        kinds=joined((paper.kind for paper in papers), "kinds"),
        providers=joined(
            (paper.readings__account_name for paper in papers if paper.readings__account_name), "providers"
        ),
    )


def joined(names: Iterable[str], column: str) -> str:
    """`,invoice,health-check,`: each once, whole, in a text that can be searched for `one(name)`."""
    field: Any = Claim._meta.get_field(column)
    text = ","
    for name in sorted(set(names) - {Document.Kind.AUTO.value}):
        if len(text) + len(name) < field.max_length:
            text += f"{name},"
    return text if len(text) > 1 else ""


def one(name: str) -> str:
    """How a name stands in a joined text."""
    return f",{name},"


def name_the_patients(*claims: int) -> None:
    """Claims that came without a name are called by the first name on their papers. `update` them afterwards."""
    nameless = list(Claim.objects.filter(pk__in=claims, patient_name="").values_list("pk", flat=True))
    if not nameless:
        return
    headers = InvoiceHeader.objects.filter(document__claim__in=nameless).exclude(patient_name="")
    reports = HealthValue.objects.filter(document__claim__in=nameless, key="Name").exclude(value_text="")
    named = [
        *headers.order_by("document").values_list("document__claim", "patient_name"),
        *reports.order_by("document").values_list("document__claim", "value_text"),
    ]
    first = dict(reversed(named))
    bulk.update_rows([Claim(pk=pk, patient_name=name[:LONGEST_NAME]) for pk, name in first.items()], ["patient_name"])
