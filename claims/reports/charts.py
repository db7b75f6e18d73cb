"""Charts as SVG, drawn by the server: no script, no inline style; colours and type come from the style sheet.

A chart is data: labels along one axis, one or more series. `draw` makes the picture at a given width; a page shows a
wide one or a narrow one, so that letters keep their size on a phone. Bars and lines begin at zero. Beside each chart
stands its table: the picture is an image with a title and a description for whoever does not see it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from claims.reports.ticks import tick_text, ticks

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Number: TypeAlias = "Decimal | int | float"
WIDE, NARROW = 680, 340
HEIGHT, TOP, BOTTOM, RIGHT = 240, 12, 26, 14
LETTER, WIDE_LETTER = 6.6, 12.2
"""Pixels of a letter at the style sheet's 12 px: Latin digits, Chinese."""
LINE = 44
"""Height of one bar that lies, with its label above it."""


class Kind(StrEnum):
    BARS = "bars"
    """Side by side."""
    STACKED = "stacked"
    LYING = "lying"
    """Stacked, from left to right, with room for long labels."""
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Series:
    """`values` has one entry for every label of the chart; `None`: nothing is known there."""

    label: StrOrPromise
    values: Sequence[Number | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    name: str
    """Unique on the page: the picture's title is found by it."""
    title: StrOrPromise
    kind: Kind
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    """Behind every number: " %"."""
    top: Number | None = None
    """Where the axis ends at least, such as 100 for a share."""

    @property
    def is_empty(self) -> bool:
        return not any(value for series in self.series for value in series.values)

    @property
    def wide(self) -> SafeString:
        return draw(self, WIDE)

    @property
    def narrow(self) -> SafeString:
        return draw(self, NARROW)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where numbers and labels lie on the picture."""

    width: int
    left: float
    marks: list[Decimal]
    count: int

    @property
    def slot(self) -> float:
        return (self.width - RIGHT - self.left) / max(1, self.count)

    def x(self, n: int) -> float:
        """The middle of a label's place."""
        return self.left + self.slot * (n + 0.5)

    def y(self, value: Number) -> float:
        low, high = float(self.marks[0]), float(self.marks[-1])
        return TOP + (high - float(value)) / (high - low) * (HEIGHT - TOP - BOTTOM)


def draw(chart: Chart, width: int) -> SafeString:
    """The whole picture, `width` pixels wide at its natural size."""
    height, parts = (_lying if chart.kind == Kind.LYING else _standing)(chart, width)
    name = f"{chart.name}-{width}"
    return format_html(
        '<svg class="chart" role="img" viewBox="0 0 {} {}" aria-labelledby="{}-title {}-text">'
        '<title id="{}-title">{}</title><desc id="{}-text">{}</desc>{}</svg>',
        width, height, name, name, name, chart.title, name, _description(chart), _joined(parts),
    )  # fmt: skip


def _description(chart: Chart) -> str:
    named = ", ".join(str(series.label) for series in chart.series)
    if not chart.labels:
        return named
    span = {"series": named, "first": chart.labels[0], "last": chart.labels[-1]}
    return _("%(series)s; from %(first)s to %(last)s. The table has the numbers.") % span


def _joined(parts: Iterator[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


# --- standing: bars and lines over an axis of time or classes -------------------------------------------------------


def _standing(chart: Chart, width: int) -> tuple[int, Iterator[SafeString]]:
    marks = ticks(*_range(chart))
    left = 10 + max(_length(tick_text(mark, chart.unit)) for mark in marks)
    frame = _Frame(width, left, marks, len(chart.labels))
    shapes = {Kind.BARS: _bars, Kind.STACKED: _stacked, Kind.LINES: _lines}[chart.kind]
    return HEIGHT, iter((*_grid(chart, frame), *_labels(chart, frame), *shapes(chart, frame)))


def _range(chart: Chart) -> tuple[float, float]:
    if chart.kind in (Kind.STACKED, Kind.LYING):
        columns = [
            [float(value or 0) for value in column] for column in zip(*(s.values for s in chart.series), strict=True)
        ]
        known = [sum(column) for column in columns]
    else:
        known = [float(value) for series in chart.series for value in series.values if value is not None]
    return min(known, default=0.0), max([*known, float(chart.top or 0)])


def _grid(chart: Chart, frame: _Frame) -> Iterator[SafeString]:
    for mark in frame.marks:
        y = round(frame.y(mark), 1)
        kind = "zero" if mark == 0 else "grid"
        yield format_html('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', kind, round(frame.left, 1),
                          frame.width - RIGHT, y, y)  # fmt: skip
        text = tick_text(mark, chart.unit)
        yield format_html('<text class="end" x="{}" y="{}">{}</text>', round(frame.left - 6, 1), round(y + 4, 1), text)


def _labels(chart: Chart, frame: _Frame) -> Iterator[SafeString]:
    """As many as fit beside each other, the last one always."""
    longest = max((_length(label) for label in chart.labels), default=0.0) + 10
    every = max(1, -(-int(longest) // max(1, int(frame.slot))))
    last = len(chart.labels) - 1
    for n, label in enumerate(chart.labels):
        if (last - n) % every == 0:
            half = _length(label) / 2
            x = min(max(frame.x(n), half), frame.width - half)
            yield format_html('<text class="middle" x="{}" y="{}">{}</text>', round(x, 1), HEIGHT - 8, label)


def _bars(chart: Chart, frame: _Frame) -> Iterator[SafeString]:
    thickness = min(34.0, frame.slot * 0.76 / len(chart.series))
    for s, series in enumerate(chart.series):
        for n, value in enumerate(series.values):
            x = frame.x(n) + thickness * (s - len(chart.series) / 2)
            if value:
                yield _bar(chart, s, n, (x, frame.y(max(value, 0)), thickness, abs(frame.y(value) - frame.y(0))))


def _stacked(chart: Chart, frame: _Frame) -> Iterator[SafeString]:
    thickness = min(46.0, frame.slot * 0.72)
    for n in range(len(chart.labels)):
        below = 0.0
        for s, series in enumerate(chart.series):
            value = float(series.values[n] or 0)
            if value:
                top, bottom = frame.y(below + value), frame.y(below)
                yield _bar(chart, s, n, (frame.x(n) - thickness / 2, top, thickness, bottom - top))
            below += value


def _bar(chart: Chart, s: int, n: int, box: tuple[float, float, float, float]) -> SafeString:
    x, y, width, height = (round(number, 1) for number in box)
    return format_html(
        '<rect class="fill-{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
        s + 1, x, y, max(width, 0.5), max(height, 0.5), _said(chart, s, n),
    )  # fmt: skip


def _said(chart: Chart, s: int, n: int) -> str:
    """What stands at one place: "2026-11-02, Received: 12"."""
    value = chart.series[s].values[n]
    number = "–" if value is None else tick_text(Decimal(str(value)), chart.unit)
    return f"{chart.labels[n]}, {chart.series[s].label}: {number}"


MARKERS = ("M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0", "M-4,-4h8v8h-8z", "M0,-5l5,5l-5,5l-5,-5z", "M0,-5l5,9h-10z")
"""One shape for each line, so that colour is not all that tells them apart."""


def _lines(chart: Chart, frame: _Frame) -> Iterator[SafeString]:
    for s, series in enumerate(chart.series):
        for run in _runs(series.values):
            points = " ".join(f"{frame.x(n):.1f},{frame.y(value):.1f}" for n, value in run)
            yield format_html('<polyline class="line-{}" points="{}"/>', s + 1, points)
            for n, value in run:
                place = f"{frame.x(n):.1f},{frame.y(value):.1f}"
                yield format_html('<path class="fill-{}" transform="translate({})" d="{}"><title>{}</title></path>',
                                  s + 1, place, MARKERS[s % len(MARKERS)], _said(chart, s, n))  # fmt: skip


def _runs(values: Sequence[Number | None]) -> list[list[tuple[int, Number]]]:
    """Neighbours that are known: a line does not cross what is not."""
    runs: list[list[tuple[int, Number]]] = [[]]
    for n, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((n, value))
    return [run for run in runs if run]


# --- lying: one bar under each long label ----------------------------------------------------------------------------


def _lying(chart: Chart, width: int) -> tuple[int, Iterator[SafeString]]:
    return LINE * len(chart.labels) + 8, _lying_bars(chart, width)


def _lying_bars(chart: Chart, width: int) -> Iterator[SafeString]:
    most = _range(chart)[1] or 1.0
    room = width - RIGHT - 12 - _length(tick_text(Decimal(str(most)), chart.unit))
    for n, label in enumerate(chart.labels):
        y, x = LINE * n, 0.0
        yield format_html('<text class="label" x="0" y="{}">{}</text>', y + 14, label)
        for s, series in enumerate(chart.series):
            length = float(series.values[n] or 0) / most * room
            if length:
                yield _bar(chart, s, n, (x, y + 20, length, 16))
            x += length
        total = sum(Decimal(str(series.values[n] or 0)) for series in chart.series)
        text = tick_text(Decimal(total), chart.unit)
        yield format_html('<text x="{}" y="{}">{}</text>', round(x + 6, 1), y + 32, text)


def _length(text: str) -> float:
    """About how many pixels a text takes."""
    return sum(LETTER if ord(letter) < 0x2E80 else WIDE_LETTER for letter in text)
