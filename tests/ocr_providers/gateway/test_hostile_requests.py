"""What nobody should send to the gateway, and somebody will: answered in the vendor's form, never with a traceback."""

from __future__ import annotations

import base64
import io
import json
import logging
import time
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, UnreadablePostError
from django.test import Client, RequestFactory
from PIL import Image

from ocr_providers.exact_json import loads
from ocr_providers.gateway import aigen, jd
from ocr_providers.providers.jd import signature
from tests.ocr_providers.gateway.conftest import HEALTH, INVOICE, Credentials, Engine
from tests.ocr_providers.scripted import jpeg

JD = "/gateway/deepfinch/ocr_medical_invoice_zhejiang"
AIGEN = "/gateway/aiscript/healthcheck-form/v2"


def encoded(content: bytes | None = None) -> str:
    return base64.b64encode(content if content is not None else jpeg()).decode()


def picture(size: tuple[int, int], format_: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("L", size).save(buffer, format_)
    return buffer.getvalue()


def query_of(credentials: Credentials, timestamp: str | None = None) -> dict[str, str]:
    moment = timestamp or str(int(time.time() * 1000))
    return {"appkey": credentials.appkey, "timestamp": moment, "sign": signature(credentials.secretkey, moment)}


def ask_jd(client: Client, query: dict[str, str], body: bytes, **more: Any) -> tuple[int, dict[str, Any]]:
    answer = client.generic("POST", JD, body, content_type="application/json", query_params=query, **more)
    said = loads(answer.content)
    assert isinstance(said, dict)
    return answer.status_code, said


def ask_aigen(client: Client, key: str, body: bytes, **more: Any) -> tuple[int, dict[str, Any]]:
    headers = {"x-aigen-key": key}
    answer = client.generic("POST", AIGEN, body, content_type="application/json", headers=headers, **more)
    said = loads(answer.content)
    assert isinstance(said, dict)
    return answer.status_code, said


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "a number": b"1e400",
    "a list": b"[1]",
    "no JSON": b"image_base64=abc",
    "not UTF-8": b'{"image_base64": "\xff\xfe"}',
    "UTF-16": '{"image_base64": "YWJj", "image": "YWJj"}'.encode("utf-16"),
    "nested too deeply": b"[" * 100_000,
    "nested objects": b'{"image":' * 50_000,
    "a number of many digits": b'{"image": ' + b"9" * 100_000 + b"}",
    "an object as the picture": b'{"image_base64": {}, "image": {}}',
    "a list as the picture": b'{"image_base64": ["YWJj"], "image": ["YWJj"]}',
    "empty": b'{"image_base64": "", "image": ""}',
    "blanks": b'{"image_base64": "  \\n ", "image": "  \\n "}',
    "half a character": b'{"image_base64": "\\ud800", "image": "\\ud800"}',
    "NUL": b'{"image_base64": "\\u0000", "image": "\\u0000"}',
    "another alphabet": '{"image_base64": "图片", "image": "图片"}'.encode(),
    "a data: address": json.dumps(
        {name: f"data:image/jpeg;base64,{encoded()}" for name in ("image_base64", "image")}
    ).encode(),
    "the alphabet for addresses": b'{"image_base64": "_-_-", "image": "_-_-"}',
    "padding in the middle": b'{"image_base64": "YQ==YQ==", "image": "YQ==YQ=="}',
    "no padding": b'{"image_base64": "YWJjZA", "image": "YWJjZA"}',
    "gzip": b"\x1f\x8b\x08\x00",
}


@pytest.mark.parametrize("name", BODIES)
def test_what_is_no_picture_is_a_bad_request(client: Client, credentials: Credentials, name: str) -> None:
    status, said = ask_jd(client, query_of(credentials), BODIES[name])
    assert (status, said["status"], said["charge"]) == (400, "INVALID_ARGUMENT", False)
    assert said["reason"]
    status, said = ask_aigen(client, credentials.aigen_key, BODIES[name])
    assert (status, said["status"]) in {(400, "BAD_REQUEST"), (415, "UNSUPPORTED_MEDIA_TYPE")}
    assert said["message"]


def test_base64_may_be_wrapped_as_many_tools_wrap_it(client: Client, credentials: Credentials, engine: Engine) -> None:
    lines = "\r\n".join(encoded()[at : at + 76] for at in range(0, len(encoded()), 76))
    engine(INVOICE)
    assert ask_jd(client, query_of(credentials), json.dumps({"image_base64": f"\n {lines}\t"}).encode())[0] == 200
    engine(HEALTH)
    assert ask_aigen(client, credentials.aigen_key, json.dumps({"image": lines}).encode())[0] == 200


@pytest.mark.parametrize(
    ("size", "status"),
    [((128, 4000), 400), ((129, 129), 200), ((6000, 129), 200), ((6001, 200), 400), ((200, 6001), 400)],
)
def test_the_sides_of_a_picture(
    client: Client, credentials: Credentials, engine: Engine, size: tuple[int, int], status: int
) -> None:
    engine(INVOICE)
    body = json.dumps({"image_base64": encoded(picture(size))}).encode()
    assert ask_jd(client, query_of(credentials), body)[0] == status


def test_files_that_are_not_what_they_seem(client: Client, credentials: Credentials, engine: Engine) -> None:
    """A bomb, a picture cut off, a page behind a picture's first bytes, a format that JD does not take."""
    engine(INVOICE)
    whole = picture((3000, 3000))
    bomb = whole.replace(b"\x00\x00\x0b\xb8\x00\x00\x0b\xb8", b"\x00\x01\x86\xa0\x00\x01\x86\xa0")
    for content in (bomb, whole[:200], b"\xff\xd8\xff<html>", picture((300, 300), "WEBP"), b"%PDF-1.7", b"GIF89a"):
        status, said = ask_jd(client, query_of(credentials), json.dumps({"image_base64": encoded(content)}).encode())
        assert (status, said["status"]) == (400, "INVALID_ARGUMENT")


