"""Jobs: watched here, and driven again by a person who says why."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from claims.admin.base import ActionReasonForm, LookOnlyAdmin
from claims.models import Job, QueueView
from claims.permissions import Permission, may
from claims.processing import reading
from claims.views.types import signed_in


@admin.register(QueueView)
class QueueViewAdmin(LookOnlyAdmin[QueueView]):
    """Lists that people keep; they save and forget them at the queue."""

    list_display = ("name", "owner", "shared", "query", "created_at")
    list_filter = ("shared",)
    search_fields = ("name", "owner__username")
    list_select_related = ("owner",)


@admin.register(Job)
class JobAdmin(LookOnlyAdmin[Job]):
    list_display = ("id", "kind", "queue", "state", "attempts", "run_at", "worker", "failure_code", "finished_at")
    list_filter = ("state", "queue", "kind", "failure_code")
    search_fields = ("key", "failure_code")
    action_form = ActionReasonForm
    actions = ("drive_again",)

    def has_drive_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Permission.ADMINISTER)

    @admin.action(description=_("Drive again"), permissions=["drive"])
    def drive_again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, gettext("Say why these jobs are driven again."), messages.ERROR)
            return
        user = signed_in(request)
        driven = [job for job in queryset if reading.drive_again(job=job, user=user, reason=reason)]
        said = ngettext("%(n)d job runs again.", "%(n)d jobs run again.", len(driven)) % {"n": len(driven)}
        self.message_user(request, said, messages.SUCCESS)
