"""One indicator as arrays of reports × municipalities × years."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from benchmark.models import Measurement

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STATUSES = [choice.value for choice in Measurement.Status]
PUBLISHED = STATUSES.index(Measurement.Status.PUBLISHED)
ABSENT = -1


@dataclass(frozen=True, slots=True)
class Source:
    """A dataset as a reader must be told about it."""

    id: int
    name: str
    source: str
    licence: str
    is_demo: bool
    is_public: bool


@dataclass(frozen=True, slots=True)
class Slice:
    """One indicator: arrays of R reports × M municipalities × Y years.

    Attributes:
        reports: names of the reports; often just one, the empty name.
        years: the years in which anything is known.
        value: NaN where there is none.
        status: place in `STATUSES`, or `ABSENT` where nobody was asked.
        reason: place in `reasons`; 0 is the empty reason.
        provisional: whether a value may still change.
        dataset: id of the dataset, 0 where absent.
        lower, upper: bounds of the 95 % interval, None when no value of the indicator has them.
        converted: whether a value was computed for other boundaries than those of its year; None when none was.
        parts: for what was converted, (report, place, year) → the places whose values went into it.
    """

    indicator_id: int
    reports: tuple[str, ...]
    years: NDArray[np.int64]
    value: NDArray[np.float64]
    status: NDArray[np.int8]
    reason: NDArray[np.int8]
    reasons: tuple[str, ...]
    provisional: NDArray[np.bool_]
    dataset: NDArray[np.int32]
    lower: NDArray[np.float64] | None = None
    upper: NDArray[np.float64] | None = None
    converted: NDArray[np.bool_] | None = None
    parts: dict[tuple[int, int], tuple[int, ...]] | None = None
    _published: dict[int, NDArray[np.float64]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is known at all."""
        return self.value.size == 0

    def with_bounds(self) -> Slice:
        """Return this slice with room for intervals."""
        import numpy as np

        return replace(
            self, _published={}, lower=np.full(self.value.shape, np.nan), upper=np.full(self.value.shape, np.nan)
        )

    def published(self, report: int) -> NDArray[np.float64]:
        """Return M × Y published values of one report; NaN for the rest."""
        import numpy as np

        if report not in self._published:
            self._published[report] = np.where(self.status[report] == PUBLISHED, self.value[report], np.nan)
        return self._published[report]
