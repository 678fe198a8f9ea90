"""Which rooms a person may enter, and how much they have not read there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kringen.conversation.rooms import unread_counts
from kringen.conversation.subjects import Kind, kind_of_room
from kringen.models import Kring, Room


@dataclass(frozen=True)
class RoomLine:
    """One room in a list, with the number of unread messages and the kind of thing it is about (None: itself)."""

    room: Room
    unread: int
    kind: Kind | None = None


def rooms_for(user: Any, kringen: Iterable[Kring] | None = None) -> list[RoomLine]:
    """Return the rooms a person may enter, in some kringen or (None) anywhere, with what is unread: two queries.

    Rooms of the kring itself come first, then those about one meeting, indicator or practice.
    """
    rooms = Room.objects.visible_to(user).filter(is_archived=False).select_related("kring", "subject_type")
    if kringen is not None:
        rooms = rooms.filter(kring__in=list(kringen))
    found = list(rooms.order_by("pk"))
    unread = unread_counts(user, found)
    lines = [RoomLine(room, unread.get(room.pk, 0), kind_of_room(room)) for room in found]
    return sorted(lines, key=lambda line: (line.kind is not None, line.kind.word if line.kind else "", line.room.pk))
