"""Files come in: recognised by content, kept as they came, queued to be read.

The work is in two steps, so that no transaction waits for a decoder: `check_file` looks at the file and stores it;
`add_document` makes it part of a claim. `receive_file` does both.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from claims import audit, storage
from claims.deciding import papers
from claims.filing import duplicates
from claims.guards import EDITABLE
from claims.models import Claim, Document, Duplicate, User
from claims.processing import reading
from claims.queueing import claim_figures
from ocr_providers.documents import DocumentInfo, configured_limits, inspect
from ocr_providers.exceptions import UnsupportedDocument

LONGEST_NAME = 255


class UploadRefused(Exception):
    """Nothing was taken in. `str(error)` is the reason, without the file's name: that may be a patient's."""

    def __init__(self, name: str, reason: str, code: str) -> None:
        super().__init__(reason)
        self.name = name
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """A file that can be decoded; its bytes are in the store already."""

    name: str = field(repr=False)
    sha256: str
    byte_size: int
    info: DocumentInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    document: Document
    is_new: bool
    """`False`: the claim already had these bytes, and this is that document."""
    duplicates: tuple[Duplicate, ...]
    """The same bytes in other claims."""


def receive_file(
    *,
    claim: Claim,
    file: File[bytes] | bytes,
    name: str,
    user: User | None,
    kind: str = Document.Kind.AUTO,
) -> Received:
    """Takes one file into a claim. Raises `UploadRefused`. `user`: `None` for a program (import, demo)."""
    return add_document(claim=claim, checked=check_file(file, name), user=user, kind=kind)


def check_file(file: File[bytes] | bytes, name: str) -> CheckedFile:
    """Decodes the file within the desk's limits and stores its bytes. Raises `UploadRefused`."""
    name = clean_name(name)
    content = _bytes_of(file, name)
    try:
        info = inspect(content, configured_limits())
    except UnsupportedDocument as error:
        raise UploadRefused(name, str(error), error.code) from error
    digest = hashlib.sha256(content).hexdigest()
    storage.put(storage.original_key(digest), content)
    return CheckedFile(name=name, sha256=digest, byte_size=len(content), info=info)


def clean_name(name: str) -> str:
    """The last part of the name, without control characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(character for character in last if unicodedata.category(character)[0] != "C").strip()
    return shown[-LONGEST_NAME:] or _("unnamed")


def _bytes_of(file: File[bytes] | bytes, name: str) -> bytes:
    opened = ContentFile(file) if isinstance(file, bytes) else file
    if opened.size > settings.UPLOAD_MAX_BYTES:  # before it is read into memory
        limit = settings.UPLOAD_MAX_BYTES // 2**20
        raise UploadRefused(name, _("The file is larger than %(limit)d MB.") % {"limit": limit}, "too-large")
    opened.seek(0)
    content: bytes = opened.read()
    return content


@transaction.atomic
def add_document(*, claim: Claim, checked: CheckedFile, user: User | None, kind: str = Document.Kind.AUTO) -> Received:
    """The claim gets the document, the queue gets its reading. Raises `UploadRefused` for a closed claim."""
    _hold_open(claim, checked)
    document, is_new = Document.objects.get_or_create(
        claim=claim,
        sha256=checked.sha256,
        defaults={
            "media_type": checked.info.media_type,
            "byte_size": checked.byte_size,
            "original_name": checked.name,
            "kind": kind,
            "page_count": checked.info.page_count,
            "uploaded_by": user,
        },
    )
    found = duplicates.link_same_bytes(document)
    if is_new:  # what was there already is no answer to a request for papers
        papers.came(claim, user=user)
        reading.enqueue(document)
        claim_figures.update(claim.pk)
    audit.record(
        person=user or audit.SYSTEM,
        action="document.received" if is_new else "document.received-again",
        document=document,
        detail={"sha256": checked.sha256, "pages": checked.info.page_count, "same": [twin.other_id for twin in found]},
    )
    return Received(document=document, is_new=is_new, duplicates=tuple(found))


def _hold_open(claim: Claim, checked: CheckedFile) -> None:
    """Holds the claim until the transaction ends. What a second person checks is what the first one saw."""
    if not Claim.objects.filter(pk=claim.pk, status__in=EDITABLE).update(version=F("version") + 1):
        raise UploadRefused(checked.name, _why_closed(claim), "claim-closed")
    claim.refresh_from_db(fields=["version", "status"])


def _why_closed(claim: Claim) -> str:
    if Claim.objects.filter(pk=claim.pk, status=Claim.Status.CHECKING).exists():
        return _("Claim %(number)s waits for a second person: papers can be added when they have answered.") % {
            "number": claim.number
        }
    return _("Claim %(number)s is decided: reopen it, or open another one.") % {"number": claim.number}
