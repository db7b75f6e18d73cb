"""What a claim is found by. `queueing.search` writes it and asks it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim


class SearchText(models.Model):
    """The names and numbers of one claim, folded, a line each, and their grams. Derived: can be made again."""

    claim = models.OneToOneField(Claim, primary_key=True, on_delete=models.CASCADE, related_name="search")
    words = models.TextField(_("names and numbers"), blank=True)
    grams = models.TextField(_("their grams, separated by blanks"), blank=True)

    class Meta:
        verbose_name = _("search text")
        verbose_name_plural = _("search texts")

    def __str__(self) -> str:
        return str(self.claim_id)
