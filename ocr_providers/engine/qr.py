"""The QR code of an electronic receipt: kept as read, and used where the print could not be read.

The national form's code says, between commas: version, 票据代码, 票据号码, amount, date (YYYYMMDD), 校验码. It is
protected against misreading, so its code, number and check code are believed over the print's characters; amount and
date are taken from it only where the print gave none, because a difference between the two is for a person to see.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import zxingcpp
from PIL import Image

from ocr_providers.engine.found import Found
from ocr_providers.engine.text import money_of
from ocr_providers.results import Source
from ocr_providers.vendor_schema import date_of

RECEIPT = re.compile(r"\d*,(\d{6,12}),(\d{6,12}),(\d+\.\d\d),(\d{8}),([0-9A-Za-z]{4,8})(?:,.*)?")


def read_qr(image: Image.Image) -> str | None:
    """The text of the first QR code on a page picture; `None` where there is none, or none that can be read."""
    codes = zxingcpp.read_barcodes(image.convert("L"), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return next((str(code.text) for code in codes if code.text), None)


def with_code(fields: Mapping[str, Found[Any]], code: str) -> dict[str, Found[Any]]:
    """Fields of a receipt completed from its code."""
    source = Source(text=code)
    found = {**fields, "qr_code": Found(code, source)}
    if not (match := RECEIPT.fullmatch(code)):
        return found
    note_code, note_no, amount, day, check_code = match.groups()
    found |= {
        name: Found(value, fields[name].source if name in fields and fields[name].value == value else source)
        for name, value in (("note_code", note_code), ("note_no", note_no), ("check_code", check_code))
    }
    for name, value in (("total_cost", money_of(amount)), ("billing_date", date_of(day))):
        if name not in found or found[name].value is None:
            found[name] = Found(value, source)
    return found
