"""Intake from a folder, restartable: what came in before is not added a second time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from claims import intake
from claims.models import Claim, Document
from claims.receiving.uploads import Received, UploadRefused, add_document, check_file

EXTENSIONS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif", ".pdf"})


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file."""

    path: Path
    document: Document | None
    is_new: bool = False
    problem: str = ""
    twins: tuple[str, ...] = ()
    """Claims that have the same bytes."""


def import_folder(folder: Path, claim: Claim | None = None) -> Iterator[Imported]:
    """Each picture and PDF under `folder`, in the order of their names.

    With a claim all documents join it. Without one each file opens a claim of its own, unless an import made one of
    it: the second run finds what the first one did. The same bytes that came in another way, or under another name,
    are another request: taken in, and linked as a possible duplicate.
    """
    inside = folder.resolve()
    for path in sorted(path for path in folder.rglob("*") if path.suffix.casefold() in EXTENSIONS and path.is_file()):
        if not path.resolve().is_relative_to(inside):  # whoever may write here may not read all that we may
            yield Imported(path, None, problem=_("The link leads out of the folder."))
            continue
        try:
            yield _import_file(path, claim)
        except UploadRefused as refusal:
            yield Imported(path, None, problem=str(refusal))
        except OSError as error:
            yield Imported(path, None, problem=error.strerror or str(error))


def _import_file(path: Path, claim: Claim | None) -> Imported:
    with path.open("rb") as opened:
        checked = check_file(File(opened, name=path.name), path.name)
    if claim is None:
        same = Document.objects.filter(sha256=checked.sha256, original_name=checked.name, uploaded_by=None)
        known = same.select_related("claim").order_by("id").first()
        if known:
            return Imported(path, known)
    with transaction.atomic():  # a run that is interrupted leaves no claim without its document
        received = add_document(claim=claim or intake.open_claim(user=None), checked=checked, user=None)
    return Imported(path, received.document, received.is_new, twins=_named(received))


def _named(received: Received) -> tuple[str, ...]:
    """Claims that have the same bytes."""
    return tuple(twin.other.claim.number for twin in received.duplicates)
