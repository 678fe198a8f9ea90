"""Which rooms a person may enter, and how much they have not read there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kringen.models import Kring, Room
from kringen.rooms import unread_counts


@dataclass(frozen=True)
class RoomLine:
    """One room in a list, with the number of unread messages."""

    room: Room
    unread: int


def rooms_for(user: Any, kringen: Iterable[Kring] | None = None) -> list[RoomLine]:
    """Return the rooms a person may enter, in some kringen or (None) anywhere, with what is unread."""
    rooms = Room.objects.visible_to(user).filter(is_archived=False).select_related("kring")
    if kringen is not None:
        rooms = rooms.filter(kring__in=list(kringen))
    found = list(rooms.order_by("pk"))
    unread = unread_counts(user, found)
    return [RoomLine(room, unread.get(room.pk, 0)) for room in found]
