"""The saved views of the queue: its tabs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from claims.models import Claim

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Status = Claim.Status


class Holder(Enum):
    """Whose claims."""

    ANYBODY = auto()
    ME = auto()
    NOBODY = auto()


@dataclass(frozen=True, slots=True)
class SavedView:
    """A tab of the queue. No `statuses`: every status."""

    name: str
    label: StrOrPromise
    statuses: tuple[Claim.Status, ...] = ()
    holder: Holder = Holder.ANYBODY


WORK = (Status.READY, Status.IN_REVIEW)
SAVED_VIEWS: tuple[SavedView, ...] = (
    SavedView("todo", _("To do"), WORK),
    SavedView("mine", _("Mine"), (*WORK, Status.CHECKING), Holder.ME),
    SavedView("unassigned", _("Unassigned"), WORK, Holder.NOBODY),
    SavedView("checking", _("Second person"), (Status.CHECKING,)),
    SavedView("returned", _("Returned"), (Status.RETURNED,)),
    SavedView("reading", _("Being read"), (Status.RECEIVED,)),
    SavedView("decided", _("Decided"), (Status.DECIDED,)),
    SavedView("all", _("All")),
)
VIEWS_BY_NAME = {view.name: view for view in SAVED_VIEWS}
EVERY_CLAIM = VIEWS_BY_NAME["all"]
