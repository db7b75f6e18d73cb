"""Files are stored once, under their digest, and whole."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from claims import storage

KEY = storage.original_key("ab" * 32)


@pytest.fixture(autouse=True)
def clean(db: None) -> None:
    """The store is emptied after tests that use the database."""


def test_what_is_put_can_be_read() -> None:
    storage.put(KEY, b"bytes")
    assert storage.read(KEY) == b"bytes"
    assert storage.exists(KEY)


def test_putting_twice_stores_once() -> None:
    storage.put(KEY, b"bytes")
    storage.put(KEY, b"bytes")
    assert default_storage.listdir("originals/ab")[1] == ["ab" * 32]


def test_a_file_that_a_killed_process_left_half_written_is_written_again() -> None:
    default_storage.save(KEY, ContentFile(b"by"))
    storage.put(KEY, b"bytes")
    assert storage.read(KEY) == b"bytes"


def test_two_who_store_the_same_at_once_leave_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    storage.put(KEY, b"bytes")
    answers = iter([False])  # looked before the other one had stored it
    really = default_storage.exists
    monkeypatch.setattr(default_storage, "exists", lambda name: next(answers, None) is not False and really(name))
    storage.put(KEY, b"bytes")
    assert default_storage.listdir("originals/ab")[1] == ["ab" * 32]


def test_a_missing_file_is_said_to_be_missing() -> None:
    with pytest.raises(storage.FileDamaged):
        storage.read(KEY)


def test_a_folder_gives_no_addresses() -> None:
    assert storage.signed_url(KEY, {}) is None
