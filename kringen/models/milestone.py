"""The year plan: milestones with three kinds of date, and the day a kring picked inside a window."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from benchmark.models import Cycle

from .kring import Kring


class Milestone(models.Model):
    """A moment of the benchmark year, as precise as it was announced."""

    class Precision(models.TextChoices):
        """How the date was announced: one day, somewhere in a window of days or weeks, or vaguely ("mid September")."""

        EXACT = "exact", _("exact")
        WINDOW = "window", _("window")
        VAGUE = "vague", _("vague")

    class Kind(models.TextChoices):
        """What it asks of people."""

        MEETING = "meeting", _("kring meeting")
        STEERING = "steering", _("steering group")
        DEADLINE = "deadline", _("deadline")
        SURVEY = "survey", _("survey")
        REPORT = "report", _("report")
        OTHER = "other", _("other")

    class Actor(models.TextChoices):
        """Whose turn it is."""

        PARTICIPANTS = "participants", _("participants")
        FACILITATOR = "facilitator", _("facilitator")
        OFFICE = "office", _("programme office")
        VALIDATOR = "validator", _("validator and participant")
        STEERING = "steering", _("steering group")
        ALL = "all", _("everybody")

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="milestones")
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.OTHER)
    actor = models.CharField(_("actor"), max_length=12, choices=Actor.choices, default=Actor.ALL)
    date_from = models.DateField(_("from"))
    date_to = models.DateField(_("to"))
    precision = models.CharField(_("precision"), max_length=6, choices=Precision.choices, default=Precision.EXACT)
    label = models.CharField(_("as announced"), max_length=80, blank=True, help_text=_("Such as: mid September."))

    class Meta:
        ordering = ["date_from", "date_to", "pk"]
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.CheckConstraint(
                condition=Q(date_to__gte=models.F("date_from")), name="milestone_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return self.title


class KringMilestone(models.Model):
    """The exact day that one kring picked for a milestone with a window."""

    kring = models.ForeignKey(Kring, models.CASCADE, related_name="own_milestones")
    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="kring_dates")
    date = models.DateField(_("date"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kring", "milestone"], name="one_day_per_kring_and_milestone")]

    def __str__(self) -> str:
        return f"{self.milestone} {self.date}"
