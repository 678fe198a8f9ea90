"""The figures over HTTP (/api/v1): the same questions and the same limits as the pages.

Mounted by the site at the root of the API. Every answer depends on who asks; `request.user` is the session's or the
token's person, or nobody.
"""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router

from benchmark import asking, groups, series
from benchmark.api_questions import Refused, boundaries_of, indicator_of, reader_of, year_of
from benchmark.chart_api import router as charts
from benchmark.charts import wording
from benchmark.cube import Place
from benchmark.goal_api import router as goals
from benchmark.groups import UnknownGroup
from benchmark.models import Indicator
from benchmark.permissions import viewer_for
from benchmark.problems import problem
from benchmark.schemas import (
    GroupOut,
    IndicatorDetailOut,
    IndicatorOut,
    MunicipalityOut,
    SeriesOut,
)
from benchmark.series import Row, Series, UnknownReport

router = Router(tags=["benchmark"])
router.add_router("", charts)
router.add_router("", goals)


def _series(who: asking.Reader, asked: dict[str, str | None]) -> Series:
    if not asked.get("indicator"):
        raise Refused(problem(400, _("No indicator"), _("Say which indicator: ?indicator=<code>.")))
    found = indicator_of(asked["indicator"] or "")
    first, last = year_of(asked["from"], "from"), year_of(asked["to"], "to")
    if first and last and first > last:
        raise Refused(problem(400, _("Not a period"), _("`from` lies after `to`.")))
    boundaries = boundaries_of(asked["boundaries"])
    try:
        result = asking.ask(
            who,
            found,
            # Without a word about the group an address means the same for everybody.
            group=asked["group"] or groups.DEFAULT,
            report=asked["report"] or "",
            first=first,
            last=last,
            boundaries=boundaries,
            **asking.lines(who, found),
        )
    except UnknownGroup as error:
        raise Refused(problem(404, _("Unknown group"), str(error), available=error.available)) from error
    except UnknownReport as error:
        raise Refused(problem(404, _("Unknown report"), str(error), available=error.available)) from error
    known = result.part.years.tolist() if result.part is not None else []
    if known and not result.rows:
        raise Refused(
            problem(
                404,
                _("No such years"),
                _("There are no figures in that period. `available` lists the years that have any."),
                available=known,
            )
        )
    return result


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
        "quarterSame": row.steadiness.same if row.steadiness is not None else None,
        "quarterOf": row.steadiness.of if row.steadiness is not None else None,
        "verdict": row.verdict.outcome.value if row.verdict is not None else None,
        "verdictTest": row.verdict.check.value if row.verdict is not None else None,
        "converted": row.converted,
        "nConverted": row.n_converted,
    }


def _trend_out(result: Series) -> dict[str, Any]:
    """Return the trend test; a statistic without bound (a perfectly straight line) has no number."""
    found = result.course
    statistic = found.statistic
    return {
        "line": found.line.value,
        "outcome": wording.course_outcome(found, result.indicator),
        "test": found.check.value,
        "points": found.points,
        "statistic": statistic if statistic is not None and math.isfinite(statistic) else None,
        "slope": found.slope,
        "from": found.first,
        "to": found.last,
        "sentence": wording.course(found),
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


def _shown_out(who: asking.Reader, result: Series, key: str) -> list[dict[str, Any]]:
    """Return the municipalities to list beside the own one, with their values as far as they may be named."""
    return [
        {
            "municipality": _place_out(one.place),
            "years": [
                {"year": year, "value": value, "reason": None if value is not None else reason or "confidential"}
                for year, value, reason in one.years
            ],
        }
        for one in asking.shown(who, result, key)
    ]


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
        "boundaries": result.boundaries.value,
        "years": [_row_out(one) for one in result.rows],
        "trend": _trend_out(result),
        "sentence": wording.sentence(result),
        "source": result.source,
        "isDemo": result.is_demo,
        "revision": result.revision,
    }


# ---- addresses ------------------------------------------------------------------------------------------------


@router.get("/municipalities", response=list[MunicipalityOut], by_alias=True, url_name="municipalities")
def municipalities(request: HttpRequest, year: str | None = None) -> Any:
    """List the municipalities of the register, by name; with `year` those that existed then."""
    try:
        chosen = year_of(year, "year")
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
        found = indicator_of(code)
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
        who = reader_of(request, municipality)
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
    boundaries: str = "",
    show: str = "",
) -> Any:
    """Answer one question: an indicator, a municipality, a group, some years.

    `group` is with whom to compare: over it the figures are computed. `show` is whom to list by name beside the own
    municipality: codes with commas between them, or the key of a kring or of chosen peers. `boundaries=now` answers
    for the municipalities of now in every year, `then` (the default) for those of each year.
    """
    asked = {"indicator": indicator, "municipality": municipality, "group": group, "from": first, "to": last}
    try:
        who = reader_of(request, municipality)
        result = _series(who, {**asked, "report": report, "boundaries": boundaries})
        return {**_series_out(result), "shown": _shown_out(who, result, show) if show else None}
    except Refused as refused:
        return refused.response
    except UnknownGroup as error:
        return problem(404, _("Unknown group"), str(error), available=error.available)
