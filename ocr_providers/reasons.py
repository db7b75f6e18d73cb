"""Dangerous settings need a reason: it stands in the admin's own history, and in the log of whoever listens."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.models import DELETION, LogEntry
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

M = TypeVar("M", bound=Model)
LONGEST = 400


def why_in(request: HttpRequest) -> str:
    """The reason that came with a form."""
    return request.POST.get("why", "").strip()[:LONGEST]


class ActionReasonForm(ActionForm):
    """A dangerous thing done to several rows needs a reason."""

    reason = forms.CharField(label=_("Reason:"), required=False, max_length=200)


class AsksWhy(admin.ModelAdmin[M]):
    """Changing and deleting ask why."""

    asks_why = True
    """`False` where the row itself holds a reason."""
    asks_why_to_add = False
    """Whether a new row needs a reason, too."""

    delete_confirmation_template = "admin/reasoned_delete.html"

    def get_form(self, request: HttpRequest, obj: M | None = None, change: bool = False, **kwargs: Any) -> Any:
        base = kwargs.get("form", self.form)
        if self._asks(request, obj) and "why" not in base.base_fields:
            why = forms.CharField(label=_("Why"), max_length=LONGEST, help_text=_("Kept in the log."))
            kwargs["form"] = type("ReasonedForm", (base,), {"why": why})
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: M | None = None) -> Any:
        """The reason comes last."""
        sets = super().get_fieldsets(request, obj)
        if not self._asks(request, obj):
            return sets
        others = [
            (name, {**options, "fields": [field for field in options["fields"] if field != "why"]})
            for name, options in sets
        ]
        return [*others, (_("Reason"), {"fields": ("why",)})]

    def _asks(self, request: HttpRequest, obj: M | None) -> bool:
        if obj is None:
            return self.asks_why_to_add and self.has_add_permission(request)
        return self.asks_why and self.has_change_permission(request, obj)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """What Django says was changed, and why."""
        if "why" in form.changed_data:
            form.changed_data.remove("why")
        said = super().construct_change_message(request, form, formsets, add)
        why = why_in(request)
        return f"{LogEntry(change_message=json.dumps(said)).get_change_message()} {why}" if why else said

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Django's history says why, too."""
        return LogEntry.objects.log_actions(
            user_id=request.user.pk,  # type: ignore[arg-type] # the admin lets nobody in who is not signed in
            queryset=queryset,
            action_flag=DELETION,
            change_message=why_in(request),
        )

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if request.method == "POST" and self.has_delete_permission(request) and not why_in(request):
            self.message_user(request, gettext("Say why this is deleted."), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        return super().delete_view(request, object_id, extra_context)
