"""What every provider promises. A provider's tests inherit this, say how a good answer looks, and add its own rows."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ocr_providers import http
from ocr_providers.base import BaseProvider, Connection, RawAnswer
from ocr_providers.exceptions import (
    FateUnknown,
    FixTheRequest,
    NotSent,
    OcrError,
    RateLimited,
    TellAdministrator,
    UnexpectedAnswer,
    UnsupportedDocument,
)
from ocr_providers.results import Kind, ReadingResult
from tests.ocr_providers.fault_server import FaultServer, cut_off, drip, drop, fault_server, reply, slow
from tests.ocr_providers.scripted import picture

SECRET = "s3cr3t-of-the-account"
PATIENT = "曲多多"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


class ProviderContract:
    provider_class: ClassVar[type[BaseProvider]]
    kind: ClassVar[Kind]
    good: ClassVar[dict[str, Any]]
    """A good answer's body."""
    known_keys: ClassVar[tuple[str, ...]]
    """Top-level keys of the vendor's bodies, for the property tests."""

    def provider(self, **fields: Any) -> BaseProvider:
        secrets = dict.fromkeys(self.provider_class.credential_names, SECRET)
        return self.provider_class(Connection(**{"endpoint": "http://127.0.0.1:9", "credentials": secrets, **fields}))

    def answer(self, body: object, status: int = 200, **headers: str) -> RawAnswer:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return RawAnswer(body=content, status=status, headers=headers)

    def test_a_good_answer_becomes_a_result_of_the_providers_kind(self) -> None:
        result = self.provider().read_answer(self.answer(self.good))
        assert result.kind is self.kind

    def test_parsing_twice_gives_the_same(self) -> None:
        answer = self.answer(self.good)
        assert self.provider().read_answer(answer) == self.provider().read_answer(answer)

    @hypothesis_settings(suppress_health_check=[HealthCheck.differing_executors], deadline=None)
    @given(data=st.data())
    def test_any_json_gives_a_result_or_a_named_error(self, data: st.DataObject) -> None:
        keys = st.sampled_from(self.known_keys) | st.text(max_size=6)
        shaped = st.dictionaries(keys, json_values, max_size=6)
        broken = st.sampled_from(list(self.good)).flatmap(
            lambda key: json_values.map(lambda value: {**self.good, key: value})
        )
        body = data.draw(shaped | broken | json_values)
        status = data.draw(st.sampled_from([200, 206, 302, 400, 401, 403, 404, 413, 415, 418, 429, 500, 503, 504, 599]))
        answer = self.answer(body, status)
        self.provider().receipt(answer)
        try:
            assert isinstance(self.provider().read_answer(answer), ReadingResult)
        except OcrError as error:
            assert str(error)  # noqa: PT017 - either outcome is right

    @pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"<html>", b"[" * 100_000, b"null", b"[]", b'"text"', b"NaN"])
    def test_what_is_no_json_object_is_an_unexpected_answer(self, body: bytes) -> None:
        provider = self.provider()
        provider.receipt(RawAnswer(body=body))
        with pytest.raises(UnexpectedAnswer):
            provider.read_answer(RawAnswer(body=body))

    def test_an_answer_cut_short_is_of_unknown_fate(self) -> None:
        with pytest.raises(FateUnknown):
            self.provider().read_answer(RawAnswer(body=b'{"half', cut_short="the connection broke"))

    def test_secrets_do_not_show(self) -> None:
        assert SECRET not in repr(self.provider().connection)


