"""Topics inside a room: starting, renaming, ending, and moving what was said from one to another.

Everything here that others see is an event of the room. A topic keeps its number whatever it is called, so links to
it keep working.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kringen.conversation.acting import RoomRefused, advance, announce, message_in, writable
from kringen.live import log
from kringen.models import Message, Room, RoomEvent, Topic
from people.models import User

MAX_TITLE = 120


def clean_title(title: str) -> str:
    """Return a title as it is kept: one line, no more than 120 characters.

    Raises:
        RoomRefused: `title_empty`.
    """
    name = " ".join(title.split())[:MAX_TITLE].strip()
    if not name:
        raise RoomRefused("title_empty")
    return name


def start_topic(*, room: Room, title: str, by: User, client_id: UUID) -> Topic:
    """Start a topic in a room; the same form sent twice starts one, and a title that exists is found again.

    Raises:
        RoomRefused: `forbidden`, or `title_empty`.
    """
    name = clean_title(title)
    if not writable(by).filter(pk=room.pk).exists():
        raise RoomRefused("forbidden")
    existing = room.topics.filter(title__iexact=name).first()
    if existing is not None:
        return existing
    with transaction.atomic():
        seq = advance(by, room.pk)
        # looked up again under the room's lock: the second of two at once finds the first one's topic
        topic, made = Topic.objects.get_or_create(room=room, title=name, defaults={"started_by": by})
        if made:
            _write(topic, seq, by, client_id)
        else:
            transaction.set_rollback(True)
    return topic


def rename_topic(*, topic: Topic, title: str, by: User, client_id: UUID) -> Topic:
    """Give a topic another title.

    Raises:
        RoomRefused: `forbidden` (neither the starter nor keeping order here), `general_topic`, `title_empty` or
            `title_taken`.
    """
    name = clean_title(title)
    _need_order(topic, by)
    with transaction.atomic():
        seq = advance(by, topic.room_id)
        if Topic.objects.filter(room=topic.room_id, title__iexact=name).exclude(pk=topic.pk).exists():
            raise RoomRefused("title_taken")
        topic.refresh_from_db()
        if topic.title == name:
            transaction.set_rollback(True)
            return topic
        topic.title = name
        topic.save(update_fields=["title"])
        _write(topic, seq, by, client_id)
    return topic


def resolve_topic(*, topic: Topic, by: User, client_id: UUID, resolved: bool = True) -> Topic:
    """Mark a topic as resolved, or open it again. Who talks in the room may do so; doing it twice changes nothing.

    Raises:
        RoomRefused: `forbidden`, or `general_topic`: in the general topic one can always talk.
    """
    if topic.is_general:
        raise RoomRefused("general_topic")
    with transaction.atomic():
        seq = advance(by, topic.room_id)
        topic.refresh_from_db()
        if (topic.resolved_at is not None) == resolved:
            transaction.set_rollback(True)
            return topic
        topic.resolved_at = timezone.now() if resolved else None
        topic.save(update_fields=["resolved_at"])
        _write(topic, seq, by, client_id)
    return topic


def move_messages(*, message: Message, topic: Topic, following: bool, by: User, client_id: UUID) -> int:
    """Move a message, or it and what follows in its topic, to another topic of the same room.

    Args:
        message: the first to move.
        topic: where to.
        following: also everything said after it in the same topic.
        by: its writer (one message only), or who keeps order here.
        client_id: made once per form.

    Returns:
        How many messages moved.

    Raises:
        RoomRefused: `forbidden`, `missing`, or `topic` when the topic is not in this room.
    """
    room_id = message.room_id
    if topic.room_id != room_id:
        raise RoomRefused("topic")
    leads = Room.objects.led_by(by).filter(pk=room_id).exists()
    if not leads and (following or message.sender_id != by.pk):
        raise RoomRefused("forbidden")
    with transaction.atomic():
        seq = advance(by, room_id)
        source = message_in(by, room_id, message.pk)
        wanted = Message.objects.filter(room=room_id, topic=source.topic_id, created_seq__gte=source.created_seq)
        if not following:
            wanted = wanted.filter(pk=source.pk)
        last = wanted.order_by("-created_seq").values_list("created_seq", flat=True).first()
        if source.topic_id == topic.pk or last is None:
            transaction.set_rollback(True)
            return 0
        moved = wanted.update(topic=topic)
        log.append(
            room_id=room_id,
            seq=seq,
            kind=RoomEvent.Kind.MESSAGE_MOVE,
            actor=by,
            at=timezone.now(),
            client_id=client_id,
            payload={"moved": {"from": source.topic_id, "to": topic.pk, "first": source.created_seq, "last": last}},
        )
        announce(room_id, seq)
    return moved


def describe_topic(topic: Topic) -> dict[str, Any]:
    """Return a topic as the log and the API show it."""
    return {
        "id": topic.pk,
        "title": topic.title,
        "general": topic.is_general,
        "resolved": topic.resolved_at is not None,
    }


def may_rename(topic: Topic, user: User, *, leads: bool) -> bool:
    """Say whether somebody may give a topic another title: its starter, and who keeps order in the room."""
    return not topic.is_general and (leads or (topic.started_by_id is not None and topic.started_by_id == user.pk))


def _need_order(topic: Topic, by: User) -> None:
    if topic.is_general:
        raise RoomRefused("general_topic")
    leads = Room.objects.led_by(by).filter(pk=topic.room_id).exists()
    if not writable(by).filter(pk=topic.room_id).exists() or not may_rename(topic, by, leads=leads):
        raise RoomRefused("forbidden")


def _write(topic: Topic, seq: int, by: User, client_id: UUID) -> None:
    log.append(
        room_id=topic.room_id,
        seq=seq,
        kind=RoomEvent.Kind.ROOM_STATE,
        actor=by,
        at=timezone.now(),
        client_id=client_id,
        payload={"room": {"topic": describe_topic(topic)}},
    )
    announce(topic.room_id, seq)
