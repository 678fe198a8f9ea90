"""How a goal stands: computed from figures, never typed. Pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Protocol


class Standing(StrEnum):
    """Where a goal is."""

    REACHED = "reached"
    ON_TRACK = "on-track"
    BEHIND = "behind"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """What the standing rests on; for `UNKNOWN`, what is missing."""

    FIGURE = "figure"
    DATE_PASSED = "date-passed"
    NO_FIGURE = "no-figure"
    NO_NEW_FIGURE = "no-new-figure"
    NO_BASELINE = "no-baseline"
    CONFIDENTIAL = "confidential"
    DELIVERED = "delivered"
    NOT_DELIVERED = "not-delivered"
    ENDED = "ended"


class Aim(Protocol):
    """What is needed of a goal."""

    baseline_value: float | None
    baseline_year: int | None
    target_value: float
    target_date: dt.date


@dataclass(frozen=True, slots=True)
class State:
    """How a goal stands on a day.

    Attributes:
        standing: reached, on track, behind or unknown.
        why: what that rests on.
        value: the latest figure that counts, None without one.
        year: its year.
        expected: where the path from start to target is in that year, None without a start.
        needed_per_year: change a year still needed from the latest figure, None when there is no time left.
        pace_per_year: change a year since the start, None without a start or a later figure.
    """

    standing: Standing
    why: Why
    value: float | None = None
    year: int | None = None
    expected: float | None = None
    needed_per_year: float | None = None
    pace_per_year: float | None = None


def sign(aim: Aim, direction: str) -> int:
    """Return which way the goal goes: 1 up, -1 down.

    From start to target where they differ; else the direction of the indicator; 0 when neither says.
    """
    if aim.baseline_value is not None and aim.baseline_value != aim.target_value:
        return 1 if aim.target_value > aim.baseline_value else -1
    return {"up": 1, "down": -1}.get(direction, 0)


def is_met(value: float, target: float, way: int) -> bool:
    """Say whether a value is at or past the target; without a direction only exactly there counts."""
    return value == target if way == 0 else (value - target) * way >= 0


def state(  # noqa: PLR0913 — the goal, and everything it is judged by
    aim: Aim,
    *,
    direction: str,
    figures: Sequence[tuple[int, float | None]],
    today: dt.date,
    confidential: bool = False,
    steps: Sequence[tuple[int, float]] = (),
) -> State:
    """Return how a goal stands.

    The latest figure after the starting year decides. It must be at or past the path from start to target to
    be on track; at or past the target, it is reached. The figure of the year of the target date is the last that
    counts; once that year is over and the target is not met, the goal is behind for good.

    Args:
        aim: the goal.
        direction: of the indicator: "up", "down" or "context".
        figures: (year, value) ascending, as the reader may see them; None is missing.
        today: the day it is.
        confidential: whether values were withheld from this reader.
        steps: (year, value) ascending between start and target; without them the path is straight.
    """
    target_year = aim.target_date.year
    way = sign(aim, direction)
    last = min(today.year, target_year)
    found = next(((year, value) for year, value in reversed(figures) if value is not None and year <= last), None)
    if found is None:
        return State(Standing.UNKNOWN, Why.CONFIDENTIAL if confidential else Why.NO_FIGURE)
    year, value = found
    needed = (aim.target_value - value) / (target_year - year) if target_year > year else None
    if aim.baseline_year is not None and year <= aim.baseline_year:
        late = today > aim.target_date
        return State(Standing.UNKNOWN, Why.NO_NEW_FIGURE, value, year, None, None if late else needed)
    if is_met(value, aim.target_value, way):
        return State(
            Standing.REACHED, Why.FIGURE, value, year, _expected(aim, year, steps), None, _pace(aim, year, value)
        )
    if year >= target_year:
        return State(Standing.BEHIND, Why.DATE_PASSED, value, year, aim.target_value, None, _pace(aim, year, value))
    expected = _expected(aim, year, steps)
    if expected is None:
        return State(Standing.UNKNOWN, Why.NO_BASELINE, value, year, None, needed)
    standing = Standing.ON_TRACK if is_met(value, expected, way) else Standing.BEHIND
    return State(standing, Why.FIGURE, value, year, expected, needed, _pace(aim, year, value))


def path(aim: Aim, steps: Sequence[tuple[int, float]] = ()) -> list[tuple[int, float]]:
    """Return the corners of the path of a goal, (year, value) ascending: start, steps and target; [] without a start.

    Steps outside the years between start and target are left out.
    """
    last = aim.target_date.year
    if aim.baseline_value is None or aim.baseline_year is None or aim.baseline_year >= last:
        return []
    first = aim.baseline_year
    between = sorted((int(year), float(value)) for year, value in steps if first < year < last)
    return [(first, aim.baseline_value), *between, (last, aim.target_value)]


def on_path(corners: Sequence[tuple[int, float]], year: int) -> float | None:
    """Return the value of a path in a year: straight between its corners, level outside them; None without any."""
    if not corners:
        return None
    if year <= corners[0][0]:
        return corners[0][1]
    for (since, low), (until, high) in pairwise(corners):
        if year <= until:
            return low + (year - since) / (until - since) * (high - low)
    return corners[-1][1]


def deliverable_state(*, delivered_on: dt.date | None, target_date: dt.date, today: dt.date) -> State:
    """Return how something stands that is there or not: no figure says so, the date it was delivered does."""
    if delivered_on is not None:
        return State(Standing.REACHED, Why.DELIVERED)
    if today > target_date:
        return State(Standing.BEHIND, Why.DATE_PASSED)
    return State(Standing.UNKNOWN, Why.NOT_DELIVERED)


def _expected(aim: Aim, year: int, steps: Sequence[tuple[int, float]]) -> float | None:
    return on_path(path(aim, steps), year)


def _pace(aim: Aim, year: int, value: float) -> float | None:
    if aim.baseline_value is None or aim.baseline_year is None or year <= aim.baseline_year:
        return None
    return (value - aim.baseline_value) / (year - aim.baseline_year)
