"""What belongs to a practice besides its text: the figures of its result, and files."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from benchmark.models import Indicator

from .practice import GoodPractice


class ResultFigure(models.Model):
    """A figure before and after, as the municipality itself tells it."""

    practice = models.ForeignKey(GoodPractice, models.CASCADE, related_name="figures")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name=_("indicator"))
    before = models.FloatField(_("before"))
    before_year = models.PositiveSmallIntegerField(_("year before"), null=True, blank=True)
    after = models.FloatField(_("after"))
    after_year = models.PositiveSmallIntegerField(_("year after"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["practice", "indicator"], name="one_figure_per_indicator")]
        verbose_name = _("figure of the result")
        verbose_name_plural = _("figures of the result")

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.before} → {self.after}"


def place_of(attachment: Attachment, filename: str) -> str:
    """Return where a file is kept: under a name nobody can guess, outside what is served as it is."""
    return f"practices/{attachment.practice_id}/{uuid.uuid4().hex}{Path(filename).suffix.lower()}"


class Attachment(models.Model):
    """A file or picture with a practice; fetched through a view that asks who is looking."""

    practice = models.ForeignKey(GoodPractice, models.CASCADE, related_name="attachments")
    file = models.FileField(_("file"), upload_to=place_of)
    name = models.CharField(_("name"), max_length=160)
    description = models.CharField(_("description"), max_length=200)
    kind = models.CharField(max_length=100, help_text="media type, decided by us and not by the sender")
    is_image = models.BooleanField(default=False)
    size = models.PositiveIntegerField(default=0, help_text="bytes")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name
