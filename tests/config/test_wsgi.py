"""When the served desk looks for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from types import ModuleType

import pytest


@pytest.fixture
def served() -> Iterator[ModuleType]:
    """The module as a server loads it."""
    threshold = gc.get_threshold()
    import config.wsgi

    yield config.wsgi
    gc.set_threshold(*threshold)
    gc.unfreeze()


@pytest.mark.parametrize(
    ("counts", "generations"),
    [((49_000, 30, 60), []), ((51_000, 3, 3), [0]), ((51_000, 21, 3), [1]), ((51_000, 21, 51), [2])],
)
def test_garbage_is_searched_for_when_an_answer_has_left(
    served: ModuleType, monkeypatch: pytest.MonkeyPatch, counts: tuple[int, int, int], generations: list[int]
) -> None:
    searched: list[int] = []
    monkeypatch.setattr(gc, "get_count", lambda: counts)
    monkeypatch.setattr(gc, "collect", searched.append)
    served.collect()
    assert searched == generations
