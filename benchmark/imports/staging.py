"""The rows of a file as arrays, on their way into the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from benchmark.imports.profiles import Rule
from benchmark.imports.summary import Refusals
from benchmark.models import Measurement, MissingReason

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STATUSES = [choice.value for choice in Measurement.Status]
PUBLISHED = STATUSES.index(Measurement.Status.PUBLISHED)
REASONS = ["", *(choice.value for choice in MissingReason)]
NUMBERS = ("value", "numerator", "denominator", "n", "lower", "upper")
YEARS = 10_000


class Pool:
    """Texts that come back often, kept once; 0 is the empty text."""

    def __init__(self) -> None:
        self.texts = [""]
        self._place = {"": 0}

    def place(self, written: str) -> int:
        """Return the number of a text."""
        if written not in self._place:
            self._place[written] = len(self.texts)
            self.texts.append(written)
        return self._place[written]


@dataclass
class Staged:
    """R rows. Numbers that no row has are None; NaN means that this row has none.

    Attributes:
        rows: row numbers in the file.
        indicator, municipality: places in `reference.Indicators.all` and `reference.Municipalities.all`.
        year: calendar years.
        report, source: numbers in their `Pool`.
        status, reason: places in `STATUSES` and `REASONS`.
        provisional: whether a value may still change.
        value … upper: the numbers.
        censored: place in `decimals.SIGNS` where only a bound is known; None when no row has one.
    """

    rows: NDArray[np.int64]
    indicator: NDArray[np.int32]
    municipality: NDArray[np.int32]
    year: NDArray[np.int16]
    report: NDArray[np.int16]
    status: NDArray[np.int8]
    provisional: NDArray[np.bool_]
    reason: NDArray[np.int8]
    source: NDArray[np.int32]
    value: NDArray[np.float64]
    numerator: NDArray[np.float64] | None = None
    denominator: NDArray[np.float64] | None = None
    n: NDArray[np.float64] | None = None
    lower: NDArray[np.float64] | None = None
    upper: NDArray[np.float64] | None = None
    censored: NDArray[np.int8] | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> Staged:
        """Return some of the rows, in the order asked for."""
        picked: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        parts: dict[str, Any] = {name: None if array is None else array[chosen] for name, array in picked.items()}
        return Staged(**parts)

    def keys(self) -> NDArray[np.int64]:
        """Return one number per row that says indicator, municipality, year and report, in that order of weight."""
        return key_of(self.indicator, self.municipality, self.year, self.report)


def key_of(
    indicator: NDArray[np.int32],
    municipality: NDArray[np.int32],
    year: NDArray[np.int16],
    report: NDArray[np.int16],
) -> NDArray[np.int64]:
    """Return what identifies a value as one number."""
    import numpy as np

    key = indicator.astype(np.int64)
    for part, size in ((municipality, 1 << 20), (year, YEARS), (report, 1 << 12)):
        key = key * size + part
    return key


def join(parts: list[Staged]) -> Staged:
    """Return all blocks of a file as one."""
    import numpy as np

    joined: dict[str, Any] = {}
    for field in fields(Staged):
        arrays = [getattr(part, field.name) for part in parts]
        if all(array is None for array in arrays):
            joined[field.name] = None
            continue
        kind, nothing = (np.int8, 0) if field.name == "censored" else (np.float64, np.nan)
        joined[field.name] = np.concatenate(
            [
                np.full(len(part), nothing, kind) if array is None else array
                for part, array in zip(parts, arrays, strict=True)
            ]
        )
    return Staged(**joined)


def in_order(staged: Staged, *, name_of: Callable[[int], str], column: str, refusals: Refusals) -> Staged:
    """Return the rows in the order of the database's unique key; a key that comes twice is refused with both rows.

    Args:
        staged: the rows of the whole file.
        name_of: called with a place, returns the key of that row in words.
        column: the title of the column to point at.
        refusals: takes the doubles.
    """
    import numpy as np

    keys = staged.keys()
    order = np.argsort(keys, kind="stable")
    sorted_keys = keys[order]
    doubles = np.flatnonzero(sorted_keys[1:] == sorted_keys[:-1])
    kept = min(refusals.room, len(doubles))
    refusals.total += len(doubles) - kept
    for at in doubles[:kept]:
        # the sort is stable, so the earlier row of the file comes first
        first, second = int(order[at]), int(order[at + 1])
        refusals.add(
            _("This row has the same municipality, indicator, year and report as row %(row)s. Keep one of the two.")
            % {"row": int(staged.rows[first])},
            row=int(staged.rows[second]),
            column=column,
            value=name_of(second),
        )
    return staged.take(order)


def apply_rule(rule: Rule, staged: Staged) -> NDArray[np.int64]:
    """Apply a rule in place; return one row (its place) of each report it hit.

    `all-zero-report`: where every amount that one municipality reports in one year in one report is zero, there are
    no figures at all: the report was not filed. Value, numerator and denominator then make room for the reason.
    """
    import numpy as np

    if rule.kind != "all-zero-report":
        raise ValueError(f"unknown rule {rule.kind}")
    nothing = np.zeros_like(staged.indicator)
    report_keys = key_of(nothing, staged.municipality, staged.year, staged.report)
    distinct, first, member = np.unique(report_keys, return_index=True, return_inverse=True)
    amounts = staged.value if staged.numerator is None else staged.numerator
    filled = np.bincount(member, weights=(amounts != 0) | np.isnan(amounts), minlength=len(distinct))
    size = np.bincount(member, minlength=len(distinct))
    empty = (filled == 0) & (size >= rule.minimum_rows)
    hit = empty[member]
    for name in NUMBERS:
        array = getattr(staged, name)
        if array is not None:
            array[hit] = np.nan
    staged.reason[hit] = REASONS.index(rule.reason)
    return first[empty]
