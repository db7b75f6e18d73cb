"""JSON columns that keep every digit: a number with a fraction goes in and comes out as a `Decimal`."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import simplejson
from django.db import models


class ExactDecoder(json.JSONDecoder):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "parse_float": Decimal})


class ExactJSONField(models.JSONField):
    """For what vendors sent and what people replaced: `12.50` must never become `12.5`, let alone a binary fraction."""

    def __init__(self, *args: Any, **options: Any) -> None:
        # simplejson writes a Decimal digit for digit; the standard library refuses it.
        super().__init__(*args, **{**options, "encoder": simplejson.JSONEncoder, "decoder": ExactDecoder})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, options = super().deconstruct()
        return name, path, args, {key: option for key, option in options.items() if key not in {"encoder", "decoder"}}
