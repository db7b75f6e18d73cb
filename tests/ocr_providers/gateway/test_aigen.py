"""The AIGEN protocol as served: every status of the document, and its envelope."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from PIL import Image

from ocr_providers.exceptions import AskAgainLater, PictureUnreadable, UnexpectedAnswer
from ocr_providers.gateway.models import GatewayClient
from ocr_providers.results import HEALTH_KEYS
from tests.ocr_providers.gateway.conftest import HEALTH, Credentials, Engine
from tests.ocr_providers.scripted import jpeg

PATH = "/gateway/aiscript/healthcheck-form/v2"


def post(client: Client, key: str, content: bytes = b"", body: object | None = None) -> Any:
    sent = {"image": base64.b64encode(content or jpeg()).decode()} if body is None else body
    text = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    return client.post(PATH, text, content_type="application/json", headers={"x-aigen-key": key})


def pdf() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (300, 200)).save(buffer, "PDF")
    return buffer.getvalue()


@pytest.mark.parametrize("content", [jpeg(), pdf()])
def test_success_has_the_sixteen_keys_with_their_five_members(
    client: Client, credentials: Credentials, engine: Engine, content: bytes
) -> None:
    engine(HEALTH)
    response = post(client, credentials.aigen_key, content)
    body = response.json()

    assert response.status_code == 200
    assert list(body) == ["result", "data"]
    assert body["result"] == "Success"
    assert [row["key"] for row in body["data"]] == list(HEALTH_KEYS)
    assert all(list(row) == ["key", "value", "score", "found", "rect"] for row in body["data"])
    assert body["data"][0] == {"key": "bp", "value": "n/a", "score": 0.0, "found": False, "rect": []}
    assert body["data"][1] == {"key": "Weight", "value": 73.1, "score": 0.99, "found": True, "rect": [1, 2, 3, 4]}


def test_a_partial_reading_is_206(client: Client, credentials: Credentials, engine: Engine) -> None:
    engine(replace(HEALTH, partial=True))
    response = post(client, credentials.aigen_key)
    assert (response.status_code, response.json()["result"]) == (206, "Success")


@pytest.mark.parametrize("key", ["", "wrong"])
def test_401_without_a_good_key(client: Client, credentials: Credentials, key: str) -> None:
    response = post(client, key)
    assert response.status_code == 401
    assert list(response.json()) == ["status", "message"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"enabled": False}, 401),
        ({"expires_at": timezone.now() - timedelta(days=1)}, 401),
        ({"may_read_health_checks": False}, 403),
        ({"daily_quota": 0}, 429),
        ({"calls_per_second": 0}, 429),
    ],
)
def test_who_may_not_ask_is_told_why(
    client: Client, credentials: Credentials, fields: dict[str, Any], status: int
) -> None:
    GatewayClient.objects.update(**fields)
    response = post(client, credentials.aigen_key)
    assert response.status_code == status
    assert ("Retry-After" in response) is (status == 429)


@pytest.mark.parametrize("body", [b"x", b"[]", {}, {"image": ""}, {"image": "!!!"}, {"image_base64": "AAAA"}])
def test_400_for_a_body_without_a_picture(client: Client, credentials: Credentials, body: object) -> None:
    assert post(client, credentials.aigen_key, body=body).status_code == 400


def test_415_for_another_format(client: Client, credentials: Credentials) -> None:
    assert post(client, credentials.aigen_key, b"GIF89a" + bytes(100)).status_code == 415


def test_413_for_too_many_bytes(client: Client, credentials: Credentials, settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    assert post(client, credentials.aigen_key, jpeg() + bytes(1000)).status_code == 413
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert post(client, credentials.aigen_key, jpeg() + bytes(1000)).status_code == 413


@pytest.mark.parametrize(
    ("error", "status", "word"),
    [
        (PictureUnreadable("x"), 400, "BAD_REQUEST"),
        (UnexpectedAnswer("x"), 500, "INTERNAL_SERVER_ERROR"),
        (AskAgainLater("x", retry_after=9), 503, "SERVICE_UNAVAILABLE"),
    ],
)
def test_what_the_engine_cannot_read(
    client: Client, credentials: Credentials, engine: Engine, error: BaseException, status: int, word: str
) -> None:
    engine(error)
    response = post(client, credentials.aigen_key)
    assert (response.status_code, response.json()["status"]) == (status, word)
    assert response.get("Retry-After") == ("9" if status == 503 else None)


def test_404_for_another_path_and_405_for_another_method(client: Client, credentials: Credentials) -> None:
    assert client.post("/gateway/aiscript/elsewhere", b"{}", "application/json").json()["status"] == "NOT_FOUND"
    assert client.get(PATH).status_code == 405
