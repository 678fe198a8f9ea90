"""From a frame to a verb and back to an answer. Runs in the pool."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import DatabaseError, DataError, IntegrityError, InterfaceError

from kringen.conversation import rooms
from kringen.live import frames
from kringen.live.frames import Shape
from people.models import User

Doer = Callable[[User, dict[str, Any], UUID], rooms.Done]

_doers: dict[str, Doer] = {}


def act(name: str, *, must: Shape | None = None, may: Shape | None = None) -> Callable[[Doer], Doer]:
    """Declare something a client may do in a room; a frame with `"t": name` then reaches the decorated function.

    Every act has a `room` and a `cid` (made once by the client; sent again, done once) and is answered with one
    `ack`, after the commit, or one `nack`. The function calls a verb, which checks the permission, writes the event
    under the next number of the room and rings after the commit.

    Args:
        name: the `t` of the frame.
        must: what else the frame must hold, with the check of each value (`frames.is_id`, `frames.is_text`, …).
        may: what it may hold.
    """

    def declare(doer: Doer) -> Doer:
        frames.declare_act(name, must or {}, may or {})
        _doers[name] = doer
        return doer

    return declare


def perform(user: User, frame: dict[str, Any]) -> dict[str, Any]:
    """Do what a checked frame asks, and return the ack (after the commit) or the nack.

    The database being away or busy is `retry`: the client keeps the act and sends it again with the same id.
    """
    cid = frame["cid"]
    try:
        done = _doers[frame["t"]](user, frame, UUID(cid))
    except rooms.RoomRefused as refused:
        return {"t": "nack", "cid": cid, "code": refused.code}
    except (DataError, IntegrityError):
        return {"t": "nack", "cid": cid, "code": "bad"}
    except (DatabaseError, InterfaceError):
        return {"t": "nack", "cid": cid, "code": "retry", "retry_ms": random.randrange(500, 2_000)}  # noqa: S311
    return {"t": "ack", "cid": cid, "seq": done.seq, "id": done.message_id, "dup": done.duplicate}
