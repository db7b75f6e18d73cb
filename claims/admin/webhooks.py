"""Webhooks and their deliveries. A secret is shown once, when it is made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from claims import audit
from claims.admin.base import ActionReasonForm, LookOnlyAdmin, ReasonedAdmin, ReasonForm, subject_of
from claims.correspondence import outgoing, webhooks
from claims.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from claims.permissions import Permission, may
from claims.views.types import signed_in

EVENTS = [choice for choice in WebhookEvent.choices if choice[0] != WebhookEvent.TEST]


class EndpointForm(ReasonForm):
    """Address and events; the secret is never typed."""

    events = forms.MultipleChoiceField(
        label=_("Events"),
        choices=EVENTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )

    class Meta:
        model = WebhookEndpoint
        fields = ("name", "url", "events", "enabled")

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        problem = outgoing.problem_with(url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE_ADDRESSES)
        if problem:
            raise forms.ValidationError(problem)
        return url


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReasonedAdmin[WebhookEndpoint]):
    form = EndpointForm
    list_display = ("name", "url", "enabled", "created_at")
    list_filter = ("enabled",)
    search_fields = ("name", "url")
    action_form = ActionReasonForm
    actions = ("send_test", "make_new_secret")

    def save_model(self, request: HttpRequest, obj: WebhookEndpoint, form: Any, change: bool) -> None:
        secret = "" if change else webhooks.new_secret(obj)
        super().save_model(request, obj, form, change)
        if secret:
            self._show_once(request, obj, secret)

    def _show_once(self, request: HttpRequest, endpoint: WebhookEndpoint, secret: str) -> None:
        said = gettext("Secret of “%(name)s”, shown this once: %(secret)s") % {"name": endpoint, "secret": secret}
        self.message_user(request, said, messages.WARNING)

    @admin.action(description=_("Send a test message"), permissions=["change"])
    def send_test(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        for endpoint in queryset:
            webhooks.send_test(endpoint=endpoint, user=signed_in(request))
        self.message_user(request, gettext("On its way: see the deliveries."), messages.SUCCESS)

    @admin.action(description=_("Make a new secret (with a reason; the old one ends at once)"), permissions=["change"])
    def make_new_secret(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, gettext("Say why a new secret is made."), messages.ERROR)
            return
        for endpoint in queryset:
            secret = webhooks.new_secret(endpoint)
            endpoint.save(update_fields=["encrypted_secret"])
            audit.record(
                person=signed_in(request), action="webhook.new-secret", subject=subject_of(endpoint), reason=reason
            )
            self._show_once(request, endpoint, secret)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(LookOnlyAdmin[WebhookDelivery]):
    list_display = (
        "event",
        "claim_number",
        "endpoint",
        "state",
        "attempts",
        "status",
        "problem",
        "created_at",
        "next_at",
    )
    list_filter = ("state", "event", "endpoint")
    search_fields = ("=claim_number", "=uid")
    list_select_related = ("endpoint",)
    date_hierarchy = "created_at"
    action_form = ActionReasonForm
    actions = ("deliver_again",)

    def has_deliver_permission(self, request: HttpRequest) -> bool:
        return may(request.user, Permission.ADMINISTER)

    @admin.action(description=_("Deliver again"), permissions=["deliver"])
    def deliver_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, gettext("Say why these messages are sent again."), messages.ERROR)
            return
        for delivery in queryset:
            webhooks.deliver_again(delivery=delivery, user=signed_in(request), reason=reason)
        done = len(queryset)
        said = ngettext("%(n)d message is sent again.", "%(n)d messages are sent again.", done) % {"n": done}
        self.message_user(request, said, messages.SUCCESS)
