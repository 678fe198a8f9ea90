"""One indicator, one municipality, one group, all years: the one result that sentence, table and picture share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from benchmark import calculations, disclosure, groups
from benchmark.boundaries import Boundaries
from benchmark.calculations import Course, Line, Statistics, Steadiness, Verdict
from benchmark.cube import ABSENT, Cube, Place, Slice, Source
from benchmark.disclosure import Company, Figures
from benchmark.goal_progress import on_path
from benchmark.groups import Choice, Group
from benchmark.models import Goal, Indicator, MissingReason, Norm
from benchmark.models.indicator import Break
from benchmark.own import CONFIDENTIAL, NO_MUNICIPALITY, NO_VALUES, NOT_PUBLISHED, TOO_FEW, Own, own_values
from benchmark.permissions import ALL, Viewer
from people import clock

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["CONFIDENTIAL", "NOT_PUBLISHED", "NO_MUNICIPALITY", "NO_VALUES", "TOO_FEW", "own_values"]

# Shown first where an indicator has several reports: what was really spent says more than what was planned.
PREFERRED_REPORT = "jaarrekening"


class UnknownReport(LookupError):  # noqa: N818 — it is an answer to a person
    """The indicator has no such report; the text says which it has."""

    def __init__(self, report: str, available: Sequence[str]) -> None:
        self.report, self.available = report, list(available)
        super().__init__(
            _("There is no report “%(report)s”. Choose one of: %(names)s.")
            % {"report": report, "names": ", ".join(available)}
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One year, ready to be told: None is "no value", and then a reason says why.

    Attributes:
        year: of the figure.
        value: the own value.
        status: of the own value, empty without one.
        provisional: whether it may still change.
        reason: why there is no own value, else why there are no group figures, else empty.
        group_reason: why there are no group figures, else empty.
        n: how many of the group have a value.
        quarter: place of the own value, 1 (lowest quarter) to 4, 0 when unknown.
        steadiness: in how many of the last five years the place was the same quarter, None when it is unknown.
        verdict: the comparison, None when there is nothing to compare.
        norms: the norm of each `NormLine` in this year.
        goals: the target path of each `GoalLine` in this year.
        converted: whether the own value was computed for other boundaries than those of the year.
        n_converted: how many values of the group were.
        lower, upper: the ends of the 95 % interval around the own value, None where it is not known.
    """

    year: int
    value: float | None
    status: str
    provisional: bool
    reason: str
    group_reason: str
    n: int
    median: float | None
    mean: float | None
    weighted_mean: float | None
    p25: float | None
    p75: float | None
    minimum: float | None
    maximum: float | None
    quarter: int
    verdict: Verdict | None
    norms: tuple[float | None, ...] = ()
    goals: tuple[float | None, ...] = ()
    steadiness: Steadiness | None = None
    converted: bool = False
    n_converted: int = 0
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class NormLine:
    """A norm that holds for this municipality."""

    label: str
    bound: str
    value: float
    year_from: int | None
    year_until: int | None
    norm_id: int | None = None

    def is_met_by(self, value: float) -> bool:
        """Say whether a value is on the right side of the norm."""
        return value <= self.value if self.bound == "max" else value >= self.value

    def in_year(self, year: int) -> float | None:
        """Return the norm when it held in `year`."""
        held = (self.year_from is None or self.year_from <= year) and (
            self.year_until is None or year <= self.year_until
        )
        return self.value if held else None


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal as a line from where it began to where it should end; `steps` are (year, value) on the way."""

    goal_id: int
    label: str
    baseline_value: float | None
    baseline_year: int | None
    target_value: float
    target_year: int
    steps: tuple[tuple[int, float], ...] = ()

    def in_year(self, year: int) -> float | None:
        """Return the value on the path in `year`, None outside it."""
        if year == self.target_year:
            return self.target_value
        if self.baseline_value is None or self.baseline_year is None:
            return None
        if not self.baseline_year <= year < self.target_year:
            return None
        first, last = (self.baseline_year, self.baseline_value), (self.target_year, self.target_value)
        return on_path([first, *(step for step in self.steps if first[0] < step[0] < last[0]), last], year)


@dataclass(frozen=True, slots=True)
class Shown:
    """A municipality listed beside the own one: (year, value, why not)."""

    place: Place
    years: tuple[tuple[int, float | None, str], ...]

    @property
    def latest(self) -> tuple[int, float] | None:
        """The last year with a value, and that value."""
        known = [(year, value) for year, value, _why in self.years if value is not None]
        return known[-1] if known else None


@dataclass(frozen=True, slots=True)
class Series:
    """The result: what was asked, and a row per year.

    `shown` are the municipalities to list by name, apart from those compared with; None when nothing was said of it.
    """

    indicator: Indicator
    place: Place | None
    group: Group
    report: str
    reports: tuple[str, ...]
    rows: tuple[Row, ...]
    sources: tuple[Source, ...]
    revision: int
    norms: tuple[NormLine, ...] = ()
    goals: tuple[GoalLine, ...] = ()
    missing_years: tuple[int, ...] = ()
    boundaries: Boundaries = Boundaries.THEN
    course: Course = field(default_factory=lambda: Course(Line.UNKNOWN))
    breaks: tuple[Break, ...] = ()
    shown: tuple[Shown, ...] | None = None
    part: Slice | None = field(default=None, repr=False, compare=False)

    @property
    def is_demo(self) -> bool:
        """Whether any of it is example data."""
        return any(source.is_demo for source in self.sources)

    @property
    def source(self) -> str:
        """The sources as they must be quoted."""
        quoted = [" · ".join(filter(None, [one.source, one.licence])) for one in self.sources]
        return "; ".join(dict.fromkeys(quoted)) or self.indicator.source

    @property
    def latest(self) -> Row | None:
        """The last year with an own value; without a municipality, the last with group figures."""
        own = [row for row in self.rows if row.value is not None]
        told = own or [row for row in self.rows if row.median is not None]
        return told[-1] if told else None

    @property
    def unmet_norms(self) -> tuple[NormLine, ...]:
        """The norms that the latest own value does not meet: those that hold, and those that are coming."""
        row = self.latest
        if row is None or row.value is None:
            return ()
        return tuple(
            line
            for line in self.norms
            if (line.year_until is None or row.year <= line.year_until) and not line.is_met_by(row.value)
        )

    @property
    def has_norm(self) -> bool:
        """Whether a norm holds in any of the years."""
        return bool(self.norms)


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to see."""

    municipality_id: int | None = None
    group: str = groups.DEFAULT
    report: str = ""
    first: int | None = None
    last: int | None = None
    norms: tuple[NormLine, ...] = field(default_factory=tuple)
    goals: tuple[GoalLine, ...] = field(default_factory=tuple)
    boundaries: Boundaries = Boundaries.THEN
    breaks: tuple[Break, ...] = ()

    @property
    def now(self) -> int | None:
        """The year whose boundaries count; None for those of each year."""
        return clock.today().year if self.boundaries is Boundaries.NOW else None


