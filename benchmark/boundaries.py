"""Figures of then for the municipalities of now ("indeling van nu").

What can be added up goes over by shares: of a municipality that was split in four, each successor gets its share of
the count. A ratio is computed again from the numerators and denominators that went over. A percentage of which only
the percentage is known cannot be converted, and is not averaged: it is missing, with the reason "break".
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from benchmark.models import MissingReason
from benchmark.register import Register
from benchmark.slices import ABSENT, PUBLISHED, Slice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# How far the factor between numerator / denominator and value may differ within one indicator (rounded values).
SAME_FACTOR = 0.01


class Boundaries(StrEnum):
    """Whose boundaries the figures have: each year its own, or those of now in every year."""

    THEN = "then"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Conversion:
    """How the municipalities of one year became those of another.

    Attributes:
        successors: places of the K municipalities that are made of something else than just themselves.
        shares: K × M, how much of each municipality of the year went into them; of each municipality that went over
            altogether the shares add up to 1.
        gone: M, municipalities of the year that are there no more.
        unknown: K, whether a share is not known.
    """

    successors: tuple[int, ...]
    shares: Floats
    gone: NDArray[np.bool_]
    unknown: NDArray[np.bool_]

    def counts(self, then: Floats) -> Floats:
        """Return what adds up, for the municipalities of now.

        Args:
            then: M values of the year; NaN where there is none.

        Returns:
            M values; NaN for who is gone, and where a part or a share is not known.
        """
        import numpy as np

        now = np.where(self.gone, np.nan, then)
        if self.successors:
            made = self.shares @ np.nan_to_num(then)
            lost = ((self.shares > 0) & np.isnan(then)).any(axis=1) | self.unknown
            now[list(self.successors)] = np.where(lost, np.nan, made)
        return now


def conversion(register: Register, *, year: int, now: int) -> Conversion:
    """Return how the municipalities of 1 January of `year` became those of 1 January of `now`."""
    import numpy as np

    made = {at: {at: 1.0} for at, place in enumerate(register.places) if place.existed_in(year)}
    gone = np.zeros(len(register.places), dtype=bool)
    uncertain: set[int] = set()
    for step in _steps(register, year, now):
        arriving: list[tuple[int, dict[int, float]]] = []
        for predecessor, parts in step.items():
            held = made.pop(predecessor, {})
            gone[predecessor] = True
            whole = _whole(parts)
            if whole is None or predecessor in uncertain:
                uncertain |= {successor for successor, _ in parts}
            for (successor, _), share in zip(parts, whole or [0.0] * len(parts), strict=True):
                arriving.append((successor, {origin: weight * share for origin, weight in held.items()}))
        for successor, weights in arriving:
            target = made.setdefault(successor, {})
            gone[successor] = False
            for origin, weight in weights.items():
                target[origin] = target.get(origin, 0.0) + weight
    successors = tuple(at for at in sorted(made) if made[at] and made[at] != {at: 1.0})
    shares = np.zeros((len(successors), len(register.places)))
    for row, at in enumerate(successors):
        shares[row, list(made[at])] = list(made[at].values())
    return Conversion(successors, shares, gone, np.array([at in uncertain for at in successors], dtype=bool))


Parts = list[tuple[int, float | None]]


def _steps(register: Register, year: int, now: int) -> list[dict[int, Parts]]:
    """Return per year, in order, what each municipality that ended went over into."""
    steps: dict[int, dict[int, Parts]] = defaultdict(lambda: defaultdict(list))
    for transfer in register.transfers:
        if year < transfer.year <= now and register.places[transfer.predecessor].exists_until is not None:
            steps[transfer.year][transfer.predecessor].append((transfer.successor, transfer.share))
    return [steps[one] for one in sorted(steps)]


def _whole(parts: Parts) -> list[float] | None:
    """Return the shares of one predecessor so that they add up to 1; None when they are not all known.

    Parts below a percent are not in the register; what is there, is all of it.
    """
    if len(parts) == 1:
        return [1.0]
    known = [share for _, share in parts if share is not None]
    total = sum(known)
    return [share / total for share in known] if len(known) == len(parts) and total else None


def converted(  # noqa: PLR0913 — what is converted, into what, by which rules
    part: Slice,
    *,
    register: Register,
    now: int,
    adds_up: bool,
    fractions: tuple[Floats, Floats] | None,
    open_datasets: frozenset[int],
) -> Slice:
    """Return a slice for the municipalities of `now`, with what was computed marked.

    Args:
        part: as it was reported.
        register: what became of whom.
        now: the year whose boundaries count.
        adds_up: whether values of the indicator may be added up.
        fractions: numerators and denominators in the shape of the slice, when known.
        open_datasets: datasets that are public by name; what is made of several is as closed as its most closed part.
    """
    import numpy as np

    if part.is_empty:
        return part
    reasons = part.reasons
    for needed in (MissingReason.BREAK, MissingReason.NOT_DELIVERED):
        reasons = reasons if needed.value in reasons else (*reasons, needed.value)
    made = replace(
        part,
        reasons=reasons,
        value=part.value.copy(),
        status=part.status.copy(),
        reason=part.reason.copy(),
        provisional=part.provisional.copy(),
        dataset=part.dataset.copy(),
        lower=None if part.lower is None else part.lower.copy(),
        upper=None if part.upper is None else part.upper.copy(),
        converted=np.zeros(part.value.shape, dtype=bool),
        parts={},
        _published={},
    )
    rules = _Rules(made, adds_up=adds_up, fractions=fractions, open_datasets=open_datasets)
    for column, year in enumerate(part.years.tolist()):
        step = conversion(register, year=year, now=now)
        if step.successors or step.gone.any():
            _convert_year(part, made, step, column, rules)
    return made


class _Rules:
    """What may be done with the values of one indicator."""

    def __init__(
        self, part: Slice, *, adds_up: bool, fractions: tuple[Floats, Floats] | None, open_datasets: frozenset[int]
    ) -> None:
        self.adds_up = adds_up
        self.fractions = fractions
        self.factor = _factor(part, fractions) if fractions is not None else None
        self.open_datasets = open_datasets


def _factor(part: Slice, fractions: tuple[Floats, Floats]) -> float | None:
    """Return what numerator / denominator is multiplied with to give the value; None where that differs."""
    import numpy as np

    above, below = fractions
    with np.errstate(invalid="ignore", divide="ignore"):
        factors = part.value * below / above
    known = factors[np.isfinite(factors)]
    if not len(known):
        return None
    middle = float(np.median(known))
    apart = np.abs(known - middle) > SAME_FACTOR * abs(middle)
    # a value rounded to nothing says nothing about the factor
    return middle if apart.mean() < SAME_FACTOR else None


def _convert_year(part: Slice, made: Slice, step: Conversion, column: int, rules: _Rules) -> None:
    import numpy as np

    places = list(step.successors)
    origins = step.shares > 0
    single = (origins.sum(axis=1) == 1) & ~step.unknown
    for report in range(len(part.reports)):
        status, value = part.status[report, :, column], part.value[report, :, column]
        known = (status == PUBLISHED) & ~np.isnan(value)
        asked = (origins & (status != ABSENT)).any(axis=1)
        complete = ~(origins & ~known).any(axis=1)
        result = np.full(len(places), np.nan)
        computed = np.zeros(len(places), dtype=bool)
        if rules.adds_up:
            result, computed = step.shares @ np.where(known, value, 0.0), ~step.unknown
        else:
            # All of it comes from one municipality: its ratio holds for every part of it, as far as anybody knows.
            result = np.where(single, (origins @ np.where(known, value, 0.0)), result)
            computed = single.copy()
            if rules.fractions is not None and rules.factor is not None:
                above, below = (np.where(known, one[report, :, column], 0.0) for one in rules.fractions)
                whole = ~(origins & np.isnan(above + below)).any(axis=1)
                total = step.shares @ np.nan_to_num(below)
                with np.errstate(invalid="ignore", divide="ignore"):
                    ratio = rules.factor * (step.shares @ np.nan_to_num(above)) / total
                fits = whole & (total != 0) & ~step.unknown & ~single
                result, computed = np.where(fits, ratio, result), computed | fits
        fine = complete & computed
        made.value[report, places, column] = np.where(fine, result, np.nan)
        if made.converted is not None:
            made.converted[report, places, column] = asked
        for bound in (made.lower, made.upper):
            if bound is not None:
                bound[report, places, column] = np.nan  # an interval does not go over
        why = np.where(complete, made.reasons.index("break"), made.reasons.index("not-delivered"))
        made.reason[report, places, column] = np.where(fine | ~asked, 0, why)
        made.status[report, places, column] = np.where(asked, PUBLISHED, ABSENT)
        for row, at in enumerate(places):
            used = np.flatnonzero(origins[row])
            made.provisional[report, at, column] = part.provisional[report, used, column].any()
            closed = [pk for pk in part.dataset[report, used, column].tolist() if pk not in rules.open_datasets]
            made.dataset[report, at, column] = closed[0] if closed else part.dataset[report, used[0], column]
            if made.parts is not None:
                made.parts[at, column] = tuple(used.tolist())
        _clear(made, (report, column), step.gone)


def _clear(made: Slice, cell: tuple[int, int], gone: NDArray[np.bool_]) -> None:
    """Take out who is there no more."""
    import numpy as np

    report, column = cell
    made.value[report, gone, column] = np.nan
    made.status[report, gone, column] = ABSENT
    made.reason[report, gone, column] = 0
