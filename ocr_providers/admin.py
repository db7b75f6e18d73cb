"""Accounts, calls and gateway clients in Django's admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ocr_providers import circuit, ledger
from ocr_providers.accounts import missing_credentials, provider_for
from ocr_providers.arithmetic.identity_numbers import hidden
from ocr_providers.exceptions import Misconfigured, OcrError
from ocr_providers.forms import ProviderAccountForm
from ocr_providers.models import GatewayClient, ProviderAccount, ProviderCall
from ocr_providers.reasons import ActionReasonForm, AsksWhy
from ocr_providers.totals import totals_of

SKEW_WORTH_SHOWING = 60.0
"""Seconds."""


CALL_FIELDS = (
    "account", "vendor", "endpoint", "sha256", "kind", "page", "generation", "asked_again", "state", "started_at",
    "finished_at", "latency_ms", "sent_bytes", "status", "vendor_code", "charged", "cost", "remaining_calls",
    "remaining_seconds", "cut_short", "error_class", "error", "retry_after", "raw",
)  # fmt: skip


@admin.register(ProviderAccount)
class ProviderAccountAdmin(AsksWhy[ProviderAccount]):
    form = ProviderAccountForm
    list_display = ("name", "vendor", "preference", "enabled", "documents_may_leave", "state", "calls_today")
    list_filter = ("vendor", "enabled")
    search_fields = ("name",)
    readonly_fields = ("state", "stored_credentials", "clock", "created_at")
    actions = ("test_connection", "resume")
    fieldsets = (
        (None, {"fields": ("name", "vendor", "endpoint", "route", "enabled", "state")}),
        (_("Credentials"), {"fields": ("stored_credentials", "key", "secret")}),
        (_("Documents"), {"fields": ("kinds", "documents_may_leave", "region", "preference")}),
        (
            _("Limits"),
            {"fields": ("price_per_call", "currency", "daily_call_limit", "daily_cost_limit", "max_in_flight")},
        ),
        (_("Times"), {"fields": ("connect_timeout", "read_timeout", "total_timeout", "clock", "created_at")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: ProviderAccount | None = None) -> tuple[str, ...]:
        """The vendor stays: calls on record were made there."""
        return (*self.readonly_fields, "vendor") if obj and obj.calls.exists() else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: ProviderAccount, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        circuit.resume(obj)  # somebody acted

    @admin.display(description=_("state"))
    def state(self, account: ProviderAccount) -> str:
        if not account.enabled:
            return gettext("disabled")
        if account.is_paused():
            return gettext("paused: %(reason)s") % {"reason": account.pause_reason}
        if account.paused_until is not None:
            return gettext("the next call tries whether it works again")
        return gettext("in use")

    @admin.display(description=_("stored credentials"))
    def stored_credentials(self, account: ProviderAccount) -> str:
        if not account.vendor:
            return "–"
        try:
            missing = missing_credentials(account)
        except Misconfigured as error:
            return str(error)
        return gettext("missing: %(names)s") % {"names": ", ".join(missing)} if missing else gettext("complete")

    @admin.display(description=_("vendor's clock"))
    def clock(self, account: ProviderAccount) -> str:
        if abs(account.clock_offset) < SKEW_WORTH_SHOWING:
            return gettext("as ours")
        return gettext("%(seconds)d s ahead of ours; corrected. Set this machine's clock.") % {
            "seconds": account.clock_offset
        }

    @admin.display(description=_("calls today"))
    def calls_today(self, account: ProviderAccount) -> int:
        return account.calls.today().count()

    @admin.action(description=_("Test the connection (no picture is sent)"), permissions=["change"])
    def test_connection(self, request: HttpRequest, queryset: QuerySet[ProviderAccount]) -> None:
        for account in queryset:
            try:
                outcome, level = provider_for(account).test_connection(), messages.SUCCESS
            except (OcrError, Misconfigured) as error:
                outcome, level = str(error), messages.ERROR
            self.message_user(request, f"“{account.name}”: {outcome}", level)

    @admin.action(description=_("Use again now (end the pause)"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[ProviderAccount]) -> None:
        for account in queryset:
            circuit.resume(account)
            self.log_change(request, account, gettext("pause ended"))


@admin.register(ProviderCall)
class ProviderCallAdmin(admin.ModelAdmin[ProviderCall]):
    """To look at only: the ledger is written by `ledger` and nobody else."""

    change_list_template = "admin/ocr_providers/providercall/change_list.html"
    list_display = (
        "started_at", "account", "state", "charged", "cost", "status", "vendor_code", "error_class", "latency_ms",
        "remaining_calls", "page",
    )  # fmt: skip
    list_filter = ("state", "account", "error_class", "charged", "kind", "asked_again")
    list_select_related = ("account",)
    search_fields = ("=sha256",)
    date_hierarchy = "started_at"
    show_full_result_count = False
    fields = CALL_FIELDS

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ProviderCall | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ProviderCall | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: ProviderCall | None = None) -> Any:
        """The raw answer is patient data: only for those who may see it."""
        may_see = request.user.has_perm("ocr_providers.view_raw_answer")
        return [name for name in CALL_FIELDS if name != "raw" or may_see]

    @admin.display(description=_("raw answer"))
    def raw(self, call: ProviderCall) -> SafeString:
        """Whole identity numbers are starred out: they are seen on the review screen, where that is logged."""
        return format_html("<pre>{}</pre>", hidden(bytes(call.answer or b"").decode("utf-8", "replace")))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        ledger.mark_left_behind()  # nobody may have asked for those pictures since
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data and "cl" in response.context_data:
            response.context_data["totals"] = totals_of(response.context_data["cl"].queryset)
        return response


@admin.register(GatewayClient)
class GatewayClientAdmin(AsksWhy[GatewayClient]):
    list_display = ("name", "enabled", "appkey", "calls_today", "daily_quota", "expires_at")
    readonly_fields = ("appkey", "calls_today", "created_at")
    search_fields = ("name", "appkey")
    action_form = ActionReasonForm
    actions = ("make_new_credentials",)

    def save_model(self, request: HttpRequest, obj: GatewayClient, form: Any, change: bool) -> None:
        if not change:
            self._show_once(request, obj, obj.make_credentials())
        super().save_model(request, obj, form, change)

    @admin.action(
        description=_("Make new credentials (with a reason; the old ones end at once)"), permissions=["change"]
    )
    def make_new_credentials(self, request: HttpRequest, queryset: QuerySet[GatewayClient]) -> None:
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, gettext("Say why new credentials are made."), messages.ERROR)
            return
        for client in queryset:
            made = client.make_credentials()
            client.save()
            self._show_once(request, client, made)
            self.log_change(request, client, f"{gettext('new credentials')}: {reason}")

    def _show_once(self, request: HttpRequest, client: GatewayClient, made: dict[str, str]) -> None:
        shown = ", ".join(f"{name} = {value}" for name, value in made.items())
        text = gettext("Credentials of “%(client)s”, shown this once: %(shown)s") % {"client": client, "shown": shown}
        self.message_user(request, text, messages.WARNING)
