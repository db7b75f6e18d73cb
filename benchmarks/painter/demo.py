"""The pictures that are committed under `demo/pictures`: which documents, in which condition."""

from __future__ import annotations

PICTURES: tuple[tuple[str, str, int], ...] = (
    ("single", "clean", 11),
    ("single", "scan", 12),
    ("single", "photo", 13),
    ("double", "clean", 14),
    ("double", "scan", 15),
    ("double", "photo", 16),
    ("health-thai", "clean", 17),
    ("health-thai", "scan", 18),
    ("health-thai", "photo", 19),
    ("health-english", "clean", 20),
    ("paper", "clean", 21),
    ("paper", "scan", 22),
    ("paper", "photo", 23),
    ("paper", "carbon", 24),
    ("detail-list", "clean", 25),
    ("misprinted", "clean", 26),
    ("misprinted", "photo", 27),
    ("double", "carbon", 28),
    ("health-english", "scan", 29),
    ("health-english", "photo", 30),
)
"""(layout, condition, seed)"""
