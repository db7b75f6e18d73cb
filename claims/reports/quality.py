"""Where providers misread: what people had to correct, and how many documents were right as they were read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from claims.deciding.selection import PAYS
from claims.models import Correction, Document, Reading, SampleDraw
from claims.proportions import share
from claims.reports.charts import Chart, Kind, Series
from claims.reports.flow import in_force
from claims.reports.report import Item, Report, percent, share_items, vendor_label
from claims.reports.scope import Scope, vendor_of
from claims.working_values.cells import Cell, column_of

NEWEST = 50_000
"""Corrections looked at, at most."""
MOST_BARS = 12
MADE = (Correction.Why.TYPED, Correction.Why.SUGGESTION, Correction.Why.BULK)


def made_by_people() -> QuerySet[Correction]:
    """Corrections that stand: made by a person, and not taken back."""
    return Correction.objects.filter(why__in=MADE, undoes=None, undone_by=None)


def corrections(scope: Scope) -> Report:
    """By field and provider. Two queries."""
    values = _corrected_values(scope)
    counts = Counter((field, vendor) for field, vendor in values.values())
    documents = _documents_read(scope)
    vendors = sorted({vendor for _field, vendor in counts} | set(documents))
    totals = Counter(field for field, _vendor in counts.elements())
    fields = [field for field, _n in totals.most_common()]
    rows: list[tuple[Item, ...]] = [(field, *(counts[field, v] for v in vendors), totals[field]) for field in fields]
    chart = Chart(
        name="corrections",
        title=_("Corrected values by field"),
        kind=Kind.LYING,
        labels=fields[:MOST_BARS],
        series=[Series(vendor_label(v), [counts[field, v] for field in fields[:MOST_BARS]]) for v in vendors],
    )
    return Report(
        name="corrections",
        title=_("Corrections by field and provider"),
        explains=_(
            "Values that people corrected in the period, each counted once, under the provider that read the document. "
            "Corrections that were taken back do not count."
        ),
        columns=(_("Field"), *map(vendor_label, vendors), _("Together")),
        rows=rows,
        totals=_summary(vendors, documents, counts),
        charts=[chart],
        note=_("Over the newest %(n)d corrections.") % {"n": NEWEST} if len(values) == NEWEST else "",
        is_empty=not counts,
    )


def _corrected_values(scope: Scope) -> dict[tuple[int, str], tuple[str, str]]:
    """Field and vendor of every corrected value, by document and cell."""
    rows = made_by_people().filter(**scope.within("made_at"), **scope.of("document__claim")).order_by("-made_at")
    found = rows.annotate(vendor=vendor_of("document")).values_list("document", "cell", "label", "vendor")[:NEWEST]
    return {
        (document, cell): (field_name(cell, label), vendor or "")
        for document, cell, label, vendor in found
        if not scope.vendor or vendor == scope.vendor
    }


def field_name(address: str, label: str) -> str:
    """How people call the field, whatever its line: "Price", "Line items: row", "FBS"."""
    cell = Cell.parse(address)
    if cell.table == "health_values" and cell.column == "value":
        return label
    try:
        return str(column_of(cell).label)
    except KeyError:
        return _("A whole line")


def _documents_read(scope: Scope) -> dict[str, int]:
    readings = Reading.objects.filter(**scope.within("finished_at"), **scope.of("document__claim"))
    if scope.vendor:
        readings = readings.filter(vendor=scope.vendor)
    counted = readings.order_by().values("vendor").annotate(n=Count("document", distinct=True))
    return dict(counted.values_list("vendor", "n"))


def _summary(
    vendors: Iterable[str], documents: dict[str, int], counts: Counter[tuple[str, str]]
) -> list[tuple[Item, ...]]:
    """Documents read, and corrections for a hundred of them."""
    named = list(vendors)
    if not counts:
        return []
    corrected = {v: sum(n for (_field, vendor), n in counts.items() if vendor == v) for v in named}
    read, all_read = [documents.get(v, 0) for v in named], sum(documents.values())
    rates = [_per_hundred(corrected[v], documents.get(v, 0)) for v in named]
    return [
        (_("Documents read"), *read, all_read),
        (_("Corrections for 100 documents"), *rates, _per_hundred(sum(corrected.values()), all_read)),
    ]


def _per_hundred(corrected: int, documents: int) -> Decimal | None:
    return percent(corrected / documents) if documents else None


# --- right as read ---------------------------------------------------------------------------------------------------


def accuracy(scope: Scope) -> Report:
    """By provider over time. One query."""
    counted: dict[tuple[date, str], tuple[int, int]] = {}
    for row in _reviewed(scope):
        if row["vendor"]:  # nobody read the others
            counted[row["bucket"], row["vendor"]] = (row["right"], row["n"])
    vendors = sorted({vendor for _day, vendor in counted})
    series = {v: [_right(counted.get((day, v))) for day in scope.buckets] for v in vendors}
    chart = Chart(
        name="accuracy", title=_("Documents right as read"), kind=Kind.LINES, labels=scope.labels, unit=" %", top=100,
        series=[Series(vendor_label(v), series[v]) for v in vendors],
    )  # fmt: skip
    rows: list[tuple[Item, ...]] = [
        (day, vendor_label(v), n, right, *share_items(share(right, n)))
        for (day, v), (right, n) in sorted(counted.items())
    ]
    return Report(
        name="accuracy",
        title=_("Accuracy by provider"),
        explains=_(
            "Documents of claims that a person paid, by the day of the decision: how many had no value corrected. "
            "A misreading that nobody noticed is not seen here. Limits: 95 %, Wilson."
        ),
        columns=(
            _("From"),
            _("Provider"),
            _("Documents"),
            _("Right as read"),
            "%",
            _("Lower limit, %"),
            _("Upper limit, %"),
        ),
        rows=rows,
        totals=_altogether(counted),
        charts=[chart],
        is_empty=not rows,
    )


def _reviewed(scope: Scope) -> Iterable[Any]:
    passed = SampleDraw.objects.filter(claim=OuterRef("claim"), held=False)
    documents = Document.objects.filter(
        in_force("claim__decisions__"),
        claim__decisions__outcome__in=PAYS,
        **scope.within("claim__decisions__decided_at"),
        **scope.of(),
    ).filter(~Exists(passed))
    counted = documents.order_by().annotate(
        bucket=scope.bucket("claim__decisions__decided_at"),
        vendor=vendor_of("pk"),
        corrected=Exists(made_by_people().filter(document=OuterRef("pk"))),
    )
    if scope.vendor:
        counted = counted.filter(vendor=scope.vendor)
    grouped = counted.values("bucket", "vendor")
    return grouped.annotate(n=Count("pk"), right=Count("pk", filter=Q(corrected=False)))


def _right(counts: tuple[int, int] | None) -> Decimal | None:
    return percent(counts[0] / counts[1]) if counts else None


def _altogether(counted: dict[tuple[date, str], tuple[int, int]]) -> list[tuple[Item, ...]]:
    """The whole period, by provider."""
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for (_day, vendor), (right, n) in counted.items():
        sums[vendor][0] += right
        sums[vendor][1] += n
    return [
        (_("Together"), vendor_label(v), n, right, *share_items(share(right, n)))
        for v, (right, n) in sorted(sums.items())
    ]
