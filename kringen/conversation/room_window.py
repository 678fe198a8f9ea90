"""Which part of a conversation is on the page: the newest, what came before or after a number, or around one message.

A page never holds more than fifty messages, however long the conversation is; the script asks for more parts as
somebody scrolls and lets go of those that are far away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from kringen.live import log
from kringen.models import Message, Room, Topic

PER_PAGE = log.SNAPSHOT_MESSAGES
_MAX_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Part:
    """A run of messages, oldest first.

    Attributes:
        messages: at most fifty.
        older: the number to ask for what came before (`tot`), or None at the beginning of the conversation.
        newer: the number to ask for what came after (`na`), or None at its end.
        focus: the message that was asked for by its number, or None.
    """

    messages: list[Message]
    older: int | None
    newer: int | None
    focus: Message | None = None


def number(text: str | None) -> int | None:
    """Return a number from an address, or None when it is none that can exist."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS else None


def part(room: Room, topic: Topic | None, asked: Mapping[str, str]) -> Part:
    """Return the part that an address asks for: `bericht` (around it), `na`, `tot`, or the newest."""
    wanted = number(asked.get("bericht"))
    if wanted is not None:
        focus = _said(room, topic).filter(pk=wanted).first()
        if focus is not None:
            return _around(room, topic, focus)
    after = number(asked.get("na"))
    if after is not None:
        return _after(room, topic, after)
    until = number(asked.get("tot"))
    return _until(room, topic, room.seq if until is None else min(until, room.seq))


def _said(room: Room, topic: Topic | None) -> QuerySet[Message]:
    said = Message.objects.filter(room=room)
    return said if topic is None else said.filter(topic=topic)


def _until(room: Room, topic: Topic | None, last: int) -> Part:
    found = log.recent_messages(room.pk, last, PER_PAGE + 1, topic=topic)
    older = found[-PER_PAGE - 1].created_seq if len(found) > PER_PAGE else None
    messages = found[-PER_PAGE:]
    return Part(messages, older, _newer(room, topic, messages[-1].created_seq if messages else last, last))


def _newer(room: Room, topic: Topic | None, shown: int, asked: int) -> int | None:
    """Return the last number shown when something came after it."""
    if asked >= room.seq or not _said(room, topic).filter(created_seq__gt=shown).exists():
        return None
    return shown


def _after(room: Room, topic: Topic | None, first: int) -> Part:
    following = _said(room, topic).filter(created_seq__gt=first).order_by("created_seq")
    numbers = list(following.values_list("created_seq", flat=True)[: PER_PAGE + 1])
    shown = numbers[:PER_PAGE]
    messages = log.recent_messages(room.pk, shown[-1], len(shown), topic=topic) if shown else []
    older = first if _said(room, topic).filter(created_seq__lte=first).exists() else None
    return Part(messages, older, shown[-1] if len(numbers) > PER_PAGE else None)


def _around(room: Room, topic: Topic | None, focus: Message) -> Part:
    below = _said(room, topic).filter(created_seq__gt=focus.created_seq).order_by("created_seq")
    numbers = list(below.values_list("created_seq", flat=True)[: PER_PAGE // 2 + 1])
    shown = numbers[: PER_PAGE // 2]
    last = shown[-1] if shown else focus.created_seq
    found = log.recent_messages(room.pk, last, PER_PAGE + 1, topic=topic)
    older = found[-PER_PAGE - 1].created_seq if len(found) > PER_PAGE else None
    newer = last if len(numbers) > len(shown) else None
    return Part(found[-PER_PAGE:], older, newer, focus)
