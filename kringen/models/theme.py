"""What a kring wants to talk about: themes grouped out of the intake, and the choice that was made."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from benchmark.models import Area

from .kring import Kring
from .meeting import Meeting


class Theme(models.Model):
    """Questions and themes of several municipalities that belong together, under one name."""

    kring = models.ForeignKey(Kring, models.CASCADE, related_name="themes")
    title = models.CharField(_("title"), max_length=120)
    area = models.ForeignKey(
        Area, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("performance area")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    submission = models.UUIDField(null=True, blank=True, unique=True, help_text="form id: sent twice, made once")

    class Meta:
        ordering = ["kring", "pk"]
        verbose_name = _("theme")
        constraints = [models.UniqueConstraint(fields=["kring", "title"], name="theme_title_once_per_kring")]

    def __str__(self) -> str:
        return self.title


class ThemeChoice(models.Model):
    """The theme that was chosen for a meeting, and why."""

    kring = models.ForeignKey(Kring, models.CASCADE, related_name="theme_choices")
    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="theme_choice")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="choices")
    reason = models.CharField(_("why"), max_length=400)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    chosen_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["meeting__date", "pk"]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.theme_id}"
