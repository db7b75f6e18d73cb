"""What the catalogue knows about the lines: names mended, categories and classes that the form does not print."""

from __future__ import annotations

from collections.abc import Sequence

from ocr_providers.engine.catalogue import Catalogue, Entry, category_among
from ocr_providers.engine.found import derived
from ocr_providers.engine.lines import ReadLine


def name_lines(lines: Sequence[ReadLine], categories: Sequence[str], known: Catalogue) -> None:
    """`categories`: those that the form prints; a category from the catalogue is given in the form's own words."""
    for line in lines:
        if line.name:
            _name(line, categories, known)


def _name(line: ReadLine, categories: Sequence[str], known: Catalogue) -> None:
    printed = line.parts["origin_ocr_name"]
    mended = known.mended(line.name, printed.source.alternatives)
    line.parts["name"] = line.parts["ocr_name"] = derived(mended, because=line.name) if mended != line.name else printed
    entry = known.entry(mended)
    if entry is None:
        return
    _complete(line, entry, category_among(entry, categories))


def _complete(line: ReadLine, entry: Entry, category: str | None) -> None:
    """What was printed stays; what was not is derived from the catalogue."""
    values = {
        "category": category,
        "medical_type": entry.medical_type,
        "level": entry.level,
        "selfpay_ratio": entry.selfpay_ratio,
    }
    for name, value in values.items():
        if value is not None and line.value(name) is None:
            line.parts[name] = derived(value)
