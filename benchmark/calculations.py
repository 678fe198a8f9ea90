"""Pure functions on arrays: statistics of a group, the place of one in it, and whether a difference means something.

Arrays are M municipalities × Y years unless said otherwise; NaN is "no value" and never counts as 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

# Fewer values than this outside one's own circle are not summed up: one could work out whose they are.
FEWEST = 5
# The stability rule looks at this many years back, and needs this many on the same side.
WINDOW, SAME_SIDE = 5, 3


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a group looks like in each of Y years; NaN where it has no value, n everywhere."""

    n: NDArray[np.int64]
    median: Floats
    mean: Floats
    weighted_mean: Floats
    p25: Floats
    p75: Floats
    minimum: Floats
    maximum: Floats


def quantile(ordered: Floats, n: NDArray[np.int64], share: float) -> Floats:
    """Return a quantile per column, interpolated between the two nearest values (NumPy's "linear").

    Args:
        ordered: M × Y, each column ascending with NaN last.
        n: Y, how many of each column are values.
        share: 0–1.
    """
    import numpy as np

    if not ordered.shape[0]:
        return np.full(len(n), np.nan)
    place = np.maximum(n - 1, 0) * share
    low = np.floor(place).astype(np.intp)
    high = np.minimum(low + 1, np.maximum(n - 1, 0))
    columns = np.arange(ordered.shape[1])
    below, above = ordered[low, columns], ordered[high, columns]
    return np.asarray(np.where(n > 0, below + (above - below) * (place - low), np.nan))


def statistics(values: Floats, weights: Floats) -> Statistics:
    """Sum up a group.

    Args:
        values: M × Y values of the members, NaN for the others and the missing.
        weights: M × Y inhabitants; a member whose inhabitants are unknown has no part in the weighted mean.
    """
    import numpy as np

    ordered = np.sort(values, axis=0)
    known = ~np.isnan(values)
    n = known.sum(axis=0)
    weighed = known & ~np.isnan(weights)
    weight = np.where(weighed, weights, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, values, 0.0).sum(axis=0) / n
        weighted = (np.where(weighed, values, 0.0) * weight).sum(axis=0) / weight.sum(axis=0)
    return Statistics(
        n=n,
        median=quantile(ordered, n, 0.5),
        mean=np.where(n > 0, mean, np.nan),
        weighted_mean=weighted,
        p25=quantile(ordered, n, 0.25),
        p75=quantile(ordered, n, 0.75),
        minimum=quantile(ordered, n, 0.0),
        maximum=quantile(ordered, n, 1.0),
    )


def too_few(values: Floats, *, inside: Bools, hidden: Bools) -> Bools:
    """Say per year whether a group's figures must stay hidden from this reader.

    They must when fewer than `FEWEST` values come from outside the reader's own circle altogether, and also when the
    members whose values the reader cannot see by name are so few that the visible ones give them away.

    Args:
        values: M × Y values of the members, NaN for the others and the missing.
        inside: M, whether a municipality is in the reader's own circle.
        hidden: M × Y, whether the reader may not see the value by name.
    """
    import numpy as np

    known = ~np.isnan(values)
    outsiders = (known & ~inside[:, None]).any(axis=0)
    unseen = (known & hidden).sum(axis=0)
    return np.asarray((outsiders & (known.sum(axis=0) < FEWEST)) | ((unseen > 0) & (unseen < FEWEST)))


def blanked(found: Statistics, hide: Bools, *, extremes: bool) -> Statistics:
    """Return the statistics without the years that must stay hidden.

    Args:
        found: the statistics of Y years.
        hide: Y, the years to blank; their n stays.
        extremes: whether minimum and maximum may be shown; each of them is one municipality's value.
    """
    import numpy as np

    def without(array: Floats) -> Floats:
        return np.where(hide, np.nan, array)

    nothing = np.full(len(found.n), np.nan)
    return Statistics(
        n=found.n,
        median=without(found.median),
        mean=without(found.mean),
        weighted_mean=without(found.weighted_mean),
        p25=without(found.p25),
        p75=without(found.p75),
        minimum=without(found.minimum) if extremes else nothing,
        maximum=without(found.maximum) if extremes else nothing,
    )


