"""The real engine on the demo's pictures of health-check reports."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from ocr_providers.engine.health import read_health
from ocr_providers.engine.words import read_words
from ocr_providers.results import HealthReport
from ocr_providers.vendor_schema import health_from_json, loads

PICTURES = sorted((Path(__file__).parents[3] / "demo" / "pictures").glob("health-*.jpg"))
MISSING = 1
"""So many of a report's values may be missing (the detector passes over a line now and then); none may be wrong."""


def _truth(picture: Path) -> HealthReport:
    answer = loads(picture.with_suffix(".truth.json").read_text(encoding="utf-8"))
    assert isinstance(answer, dict)
    return health_from_json(answer["data"])


@pytest.mark.engine
@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_a_demo_report_is_read_without_a_wrong_value(picture: Path) -> None:
    with Image.open(picture) as image:
        report = read_health([read_words(image.convert("RGB"))], date(2026, 6, 1))
    expected = {value.key: value.value for value in _truth(picture).values if value.value is not None}
    found = {value.key: value.value for value in report.values if value.value is not None}
    assert {key: value for key, value in found.items() if key in expected and value != expected[key]} == {}
    assert len(expected.keys() - found.keys()) <= MISSING, expected.keys() - found.keys()
