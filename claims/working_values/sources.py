"""Where one working value came from, as its row keeps it (`models.values`): small, empty parts left out.

`revision` is the document's revision at which the value last changed. An edit names the revision that the person saw; a
value that changed since then is a conflict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from claims.working_values.cells import Row
from ocr_providers.arithmetic import SURE
from ocr_providers.results import Box, Source

Stored: TypeAlias = dict[str, Any]
"""`{"origin": "read" | "derived" | "typed", "text", "score", "rect", "page", "alternatives", "by", "revision", …}`.

`exact`: the digits of a number that its column rounds. `placed`: who found the box, unless the provider gave it;
`candidates`: where it may stand, [page, left, top, right, bottom] each; `placed_at`: the document's revision then.
`was`: of a typed value, who read it before."""

READ, DERIVED, TYPED = "read", "derived", "typed"
PINNED, LOCATED = "pinned", "located"
"""Where a box did not come from the provider: a person drew it; our engine found the text there."""
SEVERAL, NOWHERE = "several", "nowhere"
"""Our engine looked for it, and it may stand at several places, or it found none."""


def of_reading(source: Source, *, by: str, revision: int) -> Stored:
    """`by`: name of the account that read the document."""
    stored: Stored = {"origin": DERIVED if source.derived else READ, "by": by, "revision": revision}
    if source.text:
        stored["text"] = source.text
    if source.score is not None:
        stored["score"] = round(source.score, 4)
    if source.box:
        stored |= {"rect": source.box.rect, "page": source.box.page}
    if source.alternatives:
        stored["alternatives"] = list(source.alternatives)
    return stored


def of_person(before: Stored | None, *, by: str, revision: int) -> Stored:
    """A typed value. What was read there stays beside it: the crop is still worth seeing, and a correction may be
    taken back."""
    if before is None:
        return {"origin": TYPED, "by": by, "revision": revision, "was": None}
    said = {key: before[key] for key in ("origin", "by", "exact") if key in before}
    kept = {key: part for key, part in before.items() if key not in ("exact", "was")}
    return {**kept, "origin": TYPED, "by": by, "revision": revision, "was": before.get("was", said)}


def placed(stored: Stored, box: Box, placed_by: str, *, revision: int) -> Stored:
    """With a place on the paper. The value has not changed, and so its revision has not."""
    place = {"rect": box.rect, "page": box.page, "placed": placed_by, "placed_at": revision}
    return {key: part for key, part in stored.items() if key != "candidates"} | place


def looked_for(stored: Stored, boxes: Sequence[Box], *, revision: int) -> Stored:
    """After our engine looked for the value: its place, the places where it may stand, or that there is none."""
    if len(boxes) == 1:
        return placed(stored, boxes[0], LOCATED, revision=revision)
    if not boxes:
        return {**stored, "placed": NOWHERE, "placed_at": revision}
    candidates = [[box.page, *box.rect] for box in boxes]
    return {**stored, "placed": SEVERAL, "placed_at": revision, "candidates": candidates}


def is_without_place(stored: Stored) -> bool:
    """Whether nobody has said where it stands, or that it stands nowhere."""
    return stored["origin"] != DERIVED and "rect" not in stored and "placed" not in stored


def as_read(typed: Stored, *, revision: int) -> Stored | None:
    """The source before anybody typed; `None` when nothing was read there."""
    was = typed.get("was")
    if was is None:
        return None
    return {**{key: part for key, part in typed.items() if key != "was"}, **was, "revision": revision}


def to_result(stored: Stored) -> Source:
    """As `results.Source`, for rules and exports."""
    rect = stored.get("rect")
    return Source(
        text=stored.get("text", ""),
        score=stored.get("score"),
        box=Box(rect[0], rect[1], rect[2], rect[3], stored.get("page", 0)) if rect else None,
        derived=stored.get("origin") == DERIVED,
        alternatives=tuple(stored.get("alternatives", ())),
    )


def of(row: Row, column: str) -> Stored | None:
    sources: Mapping[str, Stored] = row.sources
    return sources.get(column)


def revision_of(row: Row, column: str) -> int:
    """0 for a value that nobody has read or typed."""
    stored = of(row, column)
    return int(stored["revision"]) if stored else 0


def is_typed(row: Row, column: str) -> bool:
    stored = of(row, column)
    return stored is not None and stored["origin"] == TYPED


def is_doubtful(stored: Stored) -> bool:
    """Read with low confidence, or with another reading beside it: all that rules want to know of a source."""
    return bool(stored.get("alternatives")) or stored.get("score", 1) < SURE


def exact_value(row: Row, column: str, value: Decimal) -> Decimal:
    """A number with more digits than its column holds is kept beside it, digit for digit."""
    stored = of(row, column)
    return Decimal(stored["exact"]) if stored and "exact" in stored else value
