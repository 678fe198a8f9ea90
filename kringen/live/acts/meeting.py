"""Acts while a meeting is held, in the room about it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from kringen.conversation.acting import Done, RoomRefused
from kringen.live.acts.registry import act
from kringen.live.frames import is_id, is_id_or_none, is_text
from kringen.meetings import live_meeting as meeting
from people.models import User


@act("meetingStart")
def _start(user: User, frame: dict[str, Any], client_id: UUID) -> Done:
    return meeting.start(by=user, room=frame["room"], client_id=client_id)


@act("meetingMove", must={"item": is_id})
def _move(user: User, frame: dict[str, Any], client_id: UUID) -> Done:
    return meeting.move_to(by=user, room=frame["room"], client_id=client_id, item_id=frame["item"])


@act("meetingEnd")
def _end(user: User, frame: dict[str, Any], client_id: UUID) -> Done:
    return meeting.end(by=user, room=frame["room"], client_id=client_id)


@act("note", must={"text": is_text}, may={"item": is_id_or_none})
def _note(user: User, frame: dict[str, Any], client_id: UUID) -> Done:
    return meeting.note(by=user, room=frame["room"], client_id=client_id, text=frame["text"], item_id=frame.get("item"))


@act("editNote", must={"note": is_id, "text": is_text})
def _edit_note(user: User, frame: dict[str, Any], client_id: UUID) -> Done:
    return meeting.edit_note(
        by=user, room=frame["room"], client_id=client_id, note_id=frame["note"], text=frame["text"]
    )


@act("raiseHand")
def _raise_hand(user: User, frame: dict[str, Any], client_id: UUID) -> Done:
    return meeting.raise_hand(by=user, room=frame["room"], client_id=client_id)


@act("lowerHand", may={"person": is_id_or_none})
def _lower_hand(user: User, frame: dict[str, Any], client_id: UUID) -> Done:
    return meeting.lower_hand(by=user, room=frame["room"], client_id=client_id, person_id=frame.get("person"))


@act("decide", must={"text": is_text}, may={"item": is_id_or_none})
def _decide(user: User, frame: dict[str, Any], client_id: UUID) -> Done:
    return meeting.decide(
        by=user, room=frame["room"], client_id=client_id, text=frame["text"], item_id=frame.get("item")
    )


@act("promise", must={"text": is_text, "owner": is_id}, may={"due": is_text, "item": is_id_or_none})
def _promise(user: User, frame: dict[str, Any], client_id: UUID) -> Done:
    return meeting.promise(
        by=user,
        room=frame["room"],
        client_id=client_id,
        text=frame["text"],
        owner_id=frame["owner"],
        due_on=_day(frame.get("due")),
        item_id=frame.get("item"),
    )


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RoomRefused("action_day") from error
