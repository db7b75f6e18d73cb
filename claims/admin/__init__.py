"""Django admin for every model of the desk."""

from django.contrib import admin

from claims.admin import (
    desk_rules,
    documents,
    letters,
    others,
    people,
    plans,
    record,
    retention,
    rules,
    sign_in,
    webhooks,
    work,
)

__all__ = [
    "desk_rules",
    "documents",
    "letters",
    "others",
    "people",
    "plans",
    "record",
    "retention",
    "rules",
    "sign_in",
    "webhooks",
    "work",
]

admin.site.disable_action("delete_selected")  # one by one, also roles, second factors and records of sign-ins
