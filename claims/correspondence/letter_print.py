"""A letter's content on paper: HTML by a Django template, PDF by Typst.

Typst shapes Thai, breaks its lines between words, sets Chinese, and writes tagged PDF (PDF/UA-1); fonts come with the
installation, none of the machine's are used. Values go in as data (`sys.inputs`), never as markup.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path

import pylopdf_fonts_th
import pylopdf_fonts_zh_cn
import typst
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from claims.correspondence.letter_content import Content

LAYOUT = Path("templates", "letters", "letter.typ")


class NotPrinted(Exception):
    """This letter is wanted, and is to be printed first."""

    def __init__(self, content: Content) -> None:
        super().__init__("not printed")
        self.content = content


class Printer:
    """Prints of one moment (`at`): made while no transaction is open, handed out inside one."""

    def __init__(self) -> None:
        self.at = timezone.now()
        self._prints: dict[Content, tuple[str, bytes]] = {}

    def make(self, content: Content) -> None:
        self._prints[content] = to_html(content), to_pdf(content, self.at)

    def printed(self, content: Content) -> tuple[str, bytes]:
        """HTML and PDF of exactly this content. Raises `NotPrinted`."""
        if content not in self._prints:
            raise NotPrinted(content)
        return self._prints[content]


def to_html(content: Content) -> str:
    """A fragment for a page; the desk's template escapes every value."""
    with translation.override(content.language):
        return render_to_string("letters/letter.html", {"letter": content})


def to_pdf(content: Content, made_at: datetime) -> bytes:
    """The same content and moment give the same bytes."""
    compiler = typst.Compiler(
        _layout(), font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"letter": json.dumps(asdict(content))}
    )
    pdf = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=int(made_at.timestamp()))
    if not isinstance(pdf, bytes):
        raise TypeError("A PDF is one file.")
    return pdf


@cache
def _layout() -> bytes:
    return (Path(settings.BASE_DIR) / LAYOUT).read_bytes()


@cache
def _fonts() -> typst.Fonts:
    folders = [pylopdf_fonts_zh_cn.sans_path().parent, pylopdf_fonts_th.sans_path().parent]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
