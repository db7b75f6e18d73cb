"""Charts tell the truth: from zero, on round numbers, with every value where it belongs."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.reports.charts import NARROW, WIDE, Chart, Kind, Series, draw
from claims.reports.ticks import tick_text, ticks

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 23, [0, 10, 20, 30]),
        (0, 100, [0, 50, 100]),
        (0, 4, [0, 1, 2, 3, 4]),
        (-20, 40, [-20, 0, 20, 40]),
        (0, 0.3, [0, "0.1", "0.2", "0.3"]),
        (0, 0, [0, "0.5", 1]),
        (40, 48, [0, 20, 40, 60]),
    ],
)
def test_an_axis_has_round_numbers_and_holds_zero(low: float, high: float, expected: list[Any]) -> None:
    assert ticks(low, high) == [Decimal(str(mark)) for mark in expected]


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_every_value_lies_on_the_axis_and_there_are_few_marks(one: float, other: float) -> None:
    marks = ticks(min(one, other), max(one, other))
    assert marks[0] <= Decimal(min(one, other, 0)) + Decimal("1e-9")
    assert marks[-1] >= Decimal(max(one, other, 0)) - Decimal("1e-9")
    assert Decimal(0) in marks
    assert 2 <= len(marks) <= 9


def test_a_number_is_written_without_needless_digits() -> None:
    assert [tick_text(Decimal(text)) for text in ("1200.00", "0.50", "-3", "1E+3")] == ["1,200", "0.5", "-3", "1,000"]
    assert tick_text(Decimal("50.0"), " %") == "50 %"


def chart(kind: Kind, *series: list[Any], labels: int = 3) -> Chart:
    named = [Series(f"s{n}", values) for n, values in enumerate(series)]
    return Chart(name="x", title="Title <b>", kind=kind, labels=[f"l{n}" for n in range(labels)], series=named)


def parsed(made: Chart, width: int = WIDE) -> ElementTree.Element:
    picture = draw(made, width).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return ElementTree.fromstring(picture)  # noqa: S314 - our own


def bars(made: Chart) -> dict[str, tuple[float, float, float, float]]:
    """x, y, width and height of each bar by what it says."""
    return {
        str(rect.findtext(f"{SVG}title")): (
            float(rect.attrib["x"]), float(rect.attrib["y"]), float(rect.attrib["width"]), float(rect.attrib["height"]),
        )
        for rect in parsed(made).iter(f"{SVG}rect")
    }  # fmt: skip


def zero(made: Chart) -> float:
    return next(float(line.attrib["y1"]) for line in parsed(made).iter(f"{SVG}line") if line.attrib["class"] == "zero")


def test_bars_begin_at_zero_and_are_as_long_as_their_values() -> None:
    made = chart(Kind.BARS, [10, 20, None], [5, 0, -10])
    found, base = bars(made), zero(made)
    assert set(found) == {"l0, s0: 10", "l1, s0: 20", "l0, s1: 5", "l2, s1: -10"}
    lengths = {said: height for said, (_x, _y, _width, height) in found.items()}
    assert lengths["l1, s0: 20"] == pytest.approx(2 * lengths["l0, s0: 10"], abs=0.2)
    assert lengths["l2, s1: -10"] == pytest.approx(lengths["l0, s0: 10"], abs=0.2)
    assert found["l0, s0: 10"][1] + lengths["l0, s0: 10"] == pytest.approx(base, abs=0.2)
    assert found["l2, s1: -10"][1] == pytest.approx(base, abs=0.2)


def test_stacked_bars_stand_on_each_other() -> None:
    made = chart(Kind.STACKED, [10, 0, 0], [5, 5, 0])
    found, base = bars(made), zero(made)
    _x, y, _width, height = found["l0, s0: 10"]
    assert y + height == pytest.approx(base, abs=0.2)
    assert found["l0, s1: 5"][1] + found["l0, s1: 5"][3] == pytest.approx(y, abs=0.2)
    assert found["l1, s1: 5"][3] == pytest.approx(height / 2, abs=0.2)


def test_lying_bars_are_as_long_as_their_values_and_say_their_sum() -> None:
    made = chart(Kind.LYING, [30, 10, 0], [10, 10, 0])
    found = bars(made)
    assert found["l0, s0: 30"][2] == pytest.approx(3 * found["l0, s1: 10"][2], abs=0.3)
    assert found["l0, s1: 10"][0] == pytest.approx(found["l0, s0: 30"][2], abs=0.2)
    texts = [text.text for text in parsed(made).iter(f"{SVG}text")]
    assert texts == ["l0", "40", "l1", "20", "l2", "0"]


def test_a_line_does_not_cross_what_is_not_known() -> None:
    picture = parsed(chart(Kind.LINES, [1, None, 3]))
    assert [len(line.attrib["points"].split()) for line in picture.iter(f"{SVG}polyline")] == [1, 1]
    assert len(list(picture.iter(f"{SVG}path"))) == 2


def test_a_share_is_drawn_against_the_whole() -> None:
    made = Chart(name="x", title="t", kind=Kind.LINES, labels=["a"], series=[Series("s", [12])], unit=" %", top=100)
    assert "100 %" in draw(made, WIDE)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_kind_is_an_image_with_a_name_and_needs_no_inline_style(kind: Kind, width: int) -> None:
    made = chart(kind, [1, 2, 3], [3, 2, 1])
    picture = parsed(made, width)
    assert picture.attrib["role"] == "img"
    names = picture.attrib["aria-labelledby"].split()
    assert [node.attrib["id"] for node in picture if "id" in node.attrib] == names
    assert picture.findtext(f"{SVG}title") == "Title <b>"
    assert not re.search(r"\sstyle=|<script|<style|\son\w+=", draw(made, width))
    assert made.wide != made.narrow


def test_labels_that_do_not_fit_are_left_out_and_the_last_one_stays() -> None:
    made = chart(Kind.BARS, list(range(60)), labels=60)
    texts = [text.text for text in parsed(made, NARROW).iter(f"{SVG}text") if text.attrib["class"] == "middle"]
    assert texts[-1] == "l59"
    assert len(texts) < 20


def test_a_chart_without_values_is_known_as_empty() -> None:
    assert chart(Kind.BARS, [0, None, 0]).is_empty
    assert not chart(Kind.BARS, [0, None, -1]).is_empty
    assert draw(chart(Kind.STACKED, [0, 0, 0]), WIDE)
    assert draw(Chart(name="x", title="t", kind=Kind.LYING, labels=[], series=[]), WIDE)
