"""Did it work? The change of municipalities that adopted a practice, against comparable ones that did not.

Pure calculation on arrays. For every adopter: its change from the years before the start to the years after it, minus
the change of the non-adopters that are most like it (start level and size) **in the same years**. The mean of those
differences is the effect on those who adopted (difference in differences), with a 95 % interval.

Matching on the start level is what guards against regression to the mean: who starts because of a bad year gets better
the next year by itself, and so do others with an equally bad year. What is left of the difference in start level, in
the last figure before the start and in size is corrected with what the non-adopters themselves show.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST: Final = 5  # adopters; with fewer nothing is said
MATCHES: Final = 10  # non-adopters per adopter
FEWEST_MATCHES: Final = 3
BEFORE: Final = 2  # years before the start that make the start level
AFTER: Final = 3  # years after the start that count
CALIPER: Final = 0.5  # spreads of the start level beyond which a non-adopter is not comparable
SIZE_CALIPER: Final = 1.5  # spreads of the logarithm of the inhabitants
SPAN: Final = 3  # years before and after the start that the path shows
_Z: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Start:
    """One adopter: its place on the first axis of the arrays, and the year in which it started."""

    place: int
    year: int


@dataclass(frozen=True, slots=True)
class Step:
    """One year of the path: adopters and their matches, as means of the same `n` adopters."""

    offset: int
    adopters: float
    others: float
    n: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What can be said of one practice on one indicator.

    Attributes:
        started: how many adopters were given.
        n: of how many there are figures before and after, and enough comparable others.
        estimate: mean difference in change, in the unit of the indicator; None below five adopters.
        lower, upper: its 95 % interval.
        spread: standard deviation of the start level among all, to compare indicators of different units.
        change: mean change of the adopters; `others`: mean change of their matches.
        matched: how many different municipalities they are compared with.
        path: years around the start.
    """

    started: int
    n: int
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    spread: float | None = None
    change: float | None = None
    others: float | None = None
    matched: int = 0
    path: tuple[Step, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether there are enough adopters to say anything."""
        return self.estimate is not None

    def better(self, direction: int) -> bool | None:
        """Say whether adopters did better (True), worse (False) or not demonstrably otherwise (None).

        Args:
            direction: 1 when higher is better, -1 when lower is better, 0 when neither is.
        """
        if self.lower is None or self.upper is None or not direction or self.lower <= 0 <= self.upper:
            return None
        return (self.lower > 0) == (direction > 0)

    def proven(self, direction: int) -> float | None:
        """Return what is certain of the improvement, in spreads: the unfavourable end of the interval."""
        if self.lower is None or self.upper is None or not self.spread or not direction:
            return None
        return (self.lower if direction > 0 else -self.upper) / self.spread


def student_t(freedom: int) -> float:
    """Return the 97.5 % point of Student's t (Cornish-Fisher; right to 0.001 from 4 degrees of freedom)."""
    z, v = _Z, float(freedom)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / v**power for power, term in enumerate(terms, 1))


