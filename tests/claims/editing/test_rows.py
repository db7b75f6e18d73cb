"""Lines are added, duplicated, split, moved and removed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from claims import guards
from claims.editing.rows import RowAction, change_rows
from claims.editing.undo import undo
from claims.models import Document, LineItem, User

pytestmark = pytest.mark.django_db


def names(document: Document) -> list[str]:
    rows = LineItem.objects.filter(document=document).order_by("n")
    assert [row.n for row in rows] == list(range(len(rows)))
    return [row.ocr_name for row in rows]


def test_lines_are_added_duplicated_split_moved_and_removed(invoice: Document, line: LineItem, reviewer: User) -> None:
    def do(what: RowAction, row: int | None = None, n: int | None = None) -> None:
        change_rows(document=invoice, user=reviewer, table="line_items", what=what, row=row, n=n)

    do(RowAction.ADD, n=0)
    assert names(invoice) == ["", "阿莫西林胶囊", "替格瑞洛片", "左氧氟沙星片", "留置针"]
    do(RowAction.DUPLICATE, line.pk)
    do(RowAction.SPLIT, line.pk)
    assert names(invoice) == ["", "阿莫西林胶囊", "替格瑞洛片", "替格瑞洛片", "替格瑞洛片", "左氧氟沙星片", "留置针"]
    prices = LineItem.objects.order_by("n").values_list("price", flat=True)
    assert list(prices)[2:5] == [Decimal(50), None, Decimal(50)]
    do(RowAction.MOVE, line.pk, 6)
    assert names(invoice)[-1] == "替格瑞洛片"
    do(RowAction.DELETE, line.pk)
    assert len(names(invoice)) == 6
    for _step in range(5):
        undo(document=invoice, user=reviewer)
    assert names(invoice) == ["阿莫西林胶囊", "替格瑞洛片", "左氧氟沙星片", "留置针"]
    assert LineItem.objects.get(n=1).pk == line.pk


def test_a_line_action_on_a_list_that_the_document_has_not_is_refused(invoice: Document, reviewer: User) -> None:
    with pytest.raises(guards.Refused):
        change_rows(document=invoice, user=reviewer, table="health_values", what=RowAction.ADD)
