"""Other programs are told: what, when, how often, signed by whom, and never into a private network."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims import audit, intake, workers
from claims.correspondence import outgoing, webhooks
from claims.deciding.decisions import Verdict, check, decide, reopen
from claims.models import (
    Claim,
    Decision,
    Document,
    Job,
    LogEntry,
    Policy,
    TimeLimit,
    User,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from claims.processing import jobs

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
State = WebhookDelivery.State


@dataclass
class Receiver:
    """A program that is told. `answers`: statuses to give, the last one for good."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [204])
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def next_status(self) -> int:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOW_PRIVATE_ADDRESSES = True
    program = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            program.got.append((dict(self.headers), body))
            self.send_response(program.next_status())
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    program.url = f"http://127.0.0.1:{server.server_port}/hook"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield program
    server.shutdown()
    server.server_close()


def make_endpoint(url: str, *events: str, name: str = "payments", **fields: Any) -> WebhookEndpoint:
    endpoint = WebhookEndpoint(name=name, url=url, events=list(events), **fields)
    webhooks.new_secret(endpoint)
    endpoint.save()
    return endpoint


@pytest.fixture
def endpoint(receiver: Receiver) -> WebhookEndpoint:
    return make_endpoint(receiver.url)


def work() -> None:
    """Every message that is due is tried once."""
    for job in Job.objects.filter(kind=webhooks.DELIVER, state=Job.State.QUEUED):
        Job.objects.filter(pk=job.pk).update(run_at=job.created_at)
        taken = jobs.take_one(job.pk, "test")
        assert taken is not None
        workers.execute(taken)


# --- what is told ----------------------------------------------------------------------------------------------------


def events() -> list[str]:
    return list(WebhookDelivery.objects.order_by("id").values_list("event", flat=True))


def decided(claim: Claim, person: User, **verdict: Any) -> None:
    claim.refresh_from_db()
    decide(claim=claim, user=person, verdict=Verdict(**verdict), version=claim.version)


def test_the_life_of_a_claim_is_told(
    endpoint: WebhookEndpoint, invoice: Document, policy: Policy, reviewer: User, supervisor: User
) -> None:
    claim = invoice.claim
    policy.plan.check_above = 1
    policy.plan.save()
    Claim.objects.update(policy=policy)
    decided(claim, reviewer, outcome=Decision.Outcome.APPROVED)
    check(claim=claim, user=supervisor, agree=True)
    reopen(claim=claim, user=supervisor, reason="A letter came.")
    decided(claim, reviewer, outcome=Decision.Outcome.RETURNED, reason="The list of charges.")
    assert events() == ["claim.checking", "claim.decided", "claim.reopened", "claim.returned"]


def test_every_event_but_the_test_comes_from_the_log() -> None:
    told = {event for event in webhooks.EVENTS.values() if isinstance(event, WebhookEvent)}
    from_decisions = {WebhookEvent.CLAIM_CHECKING, WebhookEvent.CLAIM_RETURNED, WebhookEvent.CLAIM_DECIDED}
    assert told | from_decisions | {WebhookEvent.TEST} == set(WebhookEvent)


def test_only_what_an_endpoint_asked_for_is_told_to_it(receiver: Receiver, clerk: User) -> None:
    make_endpoint(receiver.url, "claim.decided", name="payments")
    make_endpoint(receiver.url, "claim.opened", name="archive")
    make_endpoint(receiver.url, name="off", enabled=False)
    intake.open_claim(user=clerk)
    assert list(WebhookDelivery.objects.values_list("endpoint__name", "event")) == [("archive", "claim.opened")]


def test_a_message_says_where_to_look_and_nothing_of_the_papers(
    endpoint: WebhookEndpoint, receiver: Receiver, invoice: Document, reviewer: User, settings: LazySettings
) -> None:
    settings.DESK_ADDRESS = "https://desk.example/"
    reason = "王芳 has no cover for 203.33."
    decided(invoice.claim, reviewer, outcome=Decision.Outcome.REJECTED, reason_code="period", reason=reason)
    work()
    message = json.loads(receiver.got[0][1])
    assert message.keys() == {"id", "event", "at", "claim", "document", "links"}
    assert message["links"] == {
        "claim": "https://desk.example/claims/2026-000001/",
        "api": "https://desk.example/api/v1/claims/2026-000001/",
    }
    sent = receiver.got[0][1].decode()
    assert not any(word in sent for word in ("王芳", "203.33", "period", "rejected"))


