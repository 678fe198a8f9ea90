"""The figures over HTTP (/api/v1): the same questions and the same limits as the pages.

Mounted by the site at the root of the API. Every answer depends on who asks; `request.user` is the session's or the
token's person, or nobody.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from benchmark import asking, goal_views, goals, groups, series
from benchmark.charts import export, trend, wording
from benchmark.charts import goal as goal_chart
from benchmark.charts.chart import Chart
from benchmark.cube import Place
from benchmark.groups import UnknownGroup
from benchmark.models import Goal, Indicator
from benchmark.permissions import viewer_for
from benchmark.problems import problem
from benchmark.schemas import (
    ChartOut,
    GoalOut,
    GroupOut,
    IndicatorDetailOut,
    IndicatorOut,
    MunicipalityOut,
    SeriesOut,
)
from benchmark.series import Row, Series, UnknownReport

router = Router(tags=["benchmark"])

CHART_KINDS = ("trend", "goal")
# An error that lists more than these helps nobody.
MOST_LISTED = 400


class Refused(Exception):  # noqa: N818 — it is an answer
    """The question cannot be answered; holds the response that says why."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response
        super().__init__(response.content)


def _indicator(code: str) -> Indicator:
    found = Indicator.objects.select_related("area").filter(code=code).first()
    if found is None:
        codes = list(Indicator.objects.values_list("code", flat=True)[:MOST_LISTED])
        raise Refused(
            problem(
                404,
                _("Unknown indicator"),
                _("There is no indicator “%(code)s”. `available` lists the codes that exist.") % {"code": code},
                available=codes,
            )
        )
    return found


def _reader(request: HttpRequest, code: str | None, municipality_id: int | None = None) -> asking.Reader:
    try:
        return asking.reader(request.user, code, municipality_id=municipality_id)
    except Http404:
        raise Refused(
            problem(
                404,
                _("Unknown municipality"),
                _("There is no municipality “%(code)s”. Codes look like GM0534; /api/v1/municipalities lists them.")
                % {"code": code},
            )
        ) from None


def _year(text: str | None, name: str) -> int | None:
    if not text:
        return None
    if not (text.isdecimal() and len(text) == 4):  # noqa: PLR2004 — digits of a year
        raise Refused(
            problem(
                400,
                _("Not a year"),
                _("“%(text)s” in `%(name)s` is not a year of four digits.") % {"text": text, "name": name},
            )
        )
    return int(text)


def _series(request: HttpRequest, asked: dict[str, str | None]) -> Series:
    if not asked.get("indicator"):
        raise Refused(problem(400, _("No indicator"), _("Say which indicator: ?indicator=<code>.")))
    found = _indicator(asked["indicator"] or "")
    first, last = _year(asked["from"], "from"), _year(asked["to"], "to")
    if first and last and first > last:
        raise Refused(problem(400, _("Not a period"), _("`from` lies after `to`.")))
    who = _reader(request, asked["municipality"])
    try:
        return asking.ask(
            who,
            found,
            # Without a word about the group an address means the same for everybody.
            group=asked["group"] or groups.DEFAULT,
            report=asked["report"] or "",
            first=first,
            last=last,
            **asking.lines(who, found),
        )
    except UnknownGroup as error:
        raise Refused(problem(404, _("Unknown group"), str(error), available=error.available)) from error
    except UnknownReport as error:
        raise Refused(problem(404, _("Unknown report"), str(error), available=error.available)) from error


# ---- shapes ---------------------------------------------------------------------------------------------------


def _place_out(place: Place) -> dict[str, Any]:
    return {
        "code": place.code,
        "name": place.name,
        "province": place.province,
        "existsFrom": place.exists_from,
        "existsUntil": place.exists_until,
    }


def _row_out(row: Row) -> dict[str, Any]:
    return {
        "year": row.year,
        "value": row.value,
        "status": row.status or None,
        "provisional": row.provisional,
        "reason": row.reason or None,
        "n": row.n,
        "median": row.median,
        "mean": row.mean,
        "weightedMean": row.weighted_mean,
        "p25": row.p25,
        "p75": row.p75,
        "min": row.minimum,
        "max": row.maximum,
        "groupReason": row.group_reason or None,
        "quarter": row.quarter or None,
        "verdict": row.verdict.outcome.value if row.verdict is not None else None,
        "verdictTest": row.verdict.check.value if row.verdict is not None else None,
    }


def _indicator_out(found: Indicator) -> dict[str, Any]:
    return {
        "code": found.code,
        "name": found.name,
        "unit": found.unit,
        "kind": found.kind,
        "direction": found.direction,
        "area": {"slug": found.area.slug, "name": found.area.name, "question": found.area.question},
        "decimals": found.decimals,
        "isCore": found.is_core,
    }


def _series_out(result: Series) -> dict[str, Any]:
    row = result.latest
    return {
        "indicator": _indicator_out(result.indicator),
        "municipality": _place_out(result.place) if result.place is not None else None,
        "unit": result.indicator.unit,
        "direction": result.indicator.direction,
        "report": result.report,
        "reports": list(result.reports),
        "group": {
            "key": result.group.key,
            "label": result.group.described(row.n) if row is not None else result.group.name,
        },
        "years": [_row_out(one) for one in result.rows],
        "sentence": wording.sentence(result),
        "source": result.source,
        "isDemo": result.is_demo,
        "revision": result.revision,
    }


def _chart_out(chart: Chart) -> dict[str, Any]:
    return {
        "kind": chart.kind,
        "title": chart.title,
        "figure": chart.figure,
        "table": {
            "caption": chart.table.caption,
            "columns": [{"key": column.key, "label": column.label} for column in chart.table.columns],
            "rows": [[cell.value for cell in row] for row in chart.table.rows],
        },
        "sentence": chart.sentence,
        "source": chart.source,
        "revision": chart.revision,
        "isDemo": chart.is_demo,
        "notes": list(chart.notes),
    }


