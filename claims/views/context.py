"""What every page knows: the theme, and whether this is a demo desk."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

THEMES = ("light", "dark", "system")


def desk(request: HttpRequest) -> dict[str, object]:
    """Template context: `theme` from its cookie, `demo_desk` from the settings."""
    theme = request.COOKIES.get("theme", "system")
    return {"theme": theme if theme in THEMES else "system", "demo_desk": settings.DEMO_DESK}
