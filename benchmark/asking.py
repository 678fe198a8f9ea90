"""From an address to what is asked: which municipality, which group, which years. Pages and API share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from benchmark import cube as cubes
from benchmark import disclosure, groups, series
from benchmark.cube import Cube
from benchmark.disclosure import Company
from benchmark.groups import Choice, UnknownGroup
from benchmark.models import Goal, Indicator
from benchmark.models.indicator import breaks
from benchmark.permissions import Viewer, viewer_for
from benchmark.series import Question, Series, Shown

# More goal lines than this in one picture tell nothing.
MOST_GOALS = 3
# More lines than this cannot be told apart.
MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, with the figures and the groups they may use; made once per request."""

    user: Any
    viewer: Viewer
    cube: Cube
    place_id: int | None
    choices: list[Choice]
    company: Company


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
    seen = groups.seen_by(eyes)
    choices = groups.available(eyes, place_id, seen)
    return Reader(user, eyes, cube, place_id, choices, disclosure.company(eyes, seen))


def lines(who: Reader, indicator: Indicator) -> dict[str, Any]:
    """Return the norms, goals and breaks that belong in the picture of this municipality; three queries."""
    goals: list[Goal] = []
    if who.place_id is not None and who.viewer.user_id is not None:
        goals = list(
            Goal.objects.visible_to(who.user).filter(indicator=indicator, municipality_id=who.place_id)[:MOST_GOALS]
        )
    return {
        "norms": series.norm_lines(indicator, who.place_id),
        "goals": tuple(series.goal_line(goal) for goal in goals),
        "breaks": tuple(breaks(indicator)),
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
    return series.build(
        question, indicator=indicator, cube=who.cube, viewer=who.viewer, choices=who.choices, company=who.company
    )


def shown(who: Reader, result: Series, key: str) -> list[Shown]:
    """Return the municipalities to list or draw, apart from those compared with, by name.

    Args:
        who: who asks.
        result: the series they are shown beside.
        key: CBS codes with commas between them, or the key of a group whose members are known by name.

    Raises:
        UnknownGroup: when the key is neither.
    """
    import numpy as np

    register = who.cube.register
    named = next((one.group for one in who.choices if one.key == key and one.group is not None), None)
    if named is not None:
        wanted = [pk for pk in groups.members_of(named) if pk in register.index]
    else:
        codes = [code.strip().upper() for code in key.split(",") if code.strip()]
        if not codes or any(code not in register.by_code for code in codes):
            known = [one.key for one in who.choices if one.group is not None]
            raise UnknownGroup(key, known, _("Show a group whose members you know, or codes such as GM0534,GM0473."))
        wanted = [register.by_code[code] for code in dict.fromkeys(codes)]
    part = result.part
    if part is None or part.is_empty or not result.rows:
        return []
    reported = who.cube.slice(result.indicator.pk)
    years = np.isin(part.years, [row.year for row in result.rows])
    report = part.reports.index(result.report)
    found = []
    for pk in wanted[:MOST_SHOWN]:
        if pk == who.place_id:
            continue
        own = series.own_values(part, report, years, register.place(pk), who.cube, who.viewer, reported=reported)
        values = [None if np.isnan(one) else float(one) for one in own.value]
        told = zip(part.years[years].tolist(), values, own.reason, strict=True)
        found.append(Shown(register.place(pk), tuple(told)))
    return sorted(found, key=lambda one: one.place.name)
