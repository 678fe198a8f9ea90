"""How realistic a change is: how many comparable municipalities made it in as many years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .suppression import FEWEST

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

# A start is near when it lies within this many standard deviations of the starts of the group.
NEAR = 0.5
# With fewer a quarter of them is one or two municipalities.
FEWEST_FOR_BEST = 8
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Realism:
    """What comparable municipalities did with a start like this one, in as many years.

    Attributes:
        span: years from start to target.
        change: what is wanted: target less start.
        margin: how far a start may lie from the own one and still count as near; None when nobody had such a span,
            0 when all of them are withheld.
        n: how many municipalities are comparable.
        achieved: how many of them changed at least so much, the same way; None when `n` is too small to say.
        best: the change that a quarter of them made or went beyond, None with fewer than eight.
        hidden: how many of the comparable the reader may not see by name.
    """

    span: int
    change: float
    margin: float | None
    n: int
    achieved: int | None
    best: float | None = None
    hidden: int = 0

    @property
    def share(self) -> float | None:
        """Which part of them made the change, 0 to 1; None when that cannot be said."""
        return None if self.achieved is None else self.achieved / self.n


def realism(  # noqa: PLR0913 — each is a part of the same question
    *,
    values: Floats,
    members: Bools,
    years: NDArray[np.int64],
    own: int,
    start: float,
    target: float,
    span: int,
    breaks: Sequence[int] = (),
    hidden: Bools | None = None,
    withheld: Bools | None = None,
) -> Realism:
    """Count comparable municipalities, and those that made a change of `target - start` in `span` years.

    Comparable is who belonged to the group at the beginning of a span of so many years and began near the start. Each
    counts once, by the latest such span. A span over a break of the series is none. Fewer than five are not counted,
    nor are fewer than five hidden ones among others: one could work out whose they are.

    Args:
        values: M × Y values, NaN for missing.
        members: M × Y, who belongs to the group.
        years: Y years, ascending.
        own: place of the municipality whose goal it is; it is not compared with itself.
        start: value at the start of the goal.
        target: value it should become, other than the start.
        span: years from start to target, at least 1.
        breaks: years from which the series means something else.
        hidden: M × Y, whose values the reader may not see by name; None for nobody's.
        withheld: Y, years in which the figures of the group are withheld from the reader; None for none.
    """
    import numpy as np

    wanted = target - start
    column = {int(year): at for at, year in enumerate(years)}
    spans = [
        (at, column[year + span])
        for year, at in column.items()
        if year + span in column and not any(year < one <= year + span for one in breaks)
    ]
    if withheld is not None and spans:
        spans = [(at, to) for at, to in spans if not (withheld[at] or withheld[to])]
        if not spans:
            return Realism(span, wanted, 0.0, 0, None)
    known = np.isfinite(values)
    usable = [members[:, at] & known[:, at] & known[:, to] for at, to in spans]
    for one in usable:
        one[own] = False
    starts = [values[one, at] for one, (at, _to) in zip(usable, spans, strict=True)]
    pooled = np.concatenate(starts) if starts else np.empty(0)
    if not len(pooled):
        return Realism(span, wanted, None, 0, None)
    margin = NEAR * float(pooled.std())
    change = np.full(len(values), np.nan)
    unseen = np.zeros(len(values), dtype=bool)
    for one, (at, to) in zip(usable, spans, strict=True):
        near = one & (np.abs(values[:, at] - start) <= margin + _ROUNDING)
        change[near] = values[near, to] - values[near, at]
        if hidden is not None:
            unseen[near] = hidden[near, at] | hidden[near, to]
    made = change[np.isfinite(change)]
    n, unknown = len(made), int(unseen.sum())
    if n < FEWEST or 0 < unknown < FEWEST:
        return Realism(span, wanted, margin, n, None, hidden=unknown)
    way = 1.0 if wanted > 0 else -1.0
    achieved = int((way * (made - wanted) >= -_ROUNDING).sum())
    best = way * float(np.quantile(way * made, 0.75)) if n >= FEWEST_FOR_BEST else None
    return Realism(span, wanted, margin, n, achieved, best, unknown)
