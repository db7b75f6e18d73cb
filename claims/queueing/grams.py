"""Names and numbers cut into grams, so that any part of them is found, in writing with and without spaces.

Pairs of letters for Chinese and Thai, where a name may have two characters; threes for Latin letters and digits, where
pairs would be in every number. The end of a run is kept in shorter grams too: a word shorter than a gram is looked for
as the beginning of one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LATIN, OTHER = 3, 2
"""Lengths of a gram."""
RUNS = re.compile(r"[0-9a-z]+|[^0-9a-z]+")
KEPT = frozenset("LNM")
"""Unicode's categories of letters, numbers and marks (Thai vowels)."""
MOST_WORDS = 8
LONGEST_QUERY = 100


@dataclass(frozen=True, slots=True, order=True)
class Gram:
    text: str
    is_beginning: bool = False
    """Any gram that begins with `text`."""


def fold(text: str) -> str:
    """One spelling: full-width as half-width, no case, no spaces, hyphens or dots."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in plain if unicodedata.category(character)[0] in KEPT)


def words_of(query: str) -> list[str]:
    """What a person typed, as folded words: all of them have to be found."""
    folded = (fold(word) for word in query[:LONGEST_QUERY].split())
    return list(dict.fromkeys(filter(None, folded)))[:MOST_WORDS]


def stored(words: Iterable[str]) -> set[str]:
    """The grams under which folded words are kept."""
    return {gram for word in words for run in RUNS.findall(word) for gram in _of_run(run)}


def wanted(words: Iterable[str]) -> set[Gram]:
    """The grams that a claim with these words must have. It may have them and not the words: compare again.

    None for one or two Latin letters or digits: half of all claims would have them.
    """
    return {gram for word in words for run in RUNS.findall(word) for gram in _of_query(run)}


def _size(run: str) -> int:
    return LATIN if run[0].isascii() else OTHER


def _of_run(run: str) -> Iterator[str]:
    size = _size(run)
    for n in range(len(run)):
        yield run[n : n + size]


def _of_query(run: str) -> Iterator[Gram]:
    size = _size(run)
    if len(run) < size == OTHER:
        yield Gram(run, is_beginning=True)
    for n in range(len(run) - size + 1):
        yield Gram(run[n : n + size])
