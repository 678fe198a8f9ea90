"""One year of an indicator, everybody in it, as far as a reader may see: what a strip, a map and a dumbbell share.

A series tells one municipality's years; a snapshot tells one year's municipalities. Named are those whose value this
reader may see by name. Of the others only a rounded place on the axis is given, to people who take part, and only when
they are at least `FEWEST`: a strip of dots must not give away whose each of them is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmark import calculations, disclosure
from benchmark.boundaries import Boundaries
from benchmark.cube import ABSENT, PUBLISHED, Cube, Place
from benchmark.disclosure import Figures
from benchmark.models import Indicator, MissingReason
from benchmark.permissions import Viewer
from benchmark.series import NOT_PUBLISHED, Row, Series
from people import clock

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Places without a name are rounded to so many steps between lowest and highest.
STEPS = 40


@dataclass(frozen=True, slots=True)
class Member:
    """One municipality in one year: a value, or the reason why there is none.

    Attributes:
        quarter: place in the group, 1 (lowest) to 4 (highest), 0 when unknown.
    """

    place: Place
    value: float | None
    reason: str = ""
    provisional: bool = False
    quarter: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One year of a group.

    Attributes:
        result: the series it is a year of.
        row: that year, with the figures of the group and the own value.
        members: who may be named, by value, those without one last.
        unnamed: rounded places of those who may not, ascending; empty where even that would give them away.
        hidden: how many values count in the group figures and may not be named.

    Where the reader chose whom to list (`Series.shown`), the members are those, whatever the group.
    """

    result: Series
    row: Row
    members: tuple[Member, ...]
    unnamed: tuple[float, ...]
    hidden: int

    @property
    def indicator(self) -> Indicator:
        """What is measured."""
        return self.result.indicator

    @property
    def year(self) -> int:
        """The year."""
        return self.row.year

    @property
    def own(self) -> Member | None:
        """The own municipality, also when it is not in the group."""
        place = self.result.place
        if place is None:
            return None
        return Member(place, self.row.value, self.row.reason, self.row.provisional, self.row.quarter)

    @property
    def others(self) -> tuple[Member, ...]:
        """The named members besides the own municipality."""
        own = self.result.place
        return tuple(one for one in self.members if own is None or one.place.id != own.id)


def take(result: Series, *, cube: Cube, viewer: Viewer, year: int | None = None) -> Snapshot | None:
    """Return one year of a series with everybody in its group.

    Args:
        result: the series; its group is resolved for its years.
        cube: the figures it was built from.
        viewer: who asks.
        year: which year; by default the latest that is told about.

    Returns:
        None when the series has no such year.
    """
    import numpy as np

    row = _row(result, year)
    if row is None:
        return None
    reported = cube.slice(result.indicator.pk)
    part = result.part if result.part is not None else reported
    report = part.reports.index(result.report)
    at = int(np.flatnonzero(part.years == row.year)[0])
    in_group = result.group.members[:, [one.year for one in result.rows].index(row.year)]
    values = part.published(report)[:, at]
    now = clock.today().year if result.boundaries is Boundaries.NOW else None
    named = ~disclosure.unseen(Figures(part, reported, report, now), cube, viewer)[:, at]
    all_open = all(source.is_public for source in cube.sources_of(part, report))
    listed = in_group
    if result.shown is not None:
        listed = cube.register.mask(one.place.id for one in result.shown)
        if result.place is not None:
            listed = listed | cube.register.mask([result.place.id])
    members = []
    for index in np.flatnonzero(listed & (named | all_open)).tolist():
        place, value = cube.register.places[index], float(values[index])
        if math.isfinite(value):
            provisional = bool(part.provisional[report, index, at])
            members.append(Member(place, value, "", provisional, _quarter(value, row)))
            continue
        if not place.existed_in(row.year):
            continue
        status = part.status[report, index, at]
        reason = MissingReason.NOT_DELIVERED.value if status == ABSENT else NOT_PUBLISHED
        if status == PUBLISHED:
            reason = part.reasons[int(part.reason[report, index, at])]
        members.append(Member(place, None, reason))
    members.sort(key=lambda one: (one.value is None, one.value or 0.0, one.place.name))
    unseen = values[in_group & ~named & ~np.isnan(values)]
    places = _rounded(unseen, row, viewer) if result.shown is None else ()
    return Snapshot(result, row, tuple(members), places, len(unseen))


def _row(result: Series, year: int | None) -> Row | None:
    if year is None:
        return result.latest or (result.rows[-1] if result.rows else None)
    return next((row for row in result.rows if row.year == year), None)


def _quarter(value: float, row: Row) -> int:
    if row.p25 is None or row.median is None or row.p75 is None:
        return 0
    return 1 + (value > row.p25) + (value > row.median) + (value > row.p75)


def _rounded(values: NDArray[np.float64], row: Row, viewer: Viewer) -> tuple[float, ...]:
    """Return rounded places of values nobody may name; nothing for the public or where they are too few."""
    import numpy as np

    shown = viewer.takes_part and not row.group_reason and len(values) >= calculations.FEWEST
    if not shown or row.minimum is None or row.maximum is None:
        return ()
    step = (row.maximum - row.minimum) / STEPS or 1.0
    return tuple(float(one) for one in np.sort(np.round((values - row.minimum) / step) * step + row.minimum))


def by_place(members: Iterable[Member]) -> dict[int, Member]:
    """Return members by the id of their municipality."""
    return {one.place.id: one for one in members}