def test_a_pdf_that_is_none_and_a_bomb_are_bad_requests_of_aigen(client: Client, credentials: Credentials) -> None:
    for content in (b"%PDF-1.7\n%%EOF", picture((300, 300))[:100], b"\xff\xd8\xff\xe0" + b"\0" * 50):
        status, _said = ask_aigen(client, credentials.aigen_key, json.dumps({"image": encoded(content)}).encode())
        assert status == 400


def test_a_body_beyond_every_limit(client: Client, credentials: Credentials, settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = json.dumps({"image_base64": "A" * 5000, "image": "A" * 5000}).encode()
    assert ask_jd(client, query_of(credentials), body)[0] == 400
    assert ask_aigen(client, credentials.aigen_key, body)[0] == 413


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_other_methods(client: Client, credentials: Credentials, method: str) -> None:
    assert client.generic(method, JD, query_params=query_of(credentials)).status_code == 400
    answer = client.generic(method, AIGEN, headers={"x-aigen-key": credentials.aigen_key})
    assert answer.status_code == 405


TIMESTAMPS = [
    "0",
    "-1",
    "1e12",
    "9" * 13,
    "9" * 400,
    " 1541491668060",
    "１５４１４９１６６８０６０",
    "nan",
    "\0",
    "1541491668",
]


@pytest.mark.parametrize("timestamp", TIMESTAMPS)
def test_odd_timestamps(client: Client, credentials: Credentials, timestamp: str) -> None:
    status, said = ask_jd(client, query_of(credentials, timestamp), b"{}")
    assert (status, said["code"]) in {(401, "10045"), (401, "10046")}


@pytest.mark.parametrize("sign", ["x", "\0", "é", "0" * 32, "0" * 100_000, "图"])
def test_odd_signatures(client: Client, credentials: Credentials, sign: str) -> None:
    status, said = ask_jd(client, query_of(credentials) | {"sign": sign}, b"{}")
    assert (status, said["code"]) == (401, "10047")


def test_a_signature_in_capitals_or_of_another_moment_or_client(client: Client, credentials: Credentials) -> None:
    query = query_of(credentials)
    for wrong in (
        {"sign": query["sign"].upper()},
        {"timestamp": str(int(query["timestamp"]) + 1)},
        {"appkey": "\0"},
        {"appkey": "a" * 10_000},
        {"appkey": "' OR 1=1 --"},
    ):
        assert ask_jd(client, query | wrong, b"{}")[0] == 401


def test_a_request_sent_again_in_time_is_answered_again_and_not_later(
    client: Client, credentials: Credentials, engine: Engine
) -> None:
    """As the vendor has it: a timestamp is good for five minutes."""
    engine(INVOICE)
    query, body = query_of(credentials), json.dumps({"image_base64": encoded()}).encode()
    assert [ask_jd(client, query, body)[0] for _ in range(2)] == [200, 200]
    late = query_of(credentials, str(int((time.time() - 301) * 1000)))
    assert ask_jd(client, late, body)[1]["code"] == "10045"


def test_a_key_in_the_address_or_of_odd_characters_is_no_key(client: Client, credentials: Credentials) -> None:
    asked = client.generic("POST", AIGEN, b"{}", query_params={"aigen_key": credentials.aigen_key})
    assert asked.status_code == 401
    for key in ("\xff", "k" * 50_000, "' OR 1=1 --", credentials.aigen_key + " x"):
        assert ask_aigen(client, key, b"{}")[0] == 401


@pytest.mark.parametrize("view", [jd.ocr_medical_invoice, aigen.healthcheck_form])
def test_a_client_that_hangs_up_in_the_middle_costs_no_traceback(
    credentials: Credentials, view: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(_request: HttpRequest) -> bytes:
        raise UnreadablePostError("gone")

    monkeypatch.setattr(HttpRequest, "body", property(broken_off))
    request = RequestFactory().post(
        "/", query_params=query_of(credentials), headers={"x-aigen-key": credentials.aigen_key}
    )
    assert view(request).status_code == 400


def test_an_engine_that_crashes_is_an_internal_error_in_the_vendors_form(
    client: Client, credentials: Credentials, engine: Engine
) -> None:
    engine(ZeroDivisionError("x"))
    status, said = ask_jd(client, query_of(credentials), json.dumps({"image_base64": encoded()}).encode())
    assert (status, said["status"], said["charge"]) == (500, "INTERNAL_ERROR", False)
    status, said = ask_aigen(client, credentials.aigen_key, json.dumps({"image": encoded()}).encode())
    assert (status, said["status"]) == (500, "INTERNAL_SERVER_ERROR")
    engine(INVOICE)  # and the next request is served
    assert ask_jd(client, query_of(credentials), json.dumps({"image_base64": encoded()}).encode())[0] == 200


def test_nothing_of_a_request_gets_into_a_log(
    client: Client, credentials: Credentials, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    engine(INVOICE)
    query, body = query_of(credentials), json.dumps({"image_base64": encoded()}).encode()
    ask_jd(client, query, body)
    ask_jd(client, query | {"sign": "0" * 32}, body)
    engine(ZeroDivisionError(credentials.secretkey))
    assert ask_jd(client, query, json.dumps({"image_base64": encoded(jpeg(3))}).encode())[0] == 500
    for secret in (query["sign"], credentials.appkey, credentials.secretkey, encoded()[:40]):
        assert secret not in caplog.text
