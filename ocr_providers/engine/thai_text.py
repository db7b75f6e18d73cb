"""Two readings of one line put together by place: Thai from one, Latin and digits from the other. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from statistics import fmean, median

from ocr_providers.engine.health_labels import known_words, skeleton
from ocr_providers.engine.words import Word

THAI = re.compile(r"[ก-ฺเ-๎ฯๆ][ก-ฺเ-๎ฯๆ.]*")
"""Thai letters, vowels and tone marks, points after them; not the digits."""
THAI_DIGIT = re.compile(r"[๐-๙]")
UNSURE_DIGIT = "?"
"""Tesseract's Thai model finds Thai digits, but takes ๖ for ๒ and ๔, ๘, ๙ for ๕, sure of itself: none can be used but
those read from their shapes (`thai_digits`)."""
DIGIT_OR_TWIN = r"[๐-๙ฒจ]+"
"""Besides, it takes ๗ for ฒ and ๙ for จ."""
SEEN_NUMBER = re.compile(rf"(?=.*[๐-๙]){DIGIT_OR_TWIN}(?:[.,]{DIGIT_OR_TWIN}|(?:/{DIGIT_OR_TWIN}){{1,2}})?")
THAI_NUMBER = re.compile(r"[๐-๙][๐-๙.,/]*")
NUMBER = re.compile(r".*?([0-9][0-9.,/]*)")
EDGES = "[]|(\"'“‘."
NUMBER_OR_CHARACTER = re.compile(r"\d[\d.,/]*|.", re.DOTALL)
LATIN_WORD = re.compile(r"[A-Za-z][\w/]*")
SIGNS = re.compile(r"[.,;|]*[()\[\]:].*|[.,;|]+[()\[\]:]")
LETTERS = re.compile(r"[ก-ฮ]")
JOINT = re.compile(r"[-./–]")
"""Stands between Thai letters as part of their word: ชื่อ-สกุล, ก.ค."""
KNOWN_LATIN = re.compile(
    r"(?:[mn]g|g|[mµu]?mol|m?eq|i?u)\s?[/lI|]\s?d?[lL1I|]?\.?|mm\s?/?hg|kg(?:/m.?)?|cm|bpm|hn|bmi|bp|fbs|hdl|ldl|tc|tg|age|name|dob"
    r"|date|weight|height|result|unit|test|normal|bun|a[ls]t|cholesterol|triglyceride|glucose|blood|pressure|total",
    re.IGNORECASE,
)
"""Latin that the recogniser reads well and Tesseract takes for Thai."""
REACH = 1.5
"""So many widths of a cluster beside Thai still belong to it, when Tesseract saw nothing else there."""
SURE_NUMBER = 0.6
SURE_LATIN, LONG_LATIN = 0.93, 5
"""In a line that the recogniser is so sure of, a word of so many letters is Latin: Thai never gives such a score."""
JOINED = {"ํา": "ำ", "เเ": "แ"}
NIKHAHIT, AA, AM = "ํ", "า", "ำ"
TONES = "่้๊๋"
WO, CONSONANT_ONLY = "ว", re.compile(r"[ัิ-ฺ็-๎]")
"""What looks like SARA AA; and what stands above or below consonants alone, never with SARA AA."""
DOUBLED = re.compile(r"[\s.ัิ-ฺ็-๎]")
SURE_MEAN, SURE_MEDIAN = 0.86, 0.92
"""Clusters of real Thai score 0.9 and more; Latin taken for Thai mostly below (measured on 3 000 clusters)."""
LEAST = 2
"""A lone letter without a mark or a point is a colon, a speck, or what was made of figures."""
KNOWN_MEAN = 0.4
"""A word of these reports needs less: chance does not spell it."""
MIXED_MEAN, MIXED_LENGTH, MIXED_SHARE = 0.9, 4, 0.6
"""Within a word that also holds other signs, Thai must be surer and longer."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A cluster of characters that Tesseract read."""

    text: str
    score: float
    left: float
    """Share of the width of the line."""
    right: float
    spaced: bool = False
    """A blank stands before it."""
    shaped: bool = False
    """Thai digits, each read from its shape."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """One character and where its centre stands."""

    character: str
    at: float
    score: float


def cleared(piece: Piece) -> Piece:
    """A cluster without the bracket that Tesseract makes of an edge beside a Thai letter."""
    bare = piece.text.lstrip(EDGES)
    if bare == piece.text or not THAI.match(bare):
        return piece
    shift = (piece.right - piece.left) * (1 - len(bare) / len(piece.text))
    return replace(piece, text=bare, left=piece.left + shift)


def between_blanks(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces that stand together."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        if groups and not piece.spaced:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def believed(pieces: Sequence[Piece], word: Word) -> bool:
    """Whether a reading holds Thai that can be relied on."""
    return any(True for _ in _thai_runs(pieces, word))


def merged(word: Word, pieces: Sequence[Piece]) -> Word:
    """The word with its Thai as Tesseract read it; everything else as the recogniser did."""
    runs = [run for run in _thai_runs(pieces, word) if not _known_latin(word, run)]
    if not runs:
        return word
    blocks = [
        *_outside(word, _places(runs, pieces), pieces),
        *(_thai_marks(run) for run in runs),
        *_blanks(pieces, runs),
    ]
    blocks.sort(key=lambda block: fmean(mark.at for mark in block))
    marks = _mended([mark for block in blocks for mark in block])
    return replace(
        word,
        text="".join(mark.character for mark in marks),
        score=fmean(mark.score for mark in marks),
        marks=tuple(accumulate((mark.at for mark in marks), max)),
        chances=(),
        alternatives=(),
    )


def _blanks(pieces: Sequence[Piece], runs: Sequence[Sequence[Piece]]) -> Iterator[list[_Mark]]:
    """Blanks beside or inside Thai, as Tesseract saw them."""
    thai = {id(piece) for run in runs for piece in run}
    for before, after in pairwise(pieces):
        if after.spaced and (id(before) in thai or id(after) in thai):
            yield [_Mark(" ", (before.right + after.left) / 2, after.score)]


def _mended(marks: Sequence[_Mark]) -> list[_Mark]:
    """Thai as Unicode has it: SARA AM and SARA AE in one, no vowel, tone mark, point or blank twice."""
    result: list[_Mark] = []
    for mark in marks:
        _append_mended(result, mark)
    return [mark for mark in result if mark.character != NIKHAHIT]


def _append_mended(result: list[_Mark], mark: _Mark) -> None:
    before = result[-1].character if result else " "
    if mark.character == AA and before in TONES and len(result) > 1 and result[-2].character == NIKHAHIT:
        result[-2:] = [result[-1], replace(mark, character=AM)]
        return
    if before == AA and CONSONANT_ONLY.match(mark.character):
        result[-1] = replace(result[-1], character=WO)
    joined = JOINED.get(before + mark.character)
    if joined:
        result[-1] = replace(result[-1], character=joined)
    elif mark.character == before and before in TONES:
        result.append(replace(mark, character=NIKHAHIT))  # the ring of SARA AM, taken for a second tone mark
    elif mark.character != before or not DOUBLED.match(before):
        result.append(mark)


def _thai_runs(pieces: Sequence[Piece], word: Word) -> Iterator[list[Piece]]:
    for token in _tokens(pieces, word):
        yield from (run for run in _runs(token) if _trusted(run, share=len(run) / len(token)))


def _tokens(pieces: Sequence[Piece], word: Word) -> Iterator[list[Piece]]:
    """Split at blanks, at brackets and colons, and between letters and what both readings hold for digits."""
    token: list[Piece] = []
    for piece in pieces:
        breaks = piece.spaced or bool(token and (_is_sign(piece, word) or _is_sign(token[-1], word)))
        if breaks and token:
            yield token
            token = []
        token.append(piece)
    if token:
        yield token


def _is_sign(piece: Piece, word: Word) -> bool:
    if SIGNS.fullmatch(piece.text):
        return True
    return NUMBER.fullmatch(piece.text) is not None and any(
        mark.character.isdigit() for mark in _marks(word) if piece.left <= mark.at <= piece.right
    )


def _runs(token: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Stretches of Thai letters with their joints, and of Thai digits."""
    run: list[Piece] = []
    for piece in token:
        if run and not _continues(run, piece):
            yield run
            run = []
        if run or THAI.fullmatch(piece.text) or THAI_NUMBER.fullmatch(piece.text):
            run.append(piece)
    if run:
        yield run


