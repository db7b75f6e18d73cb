"""What tests of the admin share: addresses of its pages, the log's last entry, and an auditor who is let in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from claims.models import User

SignIn = Callable[[User], Client]
OURS = [model for model in admin.site._registry if model._meta.app_label == "claims"]


def name_of(model: type[Model]) -> str:
    return str(model._meta.model_name)


def address(model: type[Model], page: str, *arguments: object) -> str:
    return reverse(f"admin:claims_{model._meta.model_name}_{page}", args=arguments)


@pytest.fixture
def auditor_in_the_admin(auditor: User) -> User:
    auditor.is_staff = True
    auditor.save()
    return auditor
