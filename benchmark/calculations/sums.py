"""What a group looks like: number, middle, both means, spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


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


def quantiles(ordered: Floats, n: NDArray[np.int64], shares: tuple[float, ...]) -> Floats:
    """Return quantiles per column, interpolated between the two nearest values (NumPy's "linear").

    Args:
        ordered: M × Y, each column ascending with NaN last.
        n: Y, how many of each column are values.
        shares: Q shares, 0–1.

    Returns:
        Q × Y.
    """
    import numpy as np

    if not ordered.shape[0]:
        return np.full((len(shares), len(n)), np.nan)
    last = np.maximum(n - 1, 0)
    place = last * np.array(shares)[:, None]
    low = place.astype(np.intp)
    columns = np.arange(ordered.shape[1])
    below, above = ordered[low, columns], ordered[np.minimum(low + 1, last), columns]
    found = below + (above - below) * (place - low)
    found[:, n == 0] = np.nan
    return np.asarray(found)


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
    low, p25, median, p75, high = quantiles(ordered, n, (0.0, 0.25, 0.5, 0.75, 1.0))
    return Statistics(
        n=n,
        median=median,
        mean=np.where(n > 0, mean, np.nan),
        weighted_mean=weighted,
        p25=p25,
        p75=p75,
        minimum=low,
        maximum=high,
    )


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
