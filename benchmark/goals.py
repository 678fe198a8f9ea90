"""Improvement goals: making, changing and withdrawing them, and how they stand for one reader."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q

from benchmark import cube as cubes
from benchmark import goal_origins, goal_states, series
from benchmark.cube import ABSENT, Cube
from benchmark.goal_outlook import Forecast, forecast
from benchmark.goal_progress import Standing, State
from benchmark.goal_states import state_of
from benchmark.models import Goal, GoalChange, Indicator, Norm, breaks
from benchmark.permissions import Viewer, can_create_goal_for, can_edit_goal, viewer_for
from people import clock
from people.models import Municipality, User

# More than these do not fit on the first page of a member.
AT_HOME = 4
MOST_ENDED = 200


@dataclass(frozen=True, slots=True)
class Standings:
    """A goal with how it stands for one reader, and whether that rests on example data."""

    goal: Goal
    state: State
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Aim:
    """What a goal should be: the fields somebody fills in."""

    title: str
    target_value: float
    target_date: dt.date
    why: str = ""
    baseline_value: float | None = None
    baseline_year: int | None = None
    visibility: str = Goal.Visibility.KRING
    kind: str = Goal.Kind.FIGURE
    norm: Norm | None = None
    steps: tuple[tuple[int, float], ...] = ()
    learning_goal: str = ""
    success_factor: str = ""

    def write_on(self, goal: Goal) -> dict[str, Any]:
        """Put the fields on a goal; return those that changed as they were, fit for JSON."""
        before = {}
        for name in self.__slots__:
            was, new = getattr(goal, name), getattr(self, name)
            if name == "steps":
                new = [list(step) for step in new]
            if was != new:
                before[name] = was.isoformat() if isinstance(was, dt.date) else was.pk if isinstance(was, Norm) else was
            setattr(goal, name, new)
        return before


def create_goal(  # noqa: PLR0913 — keyword-only, and a goal is all of these
    *,
    by: User,
    municipality: Municipality,
    indicator: Indicator,
    aim: Aim,
    submission: uuid.UUID | None = None,
    follows: Goal | None = None,
    origin: str = "",
) -> Goal:
    """Make a goal; the same form sent twice makes one.

    Args:
        by: who sets it, and keeps it.
        municipality: whose goal it is.
        indicator: what it is about.
        aim: what it should be.
        submission: of the form.
        follows: the goal of the same municipality that this one goes on from.
        origin: what it was made of, such as "action:12"; whoever keeps that is told.

    Raises:
        PermissionDenied: when the person may not set goals for this municipality.
    """
    if not can_create_goal_for(by, municipality):
        raise PermissionDenied
    if submission is not None:
        made = Goal.objects.filter(submission=submission, owner=by).first()
        if made is not None:
            return made
    goal = Goal(municipality=municipality, indicator=indicator, owner=by, submission=submission, follows=follows)
    aim.write_on(goal)
    try:
        with transaction.atomic():
            goal.save()
            goal_origins.tell(origin, goal=goal, by=by)
    except IntegrityError:
        # Sent twice at the same moment: the other one won, if it was this person's.
        return Goal.objects.get(submission=submission, owner=by)
    goal_states.begin(goal)
    return goal


def edit_goal(*, by: User, goal: Goal, aim: Aim) -> Goal:
    """Change a goal; what it was before stays in its history.

    Raises:
        PermissionDenied: when the person may not.
    """
    if not can_edit_goal(by, goal):
        raise PermissionDenied
    before = aim.write_on(goal)
    if before:
        with transaction.atomic():
            goal.save()
            GoalChange.objects.create(goal=goal, by=by, before=before)
        goal_states.begin(goal)
    return goal


@transaction.atomic
def withdraw_goal(*, by: User, goal: Goal) -> Goal:
    """Take a goal back; it stays in the books, nobody sees it any more.

    Raises:
        PermissionDenied: when the person may not.
    """
    if not can_edit_goal(by, goal):
        raise PermissionDenied
    if goal.withdrawn_on is None:
        goal.withdrawn_on = clock.today()
        goal.save(update_fields=["withdrawn_on"])
    return goal


def with_states(
    goals: Iterable[Goal], *, viewer: Viewer, cube: Cube | None = None, today: dt.date | None = None
) -> list[Standings]:
    """Return goals with how they stand, as far as this reader may know; two queries however many goals.

    Args:
        goals: with their indicator fetched.
        viewer: who looks.
        cube: the figures, when at hand.
        today: the day to judge on, by default the domain's.
    """
    goals = list(goals)
    if not goals:
        return []
    cube = cube or cubes.current()
    day = today or clock.today()
    cube.slices(goal.indicator_id for goal in goals)
    return [Standings(goal, _state(goal, cube, viewer, day), is_demo(goal, cube)) for goal in goals]


def _state(goal: Goal, cube: Cube, viewer: Viewer, day: dt.date) -> State:
    figures, confidential = figures_of(goal, cube, viewer)
    return state_of(goal, direction=goal.indicator.direction, figures=figures, today=day, confidential=confidential)


def is_demo(goal: Goal, cube: Cube) -> bool:
    """Say whether the figures of a goal's indicator are example data."""
    part = cube.slice(goal.indicator_id)
    if part.is_empty:
        return False
    return any(source.is_demo for source in cube.sources_of(part, part.reports.index(series.default_report(part))))


