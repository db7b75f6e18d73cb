"""PostgreSQL, told how to plan for short requests.

A page of the queue reads some thousand rows along an index. PostgreSQL prices that as if it might be much more, and
starts helper processes or compiles the query: either takes longer than the work (measured over a million claims:
126 ms with helpers, 12 ms without, for the same page of a search). One process per query; many queries at once are
what keeps the cores busy.

Told by a statement, not as an option of the connection: poolers refuse those.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

SHORT_REQUESTS = "SET max_parallel_workers_per_gather = 0; SET jit = off"


class DatabaseWrapper(base.DatabaseWrapper):
    def _configure_connection(self, connection: Any) -> bool:
        """Asked for each new connection; whether what was set has to be committed."""
        changed: bool = super()._configure_connection(connection)  # type: ignore[misc]
        with connection.cursor() as cursor:
            cursor.execute(SHORT_REQUESTS)
        return changed or not connection.autocommit
