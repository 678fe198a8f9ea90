"""The improvement agenda of a kring: what its members want to reach, as far as they share it."""

from __future__ import annotations

from collections import defaultdict

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from benchmark import goal_export, goals
from benchmark.goal_filter import GoalFilter
from benchmark.goal_progress import Standing
from benchmark.goals import Standings
from benchmark.models import Goal
from benchmark.permissions import can_create_goal, viewer_for
from kringen.models import Kring, Membership
from kringen.views.loaders import entered, in_kring
from people.requests import PersonRequest


@in_kring("GET", "HEAD")
def goal_board(request: PersonRequest, kring: Kring) -> HttpResponse:
    """Show the goals that members share with their kring, by municipality; also as a table to take away.

    What a municipality keeps to itself is not here, not even for its own people: this page is shown on a screen.
    """
    entered(request, kring)
    current = Membership.objects.current().filter(kring=kring).select_related("municipality")
    places = sorted((one.municipality for one in current), key=lambda place: place.name)
    viewer = viewer_for(request.user)
    sieve = GoalFilter(request.GET, viewer=viewer, members={place.pk for place in places})
    shared = (
        Goal.objects.visible_to(request.user)
        .filter(municipality__in=places)
        .exclude(visibility=Goal.Visibility.OWN)
        .for_board()
    )
    found = goals.with_states(sieve.apply(shared).order_by("target_date", "title", "pk"), viewer=viewer)
    if (kind := request.GET.get("format", "")) in goal_export.FORMATS:
        return goal_export.response(found, kind, title=_("Improvement agenda %(kring)s") % {"kring": kring})
    by_place: dict[int, list[Standings]] = defaultdict(list)
    for one in found:
        by_place[one.goal.municipality_id].append(one)
    return render(
        request,
        "kringen/goals.html",
        {
            "kring": kring,
            "sieve": sieve,
            "chosen": sieve.address,
            "groups": [{"place": place, "found": by_place[place.pk]} for place in places if by_place[place.pk]],
            "without": [] if sieve.address else [place for place in places if not by_place[place.pk]],
            "reached": [one.goal for one in found if one.state.standing is Standing.REACHED],
            "pairs": [one.goal for one in found if one.goal.kind != Goal.Kind.DELIVERABLE],
            "can_create": can_create_goal(request.user),
        },
    )
