"""Days that letters promise and that content is kept: rows an administrator edits, made with these defaults.

The numbers of the letters are those repeated in published policy wordings; the retention times follow the rule for
insurance files (five years for policies of up to a year, ten for longer ones). No law is applied by this module: who
runs the desk sets the numbers of their own law and writes down where they come from.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.apps import AppConfig
from django.utils import timezone

from claims.models import TimeLimit

Code = TimeLimit.Code

DEFAULTS: dict[Code, tuple[int, str]] = {
    Code.PAYMENT: (10, "Policy wordings: payment within 10 days after the agreement on the amount."),
    Code.OBJECTION: (30, "This desk's own choice."),
    Code.PAPERS: (30, "This desk's own choice; missing papers are asked for once and in time (policy wordings)."),
    Code.REMINDER: (14, "This desk's own choice."),
    Code.KEEP_PICTURES: (5 * 365, "Insurance files of policies up to one year: 5 years. Pictures: only while needed."),
    Code.KEEP_ANSWERS: (5 * 365, "Insurance files of policies up to one year: 5 years."),
    Code.KEEP_VALUES: (10 * 365, "Insurance files of policies over one year: 10 years."),
    Code.KEEP_WEBHOOKS: (90, "This desk's own choice: long enough to look into what went wrong."),
}


def days(code: Code) -> int:
    """As the administrator set it."""
    row = TimeLimit.objects.filter(code=code).first()
    return row.days if row else DEFAULTS[code][0]


def day_after(moment: datetime, code: Code) -> date:
    """The last day of a limit that begins at `moment`."""
    return timezone.localdate(moment) + timedelta(days=days(code))


def ensure_rows(sender: AppConfig, **kwargs: Any) -> None:
    """After `migrate`: one row per limit, so that the admin shows them all. What an administrator set stays."""
    rows = [TimeLimit(code=code, days=number, source=source) for code, (number, source) in DEFAULTS.items()]
    TimeLimit.objects.using(kwargs.get("using", "default")).bulk_create(rows, ignore_conflicts=True)


def end_of_day(day: date) -> datetime:
    """A claim that is due on a day is late when the day is over."""
    return timezone.make_aware(datetime.combine(day, datetime.max.time().replace(microsecond=0)))
