"""Small sums over what was measured."""

from __future__ import annotations

import math
from collections.abc import Sequence


def quantile(values: Sequence[float], share: float) -> float | None:
    """Return the value below which `share` (0–1) of the values lie: the nearest one that was measured, None of none."""
    if not values:
        return None
    ordered = sorted(values)
    # rounded first: 0.95 × 100 is a hair more than 95
    return ordered[max(0, math.ceil(round(share * len(ordered), 6)) - 1)]


def milliseconds(values: Sequence[float], share: float) -> float | None:
    """Return that quantile of durations in seconds, in milliseconds."""
    found = quantile(values, share)
    return None if found is None else round(1000 * found, 1)


def rate(number: float, seconds: float) -> float:
    """Return how many a second; three figures are all that such a measurement is worth."""
    if not seconds:
        return 0.0
    value = number / seconds
    return float(f"{value:.3g}")
