"""The vendors, by name. A new one is a module and a line here (docs/adding-a-provider.md)."""

from __future__ import annotations

from importlib import import_module

from ocr_providers.base import BaseProvider
from ocr_providers.exceptions import Misconfigured

PROVIDERS = {
    "jd": "ocr_providers.providers.jd.JdProvider",
    "aigen": "ocr_providers.providers.aigen.AigenProvider",
    "local": "ocr_providers.providers.local.LocalProvider",
}
"""Vendor name -> class, imported when first used: those who only call vendors need no OCR engine."""


def provider_class(vendor: str) -> type[BaseProvider]:
    """The class of a vendor. Raises `Misconfigured` for a name that is not in `PROVIDERS`."""
    try:
        module, _, name = PROVIDERS[vendor].rpartition(".")
    except KeyError:
        raise Misconfigured(f"Unknown vendor {vendor!r}; known: {', '.join(PROVIDERS)}.") from None
    found: type[BaseProvider] = getattr(import_module(module), name)
    return found