def test_what_did_not_happen_is_not_told(endpoint: WebhookEndpoint, clerk: User) -> None:
    class Broken(Exception):
        pass

    def open_and_break() -> None:
        with transaction.atomic():
            intake.open_claim(user=clerk)
            raise Broken

    with pytest.raises(Broken):
        open_and_break()
    assert not WebhookDelivery.objects.exists()
    assert not Job.objects.exists()


def test_an_edit_asks_nothing_about_webhooks(claim: Claim, clerk: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        audit.record(person=clerk, action="values.corrected", claim=claim)
    assert not any("webhook" in query["sql"] for query in queries)


# --- delivering ------------------------------------------------------------------------------------------------------


def only() -> WebhookDelivery:
    return WebhookDelivery.objects.get()


def test_a_message_arrives_signed(endpoint: WebhookEndpoint, receiver: Receiver, clerk: User) -> None:
    intake.open_claim(user=clerk)
    work()
    headers, body = receiver.got[0]
    signed = headers["Claimdesk-Timestamp"].encode() + b"." + body
    expected = hmac.new(webhooks.secret_of(endpoint).encode(), signed, hashlib.sha256).hexdigest()
    assert headers["Claimdesk-Signature"] == f"v1={expected}"
    assert abs(int(headers["Claimdesk-Timestamp"]) - time.time()) < 300
    assert headers["Claimdesk-Delivery"] == str(only().uid) == json.loads(body)["id"]
    assert (only().state, only().status, only().attempts) == (State.DELIVERED, 204, 1)
    assert Job.objects.get().state == Job.State.DONE


def test_it_is_tried_again_with_the_same_body_and_a_new_signature(
    endpoint: WebhookEndpoint, receiver: Receiver, clerk: User
) -> None:
    receiver.answers = [500, 503, 200]
    intake.open_claim(user=clerk)
    work()
    waiting = only()
    assert (waiting.state, waiting.status, waiting.problem) == (State.WAITING, 500, "The other side answered 500.")
    assert waiting.next_at is not None
    work()
    work()
    assert (only().state, only().attempts, only().problem) == (State.DELIVERED, 3, "")
    assert len({body for _headers, body in receiver.got}) == 1


def test_a_redirect_is_not_followed(endpoint: WebhookEndpoint, receiver: Receiver, clerk: User) -> None:
    receiver.answers = [302]
    intake.open_claim(user=clerk)
    work()
    assert (only().state, only().status, len(receiver.got)) == (State.WAITING, 302, 1)


def test_in_the_end_it_is_given_up(endpoint: WebhookEndpoint, receiver: Receiver, clerk: User) -> None:
    receiver.answers = [500]
    intake.open_claim(user=clerk)
    for _attempt in range(webhooks.MOST_ATTEMPTS):
        work()
    assert (only().state, only().attempts) == (State.FAILED, webhooks.MOST_ATTEMPTS)
    assert Job.objects.get().state == Job.State.DEAD


def test_gone_means_that_nobody_wants_it(endpoint: WebhookEndpoint, receiver: Receiver, clerk: User) -> None:
    receiver.answers = [410]
    intake.open_claim(user=clerk)
    work()
    assert only().state == State.FAILED


def test_an_endpoint_that_is_switched_off_gets_nothing_more(
    endpoint: WebhookEndpoint, receiver: Receiver, clerk: User
) -> None:
    intake.open_claim(user=clerk)
    WebhookEndpoint.objects.update(enabled=False)
    work()
    assert (receiver.got, only().state) == ([], State.FAILED)


def test_a_worker_that_died_after_the_answer_sends_nothing_twice(
    endpoint: WebhookEndpoint, receiver: Receiver, clerk: User
) -> None:
    intake.open_claim(user=clerk)
    WebhookDelivery.objects.update(state=State.DELIVERED)
    work()
    assert receiver.got == []
    assert Job.objects.get().state == Job.State.DONE


def test_a_secret_that_no_key_opens_is_a_problem_of_the_delivery(
    endpoint: WebhookEndpoint, receiver: Receiver, clerk: User
) -> None:
    WebhookEndpoint.objects.update(encrypted_secret="nonsense")
    intake.open_claim(user=clerk)
    work()
    assert (receiver.got, only().problem) == ([], "Misconfigured")


def test_waits_grow_to_hours_and_no_further() -> None:
    waits = [webhooks.back_off(attempts) for attempts in range(1, webhooks.MOST_ATTEMPTS)]
    assert 12 <= waits[0] <= 15
    assert max(waits) <= webhooks.LONGEST_WAIT
    assert 12 * 3600 < sum(waits) < 48 * 3600


# --- where to --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/hook", "https://localhost:8443/", "https://10.0.0.5/", "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
        "https://[fd00::1]/", "https://0.0.0.0/", "https://100.64.0.1/", "https://[2002:7f00:1::]/",
        "http://93.184.216.34/hook", "ftp://93.184.216.34/", "https:///hook", "https://me@93.184.216.34/",
        "https://93.184.216.34:99999/", "javascript:alert(1)", "https://93.184.216.34/#part",
    ],
)  # fmt: skip
def test_an_address_that_messages_may_not_go_to(url: str) -> None:
    assert outgoing.problem_with(url, allow_private=False)


