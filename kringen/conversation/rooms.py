"""The rooms of a kring: opening one. What is written there: `kringen.conversation.messages`; in what topic: `kringen.conversation.topics`.

This module is the door for everybody else: it also carries the verbs on messages.
"""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kringen.conversation.acting import Done, RoomRefused, announce
from kringen.conversation.messages import MAX_BODY, delete, edit, send
from kringen.conversation.pins import pin
from kringen.conversation.reactions import react
from kringen.conversation.reading import mark_read, mark_unread, set_level, topic_lines, unread_counts
from kringen.conversation.room_permissions import can_open_room
from kringen.conversation.subjects import open_about
from kringen.conversation.topics import move_messages, rename_topic, resolve_topic, start_topic
from kringen.live import log
from kringen.models import Kring, Room, RoomEvent, Topic
from people.models import User

__all__ = [
    "MAX_BODY",
    "Done",
    "RoomRefused",
    "close",
    "delete",
    "edit",
    "mark_read",
    "mark_unread",
    "move_messages",
    "open_about",
    "open_room",
    "pin",
    "react",
    "rename_topic",
    "reopen",
    "resolve_topic",
    "send",
    "set_level",
    "start_topic",
    "topic_lines",
    "unread_counts",
]


def open_room(*, kring: Kring, name: str, about: str = "", by: User, submission: UUID | None = None) -> Room:
    """Open a room in a kring, with its general topic; the same form sent twice opens one room.

    Raises:
        RoomRefused: `forbidden` when `by` is neither facilitator of the kring nor of the office.
    """
    if not can_open_room(by, kring):
        raise RoomRefused("forbidden")
    try:
        with transaction.atomic():
            room = Room.objects.create(kring=kring, name=name, about=about, submission=submission)
            Topic.objects.create(room=room, title=_("General"), is_general=True, started_by=by)
    except IntegrityError:
        earlier = Room.objects.filter(kring=kring, submission=submission).first() if submission else None
        if earlier is None:
            raise
        return earlier
    return room


def close(*, room: Room, by: User) -> None:
    """Close a room: everything in it stays to be read, nobody writes in it any more. Closing it again does nothing.

    Raises:
        RoomRefused: `forbidden` when `by` does not keep order there.
    """
    _set_closed(room, by, closed=True)


def reopen(*, room: Room, by: User) -> None:
    """Let people write in a closed room again.

    Raises:
        RoomRefused: `forbidden` when `by` does not keep order there.
    """
    _set_closed(room, by, closed=False)


@transaction.atomic
def _set_closed(room: Room, by: User, *, closed: bool) -> None:
    led = Room.objects.led_by(by)
    seq = log.advance(led.filter(is_archived=not closed), room.pk)
    if seq is None:
        if not led.filter(pk=room.pk).exists():
            raise RoomRefused("forbidden")
        return
    Room.objects.filter(pk=room.pk).update(is_archived=closed)
    log.append(
        room_id=room.pk,
        seq=seq,
        kind=RoomEvent.Kind.ROOM_STATE,
        actor=by,
        at=timezone.now(),
        payload={"room": {"closed": closed}},
    )
    announce(room.pk, seq)
    room.is_archived = closed
