"""Pinned messages: what everybody in the room should be able to find again."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from kringen.conversation.acting import Done, RoomRefused, id_of, once, standing_message
from kringen.models import Message, Room, RoomEvent
from people.models import User

MOST = 20


def pin(*, by: User, room: Room | int, message_id: int, client_id: UUID, on: bool) -> Done:
    """Pin a message to the top of its room, or take it off; every member of the room may.

    Raises:
        RoomRefused: `forbidden`, `missing` (also for a deleted message), `too_many_pins` or `conflict`.
    """
    room_id = id_of(room)
    message = standing_message(by, room_id, message_id)

    def change(now: dt.datetime, seq: int) -> dict[str, Any]:
        # counted under the room's lock, so two at once cannot both be the twentieth
        if on and Message.objects.filter(room=room_id, pinned_at__isnull=False).exclude(pk=message_id).count() >= MOST:
            raise RoomRefused("too_many_pins")
        Message.objects.filter(pk=message.pk, deleted_at__isnull=True).update(
            pinned_at=now if on else None, pinned_by=by if on else None
        )
        return {"pin": {"on": on}}

    return once(
        by=by,
        room_id=room_id,
        message_id=message_id,
        kind=RoomEvent.Kind.PIN,
        client_id=client_id,
        mark=f"pin{'+' if on else '-'}",
        change=change,
    )


def pinned(room: Room) -> list[Message]:
    """Return the pinned messages of a room, the last pinned first: one query."""
    found = Message.objects.filter(room=room, pinned_at__isnull=False, deleted_at__isnull=True)
    return list(found.select_related("sender__municipality", "pinned_by").order_by("-pinned_at")[:MOST])
