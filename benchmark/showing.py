"""From an address to a chart: the one state that pages, the API, downloads and embedded charts share.

Everything that decides what is seen stands in the address, so a link shows somebody else the same, as far as they may
see it. `State` knows nothing of requests: it is made from a query string and gives one back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from benchmark import asking, groups, outlines, past, snapshots
from benchmark.asking import Reader
from benchmark.boundaries import Boundaries
from benchmark.charts import choropleth, distribution, dumbbell, heatmap, trend
from benchmark.charts.chart import Chart
from benchmark.charts.statistic import Statistic
from benchmark.models import Indicator
from benchmark.series import Series
from benchmark.snapshots import Snapshot

KINDS = ("trend", "distribution", "dumbbell", "heatmap", "map")


class Unshowable(ValueError):  # noqa: N818 — it is an answer to a person
    """What the address asks for cannot be shown; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class State:
    """What is shown.

    Attributes:
        indicator: its code.
        kind: one of `KINDS`.
        municipality: CBS code; None for the reader's own, empty for none.
        group: key of the comparison group; empty for the reader's preferred one.
        report: name of the report, where there are several.
        first, last: years, inclusive.
        statistic: "median", "mean" or "weighted".
        boundaries: "now" for those of now in every year; else those of each year.
        show: whom to list by name, apart from those compared with: the key of a group whose members are known, or codes
            with commas between them; empty for those of the comparison group.
        sort: column of the table, with a minus for the other way round.
        revision: of the figures; None for the latest.
    """

    indicator: str
    kind: str = "trend"
    municipality: str | None = None
    group: str = ""
    report: str = ""
    first: int | None = field(default=None, metadata={"name": "from"})
    last: int | None = field(default=None, metadata={"name": "to"})
    statistic: str = ""
    boundaries: str = ""
    show: str = ""
    sort: str = ""
    revision: int | None = None

    @classmethod
    def of(cls, query: Mapping[str, Any], **fixed: Any) -> State:
        """Return the state of a query string; `first` and `last` are understood beside `from` and `to`.

        Raises:
            Unshowable: for a year that is none, or a kind that does not exist.
        """
        found: dict[str, Any] = {}
        for one in fields(cls):
            name = str(one.metadata.get("name", one.name))
            text = query.get(name, query.get(one.name))
            if text is not None:
                found[one.name] = _number(str(text), name) if one.name in {"first", "last", "revision"} else str(text)
        state = cls(**{"indicator": "", **found, **fixed})
        if state.kind not in KINDS:
            raise Unshowable(
                _("There is no chart “%(kind)s”. Choose one of: %(kinds)s.")
                % {"kind": state.kind, "kinds": ", ".join(KINDS)}
            )
        if state.first and state.last and state.first > state.last:
            raise Unshowable(_("The first year lies after the last."))
        return state

    def query(self, **changed: Any) -> str:
        """Return the query string of this state, with some of it changed; without what is not said."""
        state = replace(self, **changed)
        found = {}
        for one in fields(state):
            value = getattr(state, one.name)
            if value or (one.name == "municipality" and value is not None):
                found[str(one.metadata.get("name", one.name))] = value
        return urlencode(found)


def _number(text: str, name: str) -> int | None:
    if not text:
        return None
    if not (text.isdecimal() and len(text) < 10):  # noqa: PLR2004 — more digits than any revision has
        raise Unshowable(_("“%(text)s” in `%(name)s` is not a number.") % {"text": text, "name": name})
    return int(text)


