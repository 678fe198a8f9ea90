"""Where one municipality stands on many indicators in many groups at once: what the explore page lists.

The same figures, the same withholding and the same verdict as a series (`benchmark/series.py`), for the last year with
an own value only, and without the objects of every other year.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmark import calculations, groups, series
from benchmark.asking import Reader
from benchmark.calculations import Statistics, Verdict
from benchmark.cube import ABSENT, Slice
from benchmark.disclosure import Figures
from benchmark.groups import Group
from benchmark.models import Indicator
from benchmark.own import TOO_FEW, Own, own_values

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Position:
    """One indicator in one group, in the last year with an own value (else the last with figures of the group).

    Attributes:
        year: that year.
        value: the own value, None with a `reason`.
        n, median: of the group; the median is None with a `group_reason`.
        quarter: 1 (lowest) to 4, 0 when unknown.
        verdict: None when there is nothing to compare.
    """

    year: int
    value: float | None
    reason: str
    n: int
    median: float | None
    group_reason: str
    quarter: int
    verdict: Verdict | None


def of(who: Reader, indicators: Sequence[Indicator], keys: Iterable[str]) -> dict[str, dict[str, Position]]:
    """Return positions: code of the indicator → key of the group → position.

    Args:
        who: who asks about which municipality.
        indicators: with any fields; those without figures are left out.
        keys: groups, as in an address.

    Raises:
        UnknownGroup: a group does not exist for this reader.
    """
    wanted = list(keys)
    parts = who.cube.slices(one.pk for one in indicators)
    resolved: dict[bytes, list[Group]] = {}
    found: dict[str, dict[str, Position]] = {}
    for indicator in indicators:
        part = parts[indicator.pk]
        if part.is_empty:
            continue
        years = part.years.tobytes()
        if years not in resolved:
            resolved[years] = [_resolved(who, key, part) for key in wanted]
        found[indicator.code] = _positions(who, indicator, part, resolved[years])
    return found


def _resolved(who: Reader, key: str, part: Slice) -> Group:
    return groups.resolve(
        key,
        cube=who.cube,
        viewer=who.viewer,
        years=part.years,
        municipality_id=who.place_id,
        choices=who.choices,
    )


def _positions(who: Reader, indicator: Indicator, part: Slice, compared: list[Group]) -> dict[str, Position]:
    import numpy as np

    report = part.reports.index(series.default_report(part))
    figures = Figures(part, part, report, None)
    every = np.ones(len(part.years), dtype=bool)
    place = who.cube.register.place(who.place_id) if who.place_id is not None else None
    own = own_values(part, report, every, place, who.cube, who.viewer)
    asked = np.flatnonzero((part.status[report] != ABSENT).any(axis=0))
    known = np.flatnonzero(~np.isnan(own.value))
    at = int(known[-1] if len(known) else asked[-1])
    return {
        group.key: _position(
            at,
            indicator,
            part.years,
            own,
            series.figures_of_group(group, figures, cube=who.cube, viewer=who.viewer, company=who.company),
        )
        for group in compared
    }


def _position(
    at: int,
    indicator: Indicator,
    years: NDArray[np.int64],
    own: Own,
    figures: tuple[Statistics, NDArray[np.bool_]],
) -> Position:
    import numpy as np

    shown, hide = figures
    # A verdict looks five years back, and no further.
    back = slice(max(0, at - calculations.WINDOW + 1), at + 1)
    judged = calculations.verdicts(
        years=years[back],
        own=own.value[back],
        median=np.where(shown.n[back] > 1, shown.median[back], np.nan),
        lower=own.lower[back],
        upper=own.upper[back],
        direction=indicator.direction,
        only_last=True,
    )[-1]
    value, median = float(own.value[at]), float(shown.median[at])
    quarter = 0
    if not (math.isnan(value) or math.isnan(median)):
        quarter = 1 + bool(value > shown.p25[at]) + bool(value > median) + bool(value > shown.p75[at])
    return Position(
        year=int(years[at]),
        value=None if math.isnan(value) else value,
        reason=own.reason[at],
        n=int(shown.n[at]),
        median=None if math.isnan(median) else median,
        group_reason=TOO_FEW if hide[at] else ("" if shown.n[at] else series.NO_VALUES),
        quarter=quarter,
        verdict=judged,
    )
