"""Acts on messages: send, edit, delete, react."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from kringen.conversation import rooms
from kringen.live.acts.registry import act
from kringen.live.frames import is_flag, is_id, is_id_or_none, is_text
from people.models import User


@act("send", must={"body": is_text}, may={"topic": is_id_or_none, "replyTo": is_id_or_none})
def _send(user: User, frame: dict[str, Any], client_id: UUID) -> rooms.Done:
    return rooms.send(
        sender=user,
        room=frame["room"],
        client_id=client_id,
        body=frame["body"],
        topic_id=frame.get("topic"),
        reply_to_id=frame.get("replyTo"),
    )


@act("edit", must={"message": is_id, "body": is_text})
def _edit(user: User, frame: dict[str, Any], client_id: UUID) -> rooms.Done:
    return rooms.edit(
        editor=user, room=frame["room"], message_id=frame["message"], client_id=client_id, body=frame["body"]
    )


@act("delete", must={"message": is_id}, may={"reason": is_text})
def _delete(user: User, frame: dict[str, Any], client_id: UUID) -> rooms.Done:
    return rooms.delete(
        by=user,
        room=frame["room"],
        message_id=frame["message"],
        client_id=client_id,
        reason=frame.get("reason", ""),
    )


@act("react", must={"message": is_id, "emoji": is_text, "on": is_flag})
def _react(user: User, frame: dict[str, Any], client_id: UUID) -> rooms.Done:
    return rooms.react(
        by=user,
        room=frame["room"],
        message_id=frame["message"],
        client_id=client_id,
        emoji=frame["emoji"],
        on=frame["on"],
    )