def default_report(part: Slice) -> str:
    """Return the report to start with."""
    if not part.reports:
        return ""
    return PREFERRED_REPORT if PREFERRED_REPORT in part.reports else part.reports[0]


def build(  # noqa: PLR0913 — the question, and everything it is answered from
    question: Question,
    *,
    indicator: Indicator,
    cube: Cube,
    viewer: Viewer,
    choices: list[Choice] | None = None,
    company: Company | None = None,
) -> Series:
    """Return the series that answers a question, as far as this viewer may know.

    Args:
        question: what is asked.
        indicator: the indicator, its area fetched.
        cube: the figures.
        viewer: who asks.
        choices: the groups available to them, when at hand (saves queries).
        company: who else may look, when at hand (likewise).

    Raises:
        UnknownGroup: the group does not exist for this viewer.
        UnknownReport: the indicator has no such report.
    """
    reported = cube.slice(indicator.pk)
    part = reported if question.now is None else cube.in_boundaries_of(indicator, question.now)
    report = question.report or default_report(part)
    if report and report not in part.reports:
        raise UnknownReport(report, part.reports)
    group = groups.resolve(
        question.group,
        cube=cube,
        viewer=viewer,
        years=part.years,
        municipality_id=question.municipality_id,
        choices=choices,
        now=question.now,
    )
    place = None
    if question.municipality_id is not None and question.municipality_id in cube.register.index:
        place = cube.register.place(question.municipality_id)
    found = Series(
        indicator=indicator,
        place=place,
        group=group,
        report=report,
        reports=part.reports,
        rows=(),
        sources=(),
        revision=cube.revision,
        norms=question.norms,
        goals=question.goals,
        boundaries=question.boundaries,
        breaks=question.breaks,
        part=part,
    )
    if part.is_empty:
        return found
    if company is None:
        company = disclosure.company(viewer, groups.seen_by(viewer))
    figures = Figures(part, reported, part.reports.index(report), question.now)
    return _answer(found, question, figures, cube, viewer, company)


