from __future__ import annotations

import numpy as np
import pytest

from ocr_providers.engine import models, prepare
from ocr_providers.engine.models import Picture, Quads
from ocr_providers.exceptions import PictureUnreadable


def lines(height: float, count: int = 12, angle: float = 0.0) -> Quads:
    """Boxes 300 pixels long below one another, turned clockwise by `angle` degrees about (500, 500)."""
    turn = np.radians(angle)
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    tops = [200 + 45.0 * n for n in range(count)]
    boxes = [[[300, y], [600, y], [600, y + height], [300, y + height]] for y in tops]
    return np.asarray((np.array(boxes) - 500) @ turned + 500)


def see(monkeypatch: pytest.MonkeyPatch, quads: Quads, upright: int = 0) -> None:
    monkeypatch.setattr(models, "detect", lambda picture: quads)
    monkeypatch.setattr(models, "orientation", lambda picture: (upright, 1.0))


@pytest.fixture
def paper() -> Picture:
    return np.full((960, 960, 3), 240, np.uint8)


def test_a_picture_without_text_is_refused(monkeypatch: pytest.MonkeyPatch, paper: Picture) -> None:
    see(monkeypatch, lines(30, count=2))
    with pytest.raises(PictureUnreadable, match="no text"):
        prepare.prepare(paper)


def test_text_too_small_is_refused_by_measure(monkeypatch: pytest.MonkeyPatch, paper: Picture) -> None:
    see(monkeypatch, lines(prepare.MIN_TEXT_HEIGHT - 2))
    with pytest.raises(PictureUnreadable, match="closer"):
        prepare.prepare(paper)


@pytest.mark.parametrize("angle", [0.0, 4.0, -7.0])
def test_text_comes_out_level_and_of_the_wanted_height(
    monkeypatch: pytest.MonkeyPatch, paper: Picture, angle: float
) -> None:
    quads = lines(30, angle=angle)
    see(monkeypatch, quads)
    prepared = prepare.prepare(paper)
    to_prepared = np.linalg.inv(prepared.to_page)
    drawn = np.concatenate([quads, np.ones((len(quads), 4, 1))], axis=2) @ to_prepared.T
    assert np.ptp(drawn[0, :2, 1]) < 1.0
    assert drawn[0, 3, 1] - drawn[0, 0, 1] == pytest.approx(prepare.TEXT_HEIGHT, abs=0.5)


@pytest.mark.parametrize("degree", [90, 180, 270])
def test_a_turned_page_is_set_upright_and_says_how_far(
    monkeypatch: pytest.MonkeyPatch, paper: Picture, degree: int
) -> None:
    lying = lines(30)
    quads = lying if degree == 180 else lying[:, [0, 3, 2, 1], ::-1]  # the detector's corners begin at the top left
    see(monkeypatch, quads, upright=degree)
    prepared = prepare.prepare(paper)
    assert prepared.degree == degree
    drawn = np.concatenate([quads, np.ones((len(quads), 4, 1))], axis=2) @ np.linalg.inv(prepared.to_page).T
    sides = np.ptp(drawn[0, :, :2], axis=0)
    assert sides[0] > 5 * sides[1]
    height, width = prepared.picture.shape[:2]
    assert (drawn[:, :, :2] >= 0).all()
    assert (drawn[:, :, 0] <= width).all()
    assert (drawn[:, :, 1] <= height).all()


def test_a_shadow_is_taken_out_and_colour_stays(paper: Picture) -> None:
    shadow = np.linspace(1.0, 0.4, paper.shape[1])[None, :, None]
    dark = (paper * shadow).astype(np.uint8)
    dark[100:140, 100:800] = (dark[100:140, 100:800] * [0.4, 0.4, 1.0]).astype(np.uint8)
    even = prepare.even_light(dark)
    assert even[800, 50:900].mean(axis=1).std() < 12
    assert (even[120, 150:750, 2].astype(int) - even[120, 150:750, 0] > 60).all()


def test_even_light_leaves_an_evenly_lit_page_alone(paper: Picture) -> None:
    assert prepare.even_light(paper) is paper


def test_a_strip_is_not_enlarged_for_the_detector() -> None:
    strip = np.full((3, 900, 3), 255, np.uint8)
    padded = models._at_least(strip, 64)
    assert padded.shape == (64, 900, 3)
    assert models._at_least(padded, 64) is padded
