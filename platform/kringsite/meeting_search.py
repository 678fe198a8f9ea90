"""Meetings and their minutes in the search of the whole site.

A person sees few meetings (their own kringen), so their texts are read and compared here; an index of confidential
texts would be one more place to guard. The stems of a text are remembered as long as the text stays the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from goodpractices.highlights import marked, snippet
from goodpractices.words import Term, stem_text, terms
from kringen.models import AgendaItem, Meeting, Minutes, MinutesItem


@dataclass(frozen=True, slots=True)
class FoundMeeting:
    """A meeting with the asked words marked.

    Attributes:
        passage: from its agenda, or from its minutes when the agenda alone does not have the words.
        in_minutes: whether the minutes were needed; `address` is theirs then.
    """

    meeting: Meeting
    title: SafeString
    passage: SafeString | None
    address: str
    in_minutes: bool = False


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stem_text(text).split())


def _has(term: Term, stems: frozenset[str]) -> bool:
    return not stems.isdisjoint(term.stems) or not stems.isdisjoint(term.synonyms)


def find_meetings(user: Any, query: str, *, shown: int) -> tuple[int, list[FoundMeeting]]:
    """Return how many meetings of this person have all the words, and the latest of them. Three queries.

    Minutes count for who may read them: a draft is the facilitator's, also in a count.

    Args:
        user: the reader.
        query: the words.
        shown: how many to return.
    """
    words = terms(query)
    if not words or not getattr(user, "is_authenticated", False):
        return 0, []
    meetings = {
        one.pk: one for one in Meeting.objects.visible_to(user).select_related("kring").order_by("-date", "-pk")
    }
    agenda = _texts(AgendaItem.objects.filter(meeting__in=list(meetings)).values_list("meeting_id", "title", "notes"))
    minutes = _texts(
        MinutesItem.objects.filter(minutes__in=Minutes.objects.visible_to(user)).values_list(
            "minutes__meeting_id", "title", "text"
        )
    )
    found = []
    for one in meetings.values():
        head = f"{one.title} {one.theme} {one.kring}"
        if _matches([head, *agenda[one.pk]], words):
            found.append((one, False))
        elif minutes[one.pk] and _matches([head, *agenda[one.pk], *minutes[one.pk]], words):
            found.append((one, True))
    stems = frozenset(stem for word in words for stem in (*word.stems, *word.synonyms))
    return len(found), [
        FoundMeeting(
            one,
            marked(f"{one.title} – {one.kring}", stems),
            snippet([*minutes[one.pk]] if in_minutes else [one.theme, *agenda[one.pk]], stems),
            reverse("kringen:minutes", args=[one.kring.slug, one.number]) if in_minutes else one.get_absolute_url(),
            in_minutes,
        )
        for one, in_minutes in found[:shown]
    ]


def _texts(rows: Iterable[tuple[int, str, str]]) -> dict[int, list[str]]:
    """Group titles and texts by meeting."""
    found: dict[int, list[str]] = defaultdict(list)
    for pk, title, text in rows:
        found[pk] += [title, text]
    return found


def _matches(texts: Sequence[str], words: Sequence[Term]) -> bool:
    stems = frozenset[str]().union(*map(_stems, texts))
    return all(_has(word, stems) for word in words)