def _continues(run: Sequence[Piece], piece: Piece) -> bool:
    script = THAI if THAI.fullmatch(run[0].text) else THAI_NUMBER
    return bool(script.fullmatch(piece.text) or JOINT.fullmatch(piece.text))


def _trusted(run: Sequence[Piece], *, share: float) -> bool:
    """`share`: of the run in its token. Latin taken for Thai gives short runs among other signs, with low scores."""
    scores = [piece.score for piece in run if not JOINT.fullmatch(piece.text)]
    if THAI_NUMBER.fullmatch(run[0].text):
        return share == 1 and fmean(scores) >= MIXED_MEAN and any(piece.text != "๐" for piece in run)
    text = "".join(piece.text for piece in run)
    if share == 1 and len(text) >= LEAST and skeleton(text).text in known_words():
        return fmean(scores) >= KNOWN_MEAN
    if share < 1:
        return len(run) >= MIXED_LENGTH and share >= MIXED_SHARE and fmean(scores) >= MIXED_MEAN
    return (LETTERS.search(text) is not None and len(text) >= LEAST) and (
        fmean(scores) >= SURE_MEAN or median(scores) >= SURE_MEDIAN
    )


def _known_latin(word: Word, run: Sequence[Piece]) -> bool:
    """Whether the recogniser read a Latin word that it knows well just there."""
    return any(
        (word.score >= SURE_LATIN and len(match.group()) >= LONG_LATIN) or KNOWN_LATIN.fullmatch(match.group())
        for match in LATIN_WORD.finditer(word.text)
        if run[0].left <= _centre(word, match.start(), match.end()) <= run[-1].right
    )


