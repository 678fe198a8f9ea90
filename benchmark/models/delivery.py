"""How files are read and what was said about the values in them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Municipality

from .indicator import Indicator
from .measurement import ImportBatch


class ImportProfileQuerySet(models.QuerySet["ImportProfile"]):
    """Profiles, fetched as somebody may use them."""

    def visible_to(self, user: Any) -> ImportProfileQuerySet:
        """Keep what a person may use: the office and validators all, an editor those of the own municipality."""
        from benchmark.permissions import can_import_measurements, can_import_own_measurements, edited_by

        if can_import_measurements(user):
            return self
        if not can_import_own_measurements(user):
            return self.none()
        return self.filter(models.Q(municipality__in=edited_by(user)) | models.Q(municipality=None))


class ImportProfile(models.Model):
    """A way to read one kind of file, made on the site; the same as a shipped profile, which is a TOML file."""

    name = models.SlugField(_("short name"), max_length=40, unique=True)
    title = models.CharField(_("name"), max_length=80)
    municipality = models.ForeignKey(
        Municipality,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="import_profiles",
        verbose_name=_("municipality"),
        help_text=_("Whose files it reads; empty for everybody."),
    )
    toml = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ImportProfileQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name = _("way to read a file")
        verbose_name_plural = _("ways to read a file")

    def __str__(self) -> str:
        return self.title


class QuestionAnswer(models.Model):
    """What somebody said about a value that stood out; the same value is not asked about again."""

    class Choice(models.TextChoices):
        """What became of the value."""

        RIGHT = "right", _("it is right")
        LEAVE_OUT = "leave-out", _("left out")
        CORRECT = "correct", _("corrected")

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="question_answers")
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="question_answers")
    year = models.PositiveSmallIntegerField(_("year"))
    report = models.CharField(max_length=12, blank=True, default="")
    value = models.FloatField(_("value as asked"))
    choice = models.CharField(max_length=9, choices=Choice.choices)
    correction = models.FloatField(_("corrected value"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    always = models.BooleanField(_("do not ask again about this municipality and indicator"), default=False)
    batch = models.ForeignKey(ImportBatch, models.CASCADE, null=True, blank=True, related_name="answers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["indicator", "municipality"], name="answers_of_a_series")]

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.municipality_id}/{self.year}: {self.choice}"
