"""Who comes to a meeting and for whom, who was there, and the secret address of somebody's calendar."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Municipality

from .meeting import Meeting


class Reply(models.Model):
    """What somebody answered to an invitation. On the waiting list while `waiting_since` is set."""

    class Answer(models.TextChoices):
        """Whether somebody comes."""

        YES = "yes", _("yes")
        MAYBE = "maybe", _("maybe")
        NO = "no", _("no")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="replies")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="meeting_replies")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("represents")
    )
    answer = models.CharField(_("answer"), max_length=5, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    was_present = models.BooleanField(_("was there"), null=True, blank=True)

    class Meta:
        ordering = ["meeting", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="one_reply_per_person_and_meeting")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.answer} ({self.meeting_id})"


class CalendarFeed(models.Model):
    """A secret address under which somebody's calendar program reads their meetings. Only its hash is kept."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"
