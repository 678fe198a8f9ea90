"""The log of a room: handing out its numbers, and reading it back.

A number is taken by updating the room's counter in the same transaction as the event. The row lock (PostgreSQL)
or the write lock (SQLite) is held to the commit, so the order of the numbers is the order of the commits: whoever
sees number n can see everything below it. A rollback gives the number back, so there are no holes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet

from kringen.live.events import Item, describe_person, encode, item_of, stamp
from kringen.models import Message, Reaction, Room, RoomEvent, Topic
from kringen.models.room import RoomQuerySet
from people.models import User

SNAPSHOT_MESSAGES = 50
SNAPSHOT_BYTES = 256 * 1024
QUOTED = 160  # characters of a message in the answer to it


@dataclass(frozen=True, slots=True)
class Head:
    """How far a room's log reaches, and which life of it this is."""

    seq: int
    epoch: str


def advance(rooms: RoomQuerySet, room_id: int) -> int | None:
    """Take the next number of a room, inside the caller's transaction and before any other row.

    Args:
        rooms: the rooms in which the caller may write, as a queryset: the permission is part of the UPDATE.
        room_id: which room.

    Returns:
        The number, or None when the room is not among `rooms` (any more).
    """
    if not rooms.filter(pk=room_id).update(seq=F("seq") + 1):
        return None
    return Room.objects.values_list("seq", flat=True).get(pk=room_id)


def append(  # noqa: PLR0913 — the columns of a line
    *,
    room_id: int,
    seq: int,
    kind: RoomEvent.Kind,
    actor: User | None,
    at: dt.datetime,
    message_id: int | None = None,
    client_id: UUID | None = None,
    payload: dict[str, Any] | None = None,
) -> RoomEvent:
    """Write one line of the log under a number just taken with `advance`."""
    return RoomEvent.objects.create(
        room_id=room_id,
        seq=seq,
        kind=kind,
        actor=actor,
        message_id=message_id,
        client_id=client_id,
        payload=payload or {},
        created_at=at,
    )


def blank(message: Message) -> None:
    """Take the text out of every earlier line about a message; the lines and their numbers stay."""
    lines = list(message.events.all())
    for line in lines:
        kept = {name: value for name, value in line.payload.items() if name in {"topic", "replyTo"}}
        line.payload = {**kept, "deleted": True}
    RoomEvent.objects.bulk_update(lines, ["payload"])


def heads(room_ids: Iterable[int]) -> dict[int, Head]:
    """Return the head of each room that still exists: one query."""
    rows = Room.objects.filter(pk__in=list(room_ids)).values_list("pk", "seq", "epoch")
    return {pk: Head(seq, str(epoch)) for pk, seq, epoch in rows}


def after(room_id: int, seq: int, limit: int) -> list[Item]:
    """Return the lines above a number, lowest first, at most `limit`: one query."""
    return _items(RoomEvent.objects.filter(room_id=room_id, seq__gt=seq).order_by("seq")[:limit])


def before(room_id: int, seq: int, limit: int) -> list[Item]:
    """Return the last `limit` lines below a number, lowest first: one query."""
    return _items(RoomEvent.objects.filter(room_id=room_id, seq__lt=seq).order_by("-seq")[:limit])[::-1]


def _items(events: QuerySet[RoomEvent]) -> list[Item]:
    return [item_of(event) for event in events.select_related("actor__municipality")]


def recent_messages(
    room_id: int, until: int, limit: int = SNAPSHOT_MESSAGES, topic: Topic | None = None
) -> list[Message]:
    """Return the last messages up to a number, oldest first, with everything a line on the screen needs."""
    wanted = Message.objects.filter(room_id=room_id, created_seq__lte=until)
    if topic is not None:
        wanted = wanted.filter(topic=topic)
    newest = (
        wanted.select_related("sender__municipality", "topic", "reply_to__sender")
        .prefetch_related(Prefetch("reactions", Reaction.objects.select_related("user").order_by("pk")))
        .order_by("-created_seq")[:limit]
    )
    return list(newest)[::-1]


def describe_message(message: Message) -> dict[str, Any]:
    """Return a message as it stands now, for a snapshot."""
    reactions: dict[str, list[int]] = {}
    names: dict[int, str] = {}
    for reaction in message.reactions.all():
        reactions.setdefault(reaction.emoji, []).append(reaction.user_id)
        names[reaction.user_id] = str(reaction.user)
    return {
        "id": message.pk,
        "seq": message.created_seq,
        "at": stamp(message.created_at),
        "actor": describe_person(message.sender),
        "topic": message.topic_id,
        "body": message.body,
        "html": message.html,
        "replyTo": message.reply_to_id,
        "editedAt": stamp(message.edited_at) if message.edited_at else None,
        "deleted": message.deleted_at is not None,
        "reactions": reactions,
        "names": names,
        "cards": message.cards,
        "cardsSeq": message.cards_seq,
        "mentions": message.mentions,
        "pinned": message.pinned_at is not None,
        "quote": describe_quote(message.reply_to) if message.reply_to is not None else None,
        "moderated": {"reason": message.delete_reason} if message.was_moderated else None,
    }


def describe_quote(message: Message) -> dict[str, Any]:
    """Return what an answer shows of the message it answers, as that stands now."""
    text = " ".join(message.body.split())
    return {
        "id": message.pk,
        "name": str(message.sender),
        "text": text[:QUOTED] + ("…" if len(text) > QUOTED else ""),
        "cards": len(message.cards),
        "deleted": message.deleted_at is not None,
    }


def snapshot(room_id: int) -> tuple[Head, list[dict[str, Any]]] | None:
    """Return a room's head and its last messages as they stand now; None when the room is gone.

    The head is read first: a message that comes in between is left out here and follows as an event. Very long
    messages make it fewer than fifty: a snapshot stays under 256 KiB, older ones are asked for over HTTP.
    """
    head = heads([room_id]).get(room_id)
    if head is None:
        return None
    messages = [describe_message(message) for message in recent_messages(room_id, head.seq)]
    size, first = 0, len(messages)
    while first > 0 and (size := size + len(encode(messages[first - 1]).encode())) <= SNAPSHOT_BYTES:
        first -= 1
    return head, messages[min(first, max(0, len(messages) - 1)) :]
