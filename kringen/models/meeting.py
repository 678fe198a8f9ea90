"""Meetings of a kring, their agenda, and what was promised there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people import clock
from people.models import Municipality, RoleName
from people.permissions import is_office, is_steering

from .kring import Kring, kring_ids_of, visible_kringen


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings as the pages need them."""

    def visible_to(self, user: Any) -> MeetingQuerySet:
        """Keep the meetings that a person may read about.

        Of the kringen they may look into: those for the whole circle. A meeting of the steering group is for the
        steering group, an interpretation talk for its municipality; who guides the kring and the office see all.
        """
        inside = self.filter(visible_kringen(user, "kring_id"))
        if is_office(user):
            return inside
        seen = Q(kind__in=Meeting.OPEN_KINDS) | Q(kring_id__in=kring_ids_of(user, RoleName.FACILITATOR))
        if is_steering(user):
            seen |= Q(kind=Meeting.Kind.STEERING)
        own = getattr(user, "municipality_id", None)
        if own:
            seen |= Q(kind=Meeting.Kind.INTERPRETATION, municipality_id=own)
        return inside.filter(seen)

    def for_the_circle(self) -> MeetingQuerySet:
        """Keep what the whole circle is asked to; the public may know the day and the title of these."""
        return self.filter(kind__in=Meeting.OPEN_KINDS)

    def upcoming(self, on: dt.date | None = None) -> MeetingQuerySet:
        """Keep what is still to come (today included) and not cancelled, soonest first."""
        return self.filter(date__gte=on or clock.today(), state=Meeting.State.PLANNED).order_by("date", "pk")


class Meeting(models.Model):
    """A kringbijeenkomst. `agenda_version` rises with every change of the agenda, so two editors cannot overwrite."""

    class State(models.TextChoices):
        """Planned is visible to the circle; cancelled stays visible, with the word."""

        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")

    class Kind(models.TextChoices):
        """Who it is for: the circle, the steering group, or one municipality with its interpreter."""

        KRING = "kring", _("kring meeting")
        START = "start", _("start meeting")
        CLOSING = "closing", _("closing conference")
        STEERING = "steering", _("steering group")
        INTERPRETATION = "interpret", _("interpretation talk")

    OPEN_KINDS = (Kind.KRING, Kind.START, Kind.CLOSING)

    kring = models.ForeignKey(Kring, models.CASCADE, related_name="meetings")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices, default=Kind.KRING)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    title = models.CharField(_("title"), max_length=120)
    theme = models.CharField(_("theme"), max_length=160, blank=True)
    date = models.DateField(_("date"))
    starts_at = models.TimeField(_("from"), null=True, blank=True)
    ends_at = models.TimeField(_("until"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    video_link = models.URLField(_("video link"), blank=True)
    capacity = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNED)
    invited_at = models.DateTimeField(null=True, blank=True, editable=False)
    calendar_version = models.PositiveIntegerField(default=0, editable=False, help_text="SEQUENCE of the calendar item")
    agenda_version = models.PositiveIntegerField(default=0)
    submission = models.UUIDField(null=True, blank=True, help_text="form id: sent twice, made once")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["kring", "number"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.UniqueConstraint(fields=["kring", "number"], name="meeting_number_once_per_kring"),
            models.UniqueConstraint(fields=["kring", "submission"], name="meeting_once_per_form"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=True) | Q(ends_at__gt=models.F("starts_at")),
                name="meeting_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(kind="interpret") | Q(municipality__isnull=False), name="interpretation_of_a_municipality"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of its page; the kring must be loaded."""
        return reverse("kringen:meeting", args=[self.kring.slug, self.number])


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
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="carried_to", help_text="not finished there"
    )

    class Meta:
        ordering = ["meeting", "position"]
        verbose_name = _("agenda item")
        constraints = [
            # Not deferrable: SQLite would silently leave it out. `agendas.save_agenda` renumbers in two steps.
            models.UniqueConstraint(fields=["meeting", "position"], name="agenda_position_once")
        ]

    def __str__(self) -> str:
        return self.title


class ActionQuerySet(models.QuerySet["Action"]):
    """Promises as the pages need them."""

    def visible_to(self, user: Any) -> ActionQuerySet:
        """Keep the promises made in the kringen that a person may look into, at meetings they may read about."""
        inside = self.filter(visible_kringen(user, "kring_id"))
        return inside.filter(Q(meeting__isnull=True) | Q(meeting__in=Meeting.objects.visible_to(user)))

    def open(self) -> ActionQuerySet:
        """Keep what still has to be done, what is due first on top; without a date comes last."""
        return self.filter(state=Action.State.OPEN).order_by(models.F("due_on").asc(nulls_last=True), "pk")


class Action(models.Model):
    """A promise: who does what by when. Shown on the owner's home until it is done."""

    class State(models.TextChoices):
        """Overdue is not a state: it follows from the date."""

        OPEN = "open", _("open")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    kring = models.ForeignKey(Kring, models.CASCADE, related_name="actions")
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, blank=True, related_name="actions")
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="actions")
    text = models.CharField(_("what"), max_length=240)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="actions")
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="actions")
    due_on = models.DateField(_("by"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    dropped_because = models.CharField(_("why it was dropped"), max_length=240, blank=True)
    goal = models.ForeignKey("benchmark.Goal", models.SET_NULL, null=True, blank=True, related_name="+")
    practice = models.ForeignKey("goodpractices.GoodPractice", models.SET_NULL, null=True, blank=True, related_name="+")
    adoption = models.ForeignKey("goodpractices.Adoption", models.SET_NULL, null=True, blank=True, related_name="+")
    told_before = models.DateField(null=True, editable=False, help_text="the date of which the owner was reminded")
    told_after = models.DateField(null=True, editable=False, help_text="the date they were told had passed")
    submission = models.UUIDField(null=True, blank=True, help_text="form id: sent twice, made once")

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints = [models.UniqueConstraint(fields=["kring", "submission"], name="action_once_per_form")]

    def __str__(self) -> str:
        return self.text

    def is_overdue(self, today: dt.date) -> bool:
        """Say whether it should have been done before `today`."""
        return self.state == self.State.OPEN and self.due_on is not None and self.due_on < today
