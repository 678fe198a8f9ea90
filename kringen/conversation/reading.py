"""How far somebody has read: per room, and per topic where that is another place.

A topic without a place of its own is read as far as the room. Reading only moves forward; `mark_unread` is the one
way back. Nobody else sees any of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from kringen.conversation import notices
from kringen.conversation.acting import RoomRefused
from kringen.live.bell import remark
from kringen.models import Message, ReadMarker, Room, Topic, TopicMark
from people.models import User


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic with what somebody has not read in it.

    Attributes:
        topic: which.
        read: everything up to this number is read.
        unread: how many messages of others are not.
        first_unread: the number of the first of those, or None.
        last: the number of the last message, or None.
        level: `normal`, `followed` or `muted`.
    """

    topic: Topic
    read: int
    unread: int
    first_unread: int | None
    last: int | None
    level: str

    @property
    def is_muted(self) -> bool:
        """Say whether its messages are left out of the counts of room and home."""
        return self.level == TopicMark.Level.MUTED

    @property
    def is_followed(self) -> bool:
        """Say whether this person follows it."""
        return self.level == TopicMark.Level.FOLLOWED


def topic_lines(user: User, rooms: Iterable[Room | int]) -> dict[int, list[TopicLine]]:
    """Return per room its topics, with what is unread in each: one query, whose work grows with what is unread."""
    ids = [room if isinstance(room, int) else room.pk for room in rooms]
    mark = TopicMark.objects.filter(topic=OuterRef("pk"), user=user)
    marker = ReadMarker.objects.filter(room=OuterRef("room"), user=user)
    said = Message.objects.filter(topic=OuterRef("pk")).order_by()
    unread = said.filter(created_seq__gt=OuterRef("read"), deleted_at__isnull=True).exclude(sender=user)
    found = Topic.objects.filter(room__in=ids).annotate(
        read=Coalesce(Subquery(mark.values("seq")[:1]), Subquery(marker.values("seq")[:1]), 0),
        level=Coalesce(Subquery(mark.values("level")[:1]), Value(TopicMark.Level.NORMAL.value)),
        unread=Coalesce(Subquery(unread.values("topic").annotate(n=Count("pk")).values("n")), 0),
        first_unread=Subquery(unread.order_by("created_seq").values("created_seq")[:1]),
        last=Subquery(said.order_by("-created_seq").values("created_seq")[:1]),
    )
    lines: dict[int, list[TopicLine]] = {pk: [] for pk in ids}
    for topic in found.order_by("-is_general", "pk"):
        line = TopicLine(topic, topic.read, topic.unread, topic.first_unread, topic.last, topic.level)
        lines[topic.room_id].append(line)
    return lines


def unread_counts(user: User, rooms: Iterable[Room]) -> dict[int, int]:
    """Return per room how many messages of others somebody has not read, without muted topics: one query."""
    return {
        room_id: sum(line.unread for line in lines if not line.is_muted)
        for room_id, lines in topic_lines(user, rooms).items()
    }


def mark_read(*, reader: User, room_id: int, seq: int, topic_id: int | None = None) -> int:
    """Move somebody's place forward, never back and never past the end, in a room or in one topic of it.

    Returns:
        Where the place stands now.

    Raises:
        RoomRefused: `forbidden` for a room the reader may not know of, `topic` for a topic that is not there.
    """
    head = _head(reader, room_id)
    wanted = max(0, min(seq, head))
    notices.seen_up_to(reader, room_id=room_id, seq=wanted, topic_id=topic_id)
    if topic_id is not None:
        return _read_topic(reader, room_id, topic_id, wanted)
    marker, _created = ReadMarker.objects.get_or_create(room_id=room_id, user=reader, defaults={"seq": wanted})
    # two tabs at once: the furthest wins, whichever comes last
    moved = ReadMarker.objects.filter(pk=marker.pk, seq__lt=wanted).update(seq=wanted)
    caught_up = TopicMark.objects.filter(topic__room=room_id, user=reader, seq__lt=wanted).update(seq=wanted)
    if moved or _created or caught_up:
        _tell(reader, room_id)
    return max(marker.seq, wanted)


def _read_topic(reader: User, room_id: int, topic_id: int, wanted: int) -> int:
    topic = Topic.objects.filter(room=room_id, pk=topic_id).first()
    if topic is None:
        raise RoomRefused("topic")
    in_room = ReadMarker.objects.filter(room=room_id, user=reader).values_list("seq", flat=True).first() or 0
    mark, _created = TopicMark.objects.get_or_create(topic=topic, user=reader)
    now = in_room if mark.seq is None else mark.seq
    if now >= wanted:
        return now
    TopicMark.objects.filter(Q(seq__isnull=True) | Q(seq__lt=wanted), pk=mark.pk).update(seq=wanted)
    _tell(reader, room_id)
    return wanted


def mark_unread(*, reader: User, message: Message) -> int:
    """Put somebody's place in a topic right before a message, so that it and what follows count as unread again.

    Returns:
        Where the place stands now.

    Raises:
        RoomRefused: `forbidden` for a room the reader may not know of.
    """
    _head(reader, message.room_id)
    seq = message.created_seq - 1
    TopicMark.objects.update_or_create(topic_id=message.topic_id, user=reader, defaults={"seq": seq})
    _tell(reader, message.room_id)
    return seq


def set_level(*, topic: Topic, reader: User, level: str) -> TopicMark:
    """Follow a topic, mute it, or neither.

    Raises:
        RoomRefused: `forbidden` for a room the reader may not know of, `bad` for a level that does not exist.
    """
    if level not in TopicMark.Level.values:
        raise RoomRefused("bad")
    _head(reader, topic.room_id)
    mark, _created = TopicMark.objects.update_or_create(topic=topic, user=reader, defaults={"level": level})
    _tell(reader, topic.room_id)
    return mark


def places(user_id: int, room_id: int) -> dict[str, Any]:
    """Return somebody's places in a room, for their other tabs: `{"seq"}`, with `"topics": {id: seq}` if any differ.

    Two queries.
    """
    seq = ReadMarker.objects.filter(room=room_id, user=user_id).values_list("seq", flat=True).first() or 0
    own = TopicMark.objects.filter(topic__room=room_id, user=user_id, seq__isnull=False).exclude(seq=seq)
    topics = {str(topic): place for topic, place in own.values_list("topic", "seq")}
    return {"seq": seq, "topics": topics} if topics else {"seq": seq}


def _head(reader: User, room_id: int) -> int:
    head = Room.objects.visible_to(reader).filter(pk=room_id).values_list("seq", flat=True).first()
    if head is None:
        raise RoomRefused("forbidden")
    return head


def _tell(reader: User, room_id: int) -> None:
    transaction.on_commit(partial(remark, reader.pk, room_id), robust=True)
