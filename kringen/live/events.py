"""How a line of a room's log looks on the wire: encoded once, the same text for everybody.

A new kind of event is a member of `RoomEvent.Kind` and, when it says more than who and when, a function here under
`@shows`. Nothing in a line may depend on who reads it; what does (a chart with one's own municipality) is fetched.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable
from typing import Any, NamedTuple

from kringen.models import RoomEvent
from people.models import User

logger = logging.getLogger(__name__)

Kind = RoomEvent.Kind
Shower = Callable[[RoomEvent], dict[str, Any]]

_showers: dict[str, Shower] = {}


class Item(NamedTuple):
    """One event, encoded once for everybody; `blanks` marks a deletion, after which earlier text is void."""

    seq: int
    text: str
    blanks: bool
    size: int  # bytes


def shows(*kinds: RoomEvent.Kind) -> Callable[[Shower], Shower]:
    """Declare what lines of these kinds hold beside `seq`, `kind`, `at` and `actor`."""

    def declare(shower: Shower) -> Shower:
        for kind in kinds:
            if kind.value in _showers:
                raise ValueError(f"{kind.value} is shown already.")
            _showers[kind.value] = shower
        return shower

    return declare


def item_of(event: RoomEvent) -> Item:
    """Return a line of the log as it goes over the wire.

    A line that cannot be shown (a fault of ours) becomes a line of kind `unreadable`: the numbers go on, and so does
    the room.
    """
    try:
        text = encode(describe(event))
        size = len(text.encode())
    except Exception:
        logger.exception("Line %s of room %s cannot be shown", event.seq, event.room_id)
        text = encode({"seq": event.seq, "kind": "unreadable", "at": stamp(event.created_at), "actor": None})
        size = len(text)
    return Item(event.seq, text, event.kind == Kind.MESSAGE_DELETE, size)


def encode(value: Any) -> str:
    """Return compact JSON.

    Raises:
        ValueError: it holds a number that JSON does not know.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


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
    return {
        "seq": event.seq,
        "kind": event.kind,
        "at": stamp(event.created_at),
        "actor": describe_person(event.actor),
        **_showers.get(event.kind, _which_message)(event),
    }


def _which_message(event: RoomEvent) -> dict[str, Any]:
    return {} if event.message_id is None else {"message": {"id": event.message_id}}


@shows(Kind.MESSAGE_NEW, Kind.MESSAGE_EDIT)
def _message(event: RoomEvent) -> dict[str, Any]:
    payload = event.payload
    message = {
        "id": event.message_id,
        "topic": payload.get("topic"),
        "body": payload.get("body", ""),
        "html": payload.get("html", ""),
        "replyTo": payload.get("replyTo"),
    }
    # cid: the sender's page knows its own message by it where the text is not what was typed
    message |= {name: payload[name] for name in ("cards", "mentions", "cid") if name in payload}
    if payload.get("deleted"):
        message["deleted"] = True
    return {"message": message}


@shows(Kind.REACTION)
def _reaction(event: RoomEvent) -> dict[str, Any]:
    return {**_which_message(event), "reaction": event.payload.get("reaction")}


@shows(Kind.MESSAGE_DELETE)
def _deletion(event: RoomEvent) -> dict[str, Any]:
    shown = _which_message(event)
    if event.payload.get("moderated"):
        shown["moderated"] = {"reason": event.payload.get("reason", "")}
    return shown


@shows(Kind.PIN)
def _pin(event: RoomEvent) -> dict[str, Any]:
    return {**_which_message(event), "pin": event.payload.get("pin")}


@shows(Kind.POLL_VOTE, Kind.POLL_CLOSE)
def _poll(event: RoomEvent) -> dict[str, Any]:
    return {**_which_message(event), "poll": event.payload.get("poll")}


@shows(Kind.MEMBER_JOIN, Kind.MEMBER_LEAVE)
def _member(event: RoomEvent) -> dict[str, Any]:
    """Say which municipality; of a person, the actor is who came or left."""
    return {"member": event.payload.get("member")}


@shows(Kind.ROOM_STATE)
def _room(event: RoomEvent) -> dict[str, Any]:
    return {"room": event.payload.get("room")}


@shows(Kind.MESSAGE_MOVE)
def _moved(event: RoomEvent) -> dict[str, Any]:
    """Say which: all messages with a number from `first` to `last` that were in topic `from` are in `to` now."""
    return {"moved": event.payload.get("moved")}


def _said(name: str) -> Shower:
    # cid: the page of who did it knows by it which of its waiting lines this is
    return lambda event: {name: event.payload.get(name), "cid": str(event.client_id)}


@shows(Kind.AGENDA_CHANGE)
def _agenda(event: RoomEvent) -> dict[str, Any]:
    """Say which version of the agenda there is now; what stands on it is fetched."""
    return {"agenda": event.payload.get("agenda")}


# What happens while a meeting is held (`kringen/meetings/live_meeting.py`): the same to everybody.
shows(Kind.MEETING_STATE)(_said("meeting"))
shows(Kind.MEETING_NOTE)(_said("note"))
shows(Kind.MEETING_HAND)(_said("hand"))
shows(Kind.MEETING_DECISION)(_said("decision"))
shows(Kind.MEETING_ACTION)(_said("action"))
