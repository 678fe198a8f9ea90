"""Whether a difference with the group means something."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# The stability rule looks at this many years back, and needs this many on the same side.
WINDOW, SAME_SIDE = 5, 3


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
    SPREAD = "spread"
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
    *,
    years: NDArray[np.int64],
    own: Floats,
    median: Floats,
    lower: Floats,
    upper: Floats,
    direction: str,
    only_last: bool = False,
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
        only_last: judge the last year alone; the answer then has one verdict.

    Returns:
        Y verdicts; None where there is nothing to compare.
    """
    import numpy as np

    # Five or ten years: plain numbers are quicker than arrays of them.
    sides = np.sign(own - median).tolist()
    told = years.tolist()
    found: list[Verdict | None] = []
    for at in range(len(told) - 1 if only_last else 0, len(told)):
        side = sides[at]
        if side != side:  # noqa: PLR0124 — NaN
            found.append(None)
            continue
        if not (np.isnan(lower[at]) or np.isnan(upper[at])):
            apart = median[at] < lower[at] or median[at] > upper[at]
            outcome = _directed(side > 0, direction) if apart else Outcome.SIMILAR
            found.append(Verdict(outcome, Check.INTERVAL))
            continue
        window = [
            one
            for year, one in zip(told[: at + 1], sides, strict=False)
            if year > told[at] - WINDOW and one == one  # noqa: PLR0124 — NaN
        ]
        found.append(_by_stability(side, window, direction))
    return found


def _by_stability(side: float, window: list[float], direction: str) -> Verdict:
    of, same = len(window), window.count(side)
    if of < SAME_SIDE:
        return Verdict(Outcome.NOT_TESTED, Check.NONE, same, of)
    if side == 0 or same < SAME_SIDE:
        return Verdict(Outcome.SIMILAR, Check.STABILITY, same, of)
    return Verdict(_directed(side > 0, direction), Check.STABILITY, same, of)


def gaps(years: list[int]) -> list[int]:
    """Return the years that are missing between the first and the last."""
    return [year for year in range(min(years), max(years) + 1) if year not in set(years)] if years else []
