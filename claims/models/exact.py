"""JSON columns that keep every digit: a number with a fraction goes in and comes out as a `Decimal`."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import simplejson
from django.db import models
from django.db.models.fields.json import KeyTransform


class ExactDecoder(json.JSONDecoder):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "parse_float": Decimal})


EXACT = ExactDecoder()


class ExactJSONField(models.JSONField):
    """For what vendors sent and what people replaced: `12.50` must never become `12.5`, let alone a binary fraction."""

    def __init__(self, *args: Any, **options: Any) -> None:
        # simplejson writes a Decimal digit for digit; the standard library refuses it.
        super().__init__(*args, **{**options, "encoder": simplejson.JSONEncoder, "decoder": ExactDecoder})

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """With one decoder for all rows: making one costs more than reading the few characters of most."""
        if isinstance(value, str) and not isinstance(expression, KeyTransform):
            return {} if value == "{}" else EXACT.decode(value)
        return super().from_db_value(value, expression, connection)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Most are empty: no encoder is made for those."""
        if value == {} and connection.vendor == "sqlite":
            return "{}"
        return super().get_db_prep_value(value, connection, prepared)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, options = super().deconstruct()
        return name, path, args, {key: option for key, option in options.items() if key not in {"encoder", "decoder"}}
