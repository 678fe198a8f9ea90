"""From a frame to a verb and back to an answer. Runs in the pool."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

from django.db import DatabaseError, DataError, IntegrityError

from kringen import rooms
from people.models import User


def perform(user: User, frame: dict[str, Any]) -> dict[str, Any]:
    """Do what a checked frame asks, and return the ack (after the commit) or the nack.

    The database being away or busy is `retry`: the client keeps the act and sends it again with the same id.
    """
    cid = frame["cid"]
    try:
        done = _do(user, frame, UUID(cid))
    except rooms.RoomRefused as refused:
        return {"t": "nack", "cid": cid, "code": refused.code}
    except (DataError, IntegrityError):
        return {"t": "nack", "cid": cid, "code": "bad"}
    except DatabaseError:
        return {"t": "nack", "cid": cid, "code": "retry", "retry_ms": random.randrange(500, 2_000)}  # noqa: S311
    return {"t": "ack", "cid": cid, "seq": done.seq, "id": done.message_id, "dup": done.duplicate}


def _do(user: User, frame: dict[str, Any], client_id: UUID) -> rooms.Done:
    room_id = frame["room"]
    match frame["t"]:
        case "send":
            return rooms.send(
                sender=user,
                room=room_id,
                client_id=client_id,
                body=frame["body"],
                topic_id=frame.get("topic"),
                reply_to_id=frame.get("replyTo"),
            )
        case "edit":
            return rooms.edit(
                editor=user, room=room_id, message_id=frame["message"], client_id=client_id, body=frame["body"]
            )
        case "delete":
            return rooms.delete(by=user, room=room_id, message_id=frame["message"], client_id=client_id)
        case _:
            return rooms.react(
                by=user,
                room=room_id,
                message_id=frame["message"],
                client_id=client_id,
                emoji=frame["emoji"],
                on=frame["on"],
            )
