"""Rooms and their log. The log is the truth: everything that happens is an event with a gap-free number."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from people.models import Role, RoleName, User

from .kring import Kring

# Who talks in the rooms of a kring, and who may enter all of them. Not the steering group, not the validators.
IN_THE_KRING = (RoleName.PARTICIPANT, RoleName.FACILITATOR)
EVERYWHERE = (RoleName.OFFICE, RoleName.ADMIN)


class RoomQuerySet(models.QuerySet["Room"]):
    """Rooms as the people who may know of them see them."""

    def visible_to(self, user: Any) -> RoomQuerySet:
        """Keep the rooms a person may read, decided by the database at this very moment.

        Roles are asked inside the query and not taken from what was read at log-in: a socket lives for hours,
        and the same filter guards the UPDATE that hands out a number.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self._held_by(user, IN_THE_KRING)

    def led_by(self, user: Any) -> RoomQuerySet:
        """Keep the rooms where a person keeps order: its facilitators and the programme office."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self._held_by(user, (RoleName.FACILITATOR,))

    def _held_by(self, user: Any, names: tuple[RoleName, ...]) -> RoomQuerySet:
        # one subquery for all roles: Django's compiling of it is a large part of what a message costs
        kring = ContentType.objects.get_for_model(Kring)
        here = Q(role__in=names, scope_type=kring, scope_id=OuterRef("kring_id"))
        held = Role.objects.current().filter(here | Q(role__in=EVERYWHERE), user_id=user.pk, user__is_active=True)
        superuser = User.objects.filter(pk=user.pk, is_active=True, is_superuser=True)
        return self.filter(Q(Exists(held)) | Q(Exists(superuser)))


class Room(models.Model):
    """A place to talk, of one kring. `seq` is the number of its last event; `epoch` changes after a restore."""

    kring = models.ForeignKey(Kring, models.CASCADE, related_name="rooms")
    name = models.CharField(_("name"), max_length=120)
    about = models.CharField(_("about"), max_length=240, blank=True)
    seq = models.PositiveBigIntegerField(default=0, editable=False)
    epoch = models.UUIDField(default=uuid.uuid4, editable=False)
    member_version = models.PositiveBigIntegerField(default=0, editable=False)
    is_archived = models.BooleanField(_("archived"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    submission = models.UUIDField(null=True, unique=True, editable=False, help_text="a form sent twice makes one room")
    # What the room is about, when that is one thing: a meeting, an indicator, a practice (`kringen/conversation/subjects.py`).
    subject_type = models.ForeignKey(ContentType, models.PROTECT, null=True, editable=False, related_name="+")
    subject_id = models.PositiveBigIntegerField(null=True, editable=False)
    subject = GenericForeignKey("subject_type", "subject_id")

    objects = RoomQuerySet.as_manager()

    class Meta:
        ordering = ["kring", "pk"]
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = [
            models.UniqueConstraint(
                fields=["kring", "subject_type", "subject_id"],
                condition=models.Q(subject_id__isnull=False),
                name="one_room_per_kring_and_subject",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """A subject inside a room. Every room has one general topic, where a message lands that names none."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="topics")
    title = models.CharField(_("title"), max_length=120)
    is_general = models.BooleanField(default=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["room", "-is_general", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["room"], condition=models.Q(is_general=True), name="one_general_topic_per_room"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Message(models.Model):
    """What somebody wrote. `body` is the source; the HTML is made once, by the one renderer."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="messages")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="messages")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages")
    client_id = models.UUIDField(help_text="made once by the sender's browser: sent twice, stored once")
    body = models.TextField()
    body_hash = models.CharField(max_length=64)
    stems = models.TextField(blank=True, editable=False, help_text="its words as the search of rooms looks for them")
    html = models.TextField()
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replies")
    created_seq = models.PositiveBigIntegerField()
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    delete_reason = models.CharField(max_length=240, blank=True)
    cards = models.JSONField(default=list, blank=True, help_text="what hangs under it, by id: `kringen/cards`")
    cards_seq = models.PositiveBigIntegerField(default=0, help_text="of the event that last changed what hangs there")
    mentions = models.JSONField(
        default=list, blank=True, help_text="for whom it is meant: `kringen/conversation/mentions.py`"
    )
    pinned_at = models.DateTimeField(null=True, blank=True)
    pinned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["room", "created_seq"]
        constraints = [
            models.UniqueConstraint(fields=["room", "sender", "client_id"], name="message_once_per_client_id"),
            models.UniqueConstraint(fields=["room", "created_seq"], name="message_once_per_seq"),
        ]
        indexes = [models.Index(fields=["topic", "created_seq"], name="message_in_topic")]

    def __str__(self) -> str:
        return f"{self.room_id}#{self.created_seq}"

    @property
    def was_moderated(self) -> bool:
        """Whether somebody else than its writer took it away."""
        return self.deleted_at is not None and self.deleted_by_id not in {None, self.sender_id}


class Reaction(models.Model):
    """A sign under a message: who finds it what."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="reactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    emoji = models.CharField(max_length=16)

    class Meta:
        ordering = ["message", "pk"]
        constraints = [models.UniqueConstraint(fields=["message", "user", "emoji"], name="reaction_once_per_person")]

    def __str__(self) -> str:
        return f"{self.emoji} {self.message_id}"


class RoomEvent(models.Model):
    """One line of the log."""

    class Kind(models.TextChoices):
        """What happened. Edits and deletions have a number of their own and point at the message.

        What a kind holds on the wire is declared in `kringen/live/events.py`.
        """

        MESSAGE_NEW = "message.new"
        MESSAGE_EDIT = "message.edit"
        MESSAGE_DELETE = "message.delete"
        MESSAGE_MOVE = "message.move"
        REACTION = "reaction"
        PIN = "pin"
        POLL_VOTE = "poll.vote"
        POLL_CLOSE = "poll.close"
        MEMBER_JOIN = "member.join"
        MEMBER_LEAVE = "member.leave"
        AGENDA_CHANGE = "agenda.change"
        MEETING_STATE = "meeting.state"
        MEETING_NOTE = "meeting.note"
        MEETING_HAND = "meeting.hand"
        MEETING_DECISION = "meeting.decision"
        MEETING_ACTION = "meeting.action"
        ROOM_STATE = "room.state"
        GOAL_STATE = "goal.state"

    room = models.ForeignKey(Room, models.CASCADE, related_name="events")
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=32)  # a Kind; without choices, so that a new one needs no migration
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="events")
    client_id = models.UUIDField(null=True, help_text="of an edit, deletion or reaction: sent twice, done once")
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["room", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="event_seq_once_per_room"),
            models.UniqueConstraint(
                fields=["room", "actor", "client_id"],
                condition=models.Q(client_id__isnull=False),
                name="event_once_per_client_id",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}#{self.seq} {self.kind}"
