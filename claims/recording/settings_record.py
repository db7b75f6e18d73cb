"""What the admin changes of other apps (accounts, gateway clients, tokens, groups) goes into the log as ours does."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.db.models.signals import post_save

from claims import audit

OWN = "claims"
"""Our own admin writes its entries itself, with more detail."""
ACTIONS = {ADDITION: "setting.added", CHANGE: "setting.changed", DELETION: "setting.deleted"}


def record(sender: Any, instance: LogEntry, created: bool, **_kwargs: Any) -> None:
    """Django's message names the fields and the reason given, never a value."""
    kind = instance.content_type
    if not created or kind is None or kind.app_label == OWN:
        return
    audit.record(
        person=instance.user.get_username(),
        action=ACTIONS[instance.action_flag],
        subject=f"{kind.app_label}.{kind.model}: {instance.object_repr}",
        reason=instance.get_change_message(),
    )


def connect() -> None:
    post_save.connect(record, sender=LogEntry, dispatch_uid="claims.settings_record")
