"""One document out of answers about its pages, for vendors that read one picture at a time.

Header values come from the first page that has them, totals and checks from the last, lists are put one after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from ocr_providers.results import JSON, HealthReport, HealthValue, Invoice, ReadingResult, Source

T = TypeVar("T")

LISTS = ("cost_categories", "line_items", "payments_info")
FROM_THE_LAST = frozenset(
    {"total_cost", "total_cost_in_words", "checksum", "fund_payments", "payments_class_b", "payments_class_c"}
)
"""Printed under the last line: on the last page that has them."""
MERGED = frozenset({"sources", "unparsed", "extra", *LISTS})
VENDOR_LISTS = {"line_items": "cost_detail_list"}


def join_results(pages: Sequence[ReadingResult]) -> ReadingResult:
    """One result; partial when any page is. Raises `ValueError` for no page, or pages of different kinds."""
    if not pages or len({page.kind for page in pages}) != 1:
        raise ValueError("pages to join have to be of one kind")
    invoices = [page.document for page in pages if isinstance(page.document, Invoice)]
    reports = [page.document for page in pages if isinstance(page.document, HealthReport)]
    return replace(
        pages[0],
        document=join_invoices(invoices) if invoices else join_reports(reports),
        partial=any(page.partial for page in pages),
        messages=tuple(message for page in pages for message in page.messages),
        beside=_first_of_each(page.beside for page in pages),
    )


def join_invoices(pages: Sequence[Invoice]) -> Invoice:
    single = {f.name: _chosen(f.name, pages) for f in fields(Invoice) if f.name not in MERGED}
    lists: dict[str, Any] = {name: tuple(row for page in pages for row in getattr(page, name)) for name in LISTS}
    return Invoice(
        **single,
        **lists,
        sources=_moved(pages, lambda page: page.sources, _on_page),
        unparsed=_moved(pages, lambda page: page.unparsed, lambda value, _page: value),
        extra=_first_of_each(page.extra for page in pages),
    )


def _chosen(name: str, pages: Sequence[Invoice]) -> Any:
    ordered = reversed(pages) if name in FROM_THE_LAST else iter(pages)
    values = [getattr(page, name) for page in ordered]
    return next((value for value in values if value not in (None, "", (), {}, [])), values[0])


def _first_of_each(pages: Iterable[Mapping[str, JSON]]) -> dict[str, JSON]:
    merged: dict[str, JSON] = {}
    for page in pages:
        merged = {**page, **merged}
    return merged


def _moved(
    pages: Sequence[Invoice], of: Callable[[Invoice], Mapping[str, T]], on_page: Callable[[T, int], T]
) -> dict[str, T]:
    """Values by pointer, list indexes counted through all pages; of a repeated pointer the page that was chosen."""
    moved: dict[str, T] = {}
    before = dict.fromkeys(LISTS, 0)
    for number, page in enumerate(pages):
        for pointer, value in of(page).items():
            target = _shifted(pointer, before)
            if target not in moved or _top(pointer) in FROM_THE_LAST:
                moved[target] = on_page(value, number)
        before = {name: count + len(getattr(page, name)) for name, count in before.items()}
    return moved


def _top(pointer: str) -> str:
    return pointer.split("/")[1] if "/" in pointer else ""


def _shifted(pointer: str, before: Mapping[str, int]) -> str:
    for name, count in before.items():
        start = f"/{VENDOR_LISTS.get(name, name)}/"
        index, slash, rest = pointer.removeprefix(start).partition("/")
        if pointer.startswith(start) and index.isdecimal():
            return f"{start}{int(index) + count}{slash}{rest}"
    return pointer


def _on_page(source: Source, page: int) -> Source:
    return source if source.box is None else replace(source, box=replace(source.box, page=page))


def join_reports(pages: Sequence[HealthReport]) -> HealthReport:
    """Each key from the first page on which it was found; a key found twice with another value is kept behind."""
    chosen: dict[str, HealthValue] = {}
    repeated: list[HealthValue] = []
    for value in (value for page in pages for value in page.values):
        kept = chosen.setdefault(value.key, value)
        if kept.value is None and value.value is not None:
            chosen[value.key] = value
        elif value.value is not None and value.value != kept.value:
            repeated.append(value)
    unparsed = {f"/pages/{n}{at}": value for n, page in enumerate(pages) for at, value in page.unparsed.items()}
    return HealthReport(values=(*chosen.values(), *repeated), unparsed=unparsed)
