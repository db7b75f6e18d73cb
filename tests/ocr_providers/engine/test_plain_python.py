"""The engine and the arithmetic are plain Python: they need no Django settings."""

from __future__ import annotations

import os
import subprocess
import sys

PLAIN = """
import sys
import ocr_providers.engine.pipeline
from ocr_providers.arithmetic import check_invoice
from ocr_providers.results import Invoice, LineItem
from decimal import Decimal
line = LineItem(quantity=Decimal(3), unit_price=Decimal("40.00"), price=Decimal("128.00"))
assert check_invoice(Invoice(line_items=(line,)))
assert "django.conf" not in sys.modules or not sys.modules["django.conf"].settings.configured
assert "ocr_providers.models" not in sys.modules
"""


def test_reading_and_checking_need_no_settings() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([sys.executable, "-c", PLAIN], env=environment, check=True)
