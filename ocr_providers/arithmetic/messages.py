"""Marks messages for translation without asking Django's settings: this package can be imported without them."""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    """The message as it is; `makemessages` finds it by this function's name."""
    return message
