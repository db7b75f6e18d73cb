"""A mark tells whether the process that made it has ended."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ocr_providers.processes import is_gone, own_mark

REPOSITORY = Path(__file__).resolve().parents[2]


def mark_of_a_process_that_ended() -> str:
    code = "from ocr_providers.processes import own_mark; print(own_mark())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    return done.stdout.strip()


def test_our_own_process_is_there() -> None:
    assert not is_gone(own_mark())


def test_a_process_that_ended_is_gone() -> None:
    assert is_gone(mark_of_a_process_that_ended())


def test_a_number_that_was_given_to_another_process_is_gone() -> None:
    assert is_gone(own_mark() + "0")


def test_of_another_machine_or_container_nothing_is_known() -> None:
    host, namespace, number, start = own_mark().split("/")
    for mark in (f"elsewhere/{namespace}/{number}/1", f"{host}/1/{number}/{start}", "", "x", f"{host}/{namespace}/x/y"):
        assert not is_gone(mark)
