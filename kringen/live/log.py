"""The log of a room: handing out its numbers, and reading it back.

A number is taken by updating the room's counter in the same transaction as the event. The row lock (PostgreSQL)
or the write lock (SQLite) is held to the commit, so the order of the numbers is the order of the commits: whoever
sees number n can see everything below it. A rollback gives the number back, so there are no holes.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet

from kringen.models import Message, Reaction, Room, RoomEvent, Topic
from kringen.models.room import RoomQuerySet
from people.models import User

SNAPSHOT_MESSAGES = 50
SNAPSHOT_BYTES = 256 * 1024


class Item(NamedTuple):
    """One event, encoded once for everybody; `blanks` marks a deletion, after which earlier text is void."""

    seq: int
    text: str
    blanks: bool
    size: int  # bytes


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


def item_of(event: RoomEvent) -> Item:
    """Return a line of the log as it goes over the wire."""
    text = encode(describe(event))
    return Item(event.seq, text, event.kind == RoomEvent.Kind.MESSAGE_DELETE, len(text.encode()))


def encode(value: Any) -> str:
    """Return compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def stamp(moment: dt.datetime) -> str:
    """Return a moment in UTC, to the millisecond, with a Z."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def describe_person(user: User | None) -> dict[str, Any] | None:
    """Return how a person is shown to the others in a room."""
    if user is None:
        return None
    return {
        "id": user.pk,
        "name": str(user),
        "municipality": user.municipality.name if user.municipality is not None else None,
    }


def describe(event: RoomEvent) -> dict[str, Any]:
    """Return one line of the log as the protocol shows it."""
    item: dict[str, Any] = {
        "seq": event.seq,
        "kind": event.kind,
        "at": stamp(event.created_at),
        "actor": describe_person(event.actor),
    }
    payload = event.payload
    if event.kind in {RoomEvent.Kind.MESSAGE_NEW, RoomEvent.Kind.MESSAGE_EDIT}:
        item["message"] = {
            "id": event.message_id,
            "topic": payload.get("topic"),
            "body": payload.get("body", ""),
            "html": payload.get("html", ""),
            "replyTo": payload.get("replyTo"),
        }
        if payload.get("deleted"):
            item["message"]["deleted"] = True
    elif event.message_id is not None:
        item["message"] = {"id": event.message_id}
    if event.kind == RoomEvent.Kind.REACTION:
        item["reaction"] = payload.get("reaction")
    elif event.kind == RoomEvent.Kind.ROOM_STATE:
        item["room"] = payload.get("room")
    return item


def recent_messages(
    room_id: int, until: int, limit: int = SNAPSHOT_MESSAGES, topic: Topic | None = None
) -> list[Message]:
    """Return the last messages up to a number, oldest first, with everything a line on the screen needs."""
    wanted = Message.objects.filter(room_id=room_id, created_seq__lte=until)
    if topic is not None:
        wanted = wanted.filter(topic=topic)
    newest = (
        wanted.select_related("sender__municipality", "topic")
        .prefetch_related(Prefetch("reactions", Reaction.objects.order_by("pk")))
        .order_by("-created_seq")[:limit]
    )
    return list(newest)[::-1]


def describe_message(message: Message) -> dict[str, Any]:
    """Return a message as it stands now, for a snapshot."""
    reactions: dict[str, list[int]] = {}
    for reaction in message.reactions.all():
        reactions.setdefault(reaction.emoji, []).append(reaction.user_id)
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