def measure(
    values: NDArray[np.float64],
    years: NDArray[np.int64],
    inhabitants: NDArray[np.float64],
    starts: Sequence[Start],
    excluded: Sequence[int] = (),
) -> Effect:
    """Compute the effect of one practice on one indicator.

    Args:
        values: M municipalities × Y years, NaN where there is none.
        years: Y years, ascending.
        inhabitants: M × Y, NaN where unknown.
        starts: the adopters that did more than think about it.
        excluded: places that may not serve as comparison either, such as the municipality that wrote the practice.

    Returns:
        the effect; without an estimate when fewer than five adopters can be compared.
    """
    import numpy as np

    if values.size == 0 or len(starts) < FEWEST:
        return Effect(started=len(starts), n=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return _measure(values, years, inhabitants, starts, excluded)


def _measure(
    values: NDArray[np.float64],
    years: NDArray[np.int64],
    inhabitants: NDArray[np.float64],
    starts: Sequence[Start],
    excluded: Sequence[int],
) -> Effect:
    import numpy as np

    candidates = np.ones(len(values), dtype=bool)
    candidates[[start.place for start in starts]] = False
    candidates[list(excluded)] = False
    differences: list[float] = []
    changes: list[float] = []
    noise: list[float] = []
    weights = np.zeros(len(values))
    squares = np.zeros(len(values))
    spreads: list[float] = []
    matched: list[tuple[Start, NDArray[np.intp]]] = []
    of_year: dict[int, tuple[NDArray[np.float64], ...]] = {}
    for start in starts:
        if start.year not in of_year:
            of_year[start.year] = _around(values, years, inhabitants, start.year)
        level, last, change, size = of_year[start.year]
        if not math.isfinite(change[start.place]):
            continue
        usable = candidates & np.isfinite(change)
        spread, wide = float(np.std(level[usable])), float(np.nanstd(size[usable]))
        if usable.sum() < FEWEST_MATCHES or not spread > 0:
            continue
        far = np.abs(level - level[start.place]) / spread
        apart = np.abs(size - size[start.place]) / wide if wide > 0 else np.zeros_like(far)
        apart = np.where(np.isfinite(apart), apart, SIZE_CALIPER)  # an unknown size is neither near nor far
        near = np.flatnonzero(usable & (far <= CALIPER) & (apart <= SIZE_CALIPER))
        if len(near) < FEWEST_MATCHES:
            continue
        chosen = near[np.argsort(np.hypot(2 * far[near], apart[near]), kind="stable")[:MATCHES]]
        drawn = np.column_stack((level, last, np.where(np.isfinite(size), size, np.nanmean(size[usable]))))
        slopes, rest = _slopes(drawn[usable], change[usable])
        expected = change[chosen] + (drawn[start.place] - drawn[chosen]) @ slopes
        differences.append(float(change[start.place] - expected.mean()))
        changes.append(float(change[start.place]))
        noise.append(rest)
        spreads.append(spread)
        weights[chosen] += 1 / len(chosen)
        squares[chosen] += 1 / len(chosen) ** 2
        matched.append((start, chosen))
    n = len(differences)
    if n < FEWEST:
        return Effect(started=len(starts), n=n)
    found = np.array(differences)
    estimate = float(found.mean())
    # The spread between adopters holds the noise of their own matches. A non-adopter that serves several adopters
    # errs for all of them at once; that comes on top. A handful of adopters may agree by luck: then the noise of the
    # non-adopters is the least there must be.
    usual = float(np.mean(noise))
    between = float(found.var(ddof=1)) / n + usual * float((weights**2 - squares).sum()) / n**2
    least = usual / n + usual * float((weights**2).sum()) / n**2
    error = math.sqrt(max(between, least))
    margin = student_t(n - 1) * error
    mean_change = float(np.mean(changes))
    return Effect(
        started=len(starts),
        n=n,
        estimate=estimate,
        lower=estimate - margin,
        upper=estimate + margin,
        spread=float(np.mean(spreads)),
        change=mean_change,
        others=mean_change - estimate,
        matched=int((weights > 0).sum()),
        path=_path(values, years, matched),
    )


def _around(
    values: NDArray[np.float64], years: NDArray[np.int64], inhabitants: NDArray[np.float64], start: int
) -> tuple[NDArray[np.float64], ...]:
    """Return for a start year of all M: start level, last figure before it, change and logarithm of inhabitants.

    NaN where unknown. The start year itself belongs to neither side: it is partly with and partly without.
    """
    import numpy as np

    before = (years < start) & (years >= start - BEFORE)
    after = (years > start) & (years <= start + AFTER)
    level, later = _means(values[:, before]), _means(values[:, after])
    last = np.full(len(values), np.nan)
    for at in np.flatnonzero(before):
        last = np.where(np.isfinite(values[:, at]), values[:, at], last)
    people = _means(inhabitants[:, before])
    return level, last, later - level, np.log(np.where(people > 0, people, np.nan))


def _means(part: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of each row over what is known; NaN for a row without anything."""
    import numpy as np

    known = np.isfinite(part)
    return np.where(known, part, 0.0).sum(axis=1) / known.sum(axis=1)


def _slopes(drawn: NDArray[np.float64], change: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return how a change depends on what was known at the start, among non-adopters, and the variance that remains."""
    import numpy as np

    x, y = drawn - drawn.mean(axis=0), change - change.mean()
    slopes = np.linalg.lstsq(x, y, rcond=None)[0]
    rest = y - x @ slopes
    return slopes, float((rest * rest).sum() / max(1, len(rest) - x.shape[1] - 1))


def _path(
    values: NDArray[np.float64], years: NDArray[np.int64], matched: list[tuple[Start, NDArray[np.intp]]]
) -> tuple[Step, ...]:
    """Return the means of adopters and matches, year by year around the start."""
    import numpy as np

    column = {int(year): at for at, year in enumerate(years)}
    steps = []
    for offset in range(-SPAN, SPAN + 1):
        own, others = [], []
        for start, chosen in matched:
            at = column.get(start.year + offset)
            if at is None or not math.isfinite(values[start.place, at]):
                continue
            beside = values[chosen, at]
            beside = beside[np.isfinite(beside)]
            if len(beside):
                own.append(float(values[start.place, at]))
                others.append(float(beside.mean()))
        if len(own) >= FEWEST:
            steps.append(Step(offset, sum(own) / len(own), sum(others) / len(others), len(own)))
    return tuple(steps)
