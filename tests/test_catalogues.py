"""The Chinese and Thai catalogues are complete, and keep every placeholder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

LOCALE: Path = settings.BASE_DIR / "locale"
CATALOGUES = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
SOURCES = ("claims", "config", "ocr_providers", "static", "templates", "locale", "manage.py")


def name_of(path: Path) -> str:
    return f"{path.parent.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_every_message_is_translated(path: Path) -> None:
    catalogue = polib.pofile(str(path))
    open_messages = [entry.msgid for entry in catalogue.untranslated_entries() + catalogue.fuzzy_entries()]
    assert len(catalogue) > 50
    assert open_messages == []


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_translations_keep_every_placeholder(path: Path) -> None:
    for entry in polib.pofile(str(path)):
        translations = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for translation in translations:
            assert set(PLACEHOLDER.findall(translation)) == wanted, entry.msgid


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="no GNU gettext on this machine")
@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_no_message_of_the_code_is_missing(domain: str, tmp_path: Path) -> None:
    for source in SOURCES:
        here = settings.BASE_DIR / source
        copy = shutil.copytree if here.is_dir() else shutil.copy
        copy(here, tmp_path / source)
    command = [sys.executable, "manage.py", "makemessages", "-d", domain, "-l", "th", "--no-location", "-v0"]
    subprocess.run(command, cwd=tmp_path, check=True, env=dict(os.environ, DJANGO_SETTINGS_MODULE="config.settings"))
    fresh = polib.pofile(str(tmp_path / "locale" / "th" / "LC_MESSAGES" / f"{domain}.po"))
    known = {entry.msgid for entry in polib.pofile(str(LOCALE / "th" / "LC_MESSAGES" / f"{domain}.po"))}
    assert {entry.msgid for entry in fresh if not entry.obsolete} - known == set()
