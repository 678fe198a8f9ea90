"""From an address to what is asked: which municipality, which group, which years. Pages and API share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from benchmark import cube as cubes
from benchmark import groups, series
from benchmark.cube import Cube
from benchmark.groups import Choice
from benchmark.models import Goal, Indicator
from benchmark.permissions import Viewer, viewer_for
from benchmark.series import Question, Series

# More goal lines than this in one picture tell nothing.
MOST_GOALS = 3


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, with the figures and the groups they may use; made once per request."""

    user: Any
    viewer: Viewer
    cube: Cube
    place_id: int | None
    choices: list[Choice]


def reader(
    user: Any, code: str | None = None, *, viewer: Viewer | None = None, municipality_id: int | None = None
) -> Reader:
    """Return who asks about which municipality.

    Args:
        user: the person, or nobody.
        code: the CBS code from the address; None for the person's own municipality, empty for none at all.
        viewer: to look with other eyes than the person's, such as the public's.
        municipality_id: which municipality, where it is known already.

    Raises:
        Http404: when no municipality has this code.
    """
    eyes = viewer_for(user) if viewer is None else viewer
    cube = cubes.current()
    place_id = municipality_id
    if municipality_id is None and code is None:
        place_id = eyes.home
    if code:
        place_id = cube.register.by_code.get(code.upper())
        if place_id is None:
            raise Http404(code)
    return Reader(user, eyes, cube, place_id, groups.available(eyes, place_id))


def lines(who: Reader, indicator: Indicator) -> dict[str, Any]:
    """Return the norms and the goals that belong in the picture of this municipality; two queries."""
    goals: list[Goal] = []
    if who.place_id is not None and who.viewer.user_id is not None:
        goals = list(
            Goal.objects.visible_to(who.user).filter(indicator=indicator, municipality_id=who.place_id)[:MOST_GOALS]
        )
    return {
        "norms": series.norm_lines(indicator, who.place_id),
        "goals": tuple(series.goal_line(goal) for goal in goals),
    }


def ask(who: Reader, indicator: Indicator, **wanted: Any) -> Series:
    """Return the series of an indicator for this reader.

    Args:
        who: who asks about which municipality.
        indicator: with its area fetched.
        wanted: fields of `Question`; the group is the reader's preferred one unless it is given.

    Raises:
        UnknownGroup: the group does not exist for this reader.
        UnknownReport: the indicator has no such report.
    """
    if not wanted.get("group"):
        wanted["group"] = groups.preferred(who.viewer, who.choices)
    question = Question(municipality_id=who.place_id, **wanted)
    return series.build(question, indicator=indicator, cube=who.cube, viewer=who.viewer, choices=who.choices)
