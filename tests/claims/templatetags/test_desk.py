from __future__ import annotations

import pytest

from claims.models import User
from claims.presence import initials


@pytest.mark.parametrize(
    ("display_name", "letters"),
    [
        ("Sarah Park", "SP"),
        ("陈静", "陈静"),
        ("", "RE"),
        ("Somchai na Ayutthaya", "SA"),
        ("陈博 Chen Bo", "陈博"),
        ("ศิริพร Siriporn", "ศิ"),
    ],
)
def test_initials_come_from_the_name_people_see(display_name: str, letters: str) -> None:
    assert initials(User(username="reviewer", display_name=display_name)) == letters
