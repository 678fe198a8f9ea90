"""What hangs on messages: polls, files, reports. The log knows of them by id only; what they hold stays here."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Municipality

from .room import Message, Room


class Poll(models.Model):
    """A question to the room with answers to choose from."""

    class Voter(models.TextChoices):
        """Who has a vote."""

        PERSON = "person", _("each person")
        MUNICIPALITY = "municipality", _("each municipality")

    message = models.OneToOneField(Message, models.CASCADE, related_name="poll")
    question = models.CharField(_("question"), max_length=300)
    is_multiple = models.BooleanField(_("more than one answer"), default=False)
    voter = models.CharField(_("who votes"), max_length=12, choices=Voter.choices, default=Voter.PERSON)
    may_change = models.BooleanField(_("a vote can be changed"), default=True)
    closes_on = models.DateField(_("last day to vote"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")

    def __str__(self) -> str:
        return self.question


class PollOption(models.Model):
    """One answer of a poll."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options")
    text = models.CharField(_("answer"), max_length=160)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["poll", "position"]
        constraints = [models.UniqueConstraint(fields=["poll", "position"], name="poll_option_once_per_position")]

    def __str__(self) -> str:
        return self.text


class PollVote(models.Model):
    """One answer chosen by one person, for themselves or for their municipality."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="votes")
    option = models.ForeignKey(PollOption, models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    municipality = models.ForeignKey(
        Municipality, models.CASCADE, null=True, blank=True, related_name="+", help_text="for whom, where they vote"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["poll", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["option", "user"], name="poll_vote_once_per_person"),
            models.UniqueConstraint(
                fields=["option", "municipality"],
                condition=models.Q(municipality__isnull=False),
                name="poll_vote_once_per_municipality",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.option_id}"


def private_storage() -> Any:
    """Return where files of rooms are kept: never below the public media address."""
    return storages["private"]


def _place(attachment: Attachment, name: str) -> str:
    """Return the path of a file: by its id, so that its name says nothing and cannot steer anything."""
    folder = "thumbnails" if name == "thumbnail" else "files"
    return f"rooms/{folder}/{attachment.room_id}/{attachment.pk}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Files as the people who may have them."""

    def visible_to(self, user: Any) -> AttachmentQuerySet:
        """Keep the files of messages in one's rooms, and one's own that were not sent yet."""
        rooms = Room.objects.visible_to(user)
        sent = models.Q(message__isnull=False, message__deleted_at__isnull=True)
        return self.filter(room__in=rooms).filter(sent | models.Q(owner_id=getattr(user, "pk", None)))


class Attachment(models.Model):
    """A file with a message; without one while it waits to be sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, models.CASCADE, related_name="attachments")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="attachments")
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=12, help_text="as found in the content: pdf, png, docx …")
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    file = models.FileField(storage=private_storage, upload_to=_place, max_length=200)
    thumbnail = models.FileField(storage=private_storage, upload_to=_place, max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("file of a message")
        verbose_name_plural = _("files of messages")

    def __str__(self) -> str:
        return self.name


class MessageReport(models.Model):
    """Somebody finds that a message does not belong here; who keeps order looks at it and answers."""

    class State(models.TextChoices):
        """What came of it."""

        OPEN = "open", _("to be looked at")
        UPHELD = "upheld", _("the message was taken away")
        DISMISSED = "dismissed", _("the message stays")

    message = models.ForeignKey(Message, models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=400)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.CharField(_("answer to the reporter"), max_length=400, blank=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    handled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["message", "reporter"], name="report_once_per_person")]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.get_state_display()}"
