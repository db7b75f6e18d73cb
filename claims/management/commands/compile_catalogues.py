"""Compiles the message catalogues (.po to .mo) without GNU gettext, which a fresh machine does not have."""

from __future__ import annotations

import os
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compiles locale/*/LC_MESSAGES/*.po where they are newer than their .mo."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                compile_if_newer(source)


def compile_if_newer(source: Path) -> None:
    target = source.with_suffix(".mo")
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        draft = target.with_suffix(f".{os.getpid()}")  # a catalogue that is written by half would stop the desk
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
