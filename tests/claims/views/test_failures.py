"""A request that fails is answered by a page of the desk that says what to do, never by Django's own."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from claims.models import User

pytestmark = pytest.mark.django_db


def test_a_form_without_its_token_is_answered_by_a_page_of_the_desk() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a", "password": "b"})
    assert answer.status_code == 403
    assert "This page was open too long" in answer.content.decode()
    assert "style-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "<style" not in answer.content.decode()


def test_a_forgotten_password_is_a_matter_for_an_administrator_and_no_mail_is_sent(client: Client) -> None:
    page = client.get("/accounts/password/reset/")
    assert "Ask an administrator" in page.content.decode()
    assert client.post("/accounts/password/reset/", {"email": "a@example.com"}).status_code == 405


def test_nobody_adds_a_mail_address(client: Client, reviewer: User) -> None:
    client.force_login(reviewer)
    answer = client.post("/accounts/email/", {"email": "a@example.com", "action_add": ""})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/2fa/")


def test_too_many_second_factors_are_answered_by_a_page_of_the_desk(client: Client, reviewer: User) -> None:
    from allauth.core.internal.ratelimit import respond_429
    from django.test import RequestFactory

    cache.clear()
    request = RequestFactory().get("/accounts/2fa/authenticate/")
    request.user = reviewer
    answer = respond_429(request)
    assert answer.status_code == 429
    assert "Wait five minutes" in answer.content.decode()


def test_the_sign_in_form_says_nothing_twice(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "placeholder" not in page
    assert 'autocomplete="current-password"' in page


def test_a_part_of_a_page_asked_for_after_the_session_ended_leads_the_whole_page_to_the_sign_in(client: Client) -> None:
    answer = client.get("/queue/now-reading/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"], answer.content) == (204, "true", b"")
    assert client.get("/queue/now-reading/").status_code == 302


def test_who_is_signed_out_by_time_is_told_so(client: Client, reviewer: User) -> None:
    client.post("/accounts/login/", {"login": reviewer.username, "password": "correct horse"})
    session = client.session
    session["desk_signed_in"] = 0
    session.save()
    assert "Your session has ended" in client.get("/", follow=True).content.decode()