def figures_of(goal: Goal, cube: Cube, viewer: Viewer) -> tuple[Sequence[tuple[int, float | None]], bool]:
    """Return the (year, value) of a goal's municipality as a reader may see them, and whether any were withheld."""
    part = cube.slice(goal.indicator_id)
    if part.is_empty or goal.municipality_id not in cube.register.index:
        return [], False
    report = part.reports.index(series.default_report(part))
    wanted = (part.status[report] != ABSENT).any(axis=0)
    own = series.own_values(part, report, wanted, cube.register.place(goal.municipality_id), cube, viewer)
    values = [None if value != value else float(value) for value in own.value.tolist()]  # noqa: PLR0124 — NaN
    return list(zip(part.years[wanted].tolist(), values, strict=True)), series.CONFIDENTIAL in own.reason


def forecast_of(goal: Goal, cube: Cube, viewer: Viewer) -> Forecast | None:
    """Return where a goal heads by the figures a reader may see since the last break; None when that cannot be said."""
    if goal.kind == Goal.Kind.DELIVERABLE:
        return None
    figures, _withheld = figures_of(goal, cube, viewer)
    since = max((one.year for one in breaks(goal.indicator)), default=0)
    return forecast([one for one in figures if one[0] >= since], goal.target_date.year)


def for_home(user: Any) -> list[Standings]:
    """Return the few goals of a person's own municipality, with how they stand; the nearest date first."""
    viewer = viewer_for(user)
    if not viewer.own:
        return []
    # What was made again stands there as the new goal.
    goals = Goal.objects.standing().filter(municipality__in=viewer.own, followed_by__isnull=True).for_board()[:AT_HOME]
    return with_states(goals, viewer=viewer)


def ended(*, viewer: Viewer) -> list[Goal]:
    """Return the goals that can be made again: of the own municipality, reached or in their last year, not made again yet.

    The office sees those of everybody; the latest comes first.
    """
    found = Goal.objects.standing().for_board().filter(followed_by__isnull=True)
    if not viewer.is_office:
        found = found.filter(municipality__in=viewer.own)
    over = Q(standing=Standing.REACHED) | Q(target_date__year__lte=clock.today().year)
    return list(found.filter(over).order_by("-target_date", "municipality__name", "title")[:MOST_ENDED])


def progress() -> dict[str, int]:
    """Return how many goals stand where, naming nobody: what the steering group may know."""
    counted = Counter(standing for _place, standing in goal_states.standings(Goal.objects.standing()))
    return {standing.value: counted[standing] for standing in Standing}
