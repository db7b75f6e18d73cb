"""Documents in the vendors' schema, written as a test reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from ocr_providers.exact_json import dumps, loads
from ocr_providers.results import HealthReport, Invoice
from ocr_providers.vendor_schema import health_from_json, invoice_from_json

MakeInvoice = Callable[..., Invoice]


@pytest.fixture
def invoice() -> MakeInvoice:
    """Makes an invoice from fields of `medical_result`; payments and categories may be mappings of name to amount."""

    def make(
        *,
        lines: Sequence[Mapping[str, Any]] = (),
        payments: Mapping[str, Any] | None = None,
        categories: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> Invoice:
        result = {
            "cost_detail_list": list(lines),
            "payments_info": [{"name": name, "amount": amount} for name, amount in (payments or {}).items()],
            "cost_categories": [{"name": name, "cost": cost} for name, cost in (categories or {}).items()],
            **fields,
        }
        return invoice_from_json(loads(dumps(result)))

    return make


@pytest.fixture
def report() -> Callable[..., HealthReport]:
    """Makes a report from values by key."""

    def make(**values: Any) -> HealthReport:
        data = [{"key": key.replace("BP_", "BP-"), "value": value, "found": True} for key, value in values.items()]
        return health_from_json(loads(dumps(data)))

    return make