# ---- addresses ------------------------------------------------------------------------------------------------


@router.get("/municipalities", response=list[MunicipalityOut], by_alias=True, url_name="municipalities")
def municipalities(request: HttpRequest, year: str | None = None) -> Any:
    """List the municipalities of the register, by name; with `year` those that existed then."""
    try:
        chosen = _year(year, "year")
    except Refused as refused:
        return refused.response
    places = asking.cubes.current().register.places
    found = [place for place in places if chosen is None or place.existed_in(chosen)]
    return [_place_out(place) for place in sorted(found, key=lambda one: one.name)]


@router.get("/indicators", response=list[IndicatorOut], by_alias=True, url_name="indicators")
def indicators(request: HttpRequest, area: str | None = None, core: bool | None = None, q: str = "") -> Any:  # noqa: FBT001 — ninja reads these from the address
    """List the indicators, by area."""
    found = Indicator.objects.select_related("area").order_by("area__position", "position", "code")
    if area:
        found = found.filter(area__slug=area)
    if core is not None:
        found = found.filter(is_core=core)
    if q:
        found = found.filter(name__icontains=q)
    return [_indicator_out(one) for one in found]


@router.get("/indicators/{code}", response=IndicatorDetailOut, by_alias=True, url_name="indicator")
def indicator(request: HttpRequest, code: str) -> Any:
    """Tell all about one indicator."""
    try:
        found = _indicator(code)
    except Refused as refused:
        return refused.response
    part = asking.cubes.current().slice(found.pk)
    return {
        **_indicator_out(found),
        "definition": found.definition,
        "numerator": found.numerator,
        "denominator": found.denominator,
        "source": found.source,
        "minimum": found.minimum,
        "maximum": found.maximum,
        "reports": list(part.reports),
        "years": part.years.tolist(),
        "norms": [
            {
                "label": norm.label,
                "bound": norm.bound,
                "value": norm.value,
                "yearFrom": norm.year_from,
                "yearUntil": norm.year_until,
            }
            for norm in series.norm_lines(found, viewer_for(request.user).home)
        ],
        "referenceValues": [
            {"label": one.label, "year": one.year, "value": one.value, "source": one.source}
            for one in found.reference_values.all()
        ],
    }


@router.get("/groups", response=list[GroupOut], by_alias=True, url_name="groups")
def comparison_groups(request: HttpRequest, municipality: str | None = None) -> Any:
    """List the comparison groups this reader may use; chosen peers and kringen with their members."""
    try:
        who = _reader(request, municipality)
    except Refused as refused:
        return refused.response
    register = who.cube.register
    return [
        {
            "key": choice.key,
            "label": choice.label,
            "kind": choice.kind,
            "municipalities": None
            if choice.group is None
            else sorted(register.place(pk).code for pk in groups.members_of(choice.group) if pk in register.index),
        }
        for choice in who.choices
    ]


@router.get("/series", response=SeriesOut, by_alias=True, url_name="series")
def get_series(  # noqa: PLR0913, PLR0917 — the parameters of the contract
    request: HttpRequest,
    indicator: str = "",
    municipality: str | None = None,
    group: str = "",
    first: str | None = Query(None, alias="from"),
    last: str | None = Query(None, alias="to"),
    report: str = "",
) -> Any:
    """Answer one question: an indicator, a municipality, a group, some years."""
    asked = {"indicator": indicator, "municipality": municipality, "group": group, "from": first, "to": last}
    try:
        return _series_out(_series(request, {**asked, "report": report}))
    except Refused as refused:
        return refused.response


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
    goal: str = "",
    format: str = "json",  # noqa: A002 — the name is the contract's
) -> Any:
    """Draw a chart of a question; `format` downloads the same state as csv, xlsx or svg."""
    asked = {"indicator": indicator, "municipality": municipality, "group": group, "from": first, "to": last}
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
        else:
            chart = trend.chart(_series(request, {**asked, "report": report}))
    except Refused as refused:
        return refused.response
    return _chart_out(chart) if format == "json" else export.export(chart, format)


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


@router.get("/goals", response=list[GoalOut], by_alias=True, url_name="goals")
def goal_list(request: HttpRequest, municipality: str = "", indicator: str = "") -> Any:
    """List the goals this reader may see, with how they stand for them."""
    found = Goal.objects.visible_to(request.user).for_board()
    if municipality:
        found = found.filter(municipality__code=municipality.upper())
    if indicator:
        found = found.filter(indicator__code=indicator)
    return [_goal_out(one) for one in goals.with_states(found, viewer=viewer_for(request.user))]


def _goal_out(one: goals.Standings) -> dict[str, Any]:
    goal, state = one.goal, one.state
    return {
        "id": goal.pk,
        "title": goal.title,
        "why": goal.why,
        "municipality": goal.municipality.code,
        "municipalityName": goal.municipality.name,
        "indicator": goal.indicator.code,
        "baselineValue": goal.baseline_value,
        "baselineYear": goal.baseline_year,
        "targetValue": goal.target_value,
        "targetDate": goal.target_date,
        "visibility": goal.visibility,
        "state": {
            "standing": state.standing.value,
            "why": state.why.value,
            "value": state.value,
            "year": state.year,
            "expected": state.expected,
            "neededPerYear": state.needed_per_year,
            "pacePerYear": state.pace_per_year,
        },
        "sentence": " ".join(goal_chart.sentences(goal, state, goal.indicator)),
        "url": goal.get_absolute_url(),
    }
