"""Two goals in one chart: from their own start to their own target, or both in their unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark import goal_pairs, notation
from benchmark.charts import wording
from benchmark.charts.chart import Cell, Chart, Column, Table
from benchmark.charts.picture import Line, Picture, Point
from benchmark.goal_pairs import Scale, Walk
from benchmark.models import Goal

ROLES = ("own", "peer")
DASHES = ("dash", "dot")


@dataclass(frozen=True, slots=True)
class Side:
    """One of two goals, with what this reader may know of it.

    Attributes:
        goal: with its municipality and indicator.
        name: whose it is, told apart from the other.
        walk: the goal on the scale of the comparison; None when it cannot be put on it.
    """

    goal: Goal
    name: str
    walk: Walk | None


def names(one: Goal, other: Goal) -> tuple[str, str]:
    """Return what to call each of two goals: their municipality, and the title where that is the same."""
    first, second = one.municipality.name, other.municipality.name
    if first != second:
        return first, second
    return f"{first}: {one.title}", f"{second}: {other.title}"


def chart(sides: Sequence[Side], scale: Scale, *, source: str, revision: int, is_demo: bool) -> Chart:
    """Return the chart of two goals.

    Args:
        sides: both, the reader's own first where one of them is.
        scale: of both; in units only for goals of one unit.
        source: of the figures, as it must be quoted.
        revision: of the figures.
        is_demo: whether any of them is example data.
    """
    title = _("%(one)s beside %(other)s: %(what)s") % {
        "one": sides[0].name,
        "other": sides[1].name,
        "what": _("how far from start to target") if scale is Scale.WAY else sides[0].goal.indicator.name,
    }
    said = " ".join(sentences(sides, scale))
    footer = [_("Source: %(source)s") % {"source": source or "–"}, _("figures version %(n)s") % {"n": revision}]
    if is_demo:
        footer.append(_("example data"))
    return Chart(
        kind="goal-pair",
        title=title,
        sentence=said,
        table=_table(sides, scale, title),
        picture=Picture(
            title=title,
            description=said,
            unit=_unit(sides[0].goal, scale),
            footer=" · ".join(footer),
            lines=_lines(sides, scale),
            from_zero=scale is Scale.WAY or sides[0].goal.indicator.kind not in {"grade", "effort"},
            decimals=_decimals(sides[0].goal, scale),
        ),
        source=source,
        revision=revision,
        is_demo=is_demo,
        notes=(_("Start and target of each goal are those it was set with; the years between are published figures."),),
    )


def _decimals(goal: Goal, scale: Scale) -> int:
    return 0 if scale is Scale.WAY else goal.indicator.decimals


def _unit(goal: Goal, scale: Scale) -> str:
    if scale is Scale.WAY:
        return _("percent of the way: 0 is the start, 100 the target · years since the start")
    return f"{notation.unit_in_words(goal.indicator.unit)} · {wording.direction(goal.indicator).rstrip('.').lower()}"


def _told(value: float | None, goal: Goal, scale: Scale) -> str:
    if scale is Scale.WAY:
        return notation.amount(value, 0, "%")
    return wording.amount(value, goal.indicator)


# ---- sentence -------------------------------------------------------------------------------------------------------


def sentences(sides: Sequence[Side], scale: Scale) -> list[str]:
    """Return how far each is, and who is further in the same number of years."""
    said = [_one(side, scale) for side in sides]
    walks = [side.walk for side in sides if side.walk is not None]
    if len(walks) < len(sides) or scale is Scale.UNITS:
        return said
    year = goal_pairs.last_common(walks[0], walks[1])
    if year is None:
        return [*said, _("They cannot be compared yet: there is no number of years after which both have a figure.")]
    first, second = (round(walk.at(year) or 0.0) for walk in walks)
    after = ngettext("%(n)s year", "%(n)s years", year) % {"n": year}
    if first == second:
        return [*said, _("After %(after)s both covered as much of their way.") % {"after": after}]
    ahead = sides[0] if first > second else sides[1]
    return [*said, _("After %(after)s %(ahead)s had covered more of its way.") % {"after": after, "ahead": ahead.name}]


def _one(side: Side, scale: Scale) -> str:
    said = {
        "name": side.name,
        "title": side.goal.title,
        "target": wording.amount(side.goal.target_value, side.goal.indicator),
    }
    if side.walk is None:
        return (
            _("Of the goal of %(name)s (“%(title)s”) the way is not known: it has no start, or no figure measures it.")
            % said
        )
    if len(side.walk.points) < 2:  # noqa: PLR2004 — the start and nothing after it
        return _("Of %(name)s (“%(title)s”, to %(target)s) there is no figure to see after the start.") % said
    year, value = side.walk.points[-1]
    said |= {"value": _told(value, side.goal, scale), "plan": _told(side.walk.plan(year), side.goal, scale)}
    if scale is Scale.UNITS:
        said["when"] = str(year)
        if not said["plan"]:
            return _("%(name)s (“%(title)s”, to %(target)s) was at %(value)s in %(when)s.") % said
        return (
            _("%(name)s (“%(title)s”, to %(target)s) was at %(value)s in %(when)s; its path would be at %(plan)s.")
            % said
        )
    said["when"] = ngettext("%(n)s year", "%(n)s years", year) % {"n": year}
    if not said["plan"]:
        return _("%(name)s (“%(title)s”, to %(target)s) covered %(value)s of its way in %(when)s.") % said
    return (
        _(
            "%(name)s (“%(title)s”, to %(target)s) covered %(value)s of its way in %(when)s; its path would be at %(plan)s."
        )
        % said
    )


# ---- table and picture ------------------------------------------------------------------------------------------------


def _years(sides: Sequence[Side]) -> list[int]:
    walks = [side.walk for side in sides if side.walk is not None]
    return sorted({year for walk in walks for year, _value in (*walk.points, *walk.planned)})


def _table(sides: Sequence[Side], scale: Scale, title: str) -> Table:
    columns = [Column("year", _("Years since the start") if scale is Scale.WAY else _("Year"))]
    for at, side in enumerate(sides, 1):
        columns.append(Column(f"value{at}", side.name))
        columns.append(Column(f"path{at}", _("Path of %(name)s") % {"name": side.name}))

    def cell(value: float | None, side: Side, *, planned: bool) -> Cell:
        if value is None:
            return Cell(None, "–" if planned else _("no figure yet"), missing=True)
        return Cell(round(value, 6), _told(value, side.goal, scale))

    rows = []
    for year in _years(sides):
        cells = [Cell(year, str(year))]
        for side in sides:
            cells.append(cell(side.walk.at(year) if side.walk else None, side, planned=False))
            cells.append(cell(side.walk.plan(year) if side.walk else None, side, planned=True))
        rows.append(tuple(cells))
    return Table(f"{title} ({_unit(sides[0].goal, scale)})", tuple(columns), tuple(rows))


def _lines(sides: Sequence[Side], scale: Scale) -> tuple[Line, ...]:
    lines = []
    for at, side in enumerate(sides):
        if side.walk is None:
            continue
        decimals = _decimals(side.goal, scale)
        name = {"name": side.name}
        planned = _points(side, side.walk.planned, _("path of %(name)s") % name, scale)
        lines.append(Line("goal", _("path of %(name)s") % name, planned, DASHES[at], decimals=decimals))
        lines.append(
            Line(
                ROLES[at], side.name, _points(side, side.walk.points, side.name, scale), markers=True, decimals=decimals
            )
        )
    return tuple(lines)


def _points(side: Side, points: Sequence[tuple[int, float]], name: str, scale: Scale) -> tuple[Point, ...]:
    return tuple(Point(year, value, f"{name} {year}: {_told(value, side.goal, scale)}") for year, value in points)
