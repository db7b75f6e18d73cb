"""Readings as Tesseract and the recogniser gave them for real lines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ocr_providers.engine.thai import needs_second_reading
from ocr_providers.engine.thai_text import Piece, believed, cleared, merged
from ocr_providers.engine.words import Word
from tests.ocr_providers.engine.health_pages import word


def pieces(*parts: tuple[str, float, float, float]) -> list[Piece]:
    """(text, score, left, right); a gap stands for a blank."""
    made: list[Piece] = []
    for text, score, left, right in parts:
        made.append(Piece(text, score, left, right, spaced=bool(made) and left - made[-1].right > 0.02))
    return made


def latin(*parts: tuple[str, float], score: float = 0.85) -> Word:
    """(character, its place)."""
    text = "".join(character for character, _ in parts)
    return Word(text, score, word(text, 0, 0).quad, word(text, 0, 0).box, tuple(at for _, at in parts))


AGE_LATIN = latin(("0", 0.1), ("1", 0.2), (":", 0.3), ("4", 0.5), ("4", 0.62), (" ", 0.7), ("1", 0.9))
AGE_THAI = pieces(
    ("อ", 0.93, 0.02, 0.08), ("า", 0.93, 0.08, 0.15), ("ย", 0.93, 0.15, 0.22), ("ุ", 0.92, 0.21, 0.25),
    (":", 0.9, 0.26, 0.42), ("44", 0.92, 0.46, 0.6), ("ป", 0.93, 0.64, 0.8), ("ี", 0.93, 0.8, 0.96),
)  # fmt: skip


def test_thai_comes_from_one_reading_and_numbers_from_the_other() -> None:
    assert merged(AGE_LATIN, AGE_THAI).text == "อายุ:44 ปี"


def test_a_tone_mark_read_twice_before_sara_aa_is_the_ring_of_sara_am() -> None:
    read = latin(("x", 0.5), score=0.4)
    thai = pieces(("น", 0.95, 0.0, 0.2), ("้", 0.9, 0.2, 0.3), ("้", 0.9, 0.3, 0.4), ("า", 0.95, 0.4, 0.6))
    assert merged(read, thai).text == "น้ำ"


def test_what_carries_a_mark_is_a_consonant_and_no_sara_aa() -> None:
    read = latin(("x", 0.5), score=0.4)
    thai = pieces(("ณ", 0.95, 0.0, 0.2), ("า", 0.95, 0.2, 0.4), ("ุ", 0.9, 0.3, 0.4), ("ฒ", 0.95, 0.4, 0.6))
    assert merged(read, thai).text == "ณวุฒ"


def test_a_lone_thai_letter_among_latin_is_a_colon_or_a_speck() -> None:
    read = latin(("A", 0.1), ("g", 0.2), ("e", 0.3), (":", 0.5), ("2", 0.7), ("2", 0.8), score=0.9)
    thai = pieces(("Age", 0.5, 0.05, 0.35), ("อ", 0.95, 0.45, 0.55), ("22", 0.9, 0.65, 0.85))
    assert merged(read, thai).text == "Age:22"


def test_a_box_longer_than_its_figures_may_hold_thai_as_well() -> None:
    sure = latin(("5", 0.5), ("0", 0.6), score=0.99)
    height = float(sure.quad[3][1] - sure.quad[0][1])
    long, short = (np.array([[0, 0], [w, 0], [w, height], [0, height]]) for w in (5 * height, 1.2 * height))
    assert needs_second_reading(replace(sure, quad=long))
    assert not needs_second_reading(replace(sure, quad=short))


def test_every_character_keeps_a_place_from_left_to_right() -> None:
    both = merged(AGE_LATIN, AGE_THAI)
    assert len(both.marks) == len(both.text)
    assert list(both.marks) == sorted(both.marks)


def test_an_end_of_a_number_that_is_thai_is_cut_off() -> None:
    read = latin(("4", 0.2), ("9", 0.4), ("1", 0.8))
    thai = pieces(("49", 0.9, 0.1, 0.5), ("ปี", 0.9, 0.6, 0.95))
    assert merged(read, thai).text == "49 ปี"


def test_a_number_that_tesseract_misreads_stays_as_the_recogniser_read_it() -> None:
    read = latin(("5", 0.1), ("2", 0.2), (".", 0.3), ("7", 0.4), (" ", 0.55), ("n", 0.7), ("n", 0.9))
    thai = pieces(("82.1", 0.9, 0.05, 0.45), ("ก", 0.95, 0.6, 0.75), ("ก", 0.95, 0.75, 0.9), (".", 0.9, 0.91, 0.95))
    assert merged(read, thai).text == "52.7 กก."


def test_a_number_that_tesseract_breaks_in_two_is_not_cut() -> None:
    read = latin(("1", 0.1), ("0", 0.2), ("5", 0.3), (" ", 0.55), ("n", 0.7), ("n", 0.9))
    thai = pieces(("10", 0.9, 0.05, 0.22), ("5", 0.9, 0.25, 0.35), ("ก", 0.95, 0.6, 0.75), ("ก", 0.95, 0.75, 0.9))
    assert merged(read, thai).text == "105 กก"


def test_latin_taken_for_thai_is_not_believed() -> None:
    unit = pieces(
        ("ท", 0.87, 0.0, 0.2), ("ย", 0.69, 0.2, 0.4), ("/", 0.44, 0.4, 0.5), ("ส", 0.7, 0.5, 0.7), ("บ", 0.89, 0.7, 1.0)
    )
    read = latin(*zip("mg/dL", (0.1, 0.3, 0.45, 0.6, 0.85), strict=True), score=0.99)
    assert merged(read, unit) is read


def test_a_known_latin_word_is_kept_however_sure_tesseract_is() -> None:
    read = latin(*zip("Name", (0.1, 0.3, 0.6, 0.9), strict=True), score=0.8)
    assert merged(read, pieces(("ผ", 0.95, 0.0, 0.3), ("ล", 0.95, 0.3, 0.6), ("ท", 0.95, 0.6, 1.0))).text == "Name"


def test_sara_am_is_one_character_and_no_mark_stands_twice() -> None:
    read = latin(("x", 0.5), score=0.4)
    thai = pieces(
        ("น", 0.95, 0.0, 0.1), ("้", 0.9, 0.1, 0.2), ("้", 0.9, 0.2, 0.3), ("ํ", 0.9, 0.3, 0.4), ("า", 0.95, 0.4, 0.6)
    )
    assert merged(read, thai).text == "น้ำ"


def test_an_edge_read_as_a_bracket_is_cleared_away() -> None:
    assert cleared(Piece("[ผล", 0.8, 0.0, 0.9)).text == "ผล"
    assert cleared(Piece("(FBS", 0.8, 0.0, 0.9)).text == "(FBS"


def test_a_word_of_these_reports_is_believed_with_less() -> None:
    read = latin(("w", 0.3), ("a", 0.7))
    assert believed(pieces(("ผ", 0.6, 0.0, 0.5), ("ล", 0.6, 0.5, 1.0)), read)
    assert not believed(pieces(("ผ", 0.6, 0.0, 0.5), ("ฑ", 0.6, 0.5, 1.0)), read)


def test_thai_digits_are_seen_but_never_guessed() -> None:
    read = latin(("b", 0.1), ("e", 0.2), (" ", 0.3), ("n", 0.6), score=0.5)
    thai = pieces(("๒", 0.97, 0.0, 0.12), ("๕", 0.97, 0.12, 0.25), ("ก", 0.95, 0.4, 0.6), (".", 0.95, 0.61, 0.65),
                  ("ค", 0.95, 0.66, 0.8), (".", 0.95, 0.81, 0.85))  # fmt: skip
    assert merged(read, thai).text == "?? ก.ค."


def test_thai_digits_read_from_their_shapes_are_used() -> None:
    read = latin(("b", 0.1), ("e", 0.2), (" ", 0.3), ("n", 0.6), score=0.5)
    thai = [Piece("๒๙", 0.99, 0.0, 0.25, shaped=True), *pieces(("กก", 0.95, 0.4, 0.6))]
    assert merged(read, [thai[0], *(replace(piece, spaced=True) for piece in thai[1:])]).text == "๒๙ กก"


def test_a_plain_number_needs_no_second_reading() -> None:
    assert not needs_second_reading(word("70-100 mg/dL", 0, 0))
    assert not needs_second_reading(word("Physical Examination", 0, 0))


def test_a_sure_line_with_a_gap_or_an_odd_month_is_read_again() -> None:
    gap = latin(("(", 0.6), ("H", 0.7), ("D", 0.8), ("L", 0.9), (")", 0.95), score=0.99)
    assert needs_second_reading(gap)
    assert needs_second_reading(word("Visit Date: 21 W.A. 67", 0, 0))


@given(
    st.text(alphabet="abc 123:()", min_size=1, max_size=20),
    st.lists(st.tuples(st.sampled_from(["ก", "ี", "ปี", "44", ":", "(a", "๕"]), st.floats(0, 1)), max_size=12),
)
def test_any_two_readings_can_be_put_together(text: str, clusters: list[tuple[str, float]]) -> None:
    step = 1 / max(len(clusters), 1)
    thai = [Piece(part, score, n * step, (n + 1) * step, n % 3 == 0) for n, (part, score) in enumerate(clusters)]
    both = merged(word(text, 0, 0, 0.5), thai)
    assert len(both.text) == len(both.marks)
    assert 0 <= both.score <= 1
