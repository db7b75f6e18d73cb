"""Catalogues are compiled without GNU gettext, when they changed and only then."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import polib
import pytest
from django.conf import LazySettings
from django.core.management import call_command

SOURCE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Queue"\nmsgstr "%s"\n'


@pytest.fixture
def source(tmp_path: Path, settings: LazySettings) -> Path:
    settings.LOCALE_PATHS = [tmp_path]
    file = tmp_path / "th" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    file.write_text(SOURCE % "คิว", encoding="utf-8")
    return file


def translated(source: Path) -> str:
    with source.with_suffix(".mo").open("rb") as opened:
        return gettext.GNUTranslations(opened).gettext("Queue")


def test_a_catalogue_is_compiled(source: Path) -> None:
    call_command("compile_catalogues")
    assert translated(source) == "คิว"
    assert sorted(file.name for file in source.parent.iterdir()) == ["django.mo", "django.po"]


def test_it_is_compiled_again_when_its_source_is_newer_and_only_then(source: Path) -> None:
    call_command("compile_catalogues")
    compiled = source.with_suffix(".mo")
    before = compiled.stat().st_mtime_ns
    call_command("compile_catalogues")
    assert compiled.stat().st_mtime_ns == before
    source.write_text(SOURCE % "แถว", encoding="utf-8")
    os.utime(source, (compiled.stat().st_mtime + 10,) * 2)
    call_command("compile_catalogues")
    assert translated(source) == "แถว"


def test_an_interruption_leaves_no_half_catalogue(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(self: polib.POFile, path: str) -> None:
        Path(path).write_bytes(b"\xde\x12")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(polib.POFile, "save_as_mofile", half)
        with pytest.raises(OSError, match="No space"):
            call_command("compile_catalogues")
    assert not source.with_suffix(".mo").exists()
    call_command("compile_catalogues")
    assert translated(source) == "คิว"
