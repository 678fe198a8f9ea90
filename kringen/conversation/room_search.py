"""Searching in what was said: in one room or in all of mine, by Dutch word stems, newest first.

What a reader may not see takes part in nothing: no hit, no count. What was taken away has no words left to find.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString

from goodpractices.highlights import marked, snippet
from goodpractices.words import Term, stem_text, terms
from kringen.models import Message, Room

SHOWN = 30
_BEGINNING = 220


def stems_of(body: str) -> str:
    """Return the words of a message as the search looks for them: stems between spaces."""
    return f" {stem_text(body)} " if body else ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found, with the words marked."""

    message: Message
    passage: SafeString


@dataclass(frozen=True, slots=True)
class Said:
    """What was found: how many messages, and the newest of them."""

    total: int
    hits: list[Hit]
    searchable: bool


def search(user: Any, query: str, *, room: Room | None = None, shown: int = SHOWN) -> Said:
    """Return the messages that hold every word of a question, in the rooms a person may read: two queries."""
    words = terms(query)
    if not words:
        return Said(0, [], searchable=False)
    found = Message.objects.filter(room__in=Room.objects.visible_to(user), deleted_at__isnull=True)
    if room is not None:
        found = found.filter(room=room)
    found = _with(found, words)
    newest = found.select_related("room__kring", "topic", "sender__municipality").order_by("-created_at", "-pk")[:shown]
    stems = frozenset(stem for word in words for stem in (*word.stems, *word.synonyms))
    hits = [
        Hit(message, snippet([message.body], stems) or marked(message.body[:_BEGINNING], stems)) for message in newest
    ]
    return Said(found.count() if len(hits) == shown else len(hits), hits, searchable=True)


def _with(found: QuerySet[Message], words: Sequence[Term]) -> QuerySet[Message]:
    for word in words:
        anyone = Q()
        for stem in (*word.stems, *word.synonyms):
            anyone |= Q(stems__contains=f" {stem} ")
        found = found.filter(anyone)
    return found
