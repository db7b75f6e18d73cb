"""What the admin's pages share."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from claims import audit
from ocr_providers.reasons import ActionReasonForm, AsksWhy, why_in

__all__ = ["ActionReasonForm", "DeskAdmin", "LookOnlyAdmin", "ReasonForm", "ReasonedAdmin", "subject_of"]

M = TypeVar("M", bound=Model)

COUNT_CAP = 10_000


class CappedPaginator(Paginator[Any]):
    """Counts no further than needed: a table of a million rows opens as fast as one of ten thousand."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:COUNT_CAP].count())


class DeskAdmin(AsksWhy[M]):
    """Lists that stay fast, and a log entry beside Django's own for every change, with its reason."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50

    def save_model(self, request: HttpRequest, obj: M, form: Any, change: bool) -> None:
        self.store(obj, form)
        audit.record(
            person=request.user.get_username(),
            action="setting.changed" if change else "setting.added",
            subject=subject_of(obj),
            reason=self.reason_in(form),
            detail=self.detail_of(form),
        )

    def store(self, obj: M, form: Any) -> None:
        """Everything that is saved. The log entry follows: from then on other writers of the log wait."""
        obj.save()

    def reason_in(self, form: Any) -> str:
        """Why, where the page asks for it."""
        return str(form.cleaned_data.get("why", ""))

    def detail_of(self, form: Any) -> audit.Detail:
        """What the log says about a change: names of fields; values may be personal."""
        return {"fields": sorted(set(form.changed_data) - {"why"})}

    def delete_model(self, request: HttpRequest, obj: M) -> None:
        subject = subject_of(obj)
        super().delete_model(request, obj)
        audit.record(
            person=request.user.get_username(), action="setting.deleted", subject=subject, reason=why_in(request)
        )


def subject_of(obj: Model) -> str:
    """What the log calls it. The log is never erased: a row that is called by a person's name says its number."""
    return f"{obj._meta.label}: {getattr(obj, 'log_name', obj)}"[:200]


class ReasonForm(forms.ModelForm[Any]):
    """Every change says why."""

    why = forms.CharField(
        label=_("Why"),
        max_length=400,
        widget=AdminTextInputWidget,
        help_text=_("Goes into the log with the change."),
    )


class ReasonedAdmin(DeskAdmin[M]):
    """Rules of the desk: a change goes on record with its reason, what was and what is. Switched off, never deleted."""

    form = ReasonForm

    def detail_of(self, form: Any) -> audit.Detail:
        names = [name for name in form.changed_data if name != "why"]
        return {
            "fields": names,
            "from": [_written(form.fields[name], form.initial.get(name)) for name in names],
            "to": [_written(form.fields[name], form.cleaned_data[name]) for name in names],
        }

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def _written(field: forms.Field, value: Any) -> str:
    """A value of a form as the log keeps it: names instead of keys."""
    if isinstance(value, list | QuerySet):
        return ", ".join(map(str, value))
    if isinstance(field, forms.ModelChoiceField) and not isinstance(value, Model):
        value = field.to_python(value)
    return "" if value is None else str(value)


class LookOnlyAdmin(DeskAdmin[M]):
    """The record: everybody with the permission may look, nobody adds, changes or deletes here."""

    actions: Any = None

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
