"""At most five things worth a member's while, each with its reason.

A practice for a goal, a peer to ask, a talk about an indicator, an experience that is due. By turns, so that one kind
does not push the others out. What was dismissed does not come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from benchmark import asking
from benchmark.models import Goal, Indicator
from goodpractices import suggestions, teachers
from kringen.models import Room, Topic

MOST = 5
# Goals that are looked at: those with the nearest date.
GOALS = 4
# Of each kind so many are fetched, so that what was dismissed leaves no gap.
FETCHED = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion: what it is about (`key`), what to do, why, and where."""

    key: str
    title: str
    reason: str
    href: str


def for_home(user: Any, goals: Sequence[Goal]) -> list[Suggestion]:
    """Return what to suggest to a member; a fixed number of queries, whatever there is to suggest.

    Args:
        user: the member.
        goals: those of the own municipality, with their indicators fetched.
    """
    about: dict[int, Indicator] = {}
    serves: dict[int, Goal] = {}
    for goal in goals[:GOALS]:
        if goal.indicator is not None:
            about.setdefault(goal.indicator.pk, goal.indicator)
            serves.setdefault(goal.indicator.pk, goal)
    kinds = [
        _experiences(user),
        _practices(user, about, serves),
        _peers(user, about, serves),
        _topics(user, about, serves),
    ]
    gone = suggestions.dismissed(user)
    return chosen(kinds, gone)


def chosen(kinds: Iterable[Sequence[Suggestion]], gone: set[str]) -> list[Suggestion]:
    """Return at most five, by turns from each kind, none twice and none that was dismissed."""
    left = [[one for one in kind if one.key not in gone] for kind in kinds]
    by_turns: Iterator[Suggestion | None] = chain.from_iterable(zip_longest(*left))
    found: dict[str, Suggestion] = {}
    for one in by_turns:
        if one is not None:
            found.setdefault(one.key, one)
    return list(found.values())[:MOST]


def _experiences(user: Any) -> list[Suggestion]:
    return [
        Suggestion(
            f"experience:{one.pk}",
            _("Tell what came of “%(practice)s”") % {"practice": one.practice.title},
            _("You have done this for more than half a year, and others would like to know."),
            reverse("goodpractices:experience", args=[one.practice.slug]),
        )
        for one in suggestions.experiences_due(user, FETCHED)
    ]


def _practices(user: Any, about: dict[int, Indicator], serves: dict[int, Goal]) -> list[Suggestion]:
    return [
        Suggestion(
            f"practice:{practice.pk}",
            _("Read “%(practice)s” of %(place)s") % {"practice": practice.title, "place": practice.municipality},
            _("It is about %(indicator)s, of your goal “%(goal)s”.")
            % {"indicator": about[indicator].name, "goal": serves[indicator].title},
            reverse("goodpractices:detail", args=[practice.slug]),
        )
        for practice, indicator in suggestions.practices_for(user, list(about), FETCHED)
    ]


def _peers(user: Any, about: dict[int, Indicator], serves: dict[int, Goal]) -> list[Suggestion]:
    if not about:
        return []
    found = teachers.of(asking.reader(user), list(about.values()))
    return [
        Suggestion(
            f"peer:{pk}:{one.peer.place.id}",
            _("Ask %(place)s about %(indicator)s") % {"place": one.peer.place.name, "indicator": about[pk].name},
            _("For your goal “%(goal)s”: %(place)s %(reasons)s.")
            % {"goal": serves[pk].title, "place": one.peer.place.name, "reasons": ", ".join(one.reasons)},
            reverse("benchmark:indicator", args=[about[pk].code]) + "#learn",
        )
        for pk, each in found.items()
        for one in each
    ]


def _topics(user: Any, about: dict[int, Indicator], serves: dict[int, Goal]) -> list[Suggestion]:
    """Return talks that are open in rooms about these indicators, the latest first; one query."""
    rooms = Room.objects.visible_to(user).filter(
        subject_type=ContentType.objects.get_for_model(Indicator), subject_id__in=list(about), is_archived=False
    )
    topics = Topic.objects.filter(room__in=rooms, is_general=False, resolved_at=None).exclude(started_by=user)
    return [
        Suggestion(
            f"topic:{topic.pk}",
            _("Join the talk “%(topic)s” in %(kring)s") % {"topic": topic.title, "kring": topic.room.kring},
            _("It is about %(indicator)s, of your goal “%(goal)s”.")
            % {"indicator": about[topic.room.subject_id].name, "goal": serves[topic.room.subject_id].title},
            f"{reverse('kringen:room', args=[topic.room.kring.slug, topic.room_id])}?onderwerp={topic.pk}",
        )
        for topic in topics.select_related("room__kring").order_by("-pk")[:FETCHED]
        if topic.room.subject_id in about
    ]


@login_required
@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """Do not show a suggestion again, and go on."""
    suggestions.dismiss(by=request.user, key=request.POST.get("key", "")[:80])  # type: ignore[arg-type]
    return redirect("home")
