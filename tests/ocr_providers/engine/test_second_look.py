"""Which amounts are looked at again, and what a second look that differs does to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from ocr_providers.engine import second_look
from ocr_providers.engine.invoice import read_invoice
from ocr_providers.engine.words import PageWords, Word
from tests.ocr_providers.engine.paper import page, rows

FORM = rows(
    (100, ((60, "浙江省医疗门诊收费票据"),)),
    (300, ((60, "西药费 100.90"), (500, "化验费 300.00"))),
    (400, ((60, "合计（小写）400.90"),)),
    (500, ((60, "个人自付：93.22"),)),
)
SELF_PAY = "/payments_info/0/amount"
Looks = Callable[[dict[str, str]], list[str]]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    """Makes second looks read other texts than the first; gives the texts of the boxes that were looked at."""

    def differ(others: dict[str, str]) -> list[str]:
        seen: list[str] = []

        def look_again(read: PageWords, quads: Sequence[Any]) -> list[Word]:
            looked_at = [word for quad in quads for word in read.words if abs(word.quad[0] - quad[0]).max() < 20]
            seen.extend(word.text for word in looked_at)
            return [replace(word, text=others.get(word.text, word.text)) for word in looked_at]

        monkeypatch.setattr(second_look, "look_again", look_again)
        return seen

    return differ


def test_only_amounts_that_nothing_proves_are_looked_at(looks: Looks) -> None:
    seen = looks({})
    read = page(*FORM)
    invoice = read_invoice([read])
    assert second_look.with_second_look(invoice, [read]) == invoice
    assert seen == ["个人自付：93.22"]


def test_an_amount_that_two_looks_read_differently_is_as_sure_as_one_of_two(looks: Looks) -> None:
    looks({"个人自付：93.22": "个人自付：98.22"})
    read = page(*FORM)
    invoice = second_look.with_second_look(read_invoice([read]), [read])
    assert invoice.payments_info[0].amount == Decimal("93.22")
    assert invoice.sources[SELF_PAY].score == 0.5
    assert "个人自付:98.22" in invoice.sources[SELF_PAY].alternatives


def test_a_sum_that_fails_proves_none_of_its_amounts(looks: Looks) -> None:
    seen = looks({})
    wrong = rows((300, ((60, "西药费 100.90"), (500, "化验费 380.00"))))
    read = page(*FORM[:1], *wrong, *FORM[3:])
    second_look.with_second_look(read_invoice([read]), [read])
    assert sorted(seen) == sorted(["西药费 100.90", "化验费 380.00", "合计（小写）400.90", "个人自付：93.22"])


def test_a_box_with_room_is_larger_on_all_sides() -> None:
    quad = FORM[0].quad
    roomy = second_look.with_room(quad)
    assert (roomy[0] < quad[0]).all()
    assert (roomy[2] > quad[2]).all()
