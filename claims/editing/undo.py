"""Taking back and doing again. Nothing is erased: taking back an action is an action of its own in the record.

An action that was taken back is linked from the one that took it back (`Correction.undoes`); doing it again takes back
the taking back, and so on: a chain, of which only the last link can be reversed.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims import guards
from claims.editing.actions import Action, Clash, Conflict, action
from claims.models import Correction, Document, InvoiceHeader, User
from claims.working_values import sources
from claims.working_values.cells import HEADER, Cell, ListRow, Row, column_of, from_shown, shown, type_of, value_in
from claims.working_values.snapshots import restore, values_of


class NothingLeft(guards.Refused):
    """There is nothing of this person's to take back or to do again."""


@dataclass(frozen=True, slots=True)
class Chain:
    """One action and the last link of those that took it back and did it again."""

    root: Sequence[Correction]
    tip: Sequence[Correction]
    in_force: bool


def chains(corrections: Sequence[Correction]) -> list[Chain]:
    """Every action of a document's record, oldest first. `corrections` in the order they were made."""
    batches: dict[uuid.UUID, list[Correction]] = {}
    for correction in corrections:
        batches.setdefault(correction.batch, []).append(correction)
    batch_of = {correction.pk: correction.batch for correction in corrections}
    reversed_by = {batch_of[item.undoes_id]: item.batch for item in corrections if item.undoes_id}
    roots = [batch for batch in batches.values() if batch[0].undoes_id is None]
    return [_chain(root, batches, reversed_by) for root in roots]


def _chain(
    root: list[Correction], batches: dict[uuid.UUID, list[Correction]], reversed_by: dict[uuid.UUID, uuid.UUID]
) -> Chain:
    tip, in_force = root, True
    while tip[0].batch in reversed_by:
        tip, in_force = batches[reversed_by[tip[0].batch]], not in_force
    return Chain(root, tip, in_force)


def undone(links: Sequence[tuple[int, uuid.UUID, int | None]]) -> frozenset[int]:
    """Ids of the corrections that are not in force. `links`: id, batch, and id of the one it takes back, of each."""
    batch_of = {pk: batch for pk, batch, _ in links}
    reversed_by = {batch_of[undoes]: batch for _, batch, undoes in links if undoes}
    if not reversed_by:
        return frozenset()
    return frozenset(pk for pk, batch, undoes in links if undoes is None and _is_reversed(batch, reversed_by))


def _is_reversed(batch: uuid.UUID, reversed_by: Mapping[uuid.UUID, uuid.UUID]) -> bool:
    """Taken back, and not done again since."""
    times = 0
    while batch in reversed_by:
        batch, times = reversed_by[batch], times + 1
    return times % 2 == 1


def undo(*, document: Document, user: User, batch: uuid.UUID | None = None, key: uuid.UUID | None = None) -> Action:
    """Takes back the person's own latest action, or the given one of anybody.

    Raises `NothingLeft`; `actions.Conflict` when somebody changed one of the values since; `actions.AlreadyDone`;
    `guards.Refused`.
    """
    with action(document=document, user=user, why=Correction.Why.UNDO, key=key) as work:
        known = chains(list(document.corrections.order_by("id")))
        if batch is None:
            mine = [chain for chain in known if chain.in_force and _is_typed_by(chain, user)]
        else:
            mine = [chain for chain in known if chain.in_force and chain.root[0].batch == batch]
        _reverse(work, _last(mine), known)
    return work


def redo(*, document: Document, user: User, key: uuid.UUID | None = None) -> Action:
    """Does again what the person took back last, unless they changed something else since. Raises as `undo` does."""
    with action(document=document, user=user, why=Correction.Why.UNDO, key=key) as work:
        known = chains(list(document.corrections.order_by("id")))
        mine = [chain for chain in known if _is_typed_by(chain, user)]
        newest = max((chain.root[-1].pk for chain in mine), default=0)
        again = [chain for chain in mine if not chain.in_force and chain.tip[0].pk > newest]
        _reverse(work, _last(sorted(again, key=lambda chain: chain.tip[0].pk)), known)
    return work


