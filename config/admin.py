"""The administration's index, by topic: what somebody comes to do, not which application a table belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TOPICS: tuple[tuple[str, StrOrPromise, str], ...] = (
    ("work", _("Work"), "Claim Document Duplicate Move Note PaperRequest Letter Job Presence"),
    ("providers", _("Providers"), "ProviderAccount ProviderCall GatewayClient"),
    ("people", _("People and sign-in"), "User Group RoleRule Authenticator TokenProxy"),
    (
        "rules",
        _("Plans and rules"),
        "Plan Policy RuleSetting StraightThroughRule SecondReviewRule AssignmentRule LetterHead",
    ),
    ("values", _("Values of documents"), "InvoiceHeader LineItem CostCategory Payment HealthValue Page Finding"),
    ("record", _("Record"), "LogEntry Decision Correction Reading SampleDraw"),
    ("keeping", _("Keeping and erasing"), "TimeLimit LegalHold Erasure"),
)
"""Key, heading, and the models in the order in which they stand."""
NOT_SHOWN = ("EmailAddress",)
"""Of the library that signs people in: the desk sends no mail."""


class DeskAdminSite(AdminSite):
    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Django's list for one application; for the index and the side bar, by topic, with nothing left out."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        models = {model["object_name"]: model for app in apps for model in app["models"]}
        topics = [
            _topic(key, name, [models.pop(one) for one in names.split() if one in models])
            for key, name, names in TOPICS
        ]
        rest = [model for name, model in models.items() if name not in NOT_SHOWN]
        return [topic for topic in (*topics, _topic("other", _("Other"), rest)) if topic["models"]]


def _topic(key: str, name: StrOrPromise, models: list[Any]) -> dict[str, Any]:
    """In the form of Django's own entry for an application."""
    url = f"{reverse('admin:index')}#{key}"
    return {"name": name, "app_label": key, "app_url": url, "has_module_perms": True, "models": models}


class DeskAdminConfig(AdminConfig):
    default_site = "config.admin.DeskAdminSite"
