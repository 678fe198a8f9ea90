"""Meetings of a kring, their agenda, and what was promised there."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Municipality

from .kring import Kring


class Meeting(models.Model):
    """A kringbijeenkomst. `agenda_version` rises with every change of the agenda, so two editors cannot overwrite."""

    class State(models.TextChoices):
        """Planned is visible to the circle; cancelled stays visible, with the word."""

        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")

    kring = models.ForeignKey(Kring, models.CASCADE, related_name="meetings")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=120)
    theme = models.CharField(_("theme"), max_length=160, blank=True)
    date = models.DateField(_("date"))
    starts_at = models.TimeField(_("from"), null=True, blank=True)
    ends_at = models.TimeField(_("until"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    video_link = models.URLField(_("video link"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNED)
    agenda_version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["kring", "number"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.UniqueConstraint(fields=["kring", "number"], name="meeting_number_once_per_kring"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=True) | Q(ends_at__gt=models.F("starts_at")),
                name="meeting_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AgendaItem(models.Model):
    """One item of the agenda; the last one may be open-ended (no duration)."""

    class Kind(models.TextChoices):
        """What an item is for."""

        OPENING = "opening", _("opening")
        NEWS = "news", _("news")
        FIGURES = "figures", _("figures")
        THEME = "theme", _("theme")
        PRACTICE = "practice", _("good practice")
        DECISION = "decision", _("decision")
        ACTIONS = "actions", _("actions")
        CLOSING = "closing", _("closing")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda_items")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.THEME)
    title = models.CharField(_("title"), max_length=160)
    starts_at = models.TimeField(_("starts at"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    presenter = models.CharField(_("presented by"), max_length=120, blank=True)
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        ordering = ["meeting", "position"]
        verbose_name = _("agenda item")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"], name="agenda_position_once", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return self.title


class Action(models.Model):
    """A promise: who does what by when. Shown on the owner's home until it is done."""

    class State(models.TextChoices):
        """Overdue is not a state: it follows from the date."""

        OPEN = "open", _("open")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    kring = models.ForeignKey(Kring, models.CASCADE, related_name="actions")
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, blank=True, related_name="actions")
    text = models.CharField(_("what"), max_length=240)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="actions")
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="actions")
    due_on = models.DateField(_("by"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("action")
        verbose_name_plural = _("actions")

    def __str__(self) -> str:
        return self.text
