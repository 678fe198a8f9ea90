"""One indicator, one municipality, one group, all years: the one result that sentence, table and picture share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from benchmark import calculations, groups
from benchmark.calculations import Verdict
from benchmark.cube import ABSENT, PUBLISHED, STATUSES, Cube, Place, Slice, Source
from benchmark.groups import Choice, Group
from benchmark.models import Goal, Indicator, MissingReason, Norm
from benchmark.permissions import Viewer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Reasons that are not a property of the figure but of who looks, or of what they asked.
CONFIDENTIAL = MissingReason.CONFIDENTIAL.value
NOT_PUBLISHED = "not-published"
NO_MUNICIPALITY = "no-municipality"
TOO_FEW = "too-few"
NO_VALUES = "no-values"

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
        verdict: the comparison, None when there is nothing to compare.
        norms: the norm of each `NormLine` in this year.
        goals: the target path of each `GoalLine` in this year.
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


@dataclass(frozen=True, slots=True)
class NormLine:
    """A norm that holds for this municipality."""

    label: str
    bound: str
    value: float
    year_from: int | None
    year_until: int | None

    def in_year(self, year: int) -> float | None:
        """Return the norm when it held in `year`."""
        held = (self.year_from is None or self.year_from <= year) and (
            self.year_until is None or year <= self.year_until
        )
        return self.value if held else None


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal as a line from where it began to where it should end."""

    goal_id: int
    label: str
    baseline_value: float | None
    baseline_year: int | None
    target_value: float
    target_year: int

    def in_year(self, year: int) -> float | None:
        """Return the value on the straight path in `year`, None outside it."""
        if year == self.target_year:
            return self.target_value
        if self.baseline_value is None or self.baseline_year is None:
            return None
        if not self.baseline_year <= year < self.target_year:
            return None
        share = (year - self.baseline_year) / (self.target_year - self.baseline_year)
        return self.baseline_value + share * (self.target_value - self.baseline_value)


@dataclass(frozen=True, slots=True)
class Series:
    """The result: what was asked, and a row per year."""

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


def default_report(part: Slice) -> str:
    """Return the report to start with."""
    if not part.reports:
        return ""
    return PREFERRED_REPORT if PREFERRED_REPORT in part.reports else part.reports[0]


def build(
    question: Question, *, indicator: Indicator, cube: Cube, viewer: Viewer, choices: list[Choice] | None = None
) -> Series:
    """Return the series that answers a question, as far as this viewer may know.

    Args:
        question: what is asked.
        indicator: the indicator, its area fetched.
        cube: the figures.
        viewer: who asks.
        choices: the groups available to them, when at hand (saves queries).

    Raises:
        UnknownGroup: the group does not exist for this viewer.
        UnknownReport: the indicator has no such report.
    """
    import numpy as np

    part = cube.slice(indicator.pk)
    report = question.report or default_report(part)
    if report and report not in part.reports:
        raise UnknownReport(report, part.reports)
    wanted = np.ones(len(part.years), dtype=bool)
    if not part.is_empty:
        wanted = (part.status[part.reports.index(report)] != ABSENT).any(axis=0)
    if question.first is not None:
        wanted &= part.years >= question.first
    if question.last is not None:
        wanted &= part.years <= question.last
    years = part.years[wanted]
    group = groups.resolve(
        question.group,
        cube=cube,
        viewer=viewer,
        years=years,
        municipality_id=question.municipality_id,
        choices=choices,
    )
    place = None
    if question.municipality_id is not None and question.municipality_id in cube.register.index:
        place = cube.register.place(question.municipality_id)
    rows: tuple[Row, ...] = ()
    sources: tuple[Source, ...] = ()
    if len(years):
        at = part.reports.index(report)
        rows = tuple(_rows(part, at, wanted, group, place, question, indicator, cube, viewer))
        sources = cube.sources_of(part, at)
    return Series(
        indicator=indicator,
        place=place,
        group=group,
        report=report,
        reports=part.reports,
        rows=rows,
        sources=sources,
        revision=cube.revision,
        norms=question.norms,
        goals=question.goals,
        missing_years=tuple(calculations.gaps([row.year for row in rows])),
    )