def _centre(word: Word, start: int, end: int) -> float:
    return fmean(word.marks[start:end]) if word.marks[start:end] else -1.0


def _outside(word: Word, places: Sequence[tuple[float, float]], pieces: Sequence[Piece]) -> Iterator[list[_Mark]]:
    """The recogniser's characters that stand nowhere in `places`."""
    marks = _marks(word)
    numbers = _numbers(pieces)
    for match in NUMBER_OR_CHARACTER.finditer(word.text):
        block = marks[match.start() : match.end()]
        read = _as_read_twice(match.group(), numbers) if len(block) > 1 else None
        if read and all(_inside(mark.at, places) for mark in block[len(read) :]):
            yield block[: len(read)]
        elif not _inside(_place_of(block), places):
            yield block


def _numbers(pieces: Iterable[Piece]) -> frozenset[str]:
    """Numbers of the second reading; a lone digit only where nothing else stands in its cluster."""
    found = ((piece, NUMBER.fullmatch(piece.text)) for piece in pieces if piece.score >= SURE_NUMBER)
    return frozenset(match[1] for piece, match in found if match and (len(match[1]) > 1 or match[1] == piece.text))


def _place_of(block: Sequence[_Mark]) -> float:
    """Where a character or a number stands; of a lone digit with its point, the digit."""
    digits = [mark.at for mark in block if mark.character.isdigit()]
    return digits[0] if len(digits) == 1 else fmean(mark.at for mark in block)


def _as_read_twice(number: str, numbers: Iterable[str]) -> str | None:
    """What both readings hold of a number: all of it, or all but an end that is Thai (49 ปี read as 491)."""
    return max(
        (other for other in numbers if number.startswith(other) and len(other) >= len(number) - 2),
        key=len,
        default=None,
    )


def _inside(at: float, places: Sequence[tuple[float, float]]) -> bool:
    return any(left <= at <= right for left, right in places)


def _places(runs: Sequence[Sequence[Piece]], pieces: Sequence[Piece]) -> list[tuple[float, float]]:
    """Stretches (shares of the width) that are Thai: each run, and half the way to what stands beside it."""
    places = []
    for run in runs:
        reach = REACH * (run[-1].right - run[0].left) / len(run)
        before = max((piece.right for piece in pieces if piece.right <= run[0].left), default=-1.0)
        after = min((piece.left for piece in pieces if piece.left >= run[-1].right), default=2.0)
        left = max(run[0].left - reach, (before + run[0].left) / 2)
        places.append((left, min(run[-1].right + reach, (after + run[-1].right) / 2)))
    return places


def _marks(word: Word) -> list[_Mark]:
    return [_Mark(character, at, word.score) for character, at in zip(word.text, word.marks, strict=False)]


def _thai_marks(run: Sequence[Piece]) -> list[_Mark]:
    """In the order they were read: the boxes of vowels and their consonants overlap."""
    marks: list[_Mark] = []
    for piece in run:
        step = (piece.right - piece.left) / len(piece.text)
        text = piece.text if piece.shaped else THAI_DIGIT.sub(UNSURE_DIGIT, piece.text)
        marks += [_Mark(sign, piece.left + step * (n + 0.5), piece.score) for n, sign in enumerate(text)]
    return marks
