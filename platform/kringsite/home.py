"""The first page: the public one for visitors, the table of the day for a member.

Four things and no more: what is next, what my goals are at, what was said, what I promised; and a few suggestions.
Every card leads to one place. It stands here because it composes three apps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.views import serve

from benchmark import goals
from benchmark.goal_progress import Standing
from kringen.conversation.roomlist import RoomLine, rooms_for
from kringen.models import Action, Kring, KringMilestone, Meeting
from kringen.models.kring import kring_ids_of
from kringen.permissions import can_view_progress
from kringen.year import yearplan
from kringen.year.dates import days_text
from kringsite import suggestions
from people import clock
from people.models import RoleName
from people.permissions import has_role, is_office, takes_part

# More than this on one table of the day is a list, and lists have pages of their own.
AT_MOST = 6


# How a goal stands: a word and the kind of mark that goes with it.
GOAL_WORDS: dict[Standing, dict[str, Any]] = {
    Standing.REACHED: {"kind": "good", "word": _("reached")},
    Standing.ON_TRACK: {"kind": "good", "word": _("on track")},
    Standing.BEHIND: {"kind": "warn", "word": _("behind")},
    Standing.UNKNOWN: {"kind": "neutral", "word": _("not known yet")},
}


@dataclass(frozen=True)
class Door:
    """One place that a role leads to, for people who are not in a kring."""

    label: Any
    about: Any
    href: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show a member what is next, what moved, what was said and what they promised; a visitor the public page."""
    if not request.user.is_authenticated:
        return serve(request, "")
    user = request.user
    today = clock.today()
    visible = list(Kring.objects.visible_to(user).select_related("cycle"))
    mine = [kring for kring in visible if kring.pk in kring_ids_of(user)]
    kringen = mine or visible
    standings = goals.for_home(user)
    return render(
        request,
        "kringsite/home.html",
        {
            "takes_part": takes_part(user),
            "mine": mine,
            "kringen": kringen,
            "meetings": _next_meetings(user, kringen, each=bool(mine)),
            "deadline": _next_deadline(kringen),
            "goals": [
                {"goal": one.goal, "state": one.state, "is_demo": one.is_demo, **GOAL_WORDS[one.state.standing]}
                for one in standings
            ],
            "suggestions": suggestions.for_home(user, [one.goal for one in standings]) if user.municipality_id else [],
            "rooms": _unread_rooms(user, mine),
            "actions": [
                {"action": action, "is_overdue": action.is_overdue(today)}
                for action in Action.objects.visible_to(user).open().filter(owner=user).select_related("kring")
            ],
            "doors": [] if mine else _doors(user),
        },
    )


def _next_meetings(user: Any, kringen: list[Kring], *, each: bool) -> list[dict[str, Any]]:
    """Return the next meeting of every kring, soonest first; without a kring of one's own the first few of all."""
    today = clock.today()
    found: dict[int, Meeting] = {}
    for meeting in Meeting.objects.visible_to(user).filter(kring__in=kringen).upcoming().select_related("kring"):
        found.setdefault(meeting.kring_id, meeting)
    meetings = list(found.values()) if each else list(found.values())[:AT_MOST]
    return [{"meeting": meeting, "away": days_text((meeting.date - today).days)} for meeting in meetings]


def _next_deadline(kringen: list[Kring]) -> dict[str, Any] | None:
    """Return the soonest deadline in the year plans of these kringen, with the kring whose plan it stands in."""
    prefetch_related_objects(kringen, "cycle__milestones")
    own: dict[int, dict[int, Any]] = {}
    for line in KringMilestone.objects.filter(kring__in=kringen):
        own.setdefault(line.kring_id, {})[line.milestone_id] = line.date
    found = []
    for kring in kringen:
        plan = yearplan.timeline(kring.cycle.milestones.all(), own.get(kring.pk, {}), clock.today())
        if plan.next_deadline:
            found.append((plan.next_deadline, kring))
    if not found:
        return None
    entry, kring = min(found, key=lambda pair: (pair[0].last, pair[1].name))
    return {"entry": entry, "kring": kring}


def _unread_rooms(user: Any, mine: list[Kring]) -> list[RoomLine]:
    """Return the rooms where something was said that this person has not read, most unread first."""
    lines = [line for line in rooms_for(user, mine or None) if line.unread]
    return sorted(lines, key=lambda line: -line.unread)[:AT_MOST]


def _doors(user: Any) -> list[Door]:
    """Return where somebody who is in no kring has work to do."""
    doors = []
    if can_view_progress(user):
        doors.append(Door(_("Progress"), _("How far the kringen are with intake, figures and goals."), "/voortgang/"))
    if is_office(user):
        doors.append(Door(_("Kringen"), _("All kringen, their meetings and year plans."), "/kringen/"))
        doors.append(Door(_("Benchmark years"), _("Make a new year, its milestones and its kringen."), "/jaren/"))
    if has_role(user, RoleName.VALIDATOR):
        doors.append(Door(_("Figures"), _("The figures of all municipalities, to check."), "/benchmark/"))
    if has_role(user, RoleName.EDITOR) or is_office(user):
        doors.append(Door(_("Publish"), _("Write news and stories for everybody."), "/beheer/"))
    if has_role(user, RoleName.COUNCIL):
        doors.append(Door(_("Figures"), _("The published figures of your municipality."), "/benchmark/"))
    return doors