def test_a_public_address_is_one_to_go_to() -> None:
    assert outgoing.problem_with("https://93.184.216.34:8443/hook?desk=1", allow_private=False) is None
    assert outgoing.problem_with("http://127.0.0.1:9000/hook", allow_private=True) is None


def test_a_name_that_leads_elsewhere_when_it_is_used_gets_no_byte(
    endpoint: WebhookEndpoint, receiver: Receiver, clerk: User, settings: LazySettings
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE_ADDRESSES = False  # the address was typed when it was a public one
    intake.open_claim(user=clerk)
    work()
    assert receiver.got == []
    assert only().problem == "The address leads into a private network."


def test_nobody_at_the_address_is_a_word_without_the_address(
    endpoint: WebhookEndpoint, clerk: User, settings: LazySettings
) -> None:
    WebhookEndpoint.objects.update(url="http://127.0.0.1:9/secret-path")
    intake.open_claim(user=clerk)
    work()
    assert only().problem == "connection"
    assert "secret-path" not in Job.objects.get().failure_reason


# --- in the admin ----------------------------------------------------------------------------------------------------

FORM = {"name": "payments", "url": "http://127.0.0.1:9000/hook", "events": ["claim.decided"], "enabled": "on"}


def sent(client: Client, page: str, form: Any, *args: object) -> Any:
    return client.post(reverse(f"admin:claims_webhookendpoint_{page}", args=args), form, follow=True)


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_an_endpoint_is_added_with_a_reason_and_its_secret_shown_once(
    administrator: User, signed_in: SignIn, settings: LazySettings
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE_ADDRESSES = True
    desk = signed_in(administrator)
    sent(desk, "add", FORM)
    assert not WebhookEndpoint.objects.exists()
    answer = sent(desk, "add", {**FORM, "why": "Payments wait for decisions."})
    endpoint = WebhookEndpoint.objects.get()
    secret = webhooks.secret_of(endpoint)
    assert any(secret in message for message in said(answer))
    assert secret not in endpoint.encrypted_secret
    entry = LogEntry.objects.get(action="setting.added")
    assert (entry.reason, secret in json.dumps(entry.detail)) == ("Payments wait for decisions.", False)
    page = desk.get(reverse("admin:claims_webhookendpoint_change", args=[endpoint.pk])).content.decode()
    assert secret not in page


def test_a_private_address_is_refused_unless_a_setting_allows_it(administrator: User, signed_in: SignIn) -> None:
    form = {**FORM, "url": "https://127.0.0.1/hook", "why": "x"}
    answer = sent(signed_in(administrator), "add", form)
    assert answer.context["adminform"].form.errors["url"] == ["The address leads into a private network."]


def act(client: Client, model: str, action: str, pk: int, reason: str = "") -> list[str]:
    url = reverse(f"admin:claims_{model}_changelist")
    return said(client.post(url, {"action": action, "_selected_action": [pk], "reason": reason}, follow=True))


def test_a_new_secret_needs_a_reason(endpoint: WebhookEndpoint, administrator: User, signed_in: SignIn) -> None:
    old, desk = webhooks.secret_of(endpoint), signed_in(administrator)
    assert act(desk, "webhookendpoint", "make_new_secret", endpoint.pk) == ["Say why a new secret is made."]
    act(desk, "webhookendpoint", "make_new_secret", endpoint.pk, "It was sent by mail.")
    endpoint.refresh_from_db()
    assert webhooks.secret_of(endpoint) != old
    assert LogEntry.objects.get(action="webhook.new-secret").reason == "It was sent by mail."


def test_a_test_message_and_one_sent_again_arrive(
    endpoint: WebhookEndpoint, receiver: Receiver, administrator: User, signed_in: SignIn
) -> None:
    desk = signed_in(administrator)
    act(desk, "webhookendpoint", "send_test", endpoint.pk)
    work()
    assert act(desk, "webhookdelivery", "deliver_again", only().pk) == ["Say why these messages are sent again."]
    act(desk, "webhookdelivery", "deliver_again", only().pk, "They lost it.")
    work()
    assert [headers["Claimdesk-Event"] for headers, _body in receiver.got] == ["test", "test"]
    assert (only().state, only().attempts) == (State.DELIVERED, 2)
    assert LogEntry.objects.get(action="webhook.sent-again").reason == "They lost it."


def test_secrets_are_rotated_with_the_other_credentials(endpoint: WebhookEndpoint, settings: LazySettings) -> None:
    before, secret = endpoint.encrypted_secret, webhooks.secret_of(endpoint)
    call_command("rotate_credentials")
    endpoint.refresh_from_db()
    assert endpoint.encrypted_secret != before
    assert webhooks.secret_of(endpoint) == secret


# --- forgetting ------------------------------------------------------------------------------------------------------


def test_old_messages_are_forgotten_with_their_jobs_and_waiting_ones_are_not(
    receiver: Receiver, endpoint: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "AT_ONCE", 2)
    arrived, given_up, waiting, young = (webhooks.tell(endpoint, "test") for _ in range(4))
    WebhookDelivery.objects.exclude(pk=young.pk).update(created_at=timezone.now() - timedelta(days=91))
    for delivery, state in ((arrived, State.DELIVERED), (given_up, State.FAILED), (young, State.DELIVERED)):
        WebhookDelivery.objects.filter(pk=delivery.pk).update(state=state)
    assert "2 messages of webhooks are over time" in retention(dry_run=True)
    assert WebhookDelivery.objects.count() == 4
    assert "2 messages of webhooks were over time" in retention()
    assert set(WebhookDelivery.objects.all()) == {waiting, young}
    assert {job.payload["delivery"] for job in Job.objects.all()} == {waiting.pk, young.pk}
    assert LogEntry.objects.latest("id").detail == {"messages": 2}
    assert "0 messages of webhooks" in retention()


def test_how_long_messages_are_kept_is_the_administrators(endpoint: WebhookEndpoint) -> None:
    TimeLimit.objects.filter(code=TimeLimit.Code.KEEP_WEBHOOKS).update(days=7)
    webhooks.tell(endpoint, "test")
    WebhookDelivery.objects.update(state=State.DELIVERED)
    today = timezone.localdate()
    assert not webhooks.over_time(today + timedelta(days=7)).exists()
    assert webhooks.over_time(today + timedelta(days=8)).exists()


def retention(**options: bool) -> str:
    out = io.StringIO()
    call_command("apply_retention", stdout=out, **options)
    return out.getvalue()
