"""A room on paper: everything that was said, with topics, changes, tombstones, signs, polls and the names of files.

It is made piece by piece, two hundred messages at a time, so that a room of any size costs the same memory. What was
taken away is a tombstone here as well: its text exists nowhere any more.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.template.loader import render_to_string
from django.utils import timezone

from kringen.conversation.topics import describe_topic
from kringen.live.events import describe_person, encode, stamp
from kringen.models import Message, Room, RoomEvent
from people import markup
from people.models import User

PIECE = 200
MESSAGES_HERE = "<!-- messages -->"


def as_json(room: Room, by: User) -> Iterator[str]:
    """Yield one JSON object: `room`, `topics`, `messages` (oldest first) and `topicChanges`."""
    head = {"version": 1, "room": _room(room, by), "topics": [describe_topic(topic) for topic in room.topics.all()]}
    yield encode(head)[:-1] + ',"messages":['
    comma = ""
    for piece in _pieces(room):
        if piece:
            yield comma + ",".join(encode(message) for message in piece)
            comma = ","
    changes = room.events.filter(kind__in=[RoomEvent.Kind.ROOM_STATE, RoomEvent.Kind.MESSAGE_MOVE])
    yield '],"topicChanges":['
    comma = ""
    for event in changes.select_related("actor__municipality").order_by("seq").iterator(chunk_size=PIECE):
        line = {"seq": event.seq, "at": stamp(event.created_at), "actor": describe_person(event.actor)}
        yield comma + encode({**line, **{name: event.payload.get(name) for name in ("room", "moved")}})
        comma = ","
    yield "]}"


def as_html(room: Room, by: User) -> Iterator[str]:
    """Yield one HTML page without scripts or styles from elsewhere: to read, print or keep."""
    topics = list(room.topics.all())
    titles = {topic.pk: topic.title for topic in topics}
    whole = {"room": room, "by": by, "now": timezone.now(), "topics": topics}
    head, _, foot = render_to_string("kringen/room/export.html", whole).partition(MESSAGES_HERE)
    yield head
    for piece in _pieces(room):
        lines = [
            {
                **message,
                "topic_title": titles.get(message["topic"], ""),
                "html": markup.render(message["body"]),
                "signs": [(emoji, ", ".join(names)) for emoji, names in message["reactions"].items()],
            }
            for message in piece
        ]
        yield render_to_string("kringen/room/export_lines.html", {"lines": lines})
    yield foot


FORMS: dict[str, tuple[str, Callable[[Room, User], Iterator[str]]]] = {
    "json": ("application/json; charset=utf-8", as_json),
    "html": ("text/html; charset=utf-8", as_html),
}


async def flowing(parts: Iterator[str]) -> AsyncIterator[str]:
    """Yield the parts without holding up the loop that serves the sockets."""
    step = sync_to_async(_next)
    while (part := await step(parts)) is not None:
        yield part


def _next(parts: Iterator[str]) -> str | None:
    return next(parts, None)


def _room(room: Room, by: User) -> dict[str, Any]:
    return {
        "id": room.pk,
        "name": room.name,
        "about": room.about,
        "kring": room.kring.name,
        "confidentiality": "kring",
        "head": room.seq,
        "epoch": str(room.epoch),
        "exportedAt": stamp(timezone.now()),
        "exportedBy": str(by),
    }


def _pieces(room: Room) -> Iterator[list[dict[str, Any]]]:
    """Yield the messages of a room, two hundred at a time, up to where the room was when it began."""
    after = 0
    while True:
        found = list(
            Message.objects.filter(room=room, created_seq__gt=after, created_seq__lte=room.seq)
            .select_related("sender__municipality", "deleted_by", "poll")
            .prefetch_related("reactions__user", "attachments", "poll__options__votes__user")
            .order_by("created_seq")[:PIECE]
        )
        if not found:
            return
        edits: dict[int, list[dict[str, Any]]] = {}
        lines = RoomEvent.objects.filter(message__in=found).order_by("seq")
        kinds = (RoomEvent.Kind.MESSAGE_NEW, RoomEvent.Kind.MESSAGE_EDIT)
        for line in lines.filter(kind__in=kinds):
            if "body" in line.payload:
                edits.setdefault(line.message_id or 0, []).append(
                    {"at": stamp(line.created_at), "body": line.payload["body"]}
                )
        yield [_message(message, edits.get(message.pk, [])) for message in found]
        after = found[-1].created_seq


def _message(message: Message, versions: list[dict[str, Any]]) -> dict[str, Any]:
    reactions: dict[str, list[str]] = {}
    for reaction in message.reactions.all():
        reactions.setdefault(reaction.emoji, []).append(str(reaction.user))
    gone = message.deleted_at is not None
    return {
        "id": message.pk,
        "seq": message.created_seq,
        "at": stamp(message.created_at),
        "author": describe_person(message.sender),
        "topic": message.topic_id,
        "replyTo": message.reply_to_id,
        "body": message.body,
        # what it said before; the last of them is the text as it stands
        "versions": versions if len(versions) > 1 and not gone else [],
        "editedAt": stamp(message.edited_at) if message.edited_at else None,
        "deletedAt": stamp(message.deleted_at) if message.deleted_at else None,
        "deletedBy": str(message.deleted_by) if message.deleted_by else None,
        "reason": message.delete_reason,
        "pinned": message.pinned_at is not None,
        "reactions": reactions,
        "attachments": [file.name for file in message.attachments.all()],
        "cards": [card for card in message.cards if card.get("kind") != "file"],
        "poll": _poll(message),
    }


def _poll(message: Message) -> dict[str, Any] | None:
    poll = getattr(message, "poll", None)
    if poll is None:
        return None
    options = [
        {"text": option.text, "votes": sorted(str(vote.user) for vote in option.votes.all())}
        for option in poll.options.all()
    ]
    return {"question": poll.question, "closed": poll.closed_at is not None, "options": options}
