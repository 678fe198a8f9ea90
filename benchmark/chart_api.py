"""Charts over HTTP: figure, table and sentence of one result, or the same state as a download."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router

from benchmark import groups, showing
from benchmark.api_questions import Refused, indicator_of, reader_of, year_of
from benchmark.charts import export
from benchmark.charts.chart import Chart
from benchmark.groups import UnknownGroup
from benchmark.models import Goal
from benchmark.past import VersionGone
from benchmark.problems import problem
from benchmark.schemas import ChartOut
from benchmark.series import UnknownReport
from benchmark.showing import KINDS, State, Unshowable
from benchmark.views import goal_pair as goal_pair_views
from benchmark.views import goals as goal_views

router = Router(tags=["benchmark"])
CHART_KINDS = (*KINDS, "goal", "goal-pair")


def chart_out(chart: Chart) -> dict[str, Any]:
    """Return a chart as the API gives it."""
    return {
        "kind": chart.kind,
        "title": chart.title,
        "figure": chart.figure,
        "table": {
            "caption": chart.table.caption,
            "columns": [{"key": column.key, "label": column.label} for column in chart.table.columns],
            "rows": [[cell.value for cell in row] for row in chart.table.all_rows],
        },
        "sentence": chart.sentence,
        "source": chart.source,
        "revision": chart.revision,
        "isDemo": chart.is_demo,
        "notes": list(chart.notes),
    }


@router.get("/charts/{kind}", response=ChartOut, by_alias=True, url_name="chart")
def get_chart(  # noqa: PLR0913, PLR0917 — the parameters of the contract
    request: HttpRequest,
    kind: str,
    indicator: str = "",
    municipality: str | None = None,
    group: str = "",
    first: str | None = Query(None, alias="from"),
    last: str | None = Query(None, alias="to"),
    report: str = "",
    statistic: str = "",
    boundaries: str = "",
    show: str = "",
    sort: str = "",
    revision: str | None = None,
    goal: str = "",
    beside: str = "",
    scale: str = "",
    format: str = "json",  # noqa: A002 — the name is the contract's
) -> Any:
    """Draw a chart of a question; `format` downloads the same state as csv, xlsx, svg or a data package (zip)."""
    try:
        if kind not in CHART_KINDS:
            return problem(
                404,
                _("Unknown chart"),
                _("There is no chart “%(kind)s”. `available` lists those that exist.") % {"kind": kind},
                available=list(CHART_KINDS),
            )
        if format not in ("json", *export.FORMATS):
            return problem(
                400,
                _("Unknown format"),
                _("A chart comes as one of: %(names)s.") % {"names": ", ".join(("json", *export.FORMATS))},
                available=["json", *export.FORMATS],
            )
        if kind == "goal":
            chart = _goal_chart(request, goal, group, report)
        elif kind == "goal-pair":
            chart = _goal_pair(request, goal, beside, scale)
        else:
            state = State(
                indicator=indicator,
                kind=kind,
                municipality=municipality,
                # Without a word about the group an address means the same for everybody.
                group=group or groups.DEFAULT,
                report=report,
                first=year_of(first, "from"),
                last=year_of(last, "to"),
                statistic=statistic,
                boundaries=boundaries,
                show=show,
                sort=sort,
                revision=_revision(revision),
            )
            chart = _chart(request, state)
    except Refused as refused:
        return refused.response
    return chart_out(chart) if format == "json" else export.export(chart, format)


def _revision(text: str | None) -> int | None:
    if not text:
        return None
    if not (text.isdecimal() and len(text) < 10):  # noqa: PLR2004 — more digits than any revision has
        raise Refused(problem(400, _("Not a revision"), _("`revision` is a whole number.")))
    return int(text)


def _chart(request: HttpRequest, state: State) -> Chart:
    if not state.indicator:
        raise Refused(problem(400, _("No indicator"), _("Say which indicator: ?indicator=<code>.")))
    found = indicator_of(state.indicator)
    if state.first and state.last and state.first > state.last:
        raise Refused(problem(400, _("Not a period"), _("`from` lies after `to`.")))
    who = reader_of(request, state.municipality)
    try:
        return showing.chart(state, who, found)[0]
    except UnknownGroup as error:
        raise Refused(problem(404, _("Unknown group"), str(error), available=error.available)) from error
    except UnknownReport as error:
        raise Refused(problem(404, _("Unknown report"), str(error), available=error.available)) from error
    except (Unshowable, VersionGone) as error:
        raise Refused(problem(404, _("Nothing to show"), str(error))) from error


def _goal_chart(request: HttpRequest, pk: str, group: str, report: str) -> Chart:
    found = None
    if pk.isdecimal() and len(pk) < 12:  # noqa: PLR2004 — more digits than any key has
        found = Goal.objects.visible_to(request.user).for_board().filter(pk=int(pk)).first()
    if found is None:
        raise Refused(
            problem(404, _("Unknown goal"), _("Say which goal: ?goal=<id>. /api/v1/goals lists those you may see."))
        )
    try:
        return goal_views.chart_of(request.user, found, group=group, report=report)[1]
    except UnknownReport as error:
        raise Refused(problem(404, _("Unknown report"), str(error), available=error.available)) from error


def _goal_pair(request: HttpRequest, goal: str, beside: str, scale: str) -> Chart:
    try:
        return goal_pair_views.chart_of(request.user, goal, beside, goal_pair_views.scale_of(scale))[0]
    except goal_pair_views.Incomparable as error:
        raise Refused(problem(404, _("Nothing to compare"), str(error))) from error
