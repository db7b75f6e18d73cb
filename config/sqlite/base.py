"""SQLite, with the threads of one process taking turns to write.

SQLite itself lets a writer that finds the database locked sleep, up to a tenth of a second, and look again: with many
threads the database lies idle while all of them sleep, and some never get their turn. Here a thread that begins a
transaction waits for the one before it, and is woken when that ends. Other processes are waited for as ever.

The methods overridden are those that every backend of Django has; its type stubs leave them out.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import defaultdict
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

STATEMENTS = 256
"""Whose text for SQLite is remembered."""

_turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
"""By file."""
os.register_at_fork(after_in_child=_turns.clear)


class CursorWrapper(base.SQLiteCursorWrapper):
    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """From Django's placeholders to SQLite's: for a statement of many rows, the longest part of running it."""
        if param_names is not None:
            return super().convert_query(query, param_names=param_names)
        return _with_question_marks(query)


@lru_cache(STATEMENTS)
def _with_question_marks(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held: threading.Lock | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A database that SQLite makes itself is for everybody to read, and so are the journals beside it."""
        name = str(conn_params["database"])
        if not name.startswith((":memory:", "file:")):
            with contextlib.suppress(FileExistsError, FileNotFoundError):
                os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> CursorWrapper:
        cursor: CursorWrapper = self.connection.cursor(factory=CursorWrapper)
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        turn = _turns[str(self.settings_dict["NAME"])]
        if not turn.acquire(timeout=self.settings_dict["OPTIONS"].get("timeout", 5.0)):
            raise OperationalError("database is locked")
        self._held = turn
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._release()
            raise

    def _release(self) -> None:
        held, self._held = self._held, None
        if held:
            held.release()

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._release()  # not when it failed: a rollback follows

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._release()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._release()
