"""Signs under a message. A small set, each with its word: a sign says the same to who sees it and who hears it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kringen.conversation.acting import Done, RoomRefused, id_of, once, standing_message
from kringen.models import Reaction, Room, RoomEvent
from people.models import User

# The first six stand ready; the others are found by their word.
SIGNS: dict[str, Any] = {  # of lazy strings
    "👍": _("agreed"),
    "❤️": _("well done"),
    "💡": _("good idea"),
    "🙏": _("thank you"),
    "👀": _("I will look at it"),
    "❓": _("I have a question"),
    "✅": _("done"),
    "🎉": _("congratulations"),
    "👏": _("applause"),
    "👋": _("hello"),
    "🤔": _("I doubt it"),
    "👎": _("not agreed"),
    "😀": _("nice"),
    "😮": _("surprising"),
    "😢": _("a pity"),
    "📈": _("going up"),
    "📉": _("going down"),
    "⏳": _("later"),
    "📌": _("keep this"),
    "🚀": _("let us start"),
}
READY = 6


def react(  # noqa: PLR0913 — keyword-only, and a sign is all of these
    *, by: User, room: Room | int, message_id: int, client_id: UUID, emoji: str, on: bool
) -> Done:
    """Put a sign under a message, or take one's own away; doing what is already so changes nothing.

    Raises:
        RoomRefused: `forbidden`, `missing` (also for a deleted message), `emoji` (not one of the signs) or `conflict`.
    """
    sign = known_sign(emoji)
    room_id = id_of(room)
    message = standing_message(by, room_id, message_id)

    def change(now: dt.datetime, seq: int) -> dict[str, Any]:
        if on:
            Reaction.objects.get_or_create(message=message, user=by, emoji=sign)
        else:
            Reaction.objects.filter(message=message, user=by, emoji=sign).delete()
        return {"reaction": {"emoji": sign, "on": on}}

    return once(
        by=by,
        room_id=room_id,
        message_id=message_id,
        kind=RoomEvent.Kind.REACTION,
        client_id=client_id,
        mark=f"{sign}{'+' if on else '-'}",
        change=change,
    )


def known_sign(emoji: str) -> str:
    """Return the sign as it is kept: with or without the mark that asks for colour it is the same one.

    Raises:
        RoomRefused: `emoji`, when it is none of the set.
    """
    plain = emoji.removesuffix("\ufe0f")
    for sign in SIGNS:
        if sign.removesuffix("\ufe0f") == plain:
            return sign
    raise RoomRefused("emoji")
