"""A meeting while it is held: at which item it is, what is written down, who wants to speak, what is decided."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .kring import Kring
from .meeting import AgendaItem, Meeting


class MeetingSession(models.Model):
    """How far a meeting is. There is one from the moment it was started; `current` is None between items.

    `spent` holds the seconds each item has had until `current_since`, by the id of the item as text; the item that is
    going on gets what passed since then on top (`seconds_of`).
    """

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="session")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    current = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="+")
    current_since = models.DateTimeField(null=True, blank=True)
    spent = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("meeting that is held")

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.current_id}"

    @property
    def is_running(self) -> bool:
        """Whether it was started and not ended."""
        return self.ended_at is None

    def seconds_of(self, item_id: int, now: dt.datetime) -> int:
        """Return how many seconds an item has had until `now`."""
        seconds = int(self.spent.get(str(item_id), 0))
        if self.current_id == item_id and self.current_since is not None and self.is_running:
            seconds += max(0, int((now - self.current_since).total_seconds()))
        return seconds


class NoteQuerySet(models.QuerySet["Note"]):
    """Notes as the pages need them."""

    def visible_to(self, user: Any) -> NoteQuerySet:
        """Keep the notes of the meetings that a person may read about."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class Note(models.Model):
    """What somebody wrote down while a meeting was held, under an item or (None) about the meeting as a whole."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="notes")
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="session_notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("note"))
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "created_at", "pk"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return self.text[:60]


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions as the pages need them."""

    def visible_to(self, user: Any) -> DecisionQuerySet:
        """Keep the decisions of the meetings that a person may read about."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class Decision(models.Model):
    """What a kring decided, numbered per kring and year: 2009-3."""

    kring = models.ForeignKey(Kring, models.CASCADE, related_name="decisions")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="decisions")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    text = models.CharField(_("decision"), max_length=500)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["kring", "year", "number"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.UniqueConstraint(fields=["kring", "year", "number"], name="decision_number_once_per_kring_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.text}"

    @property
    def label(self) -> str:
        """The number as it is quoted: year and number."""
        return f"{self.year}-{self.number}"


class Hand(models.Model):
    """That somebody wants to speak; gone when they spoke or thought better of it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="hands")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    raised_at = models.DateTimeField()

    class Meta:
        ordering = ["meeting", "raised_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="one_hand_per_person")]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.person_id}"
