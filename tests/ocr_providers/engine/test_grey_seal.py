from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr_providers.engine import seal
from ocr_providers.engine.grey_seal import find_rings, without_grey
from ocr_providers.engine.models import Picture
from ocr_providers.engine.words import Word
from tests.ocr_providers.engine.paper import page, word

Quad: TypeAlias = NDArray[np.float64]
SEAL, TYPE = (130, 130, 130), (30, 30, 30)


@pytest.fixture
def scanned() -> Picture:
    """A grey scan: lines of type, and a seal's ring over them."""
    picture = np.full((1000, 1500, 3), 250, np.uint8)
    cv2.circle(picture, (500, 600), 112, SEAL, 5)
    cv2.circle(picture, (500, 600), 30, SEAL, -1)
    for line in range(6):
        cv2.putText(picture, "8 4 0 6 3 9 5 2 7 1 6 8", (150, 480 + 44 * line), cv2.FONT_HERSHEY_SIMPLEX, 1.1, TYPE, 3)
    return picture


def test_the_ring_of_a_seal_is_found(scanned: Picture) -> None:
    (ring,) = find_rings(scanned)
    assert (ring.x, ring.y, ring.radius) == pytest.approx((500, 600, 112), abs=6)


def test_lines_of_type_and_a_code_are_no_ring(scanned: Picture) -> None:
    scanned[400:, :] = 250
    scanned[100:260:8, 1200:1360] = 20
    assert find_rings(scanned) == []


def test_on_a_picture_with_colour_no_ring_is_looked_for(scanned: Picture) -> None:
    scanned[:200, :, 0] = 120
    assert find_rings(scanned) == []


def test_the_seal_goes_and_the_type_stays(scanned: Picture) -> None:
    faded = without_grey(scanned, find_rings(scanned))
    assert faded is not None
    assert faded[600, 388 + 224].min() > 200
    inside = np.s_[520:690, 400:465]
    assert (faded[inside] < 60).sum() > 0.5 * (scanned[inside] < 60).sum()
    assert np.array_equal(faded[:400], scanned[:400])


def test_a_seal_as_dark_as_type_is_left_alone(scanned: Picture) -> None:
    scanned[scanned < 200] = 30
    assert without_grey(scanned, find_rings(scanned)) is None


def second_look(monkeypatch: pytest.MonkeyPatch, scanned: Picture, first: Word, second: Word, quad: Quad) -> list[str]:
    """What is read of `first` when the detector finds `quad` under the faded seal, where `second` is read."""
    monkeypatch.setattr(seal, "_detect_around", lambda _faded, _seal: [quad])
    monkeypatch.setattr(
        seal, "look_again", lambda _page, quads, _picture: [replace(second, quad=each) for each in quads]
    )
    return [each.text for each in seal.read_under_seals(replace(page(first), picture=scanned)).words]


@pytest.mark.parametrize(
    ("printed", "score", "again", "score_again", "kept"),
    [
        ("海澄县妇幼保健院", 0.98, "海溢县幼保健院", 0.86, "海澄县妇幼保健院"),
        ("甬川市眼科医院", 0.96, "南币眼相道", 0.3, "甬川市眼科医院"),
        ("医保类型:城乡据民", 0.92, "医保类型:城", 0.95, "医保类型:城乡据民"),
        ("医院", 0.60, "甬川市眼科医院", 0.97, "甬川市眼科医院"),
        ("收费专用章", 0.95, "甬川市眼科医院", 0.93, "甬川市眼科医院"),
    ],
)
@pytest.mark.parametrize("longer", [1.0, 1.2])
def test_sure_type_is_kept_where_it_loses_with_the_seal(
    monkeypatch: pytest.MonkeyPatch,
    scanned: Picture,
    printed: str,
    score: float,
    again: str,
    score_again: float,
    kept: str,
    longer: float,
) -> None:
    first = word(printed, 420, 580, score=score)
    second = word(again, 420, 580, score=score_again)
    quad = first.quad.copy()
    quad[1:3, 0] = quad[0, 0] + (quad[1, 0] - quad[0, 0]) * longer
    assert second_look(monkeypatch, scanned, first, second, quad) == [kept]