def _answer(  # noqa: PLR0913, PLR0917 — the one place where all of them meet
    asked: Series, question: Question, of: Figures, cube: Cube, viewer: Viewer, company: Company
) -> Series:
    import numpy as np

    part, report, years, group = of.part, of.report, of.part.years, asked.group
    wanted = (part.status[report] != ABSENT).any(axis=0)
    if question.first is not None:
        wanted &= years >= question.first
    if question.last is not None:
        wanted &= years <= question.last
    if not wanted.any():
        return replace(asked, group=replace(group, members=group.members[:, wanted]))
    shown, hide = figures_of_group(group, of, cube=cube, viewer=viewer, company=company)
    every = np.ones(len(years), dtype=bool)
    own = own_values(part, report, every, asked.place, cube, viewer, reported=of.reported)
    verdicts = calculations.verdicts(
        years=years,
        own=own.value,
        median=np.where(shown.n > 1, shown.median, np.nan),
        lower=own.lower,
        upper=own.upper,
        direction=asked.indicator.direction,
    )
    quarters = calculations.quarters(own.value, shown)
    steady = calculations.steadiness(years, quarters)
    moved = np.zeros(len(years), dtype=np.int64)
    if part.converted is not None:
        moved = (part.converted[report] & group.members & ~np.isnan(part.value[report])).sum(axis=0)
    rows = []
    for at in np.flatnonzero(wanted).tolist():
        year = int(years[at])
        group_reason = TOO_FEW if hide[at] else (NO_VALUES if not shown.n[at] else "")
        reason = own.reason[at]
        if group_reason == TOO_FEW and reason in {"", CONFIDENTIAL, NO_MUNICIPALITY}:
            reason = TOO_FEW
        rows.append(
            Row(
                year=year,
                value=_plain(own.value[at]),
                status=own.status[at],
                provisional=bool(own.provisional[at]),
                reason=reason,
                group_reason=group_reason,
                n=int(shown.n[at]),
                median=_plain(shown.median[at]),
                mean=_plain(shown.mean[at]),
                weighted_mean=_plain(shown.weighted_mean[at]),
                p25=_plain(shown.p25[at]),
                p75=_plain(shown.p75[at]),
                minimum=_plain(shown.minimum[at]),
                maximum=_plain(shown.maximum[at]),
                quarter=int(quarters[at]),
                verdict=verdicts[at],
                norms=tuple(norm.in_year(year) for norm in question.norms),
                goals=tuple(goal.in_year(year) for goal in question.goals),
                steadiness=steady[at],
                converted=own.converted[at],
                n_converted=int(moved[at]),
                lower=_plain(own.lower[at]),
                upper=_plain(own.upper[at]),
            )
        )
    return replace(
        asked,
        group=replace(group, members=group.members[:, wanted]),
        rows=tuple(rows),
        sources=cube.sources_of(part, report),
        missing_years=tuple(calculations.gaps([row.year for row in rows])),
        course=course_of(asked.breaks, years, own),
    )


