"""How far somebody has read, and what they want to hear of."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .room import Room, Topic


class ReadMarker(models.Model):
    """How far somebody has read in a room; never moves back by itself."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="read_markers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="read_markers")
    seq = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "user"], name="one_marker_per_person_and_room")]

    def __str__(self) -> str:
        return f"{self.user_id}@{self.room_id}: {self.seq}"


class TopicMark(models.Model):
    """Somebody's place in one topic, where it is another than in the room, and whether they follow or mute it."""

    class Level(models.TextChoices):
        """How much somebody wants to hear of a topic. What is muted is not counted as unread in room and home."""

        NORMAL = "normal", _("like the room")
        FOLLOWED = "followed", _("followed")
        MUTED = "muted", _("muted")

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="topic_marks")
    seq = models.PositiveBigIntegerField(null=True, help_text="empty: as far as in the room")
    level = models.CharField(max_length=10, choices=Level, default=Level.NORMAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "user"], name="one_mark_per_person_and_topic")]

    def __str__(self) -> str:
        return f"{self.user_id}@{self.topic_id}: {self.seq} {self.level}"