class HttpProviderContract(ProviderContract):
    """For those that ask a vendor over HTTP."""

    body_key: ClassVar[str]

    @pytest.fixture
    def vendor(self) -> Iterator[FaultServer]:
        with fault_server() as server:
            yield server

    def at(self, vendor: FaultServer, **fields: Any) -> BaseProvider:
        return self.provider(endpoint=vendor.url, **fields)

    def asked(self, provider: BaseProvider) -> RawAnswer:
        return provider.call(provider.check(picture(kind=self.kind)))

    def test_the_documented_path_is_asked_with_the_whole_picture(self, vendor: FaultServer) -> None:
        vendor.script(reply(self.good))
        result = self.at(vendor).read_answer(self.asked(self.at(vendor)))

        (seen,) = vendor.seen
        assert result.kind is self.kind
        assert seen.path == self.provider_class.path
        assert seen.headers["content-type"] == "application/json"
        assert seen.picture(self.body_key) == picture().content

    def test_another_route_of_the_same_protocol_can_be_asked(self, vendor: FaultServer) -> None:
        vendor.script(reply(self.good))
        self.asked(self.at(vendor, route="another/province"))
        assert vendor.seen[0].path == "/another/province"

    def test_connections_are_used_again(self, vendor: FaultServer) -> None:
        vendor.script(reply(self.good))
        for _call in range(3):
            self.asked(self.at(vendor))
        assert len(vendor.connections) == 1

    def test_nobody_there_means_not_sent(self) -> None:
        with pytest.raises(NotSent):
            self.asked(self.provider())

    @pytest.mark.parametrize("ending", [drop, slow(3, reply())])
    def test_silence_after_the_picture_was_sent_means_unknown_fate(self, vendor: FaultServer, ending: Any) -> None:
        vendor.script(ending)
        with pytest.raises(FateUnknown):
            self.asked(self.at(vendor, read_timeout=0.5))
        assert len(vendor.seen) == 1

    def test_an_answer_cut_off_in_the_middle_is_kept_and_of_unknown_fate(self, vendor: FaultServer) -> None:
        body = json.dumps(self.good).encode()
        vendor.script(cut_off(body, at=20))
        answer = self.asked(self.at(vendor))
        assert answer.body == body[:20]
        with pytest.raises(FateUnknown):
            self.at(vendor).read_answer(answer)

    def test_an_answer_that_drips_is_given_up_in_time(self, vendor: FaultServer) -> None:
        vendor.script(drip(json.dumps(self.good).encode(), pause=0.05))
        started = time.monotonic()
        answer = self.asked(self.at(vendor, total_timeout=0.5))
        assert answer.cut_short
        assert time.monotonic() - started < 5

    def test_a_huge_answer_is_not_swallowed_whole(self, vendor: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(http, "MAX_ANSWER_BYTES", 1_000_000)
        vendor.script(reply(b"[" + b"1," * 5_000_000))
        answer = self.asked(self.at(vendor))
        assert answer.cut_short
        assert len(answer.body) < 1_200_000

    def test_a_redirect_is_not_followed(self, vendor: FaultServer) -> None:
        vendor.script(reply(b"", 302, Location=f"{vendor.url}/elsewhere"))
        with pytest.raises(TellAdministrator):
            self.at(vendor).read_answer(self.asked(self.at(vendor)))
        assert len(vendor.seen) == 1

    def test_a_storm_of_429_is_answered_with_one_call_each(self, vendor: FaultServer) -> None:
        vendor.script(reply({"message": PATIENT}, 429, Retry_After="7"))
        for _call in range(3):
            with pytest.raises(RateLimited) as caught:
                self.at(vendor).read_answer(self.asked(self.at(vendor)))
            assert caught.value.retry_after == 7
        assert len(vendor.seen) == 3

    def test_the_vendors_clock_is_measured(self, vendor: FaultServer) -> None:
        vendor.script(reply(self.good, Date="Wed, 01 Jan 2020 00:00:00 GMT"))
        offset = self.asked(self.at(vendor)).clock_offset
        assert offset is not None
        assert offset < -86_400

    def test_errors_hold_no_body_no_address_and_no_secret(self, vendor: FaultServer) -> None:
        vendor.script(drop, reply({"message": PATIENT, "status": PATIENT[:1]}, 400), reply(PATIENT.encode(), 500))
        for _call in range(3):
            with pytest.raises(OcrError) as caught:
                self.at(vendor).read_answer(self.asked(self.at(vendor)))
            chain = f"{caught.value!r} {caught.value.__cause__!r}"
            assert caught.value.__context__ is None or caught.value.__suppress_context__
            for private in (PATIENT, SECRET, "127.0.0.1", "sign="):
                assert private not in chain

    def test_what_cannot_be_decoded_is_refused_before_a_byte_is_sent(self, vendor: FaultServer) -> None:
        vendor.script(reply(self.good))
        source = picture(kind=self.kind)
        for content in (b"<html>", b"GIF89a", source.content[:200]):
            with pytest.raises(UnsupportedDocument):
                self.at(vendor).check(type(source)(content=content, media_type="image/jpeg", kind=self.kind), page=0)
        other = Kind.HEALTH_CHECK if self.kind is Kind.INVOICE else Kind.INVOICE
        with pytest.raises(UnsupportedDocument):
            self.at(vendor).check(picture(kind=other))
        assert vendor.seen == []

    def test_the_connection_test_spends_no_call(self, vendor: FaultServer) -> None:
        vendor.script(reply({"status": "INVALID_ARGUMENT", "message": "no image"}, 400))
        assert self.provider_class.title in self.at(vendor).test_connection()
        assert vendor.seen[0].picture(self.body_key) == b""

    @pytest.mark.parametrize(("status", "error"), [(401, TellAdministrator), (404, TellAdministrator)])
    def test_the_connection_test_says_what_is_wrong(
        self, vendor: FaultServer, status: int, error: type[OcrError]
    ) -> None:
        vendor.script(reply(b"", status))
        with pytest.raises(error):
            self.at(vendor).test_connection()

    def test_the_connection_test_says_when_nobody_is_there(self) -> None:
        with pytest.raises(NotSent):
            self.provider().test_connection()

    def test_a_picture_that_is_too_small_for_the_vendor_or_no_picture_is_named(self) -> None:
        with pytest.raises(FixTheRequest):
            self.provider().check(type(picture())(content=b"", media_type="image/jpeg", kind=self.kind))
