"""`manage.py evaluate`: pictures whose truth is known, read and compared."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ocr_providers.engine import pipeline
from ocr_providers.exceptions import PictureUnreadable
from tests.ocr_providers.gateway.conftest import INVOICE
from tests.ocr_providers.scripted import jpeg

pytestmark = pytest.mark.django_db
TRUTH = {
    "kind": "invoice",
    "medical_result": {
        "note_no": "0123456789",
        "total_cost": 120.5,
        "cost_detail_list": [{"name": "血常规", "price": 120.5}],
    },
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A picture with its truth, one without, and an engine that reads every picture alike."""
    monkeypatch.setattr(pipeline, "read_pages", lambda _pages, _kind: INVOICE)
    (tmp_path / "bill.jpg").write_bytes(jpeg())
    (tmp_path / "bill.truth.json").write_text(json.dumps(TRUTH))
    (tmp_path / "other.jpg").write_bytes(jpeg(9))
    return tmp_path


def evaluate(folder: Path) -> dict[str, Any]:
    out = io.StringIO()
    call_command("evaluate", str(folder), json=True, stdout=out)
    return dict(json.loads(out.getvalue()))


def write_truth(folder: Path, **changes: Any) -> None:
    changed = {**TRUTH, "medical_result": {**TRUTH["medical_result"], **changes}}  # type: ignore[dict-item]
    (folder / "bill.truth.json").write_text(json.dumps(changed))


def test_a_picture_that_was_read_as_it_is_printed_has_everything_right(folder: Path) -> None:
    figures = evaluate(folder)
    assert (figures["documents"], figures["money"], figures["f1"], figures["silent_documents"]) == (1, 1.0, 1.0, 0)
    assert figures["per_document"] == [{"file": "bill.jpg", "error": None, "misses": []}]
    assert figures["seconds_per_page"] >= 0


def test_a_wrong_value_is_named_with_what_is_printed(folder: Path) -> None:
    write_truth(folder, note_no="0123456780")
    [document] = evaluate(folder)["per_document"]
    assert document["misses"][0] | {"path": "/note_no"} == document["misses"][0]
    out = io.StringIO()
    call_command("evaluate", str(folder), stdout=out)
    assert "bill.jpg: /note_no: 0123456780 read as 0123456789" in out.getvalue()
    assert "seconds per page:" in out.getvalue()


def test_a_picture_that_cannot_be_read_counts_and_does_not_stop_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "another.jpg").write_bytes(jpeg(30))
    (folder / "another.truth.json").write_text(json.dumps(TRUTH))

    def unreadable(_pages: Any, _kind: Any) -> Any:
        raise PictureUnreadable("Too dark.")

    monkeypatch.setattr(pipeline, "read_pages", unreadable)
    figures = evaluate(folder)
    assert figures["documents"] == 2
    assert figures["money"] == 0
    assert [document["error"] for document in figures["per_document"]] == ["Too dark.", "Too dark."]


@pytest.mark.parametrize("text", ["[]", "{", '{"kind": "passport"}', "\udcff"])
def test_a_truth_that_is_none_is_named(folder: Path, text: str) -> None:
    (folder / "bill.truth.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(CommandError, match=r"bill\.truth\.json is no truth in the vendor schema"):
        evaluate(folder)


def test_a_folder_without_truth_is_said(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(CommandError, match=r"No picture in .* has a \.truth\.json beside it"):
            evaluate(folder)
