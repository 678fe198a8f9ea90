"""How the members of one circle stand beside each other, with what they may know of each other and no more.

The same values, the same withholding and the same tests as a series (`benchmark/series.py`), for every member at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmark import calculations, disclosure, series
from benchmark import cube as cubes
from benchmark.calculations import Course, Line, Outcome, Verdict
from benchmark.cube import Cube, Slice
from benchmark.disclosure import Company, Figures
from benchmark.groups import Group, members_of
from benchmark.models import ComparisonGroup, Indicator
from benchmark.models.indicator import breaks
from benchmark.own import Own, own_values
from benchmark.permissions import Viewer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Member:
    """One municipality beside the others.

    Attributes:
        place_id, code, name: which; `code` is the CBS code.
        value: in the last year of the circle.
        verdict: the comparison with the median of the circle in that year, None when nothing could be compared.
        before: the same for the last earlier year with a value.
        moved: whether its value differs from that of the last earlier year, by their intervals.
        course: the trend test over its own figures.
    """

    place_id: int
    code: str
    name: str
    value: float
    verdict: Verdict | None
    before: Verdict | None
    moved: Line
    course: Course

    @property
    def outcome(self) -> Outcome:
        """What the comparison says."""
        return self.verdict.outcome if self.verdict is not None else Outcome.NOT_TESTED


@dataclass(frozen=True, slots=True)
class Beside:
    """One indicator in the last year in which at least two members have a value; only those are in it."""

    indicator: Indicator
    year: int
    members: tuple[Member, ...]


def eyes_of(circle: ComparisonGroup) -> Viewer:
    """Return what everybody of a circle may see: each other's published values by name, nobody's drafts.

    Args:
        circle: fetched with its municipalities.
    """
    inside = frozenset(members_of(circle))
    return Viewer(named=inside, circles=frozenset([circle.pk]), circle_members=inside, takes_part=True)


def of(circle: ComparisonGroup, indicators: Sequence[Indicator], *, cube: Cube | None = None) -> list[Beside]:
    """Return the members of a circle beside each other; the same queries however many indicators and members.

    Args:
        circle: fetched with its municipalities.
        indicators: fetched with their versions; those with figures of fewer than two members are left out.
        cube: the figures, when at hand.
    """
    cube = cube or cubes.current()
    viewer = eyes_of(circle)
    company = disclosure.company(viewer, [])
    parts = cube.slices(one.pk for one in indicators)
    found = [_beside(circle, one, parts[one.pk], cube, viewer, company) for one in indicators]
    return [one for one in found if one is not None]


def _beside(  # noqa: PLR0913, PLR0917 — what a figure depends on
    circle: ComparisonGroup, indicator: Indicator, part: Slice, cube: Cube, viewer: Viewer, company: Company
) -> Beside | None:
    import numpy as np

    if part.is_empty:
        return None
    report = part.reports.index(series.default_report(part))
    every = np.ones(len(part.years), dtype=bool)
    places = [pk for pk in sorted(members_of(circle)) if pk in cube.register.index]
    own = {pk: own_values(part, report, every, cube.register.place(pk), cube, viewer) for pk in places}
    known = sum(~np.isnan(one.value) for one in own.values()) if own else np.zeros(len(part.years))
    enough = np.flatnonzero(known > 1)
    if not len(enough):
        return None
    at = int(enough[-1])
    members = cube.register.mask(members_of(circle))[:, None] & every
    group = Group("kring", circle.name, members)
    shown, _hide = series.figures_of_group(
        group, Figures(part, part, report, None), cube=cube, viewer=viewer, company=company
    )
    median = np.where(shown.n > 1, shown.median, np.nan)
    told = []
    for pk, one in own.items():
        if np.isnan(one.value[at]):
            continue
        judged = calculations.verdicts(
            years=part.years[: at + 1],
            own=one.value[: at + 1],
            median=median[: at + 1],
            lower=one.lower[: at + 1],
            upper=one.upper[: at + 1],
            direction=indicator.direction,
        )
        told.append(
            Member(
                place_id=pk,
                code=cube.register.place(pk).code,
                name=cube.register.place(pk).name,
                value=float(one.value[at]),
                verdict=judged[-1],
                before=_before(judged, one.value),
                moved=_moved(one, at, series.same_meaning(breaks(indicator), part.years, one)),
                course=series.course_of(breaks(indicator), part.years, one),
            )
        )
    return Beside(indicator, int(part.years[at]), tuple(told))


def _before(judged: Sequence[Verdict | None], values: NDArray[np.float64]) -> Verdict | None:
    """Return the verdict of the last earlier year with a value."""
    earlier = _earlier(values, len(judged) - 1)
    return judged[earlier] if earlier is not None else None


def _moved(own: Own, at: int, same: NDArray[np.bool_]) -> Line:
    """Say whether the value of a year differs from the last earlier one of the same meaning."""
    earlier = _earlier(own.value, at)
    if earlier is None or not same[earlier]:
        return Line.UNKNOWN
    bounds = [(float(own.lower[year]), float(own.upper[year])) for year in (earlier, at)]
    return calculations.moved(before=bounds[0], now=bounds[1])


def _earlier(values: NDArray[np.float64], at: int) -> int | None:
    """Return the place of the last year before `at` that has a value."""
    import numpy as np

    known = np.flatnonzero(~np.isnan(values[:at]))
    return int(known[-1]) if len(known) else None
