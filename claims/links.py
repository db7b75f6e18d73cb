"""Addresses of pages and pictures that the JSON of the API carries. They are promised in docs/review-api.md."""

from __future__ import annotations

from django.urls import get_script_prefix


def claim(number: str) -> str:
    return f"{get_script_prefix()}claims/{number}/"


def review(document: int) -> str:
    return f"{get_script_prefix()}documents/{document}/review/"


def page_picture(document: int, index: int) -> str:
    return f"{get_script_prefix()}documents/{document}/pages/{index}.jpg"


def page_thumbnail(document: int, index: int) -> str:
    return f"{get_script_prefix()}documents/{document}/pages/{index}/thumbnail.jpg"


def rule(code: str) -> str:
    return f"{get_script_prefix()}help/#rule-{code}"


def queue() -> str:
    return get_script_prefix()