def quarters(own: Floats, found: Statistics) -> NDArray[np.int64]:
    """Return in which quarter of the group a value lies: 1 (lowest) to 4 (highest), 0 when unknown."""
    import numpy as np

    unknown = np.isnan(own) | np.isnan(found.median) | np.isnan(found.p25) | np.isnan(found.p75)
    quarter = 1 + (own > found.p25).astype(np.int64) + (own > found.median) + (own > found.p75)
    return np.where(unknown, 0, quarter)


class Outcome(StrEnum):
    """What a comparison with the group says; a context indicator is never better or worse."""

    BETTER = "better"
    WORSE = "worse"
    HIGHER = "higher"
    LOWER = "lower"
    SIMILAR = "similar"
    NOT_TESTED = "not-compared"


class Check(StrEnum):
    """On which test an outcome rests."""

    INTERVAL = "interval"
    STABILITY = "stability"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One year's comparison with the median of the group.

    Attributes:
        outcome: what it says.
        check: the test it passed, or failed when the outcome is `SIMILAR`.
        same_side: years on the same side of the median as this one, this one included (stability rule).
        of: years in which both were known, at most `WINDOW`.
    """

    outcome: Outcome
    check: Check
    same_side: int = 0
    of: int = 0


def _directed(above: bool, direction: str) -> Outcome:  # noqa: FBT001
    if direction == "context":
        return Outcome.HIGHER if above else Outcome.LOWER
    return Outcome.BETTER if above == (direction == "up") else Outcome.WORSE


def verdicts(  # noqa: PLR0913 — each is one row of the same table
    *, years: NDArray[np.int64], own: Floats, median: Floats, lower: Floats, upper: Floats, direction: str
) -> list[Verdict | None]:
    """Judge each year; a difference counts only when it passes a test.

    With a 95 % interval around the own value the median must lie outside it. Without one, the value must lie on the
    same side of the median as this year in at least 3 of the last 5 years. With fewer than 3 years nothing is tested.

    Args:
        years: Y years, ascending; missing years between them count as not known.
        own: Y own values.
        median: Y medians of the group.
        lower: Y lower bounds of the own value, NaN when unknown.
        upper: Y upper bounds.
        direction: "up", "down" or "context".

    Returns:
        Y verdicts; None where there is nothing to compare.
    """
    import numpy as np

    sides = np.sign(own - median)
    found: list[Verdict | None] = []
    for at in range(len(years)):
        side = sides[at]
        if np.isnan(side):
            found.append(None)
            continue
        if not (np.isnan(lower[at]) or np.isnan(upper[at])):
            apart = median[at] < lower[at] or median[at] > upper[at]
            outcome = _directed(bool(side > 0), direction) if apart else Outcome.SIMILAR
            found.append(Verdict(outcome, Check.INTERVAL))
            continue
        window = (years > years[at] - WINDOW) & (years <= years[at]) & ~np.isnan(sides)
        of = int(window.sum())
        same = int((sides[window] == side).sum())
        if of < SAME_SIDE:
            found.append(Verdict(Outcome.NOT_TESTED, Check.NONE, same, of))
        elif side == 0 or same < SAME_SIDE:
            found.append(Verdict(Outcome.SIMILAR, Check.STABILITY, same, of))
        else:
            found.append(Verdict(_directed(bool(side > 0), direction), Check.STABILITY, same, of))
    return found


def gaps(years: list[int]) -> list[int]:
    """Return the years that are missing between the first and the last."""
    return [year for year in range(min(years), max(years) + 1) if year not in set(years)] if years else []
