"""The JD protocol as served: every refusal of the document, and its envelope."""

from __future__ import annotations

import base64
import io
import json
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from ocr_providers.exact_json import loads
from ocr_providers.exceptions import AskAgainLater, PictureUnreadable, UnexpectedAnswer, UnknownDocument
from ocr_providers.gateway.models import GatewayClient
from ocr_providers.providers.jd import signature
from tests.ocr_providers.gateway.conftest import INVOICE, Credentials, Engine
from tests.ocr_providers.scripted import jpeg

PATH = "/gateway/deepfinch/ocr_medical_invoice_zhejiang"


def signed(credentials: Credentials, **changes: str) -> dict[str, str]:
    timestamp = changes.pop("timestamp", str(int(time.time() * 1000)))
    query = {
        "appkey": credentials.appkey,
        "timestamp": timestamp,
        "sign": signature(credentials.secretkey, timestamp),
        **changes,
    }
    return {name: text for name, text in query.items() if text != "-"}


def post(client: Client, query: dict[str, str], body: object | None = None) -> Any:
    content = {"image_base64": base64.b64encode(jpeg()).decode()} if body is None else body
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(PATH, text, content_type="application/json", query_params=query)


def image(size: tuple[int, int], format_: str = "PNG") -> dict[str, str]:
    buffer = io.BytesIO()
    Image.new("L", size).save(buffer, format_)
    return {"image_base64": base64.b64encode(buffer.getvalue()).decode()}


def test_success_comes_in_the_envelope_with_every_documented_field(
    client: Client, credentials: Credentials, engine: Engine
) -> None:
    engine(INVOICE)
    response = post(client, signed(credentials))
    body = loads(response.content)

    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/json")
    assert isinstance(body, dict)
    assert list(body) == ["code", "charge", "remainTimes", "remainSeconds", "msg", "result"]
    assert (body["code"], body["charge"], body["remainTimes"], body["remainSeconds"]) == ("10000", True, -1, -1)
    result: Any = body["result"]
    assert list(result) == ["request_id", "status", "degree", "medical_result"]
    assert (result["status"], result["degree"]) == ("OK", 90)
    assert result["medical_result"]["total_cost"] == Decimal("120.50")
    assert {"note_no", "cost_detail_list", "checksum", "payee", "average_prob"} <= set(result["medical_result"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"appkey": "-"}, "10004"),
        ({"appkey": "somebody"}, "10001"),
        ({"appkey": "some\0body"}, "10001"),
        ({"timestamp": "-"}, "10041"),
        ({"sign": "-"}, "10042"),
        ({"timestamp": "1541491668"}, "10046"),
        ({"timestamp": "154149166806x"}, "10046"),
        ({"timestamp": "1541491668060"}, "10045"),
        ({"sign": "0" * 32}, "10047"),
    ],
)
def test_who_does_not_sign_well_is_unauthorized(
    client: Client, credentials: Credentials, changes: dict[str, str], code: str
) -> None:
    response = post(client, signed(credentials, **changes))
    body = response.json()
    assert response.status_code == 401
    assert (body["code"], body["charge"], body["status"]) == (code, False, "UNAUTHORIZED")
    assert body["reason"]
    assert body["request_id"].startswith("TID")


@pytest.mark.parametrize(
    ("fields", "http_status", "word", "code"),
    [
        ({"enabled": False}, 401, "UNAUTHORIZED", "10050"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, 401, "KEY_EXPIRED", "10050"),
        ({"may_read_invoices": False}, 403, "NO_PERMISSION", "10048"),
        ({"daily_quota": 0}, 403, "OUT_OF_QUOTA", "10040"),
        ({"calls_per_second": 0}, 403, "RATE_LIMIT_EXCEEDED", "10043"),
    ],
)
def test_who_may_not_ask_is_told_why(
    client: Client, credentials: Credentials, fields: dict[str, Any], http_status: int, word: str, code: str
) -> None:
    GatewayClient.objects.update(**fields)
    response = post(client, signed(credentials))
    assert (response.status_code, response.json()["status"], response.json()["code"]) == (http_status, word, code)


@pytest.mark.parametrize(
    "body",
    [
        b"not json", b"[]", {}, {"image_base64": ""}, {"image_base64": 7}, {"image_base64": "!!!"},
        {"image": "AAAA"}, {"image_base64": base64.b64encode(b"GIF89a" + bytes(100)).decode()},
        {"image_base64": base64.b64encode(jpeg()[:300]).decode()},
        {"image_base64": base64.b64encode(b"%PDF-1.4").decode()},
        image((128, 500)), image((500, 128)), image((6001, 200)), image((200, 200), "WEBP"),
        {"image_base64": base64.b64encode(jpeg() + bytes(5 * 1024 * 1024)).decode()},
    ],
)  # fmt: skip
def test_what_breaks_the_limits_is_an_invalid_argument(
    client: Client, credentials: Credentials, engine: Engine, body: object
) -> None:
    engine(INVOICE)
    response = post(client, signed(credentials), body)
    assert (response.status_code, response.json()["status"]) == (400, "INVALID_ARGUMENT")
    assert response.json()["charge"] is False


@pytest.mark.parametrize("size", [(129, 129), (6000, 200)])
def test_the_limits_themselves_are_accepted(
    client: Client, credentials: Credentials, engine: Engine, size: tuple[int, int]
) -> None:
    engine(INVOICE)
    assert post(client, signed(credentials), image(size)).status_code == 200


@pytest.mark.parametrize(
    ("error", "http_status", "word"),
    [
        (PictureUnreadable("x"), 400, "DETETION_FAILED"),
        (UnknownDocument("x"), 400, "DETETION_FAILED"),
        (UnexpectedAnswer("x"), 500, "INTERNAL_ERROR"),
        (AskAgainLater("x"), 500, "INTERNAL_ERROR"),
    ],
)
def test_what_the_engine_cannot_read_is_said_and_not_charged(
    client: Client, credentials: Credentials, engine: Engine, error: BaseException, http_status: int, word: str
) -> None:
    engine(error)
    response = post(client, signed(credentials))
    credentials.client.refresh_from_db()
    assert (response.status_code, response.json()["status"]) == (http_status, word)
    assert credentials.client.calls_today == 0


def test_the_quota_counts_down_and_ends(client: Client, credentials: Credentials, engine: Engine) -> None:
    engine(INVOICE)
    GatewayClient.objects.update(daily_quota=2)
    remaining = [post(client, signed(credentials)).json()["remainTimes"] for _call in range(3)]
    assert remaining == [1, 0, 0]


def test_the_rate_limit_counts_each_second(client: Client, credentials: Credentials, engine: Engine) -> None:
    engine(INVOICE)
    GatewayClient.objects.update(calls_per_second=1)
    first, second = (post(client, signed(credentials)) for _call in range(2))
    GatewayClient.objects.update(second=timezone.now() - timedelta(seconds=1))
    third = post(client, signed(credentials))
    assert [first.status_code, second.status_code, third.status_code] == [200, 403, 200]


def test_other_paths_and_methods_are_refused_in_the_same_form(client: Client, credentials: Credentials) -> None:
    other = client.post("/gateway/deepfinch/ocr_somewhere", b"{}", content_type="application/json")
    assert (other.status_code, other.json()["status"]) == (404, "NOT_FOUND")
    assert client.get(PATH, signed(credentials)).json()["status"] == "INVALID_ARGUMENT"