def chart(state: State, who: Reader, indicator: Indicator) -> tuple[Chart, Series]:
    """Return the chart of a state for a reader, with the series it rests on.

    Raises:
        UnknownGroup: the group does not exist for this reader.
        UnknownReport: the indicator has no such report.
        VersionGone: the version asked for cannot be shown.
        Unshowable: there is nothing of this kind to show.
    """
    if state.revision is not None and state.revision != who.cube.revision:
        wanted = [indicator.pk]
        if state.kind == "heatmap":
            wanted += [one.pk for one in _beside(indicator)]
        then = past.at_revision(who.cube, state.revision, indicator_ids=wanted, viewer=who.viewer)
        who = replace(who, cube=then)
    result = asking.ask(
        who,
        indicator,
        group=state.group,
        report=state.report,
        # A dumbbell needs its years; a verdict needs the years before.
        first=state.first if state.kind == "trend" else None,
        last=state.last if state.kind == "trend" else None,
        boundaries=_boundaries(state),
        **asking.lines(who, indicator),
    )
    if state.show and state.kind != "map":  # a map of three municipalities is no map
        result = replace(result, shown=tuple(asking.shown(who, result, state.show)))
    made = _made(state, who, indicator, result)
    if state.sort:
        made = replace(made, table=made.table.sorted_by(state.sort))
    return made, result


def _boundaries(state: State) -> Boundaries:
    return Boundaries.NOW if state.boundaries == Boundaries.NOW else Boundaries.THEN


def _made(state: State, who: Reader, indicator: Indicator, result: Series) -> Chart:
    statistic = Statistic.of(state.statistic)
    if state.kind == "trend":
        return trend.chart(result, statistic)
    if state.kind == "heatmap":
        return heatmap.chart(_matrix(state, who, indicator, result), asked=indicator)
    latest = _shot(result, who, state.last)
    if state.kind == "distribution":
        return distribution.chart(latest, statistic)
    if state.kind == "map":
        return choropleth.chart(latest, outlines.for_year(latest.year))
    first = _shot(result, who, state.first or _earliest(result))
    return dumbbell.chart(first, latest, statistic)


def _earliest(result: Series) -> int:
    """Return the first year with an own value; without a municipality, with figures of the group."""
    own = [row.year for row in result.rows if row.value is not None]
    told = own or [row.year for row in result.rows if row.median is not None]
    return told[0] if told else result.rows[0].year


def _shot(result: Series, who: Reader, year: int | None) -> Snapshot:
    if not result.rows:
        raise Unshowable(_("No figures are known yet for this choice."))
    found = snapshots.take(result, cube=who.cube, viewer=who.viewer, year=year)
    if found is None:
        raise Unshowable(
            _("There are no figures of %(year)s. Choose one of: %(years)s.")
            % {"year": year, "years": ", ".join(str(row.year) for row in result.rows)}
        )
    return found


def _matrix(state: State, who: Reader, indicator: Indicator, result: Series) -> list[Snapshot]:
    """Return a snapshot of every core indicator of the area, the asked one first; two queries for all of them."""
    beside = _beside(indicator)
    who.cube.slices(one.pk for one in beside)
    found = [snapshots.take(result, cube=who.cube, viewer=who.viewer, year=state.last)]
    group = result.group.key
    for one in beside:
        series = asking.ask(who, one, group=group, boundaries=_boundaries(state))
        if result.shown is not None:
            series = replace(series, shown=result.shown)
        year = state.last if state.last in {row.year for row in series.rows} else None
        found.append(snapshots.take(series, cube=who.cube, viewer=who.viewer, year=year))
    shots = [one for one in found if one is not None]
    if not shots or not heatmap.columns(shots):
        raise Unshowable(
            _("Nobody in this group shares figures by name with you, so there is nothing to put in cells.")
        )
    return shots


def _beside(indicator: Indicator) -> list[Indicator]:
    """Return the core indicators of the same area, as many as fit."""
    area = Indicator.objects.filter(area_id=indicator.area_id, is_core=True).exclude(pk=indicator.pk)
    return list(area.select_related("area").order_by("position", "code")[: heatmap.MOST_INDICATORS - 1])


def statistics() -> list[tuple[str, str]]:
    """Return the choices of the number that stands for a group."""
    return [(one.value, one.label) for one in Statistic]


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of chart with their names."""
    return [
        ("trend", _("Through the years")),
        ("distribution", _("Spread")),
        ("dumbbell", _("Two years")),
        ("heatmap", _("Whole area")),
        ("map", _("Map")),
    ]


def preferred_group(who: Reader) -> str:
    """Return the group to start with."""
    return groups.preferred(who.viewer, who.choices)
