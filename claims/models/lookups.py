"""Lookups that Django does not bring."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models.lookups import Lookup


@models.CharField.register_lookup
@models.TextField.register_lookup
class OneOf(Lookup[str]):
    """`note_no__one_of=texts`: as `in`, for thousands. They go as one parameter, not as one each."""

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        texts = list(self.rhs)
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", (*params, texts)
        return f"{column} IN (SELECT value FROM json_each(%s))", (*params, json.dumps(texts))  # noqa: S608 - our own name
