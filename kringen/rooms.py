"""The rooms of a kring: opening one, and how far somebody has read. What is written there: `kringen.messages`.

This module is the door for everybody else: it also carries the verbs on messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from kringen.live import log
from kringen.live.bell import ring
from kringen.messages import MAX_BODY, Done, RoomRefused, delete, edit, react, send
from kringen.models import Kring, Message, ReadMarker, Room, RoomEvent, Topic
from kringen.room_permissions import can_open_room
from people.models import User

__all__ = [
    "MAX_BODY",
    "Done",
    "RoomRefused",
    "delete",
    "edit",
    "mark_read",
    "open_room",
    "react",
    "send",
    "start_topic",
    "unread_counts",
]


def open_room(*, kring: Kring, name: str, about: str = "", by: User, submission: UUID | None = None) -> Room:
    """Open a room in a kring, with its general topic; the same form sent twice opens one room.

    Raises:
        RoomRefused: `forbidden` when `by` is neither facilitator of the kring nor of the office.
    """
    if not can_open_room(by, kring):
        raise RoomRefused("forbidden")
    try:
        with transaction.atomic():
            room = Room.objects.create(kring=kring, name=name, about=about, submission=submission)
            Topic.objects.create(room=room, title=_("General"), is_general=True)
    except IntegrityError:
        earlier = Room.objects.filter(kring=kring, submission=submission).first() if submission else None
        if earlier is None:
            raise
        return earlier
    return room


def start_topic(*, room: Room, title: str, by: User, client_id: UUID) -> Topic:
    """Start a topic in a room; the same form sent twice starts one, and a title that exists is found again.

    Raises:
        RoomRefused: `forbidden`, or `empty` without a title.
    """
    name = " ".join(title.split())[:120]
    if not name:
        raise RoomRefused("empty")
    existing = room.topics.filter(title__iexact=name).first()
    if existing is not None and Room.objects.visible_to(by).filter(pk=room.pk).exists():
        return existing
    with transaction.atomic():
        seq = log.advance(Room.objects.visible_to(by).filter(is_archived=False), room.pk)
        if seq is None:
            raise RoomRefused("forbidden")
        # looked up again under the room's lock: the second of two at once finds the first one's topic
        topic, made = Topic.objects.get_or_create(room=room, title=name)
        if made:
            log.append(
                room_id=room.pk,
                seq=seq,
                kind=RoomEvent.Kind.ROOM_STATE,
                actor=by,
                at=timezone.now(),
                client_id=client_id,
                payload={"room": {"topic": {"id": topic.pk, "title": topic.title}}},
            )
            transaction.on_commit(partial(ring, room.pk, seq), robust=True)
        else:
            transaction.set_rollback(True)
    return topic


def mark_read(*, reader: User, room_id: int, seq: int) -> int:
    """Move somebody's marker in a room forward, never back and never past the end.

    Returns:
        Where the marker stands now.

    Raises:
        RoomRefused: `forbidden` for a room the reader may not know of.
    """
    head = Room.objects.visible_to(reader).filter(pk=room_id).values_list("seq", flat=True).first()
    if head is None:
        raise RoomRefused("forbidden")
    wanted = max(0, min(seq, head))
    marker, _created = ReadMarker.objects.get_or_create(room_id=room_id, user=reader, defaults={"seq": wanted})
    if marker.seq >= wanted:
        return marker.seq
    # two tabs at once: the furthest wins, whichever comes last
    ReadMarker.objects.filter(pk=marker.pk, seq__lt=wanted).update(seq=wanted)
    return wanted


def unread_counts(user: User, rooms: Iterable[Room]) -> dict[int, int]:
    """Return per room how many messages of others somebody has not read, for the rooms given: one query."""
    ids = [room.pk for room in rooms]
    marker = ReadMarker.objects.filter(room=OuterRef("room"), user=user).values("seq")[:1]
    rows = (
        Message.objects.filter(room__in=ids, deleted_at__isnull=True)
        .exclude(sender=user)
        .annotate(read=Coalesce(Subquery(marker), 0))
        .filter(created_seq__gt=F("read"))
        .order_by()
        .values("room")
        .annotate(number=Count("pk"))
        .values_list("room", "number")
    )
    return {**dict.fromkeys(ids, 0), **dict(rows)}
