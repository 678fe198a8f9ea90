"""One indicator through the years: own municipality, the middle half of the group, norm and goals."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from benchmark import notation
from benchmark.boundaries import Boundaries
from benchmark.charts import wording
from benchmark.charts.chart import Cell, Chart, Column, Table
from benchmark.charts.picture import Band, Break, Line, Picture, Point, Span
from benchmark.charts.statistic import Statistic
from benchmark.models import Indicator, MissingReason
from benchmark.series import CONFIDENTIAL, GoalLine, NormLine, Row, Series, Shown

# A goal far ahead would squash the years that have figures.
FARTHEST_AHEAD = 10
# More lines than this cannot be followed; the table has all that were chosen.
MOST_BESIDE = 6
# Reports are told apart by their line, not by colour.
DASHES = {"begroting": "dash"}


def chart(result: Series, statistic: Statistic = Statistic.MEDIAN) -> Chart:
    """Return the trend of a series; `statistic` says which line stands for the group."""
    said = wording.sentence(result)
    return Chart(
        kind="trend",
        title=title(result),
        sentence=said,
        table=table(result),
        picture=picture(result, statistic, description=said),
        source=result.source,
        revision=result.revision,
        is_demo=result.is_demo,
        notes=(
            *notes(result),
            *_not_drawn(result),
            *([statistic.explained] if statistic is not Statistic.MEDIAN else []),
        ),
    )


def title(result: Series) -> str:
    """Return subject, whose, which group with n, and the years."""
    row = result.latest
    years = ""
    if result.rows:
        first, last = result.rows[0].year, result.rows[-1].year
        years = f"{first}–{last}" if first != last else str(first)
    group = result.group.described(row.n) if row is not None else result.group.name
    said = {"indicator": result.indicator.name, "group": group, "years": years}
    if result.place is None:
        text = _("%(indicator)s: median of %(group)s, %(years)s") % said
    else:
        text = _("%(indicator)s: %(municipality)s beside the median of %(group)s, %(years)s") % {
            **said,
            "municipality": result.place.name,
        }
    return text.rstrip(", ")


def notes(result: Series, *, gaps: bool = True) -> tuple[str, ...]:
    """Return what a reader must know beside the figures; `gaps` also which years are missing."""
    found = []
    if result.is_demo:
        found.append(_("Example data: made up to show how it works."))
    if result.report:
        found.append(_("Report: %(report)s.") % {"report": wording.report(result.report)})
    if result.group.note:
        found.append(result.group.note)
    if gaps and result.missing_years:
        found.append(_("No figures for %(years)s.") % {"years": ", ".join(str(year) for year in result.missing_years)})
    for year, words in breaks(result).items():
        found.append(_("Break in the series from %(year)s. %(words)s") % {"year": year, "words": words})
    if result.boundaries is Boundaries.NOW:
        found.append(_("Boundaries of now: figures of municipalities that merged were added up or worked out again."))
        if converted(result):
            years = ", ".join(str(year) for year in converted(result))
            found.append(_("Worked out again (hatched): %(years)s.") % {"years": years})
    found += _listed(result)
    if any(row.group_reason == "too-few" for row in result.rows):
        found.append(
            _(
                "Group figures that rest on fewer than 5 municipalities outside your own kring are not shown: they would give those away."
            )
        )
    return tuple(found)


def _listed(result: Series) -> list[str]:
    """Return who is listed apart from those compared with."""
    if result.shown is None:
        return []
    names = ", ".join(one.place.name for one in result.shown) or _("nobody else")
    return [_("Listed by name: %(names)s. Compared with: %(group)s.") % {"names": names, "group": result.group.name}]


def _not_drawn(result: Series) -> list[str]:
    """Return that more municipalities are listed than the picture can hold, where that is so."""
    if result.shown is None or len(result.shown) <= MOST_BESIDE:
        return []
    return [_("The picture shows %(n)s municipalities; the table has all of them.") % {"n": MOST_BESIDE}]


def footer(result: Series) -> str:
    """Return source, revision and notes on one line, for in the picture and every export."""
    parts = [
        _("Source: %(source)s") % {"source": result.source or "–"},
        _("figures version %(revision)s") % {"revision": result.revision},
    ]
    if result.is_demo:
        parts.append(_("example data"))
    return " · ".join(parts)


# ---- table ----------------------------------------------------------------------------------------------------


def table(result: Series, *, also: Iterable[int] = ()) -> Table:
    """Return every year as a row; norms and goals have columns of their own.

    Args:
        result: the series.
        also: years that get a row in any case.
    """
    unit = result.indicator.unit
    own = [Column("value", result.place.name)] if result.place is not None else []
    columns = (
        Column("year", _("Year")),
        *own,
        *(Column(one.place.code, one.place.name) for one in result.shown or ()),
        Column("n", _("Number of municipalities")),
        Column("median", _("Median")),
        Column("p25", _("P25 (a quarter is lower)")),
        Column("p75", _("P75 (a quarter is higher)")),
        Column("mean", _("Mean, every municipality counts once")),
        Column("weightedMean", _("Mean, weighted by inhabitants")),
        *([Column("verdict", _("Compared with the median"), words=True)] if own else []),
        *(Column(f"norm{at}", _("Norm: %(name)s") % {"name": line.label}) for at, line in enumerate(result.norms, 1)),
        *(Column(f"goal{at}", _("Goal: %(name)s") % {"name": line.label}) for at, line in enumerate(result.goals, 1)),
    )
    caption = title(result)
    if unit:
        caption += f" ({notation.unit_in_words(unit)})"
    rows = [_row(result, row) for row in result.rows]
    rows += [_goal_row(result, year) for year in _years_ahead(result, also)]
    rows.sort(key=lambda row: int(row[0].value or 0))
    return Table(caption, columns, tuple(rows))


def _row(result: Series, row: Row) -> tuple[Cell, ...]:
    places = result.indicator.decimals

    def figure(value: float | None, why: str) -> Cell:
        if value is None:
            return wording.missing(why)
        return Cell(value, notation.number(value, places))

    own: list[Cell] = []
    judged: list[Cell] = []
    if result.place is not None:
        text = wording.amount(row.value, result.indicator) if result.indicator.unit == "ja/nee" else ""
        text = text or notation.number(row.value, places)
        if row.value is not None and row.status != "published":
            text = _("%(value)s (not published yet)") % {"value": text}
        elif row.value is not None and row.provisional:
            text = _("%(value)s (provisional)") % {"value": text}
        own = [wording.missing(row.reason) if row.value is None else Cell(row.value, text, provisional=row.provisional)]
        code = row.verdict.outcome.value if row.verdict is not None else ""
        judged = [Cell(code or None, wording.outcome(code) if code else "–", missing=not code, verdict=code)]
    why = row.group_reason
    return (
        Cell(row.year, str(row.year)),
        *own,
        *(_beside_cell(one, row.year, places) for one in result.shown or ()),
        Cell(row.n, str(row.n)),
        figure(row.median, why),
        figure(row.p25, why),
        figure(row.p75, why),
        figure(row.mean, why),
        figure(row.weighted_mean, why),
        *judged,
        *(_norm_cell(line, row.year, places) for line in result.norms),
        *(figure(value, "") for value in row.goals),
    )


def _years_ahead(result: Series, also: Iterable[int]) -> list[int]:
    """Return the years in which a goal has a target, and those asked for besides, that no row has yet."""
    known = {row.year for row in result.rows}
    wanted = {year for line in result.goals for year in (line.target_year, *(step[0] for step in line.steps))}
    return sorted((wanted | set(also)) - known)


def _goal_row(result: Series, year: int) -> tuple[Cell, ...]:
    places = result.indicator.decimals
    nothing = wording.missing("")
    goals = [line.in_year(year) for line in result.goals]
    return (
        Cell(year, str(year)),
        *([Cell(None, _("no figure yet"), missing=True)] if result.place is not None else []),
        *(nothing for _one in result.shown or ()),
        Cell(0, "0"),
        *[nothing] * 5,
        *([nothing] if result.place is not None else []),
        *(_norm_cell(line, year, places) for line in result.norms),
        *(nothing if value is None else Cell(value, notation.number(value, places)) for value in goals),
    )


def _beside_cell(one: Shown, year: int, places: int) -> Cell:
    """Return the value of a listed municipality in a year, or the reason why there is none."""
    value, why = next(((value, why) for at, value, why in one.years if at == year), (None, ""))
    return wording.missing(why or CONFIDENTIAL) if value is None else Cell(value, notation.number(value, places))


def _norm_cell(line: NormLine, year: int, places: int) -> Cell:
    """Return the norm in a year; one that began later says from when, one that ended is a dash."""
    if line.in_year(year) is not None:
        return Cell(line.value, notation.number(line.value, places))
    if line.year_from is not None and year < line.year_from:
        text = _("%(value)s (from %(year)s)") % {"value": notation.number(line.value, places), "year": line.year_from}
        return Cell(line.value, text)
    return wording.missing("")


# ---- picture --------------------------------------------------------------------------------------------------


def picture(result: Series, statistic: Statistic = Statistic.MEDIAN, *, description: str) -> Picture:
    """Return the picture: own line on top, the group's median, its middle half, norms and goals."""
    places = result.indicator.decimals
    lines = [_middle(result, statistic)]
    if result.place is not None and any(row.value is not None for row in result.rows):
        lines.append(_own(result))
    lines += [_beside(one, result) for one in (result.shown or ())[:MOST_BESIDE]]
    first = result.rows[0].year if result.rows else None
    last = result.rows[-1].year if result.rows else None
    lines += [line for goal in result.goals if (line := _goal(goal, first, last, places)) is not None]
    ends = [point.year for line in lines for point in line.points]
    lines += [_norm(norm, ends, places, alone=len(result.norms) == 1) for norm in result.norms]
    spans = tuple(
        Span(row.year, row.p25, row.p75)
        for row in result.rows
        if row.p25 is not None and row.p75 is not None and row.n >= wording.FEWEST_FOR_QUARTERS
    )
    from_zero = result.indicator.kind not in {"grade", "effort"}
    unit = (
        f"{notation.unit_in_words(result.indicator.unit)} · {wording.direction(result.indicator).rstrip('.').lower()}"
    )
    if not from_zero:
        unit += " · " + _("axis does not start at 0")
    return Picture(
        title=title(result),
        description=description,
        unit=unit,
        footer=footer(result),
        lines=tuple(line for line in lines if line.last is not None),
        bands=(Band(_("middle half of the group"), spans),) if spans else (),
        breaks=tuple(Break(year, _("break")) for year in breaks(result)),
        converted=converted(result),
        from_zero=from_zero,
        decimals=places,
    )


