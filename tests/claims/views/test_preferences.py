"""The theme is remembered in this browser, and the way back stays on this site."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_the_chosen_theme_comes_with_the_next_page(client: Client) -> None:
    client.post(reverse("claims:theme"), {"theme": "dark"})
    assert 'data-theme="dark"' in client.get(reverse("account_login")).content.decode()


def test_a_theme_that_does_not_exist_is_refused(client: Client) -> None:
    assert client.post(reverse("claims:theme"), {"theme": "<b>"}).status_code == 400


def test_one_returns_to_the_page_one_came_from(client: Client) -> None:
    page = "http://testserver/accounts/login/"
    assert client.post(reverse("claims:theme"), {"theme": "light"}, headers={"referer": page})["Location"] == page


def test_a_foreign_referer_leads_to_the_front_page(client: Client) -> None:
    response = client.post(reverse("claims:theme"), {"theme": "light"}, headers={"referer": "https://example.org/x"})
    assert response["Location"] == "/"


def test_a_link_cannot_change_the_theme(client: Client) -> None:
    assert client.get(reverse("claims:theme")).status_code == 405
