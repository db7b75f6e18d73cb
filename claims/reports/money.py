"""What corrections were worth, and what the vendors cost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from claims.deciding.selection import PAYS
from claims.models import Reading
from claims.reports.charts import Chart, Kind, Series
from claims.reports.flow import decided
from claims.reports.report import Item, Report, vendor_label
from claims.reports.scope import Scope
from ocr_providers.models import ProviderAccount, ProviderCall

ZERO, CENT = Decimal(0), Decimal("0.01")


def savings(scope: Scope) -> Report:
    """By the currency of the claims. One query."""
    found = {(row["bucket"], row["claim__currency"]): row for row in _worth(scope)}
    currencies = sorted({currency for _day, currency in found})
    rows: list[tuple[Item, ...]] = [
        (day, currency, row["n"], money(row["less"]), money(row["more"]), money(row["less"]) + money(row["more"]))
        for (day, currency), row in sorted(found.items())
    ]
    totals = [(_("Together"), currency, *_sums(rows, currency)) for currency in currencies]
    return Report(
        name="savings",
        title=_("Money put right by corrections"),
        explains=_(
            "What the plan would have paid with the values as they were read, less what it paid with the corrected "
            "ones. Above zero: not overpaid. Below zero: what the insured would have missed."
        ),
        columns=(
            _("From"),
            _("Currency"),
            _("Claims with a difference"),
            _("Not overpaid"),
            _("Not underpaid"),
            _("Net"),
        ),
        rows=rows,
        totals=totals,
        charts=[_savings_chart(scope, found, currency) for currency in currencies],
        is_empty=not rows,
    )


def _worth(scope: Scope) -> Iterable[Any]:
    different = (
        decided(scope).filter(outcome__in=PAYS).exclude(saved_by_corrections=None).exclude(saved_by_corrections=0)
    )
    grouped = different.order_by().annotate(bucket=scope.bucket("decided_at")).values("bucket", "claim__currency")
    return grouped.annotate(
        n=Count("pk"),
        less=Sum("saved_by_corrections", filter=Q(saved_by_corrections__gt=0)),
        more=Sum("saved_by_corrections", filter=Q(saved_by_corrections__lt=0)),
    )


def _sums(rows: Iterable[tuple[Item, ...]], currency: str) -> list[Item]:
    own = [[part if isinstance(part, int | Decimal) else 0 for part in row[2:]] for row in rows if row[1] == currency]
    return [sum(column) for column in zip(*own, strict=True)]


def _savings_chart(scope: Scope, found: dict[tuple[date, str], dict[str, Any]], currency: str) -> Chart:
    rows = [found.get((day, currency), {}) for day in scope.buckets]
    return Chart(
        name=f"savings-{currency}",
        title=_("Money put right by corrections, %(currency)s") % {"currency": currency},
        kind=Kind.BARS,
        labels=scope.labels,
        series=[
            Series(_("Not overpaid"), [money(row.get("less")) for row in rows]),
            Series(_("Not underpaid"), [money(row.get("more")) for row in rows]),
        ],
    )


def money(amount: Decimal | None) -> Decimal:
    return (amount or ZERO).quantize(CENT)


# --- what the vendors cost -------------------------------------------------------------------------------------------


def costs(scope: Scope) -> Report:
    """From the ledger of calls. Three queries. Calls know no plan: a report of one plan shows all of them."""
    of_vendor = {"vendor": scope.vendor} if scope.vendor else {}
    accounts = {row.pk: row for row in ProviderAccount.objects.filter(**of_vendor)}
    calls, claims = list(_calls(scope, accounts)), _claims_read(scope)
    rows = [_cost_row(accounts[pk], counted, claims) for pk, counted in sorted(_by_account(calls).items())]
    currencies = sorted({account.currency for account in accounts.values()})
    return Report(
        name="costs",
        title=_("What the vendors cost"),
        explains=_("Calls in the ledger by account, with the price that stood on the account; not narrowed by plan."),
        columns=(
            _("Account"),
            _("Provider"),
            _("Calls"),
            _("Charged"),
            _("Claims read"),
            _("Currency"),
            _("Cost"),
            _("Cost per claim"),
        ),
        rows=rows,
        charts=[_cost_chart(scope, accounts, calls, currency) for currency in currencies],
        is_empty=not rows,
    )


def _by_account(calls: Iterable[dict[str, Any]]) -> dict[int, tuple[int, int, Decimal]]:
    """Calls, charged calls and cost of the whole period."""
    totals: dict[int, tuple[int, int, Decimal]] = {}
    for row in calls:
        n, charged, cost = totals.get(row["account"], (0, 0, ZERO))
        totals[row["account"]] = (n + row["n"], charged + row["paid"], cost + (row["spent"] or ZERO))
    return totals


def _calls(scope: Scope, accounts: Iterable[int]) -> Iterable[Any]:
    made = ProviderCall.objects.filter(account__in=list(accounts), **scope.within("started_at"))
    grouped = made.order_by().annotate(bucket=scope.bucket("started_at")).values("bucket", "account")
    return grouped.annotate(n=Count("pk"), paid=Count("pk", filter=Q(charged=True)), spent=Sum("cost"))


def _claims_read(scope: Scope) -> dict[str, int]:
    """By the name of the account."""
    readings = Reading.objects.filter(**scope.within("finished_at")).order_by().values("account_name")
    return dict(readings.annotate(n=Count("document__claim", distinct=True)).values_list("account_name", "n"))


def _cost_row(account: ProviderAccount, counted: tuple[int, int, Decimal], claims: dict[str, int]) -> tuple[Item, ...]:
    calls, charged, cost = counted
    read = claims.get(account.name, 0)
    each = money(cost / read) if read else None
    return account.name, vendor_label(account.vendor), calls, charged, read, account.currency, money(cost), each


def _cost_chart(
    scope: Scope, accounts: dict[int, ProviderAccount], calls: list[dict[str, Any]], currency: str
) -> Chart:
    costs = {(row["bucket"], row["account"]): money(row["spent"]) for row in calls}
    paid = [
        a for a in accounts.values() if a.currency == currency and any(costs.get((day, a.pk)) for day in scope.buckets)
    ]
    return Chart(
        name=f"costs-{currency}",
        title=_("Cost of calls, %(currency)s") % {"currency": currency},
        kind=Kind.STACKED,
        labels=scope.labels,
        series=[Series(a.name, [costs.get((day, a.pk), ZERO) for day in scope.buckets]) for a in paid],
    )  # fmt: skip