def _own(result: Series) -> Line:
    place = result.place
    if place is None:
        raise ValueError("There is no own line without a municipality.")
    points = tuple(
        Point(
            row.year,
            row.value,
            f"{place.name} {row.year}: "
            + (_told(row, result.indicator) if row.value is not None else wording.reason(row.reason)),
            row.lower,
            row.upper,
        )
        for row in result.rows
    )
    return Line(
        "own",
        place.name,
        points,
        DASHES.get(result.report, "solid"),
        markers=True,
        decimals=result.indicator.decimals,
        cuts=frozenset(breaks(result)),
    )


def _told(row: Row, indicator: Indicator) -> str:
    """Return an own value with its interval, as said at the point."""
    text = wording.amount(row.value, indicator)
    if row.lower is not None and row.upper is not None:
        ends = {
            "low": notation.number(row.lower, indicator.decimals),
            "high": notation.number(row.upper, indicator.decimals),
        }
        text += " " + _("(95 %% certain between %(low)s and %(high)s)") % ends
    return text


def _beside(one: Shown, result: Series) -> Line:
    """Return the line of a municipality that is listed by name."""
    points = tuple(
        Point(
            year,
            value,
            f"{one.place.name} {year}: "
            + (wording.reason(why or CONFIDENTIAL) if value is None else wording.amount(value, result.indicator)),
        )
        for year, value, why in one.years
    )
    cuts, decimals = frozenset(breaks(result)), result.indicator.decimals
    return Line("peer", one.place.name, points, decimals=decimals, cuts=cuts)