def _is_typed_by(chain: Chain, user: User) -> bool:
    return chain.root[0].user_id == user.pk and chain.root[0].why != Correction.Why.REREAD


def _last(found: Sequence[Chain]) -> Chain:
    if not found:
        raise NothingLeft(_("There is nothing to take back."))
    if found[-1].root[0].why == Correction.Why.REREAD:
        raise guards.Refused(_("Another reading cannot be taken back: ask for a new one, or type the value."))
    return found[-1]


def _reverse(work: Action, chain: Chain, known: Sequence[Chain]) -> None:
    """The last change first. Nothing is done if one of the values is no longer what this action made it."""
    clashes = [clash for n, item in enumerate(chain.tip) if (clash := _clash(work, item, chain.tip[n + 1 :]))]
    if clashes:
        raise Conflict(clashes)
    others = [other for other in known if other is not chain and other.in_force]
    for item in reversed(chain.tip):
        cell = Cell.parse(item.cell)
        if cell.column:
            _put_back(work, cell, item, () if chain.in_force else chain.root, others)
        else:
            _reverse_row(work, cell, item)


def _clash(work: Action, item: Correction, later: Sequence[Correction]) -> Clash | None:
    """Whether what this change made is no longer there. `later`: the changes after it in the same action."""
    cell = Cell.parse(item.cell)
    row = work.values.row(cell)
    if row is None:
        whole = str(Cell(cell.table, cell.row))
        removed_here = any(entry.cell == whole and entry.new is None for entry in (item, *later))
        return None if removed_here else Clash(item.cell, _text(item.old), None, "", work.document.revision)
    if cell.column:
        return _value_clash(cell, row, item)
    if item.old is None and not isinstance(row, InvoiceHeader) and values_of(row) != _made(item, later):
        return Clash(item.cell, None, ", ".join(values_of(row).values()), _editor(row), work.document.revision)
    return None


def _made(item: Correction, later: Sequence[Correction]) -> dict[str, str]:
    """The values of an added row at the end of the action that added it."""
    values = dict(item.new["values"])
    values |= {Cell.parse(entry.cell).column: entry.new for entry in later if entry.cell.startswith(f"{item.cell}/")}
    return {name: text for name, text in values.items() if text is not None}


def _value_clash(cell: Cell, row: Row, item: Correction) -> Clash | None:
    now = shown(value_in(row, cell.column), type_of(row, column_of(cell)))
    if now == item.new:
        return None
    stored = sources.of(row, cell.column) or {}
    return Clash(item.cell, item.old, now, stored.get("by", ""), sources.revision_of(row, cell.column))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _editor(row: Row) -> str:
    newest = max(row.sources.values(), key=lambda stored: stored["revision"], default={"by": ""})
    return str(newest["by"])


def _put_back(work: Action, cell: Cell, item: Correction, again: Sequence[Correction], others: Sequence[Chain]) -> None:
    """`again`: the action that is done again; its values are typed once more."""
    row, column = work.values.row(cell), column_of(cell)
    if row is None:  # the row came and went within this very action
        return
    typed = [entry for chain in others for entry in chain.root if entry.cell == item.cell and entry.user_id]
    source = _source_before(work, row, cell, [*typed, *again][-1:])
    work.set_value(row, column, from_shown(item.old, type_of(row, column)), source=source, undoes=item)


def _source_before(work: Action, row: Row, cell: Cell, typed: Sequence[Correction]) -> sources.Stored | None:
    """Typed by whoever typed it before; or else as it was read."""
    stored = sources.of(row, cell.column)
    if typed:
        return sources.of_person(stored, by=typed[0].person, revision=work.document.revision)
    return sources.as_read(stored, revision=work.document.revision) if stored else None


def _reverse_row(work: Action, cell: Cell, item: Correction) -> None:
    row = work.values.row(cell)
    if item.new is None:
        kept = restore(cell.table, item.old, document=work.document, pk=cell.row)
        work.insert_row(cell.table, kept, item.old["n"], undoes=item)
    elif row is not None and cell.table != HEADER:
        line: ListRow = row  # type: ignore[assignment] # a row of a list, never the header
        if item.old is None:
            work.delete_row(line, undoes=item)
        else:
            work.move_row(line, item.old["n"], undoes=item)
