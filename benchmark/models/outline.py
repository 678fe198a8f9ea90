"""Where municipalities lie: outlines for the map, from a file the programme office brings in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Outline(models.Model):
    """The outlines of one year's municipalities, already simplified to what a screen can show."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True, help_text=_("Of the boundaries in the file."))
    source = models.CharField(_("source"), max_length=200, help_text=_("As it must be quoted."))
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(help_text="of the plane in which the rings lie; x runs from 0 to it")
    height = models.PositiveIntegerField(help_text="likewise; y runs downwards")
    areas = models.JSONField(help_text="CBS code → list of rings → list of [x, y]")
    count = models.PositiveIntegerField(_("municipalities"))
    points = models.PositiveIntegerField(_("points"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-year"]
        verbose_name = _("outline file")
        verbose_name_plural = _("outline files")

    def __str__(self) -> str:
        return f"{self.year} ({self.file_name})"
