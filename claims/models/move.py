"""Which document came from which claim, so that a move, a split or a merger can be taken back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.document import Document


class Move(models.Model):
    """Documents that went from one claim to another in one action. What hangs on them went with them."""

    class What(models.TextChoices):
        MOVED = "moved", _("Documents moved")
        SPLIT = "split", _("Claim split")
        MERGED = "merged", _("Claims merged")

    what = models.CharField(_("what"), max_length=6, choices=What)
    documents = models.ManyToManyField(Document, related_name="moves", verbose_name=_("documents"))
    from_claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="moves_away", verbose_name=_("from"))
    to_claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="moves_here", verbose_name=_("to"))
    reason = models.TextField(_("reason"))
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(_("when"), default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("move of documents")
        verbose_name_plural = _("moves of documents")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(name="move_between_two_claims", condition=~Q(from_claim=F("to_claim"))),
            models.CheckConstraint(
                name="move_undone_by_someone",
                condition=Q(undone_by=None, undone_at=None) | Q(undone_by__isnull=False, undone_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.what}: {self.from_claim_id} > {self.to_claim_id}"
