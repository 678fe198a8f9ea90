"""What happened in a room beside what was said: who came and who left, between the messages where it belongs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kringen.conversation.room_window import Part
from kringen.models import Room, RoomEvent

MOST = 100  # on one page
TOLD = (RoomEvent.Kind.MEMBER_JOIN, RoomEvent.Kind.MEMBER_LEAVE)


@dataclass(frozen=True, slots=True)
class Happening:
    """A line between the messages."""

    seq: int
    at: dt.datetime
    sentence: str


def words() -> dict[str, str]:
    """Return the sentences by kind, for the script; `%(name)s` is who it is about."""
    return {
        RoomEvent.Kind.MEMBER_JOIN.value: _("%(name)s takes part in this kring from now on."),
        RoomEvent.Kind.MEMBER_LEAVE.value: _("%(name)s no longer takes part in this kring."),
    }


def beside(room: Room, part: Part) -> list[Happening]:
    """Return what happened around a part of the conversation, lowest number first: one query."""
    found = RoomEvent.objects.filter(room=room, kind__in=TOLD)
    if part.messages and part.older is not None:
        found = found.filter(seq__gt=part.messages[0].created_seq)
    if part.messages and part.newer is not None:
        found = found.filter(seq__lt=part.messages[-1].created_seq)
    sentences = words()
    newest = found.select_related("actor").order_by("-seq")[:MOST]
    return [Happening(event.seq, event.created_at, sentences[event.kind] % {"name": _name(event)}) for event in newest][
        ::-1
    ]


def _name(event: RoomEvent) -> str:
    return event.payload.get("member", {}).get("municipality") or str(event.actor or _("Somebody"))