def _rows(  # noqa: PLR0913, PLR0917 — the one place where all of them meet
    part: Slice,
    report: int,
    wanted: NDArray[np.bool_],
    group: Group,
    place: Place | None,
    question: Question,
    indicator: Indicator,
    cube: Cube,
    viewer: Viewer,
) -> Iterable[Row]:
    import numpy as np

    years = part.years[wanted]
    public = cube.public_mask(part, report)[:, wanted]
    values = np.where(group.members, part.published(report)[:, wanted], np.nan)
    found = calculations.statistics(values, cube.inhabitants_in(years)[0])
    hide = calculations.too_few(
        values, inside=groups.inside(viewer, cube), hidden=groups.hidden(viewer, cube)[:, None] & ~public
    )
    open_data = bool((public | np.isnan(values)).all())
    shown = calculations.blanked(found, hide, extremes=viewer.takes_part or open_data)
    own = own_values(part, report, wanted, place, cube, viewer)
    judged = np.where(shown.n > 1, shown.median, np.nan)
    verdicts = calculations.verdicts(
        years=years,
        own=own.value,
        median=judged,
        lower=own.lower,
        upper=own.upper,
        direction=indicator.direction,
    )
    quarters = calculations.quarters(own.value, shown)
    for at, year in enumerate(years.tolist()):
        group_reason = TOO_FEW if hide[at] else (NO_VALUES if not shown.n[at] else "")
        reason = own.reason[at]
        if group_reason == TOO_FEW and reason in {"", CONFIDENTIAL, NO_MUNICIPALITY}:
            reason = TOO_FEW
        yield Row(
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
        )


def _plain(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


@dataclass(frozen=True, slots=True)
class Own:
    """One municipality's values as a reader may see them, Y years long."""

    value: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    provisional: NDArray[np.bool_]
    status: list[str]
    reason: list[str]


def own_values(  # noqa: PLR0913, PLR0917 — the one place where a name and a value meet, so everything must be said
    part: Slice, report: int, wanted: NDArray[np.bool_], place: Place | None, cube: Cube, viewer: Viewer
) -> Own:
    """Return one municipality's values by name, as far as this reader may see them."""
    import numpy as np

    years = part.years[wanted].tolist()
    nothing = np.full(len(years), np.nan)
    if place is None:
        no = np.zeros(len(years), dtype=bool)
        return Own(nothing, nothing, nothing, no, [""] * len(years), [NO_MUNICIPALITY] * len(years))
    at = cube.register.index[place.id]
    status = part.status[report, at, wanted]
    published = status == PUBLISHED
    named = viewer.may_name(place.id) | cube.public_mask(part, report)[at, wanted]
    seen = np.where(published, named, viewer.may_see_drafts_of(place.id) & (status != ABSENT))

    def shown(array: NDArray[np.float64] | None) -> NDArray[np.float64]:
        return nothing if array is None else np.where(seen, array[report, at, wanted], np.nan)

    def why(index: int, year: int) -> str:
        if seen[index]:
            return part.reasons[int(part.reason[report, at, wanted][index])]
        if not viewer.may_name(place.id) and not _all_open(cube, part, report):
            return CONFIDENTIAL
        if not place.existed_in(year):
            return MissingReason.DID_NOT_EXIST.value
        return NOT_PUBLISHED if status[index] != ABSENT else MissingReason.NOT_DELIVERED.value

    return Own(
        value=shown(part.value),
        lower=shown(part.lower),
        upper=shown(part.upper),
        provisional=np.asarray(seen & part.provisional[report, at, wanted]),
        status=[STATUSES[int(one)] if ok else "" for one, ok in zip(status, seen, strict=True)],
        reason=[why(index, year) for index, year in enumerate(years)],
    )


def _all_open(cube: Cube, part: Slice, report: int) -> bool:
    """Say whether everything known of this report is open data: then even its absence is no secret."""
    sources = cube.sources_of(part, report)
    return bool(sources) and all(source.is_public for source in sources)


def norm_lines(indicator: Indicator, municipality_id: int | None) -> tuple[NormLine, ...]:
    """Return the norms that hold: the municipality's own promise goes before the general norm of the same source."""
    found = [
        norm
        for norm in Norm.objects.filter(indicator=indicator).select_related("municipality")
        if norm.municipality_id in {None, municipality_id}
    ]
    return tuple(
        NormLine(_norm_label(norm), norm.bound, norm.value, norm.year_from, norm.year_until)
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
    )
