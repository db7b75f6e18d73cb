"""What passes by itself, what a second person sees, who gets which claim. Every change says why."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claims.admin.base import LookOnlyAdmin, ReasonedAdmin
from claims.models import AssignmentRule, SampleDraw, SecondReviewRule, StraightThroughRule
from claims.permissions import deciders


@admin.register(StraightThroughRule)
class StraightThroughRuleAdmin(ReasonedAdmin[StraightThroughRule]):
    list_display = ("__str__", "enabled", "lowest_score", "pays_below", "sample_share")
    list_filter = ("enabled",)
    list_select_related = ("plan",)


@admin.register(SecondReviewRule)
class SecondReviewRuleAdmin(ReasonedAdmin[SecondReviewRule]):
    list_display = (
        "__str__", "enabled", "random_share", "factor_plan", "factor_hospital", "factor_person", "at_least",
    )  # fmt: skip
    list_filter = ("enabled",)
    list_select_related = ("plan",)


@admin.register(AssignmentRule)
class AssignmentRuleAdmin(ReasonedAdmin[AssignmentRule]):
    """Supervisors with access to the admin arrange these."""

    list_display = (
        "order", "name", "enabled", "plan", "kind", "language", "amount_from", "amount_below", "to", "due_hours",
    )  # fmt: skip
    list_display_links = ("order", "name")
    list_filter = ("enabled",)
    search_fields = ("name",)
    list_select_related = ("plan",)
    filter_horizontal = ("people",)

    @admin.display(description=_("people"))
    def to(self, rule: AssignmentRule) -> str:
        return ", ".join(str(person) for person in rule.people.all())

    def get_queryset(self, request: HttpRequest):  # type: ignore[no-untyped-def] # the stub wants a plain query set
        return super().get_queryset(request).prefetch_related("people")

    def formfield_for_manytomany(self, db_field, request, **kwargs):  # type: ignore[no-untyped-def]
        """Only those who decide."""
        kwargs["queryset"] = deciders().order_by("username")
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(SampleDraw)
class SampleDrawAdmin(LookOnlyAdmin[SampleDraw]):
    list_display = ("claim", "drawn", "share", "held", "payable", "drawn_at")
    list_filter = ("held",)
    search_fields = ("claim__number",)
    date_hierarchy = "drawn_at"
    list_select_related = ("claim",)
