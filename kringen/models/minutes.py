"""What was said at a meeting, item by item: a draft, then a round in which others amend it, then fixed for good."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import RoleName
from people.permissions import is_office, is_steering

from .kring import kring_ids_of
from .meeting import AgendaItem, Meeting


class MinutesQuerySet(models.QuerySet["Minutes"]):
    """Minutes as the people who may read them."""

    def visible_to(self, user: Any) -> MinutesQuerySet:
        """Keep the minutes somebody may read, of the meetings they may read about.

        A draft is for who guides the kring and the office; from the amendment round on the circle reads along; the
        steering group reads what was adopted.
        """
        inside = self.filter(meeting__in=Meeting.objects.visible_to(user))
        if is_office(user):
            return inside
        seen = Q(meeting__kring_id__in=kring_ids_of(user, RoleName.FACILITATOR))
        seen |= Q(meeting__kring_id__in=kring_ids_of(user)) & ~Q(state=Minutes.State.DRAFT)
        if is_steering(user):
            seen |= Q(state=Minutes.State.ADOPTED)
        return inside.filter(seen)

    def round_over(self, today: dt.date) -> MinutesQuerySet:
        """Keep those in an amendment round of which the last day has passed."""
        return self.filter(state=Minutes.State.AMENDING, amend_until__lt=today)


class Minutes(models.Model):
    """The minutes of a meeting. `version` rises with every change, so two editors cannot overwrite each other."""

    class State(models.TextChoices):
        """Only forward: what was adopted never changes again."""

        DRAFT = "draft", _("draft")
        AMENDING = "amending", _("amendment round")
        ADOPTED = "adopted", _("adopted")

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="minutes")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    amend_until = models.DateField(_("last day to amend"), null=True, blank=True)
    adopted_on = models.DateField(null=True, blank=True)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="empty: nobody objected before the last day",
    )

    objects = MinutesQuerySet.as_manager()

    class Meta:
        ordering = ["meeting"]
        verbose_name = _("minutes of a meeting")
        verbose_name_plural = _("minutes of meetings")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="amending") | Q(amend_until__isnull=False), name="amendment_round_has_a_last_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.get_state_display()}"

    @property
    def is_fixed(self) -> bool:
        """Whether nothing changes any more."""
        return self.state == self.State.ADOPTED

    def takes_amendments(self, today: dt.date) -> bool:
        """Say whether an amendment can be proposed on a day; the last day included."""
        return self.state == self.State.AMENDING and self.amend_until is not None and today <= self.amend_until


class MinutesItem(models.Model):
    """What was said about one item; its title is kept as it was when the minutes were made."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="items")
    agenda_item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        ordering = ["minutes", "position"]
        verbose_name = _("item of minutes")
        constraints = [models.UniqueConstraint(fields=["minutes", "position"], name="minutes_position_once")]

    def __str__(self) -> str:
        return self.title


class MinutesVersion(models.Model):
    """The minutes as they were at one version: the texts by the id of the item as text."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    texts = models.JSONField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["minutes", "number"]
        constraints = [models.UniqueConstraint(fields=["minutes", "number"], name="minutes_version_once")]

    def __str__(self) -> str:
        return f"{self.minutes_id}: {self.number}"


class Amendment(models.Model):
    """Another text for an item of the minutes, with the reason, and what the facilitator did with it."""

    class State(models.TextChoices):
        """What came of it."""

        OPEN = "open", _("to be answered")
        TAKEN = "taken", _("taken over")
        DECLINED = "declined", _("not taken over")

    item = models.ForeignKey(MinutesItem, models.CASCADE, related_name="amendments")
    proposer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    base = models.TextField(blank=True, help_text="the text it was proposed against")
    text = models.TextField(_("text"), blank=True)
    reason = models.CharField(_("reason"), max_length=400)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.CharField(_("answer"), max_length=400, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["item", "created_at", "pk"]
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")

    def __str__(self) -> str:
        return f"{self.item_id}: {self.get_state_display()}"
