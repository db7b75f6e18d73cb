"""What the admin's pages share."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest
from django.utils.functional import cached_property

from claims import audit
from ocr_providers.reasons import ReasonedAdmin, reason_in

M = TypeVar("M", bound=Model)

COUNT_CAP = 10_000


class CappedPaginator(Paginator[Any]):
    """Counts no further than needed: a table of a million rows opens as fast as one of ten thousand."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:COUNT_CAP].count())


class DeskAdmin(ReasonedAdmin[M]):
    """Lists that stay fast, and a log entry beside Django's own for every change, with its reason."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50

    def save_model(self, request: HttpRequest, obj: M, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        audit.record(
            person=request.user.get_username(),
            action="setting.changed" if change else "setting.added",
            subject=subject_of(obj),
            reason=reason_in(request),
            detail={"fields": sorted(set(form.changed_data) - {"why"})},
        )

    def delete_model(self, request: HttpRequest, obj: M) -> None:
        subject = subject_of(obj)
        super().delete_model(request, obj)
        audit.record(
            person=request.user.get_username(), action="setting.deleted", subject=subject, reason=reason_in(request)
        )


def subject_of(obj: Model) -> str:
    return f"{obj._meta.label}: {obj}"[:200]


class LookOnlyAdmin(DeskAdmin[M]):
    """The record: everybody with the permission may look, nobody adds, changes or deletes here."""

    actions: Any = None

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
