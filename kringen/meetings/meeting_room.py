"""The kring's room about a meeting: finding it without opening it, and saying there that the agenda changed."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from kringen.conversation.acting import announce
from kringen.live import log
from kringen.models import Meeting, Room, RoomEvent
from kringen.models.room import RoomQuerySet
from people.models import User


def rooms_of(meeting_id: int) -> RoomQuerySet:
    """Return the room about a meeting, or none while nobody opened it."""
    about = ContentType.objects.get_for_model(Meeting)
    return Room.objects.filter(subject_type=about, subject_id=meeting_id)


def lock_room(meeting_id: int) -> int | None:
    """Lock the room about a meeting and return its id; None where there is none.

    Called before any other row is locked: who changes the agenda and who moves the meeting on then wait for each
    other in one order, and never for each other at once.
    """
    return rooms_of(meeting_id).select_for_update().values_list("pk", flat=True).first()


def say_agenda_changed(*, room_id: int | None, version: int, by: User | None) -> None:
    """Write in the log of a room (None: nowhere) that the agenda is another one; open screens then fetch it anew.

    Args:
        room_id: as `lock_room` gave it.
        version: of the agenda, as it is now.
        by: who changed it, or None.
    """
    seq = None if room_id is None else log.advance(Room.objects.all(), room_id)
    if room_id is None or seq is None:
        return
    log.append(
        room_id=room_id,
        seq=seq,
        kind=RoomEvent.Kind.AGENDA_CHANGE,
        actor=by,
        at=timezone.now(),
        payload={"agenda": {"version": version}},
    )
    announce(room_id, seq)
