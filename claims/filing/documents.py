"""Small verbs on one document: turn a page, pin a value to its place, confirm a partial reading, reveal a number."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from claims import audit, guards
from claims.models import Document, Page, User
from claims.permissions import Permission, require
from claims.working_values import sources
from claims.working_values.cells import Cell, column_of, value_in
from claims.working_values.values import load_values
from ocr_providers.results import Box

RIGHT_ANGLES = (0, 90, 180, 270)


def rotate_page(*, document: Document, user: User, index: int, rotation: int) -> None:
    """How the page stands on the screen from now on, degrees clockwise. Boxes stay in unrotated pixels."""
    require(user, Permission.CORRECT)
    if rotation not in RIGHT_ANGLES:
        raise guards.Refused(_("A page turns by right angles."))
    if not Page.objects.filter(document=document, index=index).update(rotation=rotation):
        raise guards.Refused(_("There is no such page."))


@transaction.atomic
def confirm_partial(*, document: Document, user: User) -> None:
    """A person looked at a document that was read only in part, and vouches for its values."""
    guards.open_for_edits(document, user=user)
    document.partial_confirmed = True
    document.save(update_fields=["partial_confirmed"])
    audit.record(person=user, action="document.partial-confirmed", document=document)


@transaction.atomic
def pin(*, document: Document, user: User, cell: Cell, box: Box) -> None:
    """A person shows where a value stands on the paper. The value and who read it stay as they are."""
    guards.open_for_edits(document, user=user)
    row = load_values(document).row(cell) if cell.column else None
    source = sources.of(row, cell.column) if row else None
    if row is None or source is None:
        raise guards.Refused(_("There is no value here that could stand on the paper."))
    if not _is_on_page(document, box):
        raise guards.Refused(_("This place is not on the page."))
    row.sources[cell.column] = sources.placed(source, box, sources.PINNED, revision=document.revision)
    row.save(update_fields=["sources"])
    audit.record(person=user, action="value.pinned", document=document, subject=str(cell))


def _is_on_page(document: Document, box: Box) -> bool:
    page = Page.objects.filter(document=document, index=box.page, width__gte=box.right, height__gte=box.bottom)
    return page.exists()


@transaction.atomic
def reveal(*, document: Document, user: User, cell: Cell) -> str | None:
    """A masked value in full. Who saw it is on record. Raises `guards.Refused` for a value that is not masked."""
    require(user, Permission.REVEAL)
    if not cell.column or not column_of(cell).identity:
        raise guards.Refused(_("This value is not masked."))
    row = load_values(document).row(cell)
    value = value_in(row, cell.column) if row else None
    audit.record(person=user, action="value.revealed", document=document, subject=str(cell))
    return None if value is None else str(value)
