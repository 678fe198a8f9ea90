"""How a goal stands: computed from figures, never typed. Pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
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
        expected: where the straight path from start to target is in that year, None without a start.
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


def state(
    aim: Aim,
    *,
    direction: str,
    figures: Sequence[tuple[int, float | None]],
    today: dt.date,
    confidential: bool = False,
) -> State:
    """Return how a goal stands.

    The latest figure after the starting year decides. It must be at or past the straight path from start to target to
    be on track; at or past the target, it is reached. The figure of the year of the target date is the last that
    counts; once that year is over and the target is not met, the goal is behind for good.

    Args:
        aim: the goal.
        direction: of the indicator: "up", "down" or "context".
        figures: (year, value) ascending, as the reader may see them; None is missing.
        today: the day it is.
        confidential: whether values were withheld from this reader.
    """
    target_year = aim.target_date.year
    way = sign(aim, direction)
    known = [(year, value) for year, value in figures if value is not None and year <= min(today.year, target_year)]
    if not known:
        return State(Standing.UNKNOWN, Why.CONFIDENTIAL if confidential else Why.NO_FIGURE)
    year, value = known[-1]
    needed = (aim.target_value - value) / (target_year - year) if target_year > year else None
    if aim.baseline_year is not None and year <= aim.baseline_year:
        late = today > aim.target_date
        return State(Standing.UNKNOWN, Why.NO_NEW_FIGURE, value, year, None, None if late else needed)
    if is_met(value, aim.target_value, way):
        return State(Standing.REACHED, Why.FIGURE, value, year, _expected(aim, year), None, _pace(aim, year, value))
    if year >= target_year:
        return State(Standing.BEHIND, Why.DATE_PASSED, value, year, aim.target_value, None, _pace(aim, year, value))
    expected = _expected(aim, year)
    if expected is None:
        return State(Standing.UNKNOWN, Why.NO_BASELINE, value, year, None, needed)
    standing = Standing.ON_TRACK if is_met(value, expected, way) else Standing.BEHIND
    return State(standing, Why.FIGURE, value, year, expected, needed, _pace(aim, year, value))


def _expected(aim: Aim, year: int) -> float | None:
    target_year = aim.target_date.year
    if aim.baseline_value is None or aim.baseline_year is None or aim.baseline_year >= target_year:
        return None
    share = min(1.0, max(0.0, (year - aim.baseline_year) / (target_year - aim.baseline_year)))
    return aim.baseline_value + share * (aim.target_value - aim.baseline_value)


def _pace(aim: Aim, year: int, value: float) -> float | None:
    if aim.baseline_value is None or aim.baseline_year is None or year <= aim.baseline_year:
        return None
    return (value - aim.baseline_value) / (year - aim.baseline_year)
