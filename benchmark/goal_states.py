"""Goals move by themselves: how all of them stand is worked out again in one go whenever figures change.

What is kept with a goal rests on published figures only, so that telling a kring that a goal turned gives nothing away
that its members could not look up. How a goal stands for one reader is worked out for that reader (`goals.with_states`).
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from benchmark import cube as cubes
from benchmark import goal_notices, series
from benchmark.goal_progress import Standing, State, deliverable_state, state
from benchmark.models import DataRevision, Goal, GoalTurn, Indicator
from people import clock

if TYPE_CHECKING:
    from benchmark.cube import Cube
    from benchmark.models.goal import GoalQuerySet

logger = logging.getLogger(__name__)

AT_A_TIME = 500
Listener = Callable[[Sequence["Turn"]], None]
_listeners: list[Listener] = []


@dataclass(frozen=True, slots=True)
class Turn:
    """A goal that came to stand otherwise.

    Attributes:
        goal: as it stands now, without what it hangs on.
        before, after: values of `Standing`.
    """

    goal: Goal
    before: str
    after: str


def on_change(listener: Listener) -> None:
    """Let an app to the left hear which goals turned.

    Args:
        listener: called inside the transaction that keeps the new states, once per change of figures, with the goals
            that turned. What it raises is logged, what it wrote is taken back, and the states are kept all the same.
    """
    if listener not in _listeners:
        _listeners.append(listener)


@dataclass(slots=True)
class Row:
    """What of a goal says how it stands. A whole goal takes three times as long to fetch, and an import asks of all."""

    pk: int
    municipality_id: int
    indicator_id: int
    kind: str
    baseline_value: float | None
    baseline_year: int | None
    target_value: float
    target_date: dt.date
    steps: list[tuple[int, float]]
    delivered_on: dt.date | None
    standing: str
    standing_why: str

    @classmethod
    def of(cls, goals: GoalQuerySet) -> list[Row]:
        """Return the rows of goals, by their key."""
        return [cls(*row) for row in goals.order_by("pk").values_list(*cls.__slots__)]


def state_of(
    goal: Goal | Row,
    *,
    direction: str,
    figures: Sequence[tuple[int, float | None]],
    today: dt.date,
    confidential: bool = False,
) -> State:
    """Return how a goal stands by the figures given: (year, value) ascending."""
    if goal.kind == Goal.Kind.DELIVERABLE:
        return deliverable_state(delivered_on=goal.delivered_on, target_date=goal.target_date, today=today)
    return state(
        goal,
        direction=direction,
        figures=figures,
        today=today,
        confidential=confidential,
        steps=goal.steps,
    )


def standings(goals: GoalQuerySet) -> list[tuple[int, Standing]]:
    """Return (municipality, standing) of goals by published figures, by key: for counts that name no figure."""
    rows = Row.of(goals)
    found = _states(rows, cubes.current())
    return [(row.municipality_id, one.standing) for row, one in zip(rows, found, strict=True)]


def begin(goal: Goal) -> None:
    """Keep how a goal stands that was just set or changed by hand; that is no news, its owner did it."""
    cube = cubes.current()
    found = _states([goal], cube)[0]
    goal.standing, goal.standing_why, goal.standing_revision = found.standing.value, found.why.value, cube.revision
    Goal.objects.filter(pk=goal.pk).update(
        standing=goal.standing, standing_why=goal.standing_why, standing_revision=goal.standing_revision
    )


def follow(**_signal: Any) -> None:
    """Receive that figures changed."""
    refresh()


def refresh() -> int:
    """Work out how every goal stands, keep what changed, and tell who listens; return how many turned.

    Asked again nothing turns; so what a server missed when it died is made good by the next change of figures, or by
    the timer that runs `refresh_goals`.
    """
    cube = cubes.current()  # before the transaction: inside one it is made anew
    with transaction.atomic():
        DataRevision.locked()  # two at once would tell the same twice
        rows = Row.of(Goal.objects.standing())
        moved = [
            (row, found)
            for row, found in zip(rows, _states(rows, cube), strict=True)
            if (row.standing, row.standing_why) != (found.standing.value, found.why.value)
        ]
        turned = _keep(moved, cube.revision)
        for listener in _listeners if turned else ():
            try:
                with transaction.atomic():
                    listener(turned)
            except Exception:
                logger.exception("Who listens to goals failed: %s", listener)
    return len(turned)


def _keep(moved: Sequence[tuple[Row, State]], revision: int) -> list[Turn]:
    """Write the states, a statement per outcome and some hundreds of goals; return the goals that turned, by key."""
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, found in moved:
        alike[found.standing.value, found.why.value].append(row.pk)
    for (standing, why), pks in alike.items():
        for some in _some(pks):
            Goal.objects.filter(pk__in=some).update(standing=standing, standing_why=why, standing_revision=revision)
    before = {row.pk: row.standing for row, found in moved if row.standing != found.standing.value}
    # With what listeners ask of thousands of them; the rest comes when somebody reads it.
    needed = Goal.objects.only("title", "municipality", "indicator", "owner", "visibility", "standing", "standing_why")
    goals = [goal for some in _some(sorted(before)) for goal in needed.filter(pk__in=some).order_by("pk")]
    made = GoalTurn.objects.bulk_create(
        [
            GoalTurn(
                goal_id=goal.pk, before=before[goal.pk], after=goal.standing, why=goal.standing_why, revision=revision
            )
            for goal in goals
        ],
        batch_size=AT_A_TIME,
    )
    owners = zip(made, goals, strict=True)
    goal_notices.tell_owners([(turn.pk, goal.owner_id) for turn, goal in owners if goal.owner_id is not None])
    return [Turn(goal, before[goal.pk], goal.standing) for goal in goals]


def _some(pks: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(pks), AT_A_TIME):
        yield pks[start : start + AT_A_TIME]


def _states(goals: Sequence[Goal | Row], cube: Cube) -> list[State]:
    """Return how goals stand by published figures; a query more per two dozen indicators, none per goal."""
    today = clock.today()
    wanted = {goal.indicator_id for goal in goals}
    directions = dict(Indicator.objects.filter(pk__in=wanted).values_list("pk", "direction"))
    figures = _Published(cube, wanted)
    return [
        state_of(goal, direction=directions[goal.indicator_id], figures=figures.of(goal), today=today) for goal in goals
    ]


class _Published:
    """The published figures of municipalities, taken out of the arrays once per indicator."""

    def __init__(self, cube: Cube, indicators: Iterable[int]) -> None:
        self._places = cube.register.index
        self._rows: dict[int, tuple[list[int], list[list[float]]]] = {}
        for pk, part in cube.slices(indicators).items():
            if not part.is_empty:
                report = part.reports.index(series.default_report(part))
                self._rows[pk] = (part.years.tolist(), part.published(report).tolist())

    def of(self, goal: Goal | Row) -> list[tuple[int, float | None]]:
        """Return (year, value) of a goal's municipality, ascending; None is missing."""
        if goal.indicator_id not in self._rows or goal.municipality_id not in self._places:
            return []
        years, values = self._rows[goal.indicator_id]
        own = values[self._places[goal.municipality_id]]
        return [(year, value if value == value else None) for year, value in zip(years, own, strict=True)]  # noqa: PLR0124 — NaN