def _middle(result: Series, statistic: Statistic) -> Line:
    """Return the line that stands for the group."""
    points = []
    for row in result.rows:
        value = statistic.of_row(row)
        if value is None:
            points.append(Point(row.year, None, wording.reason(row.group_reason)))
            continue
        text = _("%(statistic)s of %(group)s: %(value)s") % {
            "statistic": statistic.label,
            "group": result.group.described(row.n),
            "value": wording.amount(value, result.indicator),
        }
        points.append(Point(row.year, value, text))
    decimals = result.indicator.decimals
    return Line("median", statistic.label, tuple(points), decimals=decimals, cuts=frozenset(breaks(result)))


def breaks(result: Series) -> dict[int, str]:
    """Return the years from which the series means something else, with what changed; the words may be empty."""
    found = {row.year: "" for row in result.rows if row.reason == MissingReason.BREAK.value and not row.converted}
    if result.rows:
        first, last = result.rows[0].year, result.rows[-1].year
        found |= {one.year: one.words for one in result.breaks if first < one.year <= last}
    return dict(sorted(found.items()))


def converted(result: Series) -> tuple[int, ...]:
    """Return the years in which a figure was worked out again for the boundaries of now."""
    return tuple(row.year for row in result.rows if row.converted or row.n_converted)


def _norm(norm: NormLine, ends: list[int], places: int, *, alone: bool) -> Line:
    """Return a norm across the years in which it holds; one that begins after all of them is shown as what is coming."""
    years = range(min(ends), max(ends) + 1) if ends else range(0)
    name = _("norm") if alone else norm.label
    coming = norm.year_from is not None and all(year < norm.year_from for year in years)
    if coming:
        name = _("norm from %(year)s") % {"year": norm.year_from}
    text = f"{norm.label}: {notation.number(norm.value, places)}"
    points = tuple(Point(year, norm.value if coming else norm.in_year(year), text) for year in years)
    return Line("norm", name, points, "dot", decimals=places)


def _goal(goal: GoalLine, first: int | None, last: int | None, places: int) -> Line | None:
    """Return the target path as far as it fits beside the figures."""
    start = goal.baseline_year if goal.baseline_year is not None else goal.target_year
    low = start if first is None else max(start, min(first, goal.target_year))
    high = goal.target_year if last is None else min(goal.target_year, last + FARTHEST_AHEAD)
    points = tuple(
        Point(year, goal.in_year(year), f"{goal.label} {year}: {notation.number(goal.in_year(year), places)}")
        for year in range(low, high + 1)
    )
    return Line("goal", _("goal"), points, "dash", markers=True, decimals=places) if points else None
