"""How far the kringen are, in counts: for the steering group, the office and facilitators. No figure of anybody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from benchmark import goals
from benchmark.goal_progress import Standing
from benchmark.models import Goal, Indicator, Measurement
from benchmark.permissions import EVERYTHING
from kringen.models import Intake, Kring, Meeting, Membership
from kringen.models.kring import kring_ids_of
from kringen.permissions import can_view_progress
from kringsite.home import GOAL_WORDS
from people.models import RoleName
from people.permissions import is_office, is_steering


@dataclass(frozen=True)
class Line:
    """One kring in counts.

    Attributes:
        kring: which one.
        members: municipalities that take part today, guests included.
        intakes: how many of those handed in an intake.
        delivered: values that are there, of core indicators in the year of the kring.
        asked: how many values there could be: core indicators times members.
        goals: how many improvement goals stand where; withdrawn ones are left out.
        next_meeting: the first that is still to come, or None.
    """

    kring: Kring
    members: int
    intakes: int
    delivered: int
    asked: int
    goals: dict[Standing, int]
    next_meeting: Meeting | None

    @property
    def share(self) -> float | None:
        """The share of the asked values that is there, in per cent; None when nothing was asked."""
        return 100 * self.delivered / self.asked if self.asked else None

    @property
    def goals_total(self) -> int:
        """The number of goals."""
        return sum(self.goals.values())

    @property
    def marks(self) -> list[dict[str, Any]]:
        """The goals by how they stand: word, kind of mark and number; states without a goal are left out."""
        return [{**GOAL_WORDS[standing], "number": number} for standing, number in self.goals.items() if number]


@login_required
def progress(request: HttpRequest) -> HttpResponse:
    """Show the kringen in counts; facilitators see their own."""
    if not can_view_progress(request.user):
        raise Http404
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return render(request, "kringsite/progress.html", {"lines": lines_for(request.user)})


def lines_for(user: Any) -> list[Line]:
    """Return the kringen whose progress a person may see; the same number of queries however many."""
    kringen = Kring.objects.visible_to(user).select_related("cycle")
    if not (is_office(user) or is_steering(user)):
        kringen = kringen.filter(pk__in=kring_ids_of(user, RoleName.FACILITATOR))
    found = list(
        kringen.prefetch_related(
            Prefetch("memberships", Membership.objects.current(), to_attr="current_memberships"),
            Prefetch("intakes", Intake.objects.filled_in(), to_attr="filled_intakes"),
        )
    )
    members = {kring.pk: {each.municipality_id for each in kring.current_memberships} for kring in found}
    everybody = set().union(*members.values())
    core = Indicator.objects.filter(is_core=True).count()
    delivered = _delivered(everybody, {kring.cycle.year for kring in found})
    standings = _standings(everybody)
    upcoming: dict[int, Meeting] = {}
    for meeting in Meeting.objects.filter(kring__in=found).upcoming():
        upcoming.setdefault(meeting.kring_id, meeting)
    return [
        Line(
            kring=kring,
            members=len(members[kring.pk]),
            intakes=sum(intake.municipality_id in members[kring.pk] for intake in kring.filled_intakes),
            delivered=sum(delivered.get((pk, kring.cycle.year), 0) for pk in members[kring.pk]),
            asked=core * len(members[kring.pk]),
            goals={standing: sum(standings[pk][standing] for pk in members[kring.pk]) for standing in Standing},
            next_meeting=upcoming.get(kring.pk),
        )
        for kring in found
    ]


def _delivered(municipalities: Iterable[int], years: Iterable[int]) -> dict[tuple[int, int], int]:
    """Return how many core indicators have a value, by (municipality, year): counted, never read."""
    rows = (
        Measurement.objects.filter(
            indicator__is_core=True, value__isnull=False, municipality__in=municipalities, year__in=years
        )
        .order_by()
        .values_list("municipality_id", "year")
        .annotate(number=Count("indicator", distinct=True))
    )
    return {(place, year): number for place, year, number in rows}


def _standings(municipalities: Iterable[int]) -> dict[int, Counter[Standing]]:
    """Return how many goals stand where, by municipality."""
    counted: dict[int, Counter[Standing]] = defaultdict(Counter)
    wanted = Goal.objects.standing().filter(municipality__in=municipalities).select_related("indicator")
    for one in goals.with_states(wanted, viewer=EVERYTHING):
        counted[one.goal.municipality_id][one.state.standing] += 1
    return counted
