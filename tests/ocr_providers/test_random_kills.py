"""Workers that are killed at any moment lose nothing, and no picture is charged twice."""

from __future__ import annotations

from benchmarks.random_kills import run


def test_nothing_is_lost_or_charged_twice_when_workers_are_killed() -> None:
    outcome = run(pictures=40, seconds=8, workers=2, drop=0.05)
    assert outcome.kills
    assert outcome.lost == 0
    assert outcome.charged_twice == 0
    assert outcome.charges <= outcome.papers
