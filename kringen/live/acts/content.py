"""Acts on what hangs on messages: pins and polls."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from kringen.conversation import polls, rooms
from kringen.conversation.acting import RoomRefused
from kringen.live.acts.registry import act
from kringen.live.frames import is_flag, is_id, is_id_or_none, is_text
from people.models import User


def _are_ids(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= polls.MOST_OPTIONS and all(map(is_id, value))


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_text, value))


@act("pin", must={"message": is_id, "on": is_flag})
def _pin(user: User, frame: dict[str, Any], client_id: UUID) -> rooms.Done:
    return rooms.pin(by=user, room=frame["room"], message_id=frame["message"], client_id=client_id, on=frame["on"])


@act(
    "poll",
    must={"question": is_text, "options": _are_texts},
    may={"topic": is_id_or_none, "multiple": is_flag, "voter": is_text, "mayChange": is_flag, "closesOn": is_text},
)
def _poll(user: User, frame: dict[str, Any], client_id: UUID) -> rooms.Done:
    return polls.open_poll(
        by=user,
        room=frame["room"],
        client_id=client_id,
        question=frame["question"],
        options=frame["options"],
        topic_id=frame.get("topic"),
        is_multiple=frame.get("multiple", False),
        voter=frame.get("voter", "person"),
        may_change=frame.get("mayChange", True),
        closes_on=_day(frame.get("closesOn")),
    )


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RoomRefused("bad") from error


@act("vote", must={"message": is_id, "options": _are_ids})
def _vote(user: User, frame: dict[str, Any], client_id: UUID) -> rooms.Done:
    return polls.vote(
        by=user,
        room=frame["room"],
        message_id=frame["message"],
        client_id=client_id,
        option_ids=frame["options"],
    )


@act("closePoll", must={"message": is_id})
def _close_poll(user: User, frame: dict[str, Any], client_id: UUID) -> rooms.Done:
    return polls.close(by=user, room=frame["room"], message_id=frame["message"], client_id=client_id)
