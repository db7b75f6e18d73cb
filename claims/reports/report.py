"""One report: its table, the charts drawn from it, and the figures that matter most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext_lazy as _

from claims.proportions import Share
from claims.reports.charts import Chart

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Item: TypeAlias = "str | int | Decimal | date | None"

VENDORS = {"jd": "JD/DeepFinch", "aigen": "AIGEN", "local": _("Engine inside")}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in large letters."""

    label: StrOrPromise
    value: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    name: str
    title: StrOrPromise
    explains: StrOrPromise
    """What is counted, and what is not."""
    columns: Sequence[StrOrPromise]
    rows: Sequence[Sequence[Item]]
    totals: Sequence[Sequence[Item]] = ()
    """Rows about the whole period, under the others."""
    charts: Sequence[Chart] = ()
    figures: Sequence[Figure] = ()
    note: str = ""
    is_empty: bool = False

    @property
    def heads(self) -> list[tuple[StrOrPromise, bool]]:
        """Each column's name, and whether numbers stand under it."""
        sample = [*self.rows, *self.totals][:1] or [[None] * len(self.columns)]
        return [(name, not isinstance(item, str | date)) for name, item in zip(self.columns, sample[0], strict=True)]

    @property
    def drawn(self) -> list[Chart]:
        return [chart for chart in self.charts if not chart.is_empty]


def vendor_label(vendor: str | None) -> str:
    return str(VENDORS.get(vendor or "", vendor or "–"))


def percent(share: float | None) -> Decimal | None:
    """With one decimal, as a number of hundredths."""
    return None if share is None else Decimal(share * 100).quantize(Decimal("0.1"))


def share_items(share: Share) -> tuple[Item, Item, Item]:
    """Share and its limits in per cent; nothing where nothing was counted."""
    if not share.of:
        return None, None, None
    return percent(share.value), percent(share.low), percent(share.high)


def share_figure(label: StrOrPromise, share: Share) -> Figure:
    if not share.of:
        return Figure(label, "–", str(_("Nothing to count yet")))
    limits = {"low": percent(share.low), "high": percent(share.high), "hits": share.hits, "of": share.of}
    return Figure(
        label, f"{percent(share.value)} %", str(_("%(hits)s of %(of)s; 95 %% limits %(low)s–%(high)s %%")) % limits
    )
