"""Where a goal is heading: a straight line through the own years, with how sure that is. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_YEARS, MOST_YEARS = 4, 10
# Two-sided 80 % bounds of Student's t by degrees of freedom: four in five new values lie within.
T80 = {2: 1.886, 3: 1.638, 4: 1.533, 5: 1.476, 6: 1.440, 7: 1.415, 8: 1.397}


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the figure of a year will be if it goes on like this.

    Attributes:
        year: for which year.
        value: on the line.
        low, high: four in five values lie between these when the years go on as they did.
        years: how many years the line rests on.
    """

    year: int
    value: float
    low: float
    high: float
    years: int


def forecast(figures: Sequence[tuple[int, float | None]], year: int) -> Forecast | None:
    """Return what a straight line by least squares says of a year; None with fewer than four figures.

    Args:
        figures: (year, value) of one meaning, ascending; None is missing.
        year: after the last of them.
    """
    known = [(at, value) for at, value in figures if value is not None][-MOST_YEARS:]
    n = len(known)
    if n < FEWEST_YEARS or year <= known[-1][0]:
        return None
    mean_x = sum(at for at, _value in known) / n
    mean_y = sum(value for _at, value in known) / n
    spread = sum((at - mean_x) ** 2 for at, _value in known)
    slope = sum((at - mean_x) * (value - mean_y) for at, value in known) / spread
    rest = sum((value - mean_y - slope * (at - mean_x)) ** 2 for at, value in known) / (n - 2)
    half = T80[n - 2] * math.sqrt(rest * (1 + 1 / n + (year - mean_x) ** 2 / spread))
    value = mean_y + slope * (year - mean_x)
    return Forecast(year, value, value - half, value + half, n)
