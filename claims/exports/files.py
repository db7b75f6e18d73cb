"""A claim, or several, as a file: JSON, CSV, XLSX, FHIR. Every export is permitted, masked and on record here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claims import audit
from claims.exports.as_json import to_json
from claims.exports.fhir.bundle import to_bundle
from claims.exports.gather import ClaimFile, gather_all
from claims.exports.spreadsheets import to_csv, to_xlsx
from claims.exports.tables import tables, together
from claims.masking import hide
from claims.models import Claim, User
from claims.permissions import Permission, require
from ocr_providers.exact_json import dumps

Mask = Callable[[Any], Any]
Files = Sequence[ClaimFile]


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of file. `write` gets the claims, what masks a value, and the desk's own address."""

    suffix: str
    media_type: str
    write: Callable[[Files, Mask, str], str | bytes]


@dataclass(frozen=True, slots=True)
class Written:
    """A file to hand out."""

    name: str
    media_type: str
    content: str | bytes


def _json(files: Files, mask: Mask, _desk: str) -> str:
    """One claim as itself; several under `claims`."""
    written = [mask(to_json(file)) for file in files]
    return dumps(written[0] if len(written) == 1 else {"claims": written}, indent=1)


def _fhir(files: Files, mask: Mask, desk: str) -> str:
    (file,) = files
    return dumps(mask(to_bundle(file, desk)), indent=1)


def _tables(files: Files, mask: Mask) -> Any:
    return together([tables(file, mask) for file in files])


FORMS: Mapping[str, Form] = {
    "json": Form("json", "application/json", _json),
    "csv": Form("csv", "text/csv; charset=utf-8", lambda files, mask, _desk: to_csv(_tables(files, mask))),
    "xlsx": Form(
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda files, mask, _desk: to_xlsx(_tables(files, mask)),
    ),
    "fhir": Form("fhir.json", "application/fhir+json", _fhir),
}
SEVERAL = ("csv", "xlsx", "json")
"""Forms that hold several claims in one file."""


def export(claims: Sequence[Claim], *, form: str, user: User, desk: str, in_full: bool = False) -> Written:
    """The claims as they stand, the log's entry of each made. `desk`: its address, without a slash at the end.

    `in_full` writes identity numbers in full, for those who may reveal them; they are masked otherwise. Raises
    `PermissionDenied`. The policies and plans should be selected with the claims.
    """
    require(user, Permission.EXPORT)
    if in_full:
        require(user, Permission.REVEAL)
    kind, files = FORMS[form], gather_all(claims)
    numbers = set() if in_full else {number for file in files for number in file.identity_numbers()}
    content = kind.write(files, lambda value: hide(value, numbers), desk)
    for claim in claims:
        audit.record(person=user, action="claim.exported", claim=claim, subject=form, detail={"in_full": in_full})
    name = f"claim-{claims[0].number}" if len(claims) == 1 else f"claims-{len(claims)}"
    return Written(f"{name}.{kind.suffix}", kind.media_type, content)
