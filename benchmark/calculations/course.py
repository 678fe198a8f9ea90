"""Whether a municipality's own figures go up or down: a line through the last five, and two ways to doubt it.

The method is that of Fingertips (Department of Health and Social Care, England): a weighted regression through the
last five points; the trend counts when chi² of its slope is above 9.5495 (p < 0.002, one degree of freedom) and the
slope keeps its sign when any one of the points is left out. With fewer points nothing is said.

Where the values have no interval, the uncertainty must come from the points themselves; five points leave three
degrees of freedom, and the same p then asks for t² above 104.34 instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .verdicts import Check

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

POINTS = 5
# The bounds of p < 0.002, two-sided: chi² with one degree of freedom, and t² with three.
CHI2, T2 = 9.5495, 104.3367
# Half of a 95 % interval is so many standard errors.
Z95 = 1.959964


class Line(StrEnum):
    """What the course of the figures is; which of them is better follows from the indicator."""

    UP = "up"
    DOWN = "down"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Course:
    """The trend test.

    Attributes:
        line: what it says; `NONE` when no trend can be told from chance, `UNKNOWN` with fewer than five points.
        check: whether the uncertainty came from intervals or from the points themselves (`SPREAD`).
        points: how many points there were to use, at most five.
        statistic: chi² of the slope, or t²; None without five points.
        slope: change a year.
        first, last: the years of the points used.
    """

    line: Line
    check: Check = Check.NONE
    points: int = 0
    statistic: float | None = None
    slope: float | None = None
    first: int | None = None
    last: int | None = None


def moved(*, before: tuple[float, float], now: tuple[float, float]) -> Line:
    """Say whether one figure differs from an earlier one: only when their 95 % intervals lie apart.

    Args:
        before: lower and upper bound of the earlier one, NaN where unknown.
        now: those of the later one.

    Returns:
        `UP` or `DOWN`; `NONE` when the intervals meet, `UNKNOWN` without intervals.
    """
    if any(bound != bound for bound in (*before, *now)):  # noqa: PLR0124 — NaN
        return Line.UNKNOWN
    if now[0] > before[1]:
        return Line.UP
    return Line.DOWN if now[1] < before[0] else Line.NONE


def course(*, years: NDArray[np.int64], own: Floats, lower: Floats, upper: Floats) -> Course:
    """Test the last five own values for a trend.

    Args:
        years: Y years, ascending, of one and the same definition: what lies before a break must be left out.
        own: Y values, NaN where unknown.
        lower: Y lower bounds of the 95 % interval, NaN where unknown.
        upper: Y upper bounds.
    """
    import numpy as np

    at = np.flatnonzero(~np.isnan(own))[-POINTS:]
    if len(at) < POINTS:
        return Course(Line.UNKNOWN, points=len(at))
    x, y = years[at].astype(float), own[at]
    errors = (upper[at] - lower[at]) / (2 * Z95)
    known = bool((errors > 0).all())
    weights = 1 / errors**2 if known else np.ones(POINTS)
    slope, spread = _slope(x, y, weights)
    if known:
        statistic = slope**2 * spread
    else:
        middle = np.average(y, weights=weights) - slope * np.average(x, weights=weights)
        rest = float(((y - middle - slope * x) ** 2).sum()) / (POINTS - 2)
        # Rounding leaves a trace of a rest on a perfectly straight line.
        negligible = rest <= (1e-9 * max(1.0, float(np.abs(y).max()))) ** 2
        statistic = (np.inf if slope else 0.0) if negligible else slope**2 * spread / rest
    without = [_slope(np.delete(x, one), np.delete(y, one), np.delete(weights, one))[0] for one in range(POINTS)]
    steady = all(np.sign(one) == np.sign(slope) for one in without)
    line = Line.NONE
    if slope and steady and statistic > (CHI2 if known else T2):
        line = Line.UP if slope > 0 else Line.DOWN
    return Course(
        line=line,
        check=Check.INTERVAL if known else Check.SPREAD,
        points=POINTS,
        statistic=float(statistic),
        slope=float(slope),
        first=int(years[at[0]]),
        last=int(years[at[-1]]),
    )


def _slope(x: Floats, y: Floats, weights: Floats) -> tuple[float, float]:
    """Return the weighted slope, and the weighted sum of squares of x around its mean (1 / its variance)."""
    import numpy as np

    apart = x - np.average(x, weights=weights)
    spread = float((weights * apart**2).sum())
    return float((weights * apart * y).sum() / spread), spread