def course_of(breaks: Sequence[Break], years: NDArray[np.int64], own: Own) -> Course:
    """Return the trend test over the years of the present meaning: what lies before the last break measures otherwise."""
    same = same_meaning(breaks, years, own)
    return calculations.course(years=years[same], own=own.value[same], lower=own.lower[same], upper=own.upper[same])


def same_meaning(breaks: Sequence[Break], years: NDArray[np.int64], own: Own) -> NDArray[np.bool_]:
    """Return which years measure the same as the last one with a value: those since the last break."""
    import numpy as np

    known = np.flatnonzero(~np.isnan(own.value))
    last = int(years[known[-1]]) if len(known) else 0
    starts = [one.year for one in breaks if one.year <= last]
    starts += [
        int(year)
        for year, why, moved in zip(years, own.reason, own.converted, strict=True)
        if why == MissingReason.BREAK.value and not moved and year <= last
    ]
    return years >= max(starts, default=0)


def figures_of_group(
    group: Group, of: Figures, *, cube: Cube, viewer: Viewer, company: Company
) -> tuple[Statistics, NDArray[np.bool_]]:
    """Return what a group looks like in every year of a slice, as far as this reader may know, and what was withheld.

    The figures themselves depend on no reader and are kept with the cube.
    """
    import numpy as np

    part, report = of.part, of.report
    weights = cube.inhabitants_in(part.years, of.now)[0]

    def make() -> Statistics:
        rows = np.flatnonzero(group.members.any(axis=1))
        values = np.where(group.members[rows], part.published(report)[rows], np.nan)
        return calculations.statistics(values, weights[rows])

    found: Statistics = cube.remembered(("figures", part.indicator_id, report, of.now, group.fingerprint), make)
    public = cube.public_mask(part, report)
    by_name = viewer.named == ALL or bool((public | ~group.members).all())
    if by_name and not ((found.n > 0) & (found.n < calculations.FEWEST)).any():
        return found, np.zeros(len(part.years), dtype=bool)
    hide = disclosure.withheld(group, of, cube=cube, viewer=viewer, company=company)
    if by_name:
        return calculations.blanked(found, hide, extremes=True), hide
    known = group.members & ~np.isnan(part.published(report))
    hidden = known & disclosure.unseen(of, cube, viewer)
    extremes = viewer.takes_part or not (known & ~public).any()
    shown = calculations.blanked(found, hide, extremes=extremes)
    apart = calculations.even_weights(hidden, weights)
    return replace(shown, weighted_mean=np.where(apart, np.nan, shown.weighted_mean)), hide


def _plain(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def norm_lines(indicator: Indicator, municipality_id: int | None) -> tuple[NormLine, ...]:
    """Return the norms that hold: the municipality's own promise goes before the general norm of the same source."""
    found = [
        norm
        for norm in Norm.objects.filter(indicator=indicator).select_related("municipality")
        if norm.municipality_id in {None, municipality_id}
    ]
    return tuple(
        NormLine(_norm_label(norm), norm.bound, norm.value, norm.year_from, norm.year_until, norm.pk)
        for norm in sorted(found, key=lambda one: (one.municipality_id is None, one.year_from or 0))
    )


def _norm_label(norm: Norm) -> str:
    note = norm.note.rstrip(". ")
    return f"{norm.get_source_display()}: {note}" if note else norm.get_source_display()


def goal_line(goal: Goal) -> GoalLine:
    """Return a goal as a line in the figures; a figure of the year of the target date decides."""
    return GoalLine(
        goal_id=goal.pk,
        label=goal.title,
        baseline_value=goal.baseline_value,
        baseline_year=goal.baseline_year,
        target_value=goal.target_value,
        target_year=goal.target_date.year,
        steps=tuple((int(year), float(value)) for year, value in goal.steps),
    )
