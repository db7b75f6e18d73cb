"""`{% load icons %}{% lucide … %}`: as its package has it, but each icon is drawn once.

A page of forty drew each of them anew.
"""

from __future__ import annotations

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide

MOST_ICONS = 512
"""The project's templates show some 150, counted with their sizes."""

register = template.Library()
register.simple_tag(lru_cache(MOST_ICONS)(lucide), name="lucide")
