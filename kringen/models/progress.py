"""How far a kring was on a day, and what the steering group remarked about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .kring import Kring


class ProgressSnapshot(models.Model):
    """The counts of one kring at the end of a day: what cannot be counted afterwards. No figure of anybody."""

    kring = models.ForeignKey(Kring, models.CASCADE, related_name="snapshots")
    date = models.DateField()
    counts = models.JSONField(help_text="by name, as `kringen.circle.progress.Counts` has them")

    class Meta:
        ordering = ["kring", "date"]
        constraints = [models.UniqueConstraint(fields=["kring", "date"], name="one_snapshot_per_kring_and_day")]

    def __str__(self) -> str:
        return f"{self.kring_id} {self.date}"


class ProgressNote(models.Model):
    """What the steering group or the office wrote down about a kring, for those who follow its progress."""

    kring = models.ForeignKey(Kring, models.CASCADE, related_name="progress_notes")
    text = models.TextField(_("note"), max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    submission = models.UUIDField(null=True, blank=True, unique=True, help_text="form id: sent twice, made once")

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.text[:40]
