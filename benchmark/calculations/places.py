"""The place of one in a group: a quarter, never a bare rank, and how steady it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .sums import Statistics

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

# Like the stability rule of verdicts: this many years back.
WINDOW = 5


def quarters(own: Floats, found: Statistics) -> NDArray[np.int64]:
    """Return in which quarter of the group a value lies: 1 (lowest) to 4 (highest), 0 when unknown."""
    import numpy as np

    unknown = np.isnan(own) | np.isnan(found.median) | np.isnan(found.p25) | np.isnan(found.p75)
    quarter = 1 + (own > found.p25).astype(np.int64) + (own > found.median) + (own > found.p75)
    return np.where(unknown, 0, quarter)


@dataclass(frozen=True, slots=True)
class Steadiness:
    """In how many of the last years the place was the same quarter as now, this year included."""

    same: int
    of: int


def steadiness(years: NDArray[np.int64], places: NDArray[np.int64]) -> list[Steadiness | None]:
    """Say per year how steady the quarter is over that year and the four before it.

    A rank among 340 municipalities moves dozens of places a year without anything having happened; a quarter that
    holds for years says something.

    Args:
        years: Y years, ascending.
        places: Y quarters, 0 where unknown.

    Returns:
        Y answers; None where the quarter is unknown.
    """
    found: list[Steadiness | None] = []
    for year, place in zip(years.tolist(), places.tolist(), strict=True):
        window = places[(years > year - WINDOW) & (years <= year) & (places > 0)]
        found.append(Steadiness(int((window == place).sum()), len(window)) if place else None)
    return found
