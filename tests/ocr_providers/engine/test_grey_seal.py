from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_providers.engine.grey_seal import find_rings, without_grey
from ocr_providers.engine.models import Picture

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
