"""What a log line never holds."""

from __future__ import annotations

import logging

import pytest
import structlog
from django.test import Client

from config.logs import formatter


@pytest.mark.django_db
def test_a_signature_in_a_query_string_reaches_no_log_line() -> None:
    lines: list[str] = []
    handler = logging.Handler(logging.DEBUG)
    handler.setFormatter(formatter(as_json=True))
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    loggers = [logging.getLogger(name) for name in ("django_structlog", "django.request")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    try:
        Client().post("/gateway/deepfinch/ocr_medical_invoice_zhejiang?appkey=a&timestamp=1&sign=5ec2e7")
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)
        structlog.contextvars.clear_contextvars()
    assert any("/gateway/deepfinch/ocr_medical_invoice_zhejiang" in line for line in lines)
    assert not [line for line in lines if "5ec2e7" in line or "sign=" in line]
