"""Two goals beside each other: how much of its own way each covered, or both in their unit. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from benchmark.goal_progress import Aim, on_path, path

Points = tuple[tuple[int, float], ...]


class Scale(StrEnum):
    """How two goals are put beside each other."""

    WAY = "way"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class Walk:
    """One goal on the scale of a comparison.

    Attributes:
        points: (year, value) of what was reached; on the scale of the way (years since the start, percent of the way).
        planned: the same of the path to the target, in every year from start to target.
    """

    points: Points
    planned: Points

    def at(self, year: int) -> float | None:
        """What was reached in a year, None when that is not known."""
        return dict(self.points).get(year)

    def plan(self, year: int) -> float | None:
        """Where the path is in a year, None outside it."""
        return dict(self.planned).get(year)


def can_walk(aim: Aim) -> bool:
    """Say whether the way of a goal is known: it has a start, and the target is elsewhere and later."""
    corners = path(aim)
    return bool(corners) and corners[0][1] != corners[-1][1]


def walk(
    aim: Aim,
    *,
    figures: Sequence[tuple[int, float | None]],
    steps: Sequence[tuple[int, float]] = (),
    scale: Scale = Scale.WAY,
) -> Walk:
    """Return a goal on a scale.

    On the scale of the way every goal begins at 0 in year 0, and 100 is its target, whatever its unit and direction.

    Args:
        aim: the goal; `can_walk` must hold.
        figures: (year, value) ascending, as the reader may see them; None is missing.
        steps: (year, value) between start and target.
        scale: percent of the way by years since the start, or the own unit by year.
    """
    corners = path(aim, steps)
    (since, start), (until, target) = corners[0], corners[-1]
    known = {since: start} | {year: value for year, value in figures if value is not None and year > since}
    planned = {year: on_path(corners, year) or 0.0 for year in range(since, until + 1)}
    if scale is Scale.UNITS:
        return Walk(tuple(sorted(known.items())), tuple(planned.items()))

    def covered(values: dict[int, float]) -> Points:
        return tuple((year - since, 100 * (value - start) / (target - start)) for year, value in sorted(values.items()))

    return Walk(covered(known), covered(planned))


def last_common(one: Walk, other: Walk) -> int | None:
    """Return the last year after the start in which something is known of both, None without one."""
    both = {year for year, _value in one.points[1:]} & {year for year, _value in other.points[1:]}
    return max(both, default=None)
