"""Pages of figures."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from benchmark import asking, groups, peers
from benchmark.asking import Reader
from benchmark.charts import trend, wording
from benchmark.forms import SeriesForm, places_for
from benchmark.models import Area, Indicator
from benchmark.permissions import can_create_goal
from benchmark.series import Row, Series, default_report

MOST_FOUND = 60


@dataclass(frozen=True, slots=True)
class Position:
    """An indicator in a list: the latest figures and the own place among them, in words."""

    indicator: Indicator
    result: Series

    @property
    def row(self) -> Row | None:
        """The year that is told about."""
        return self.result.latest

    @property
    def own(self) -> str:
        """The own value with unit, or why there is none."""
        row = self.row
        if row is not None and row.value is not None:
            return wording.amount(row.value, self.indicator)
        return ""

    @property
    def why_not(self) -> str:
        """Why there is no own value."""
        rows = self.result.rows
        return wording.reason(rows[-1].reason if rows else "not-delivered")

    @property
    def median(self) -> str:
        """The median of the group with unit, or why it is not shown."""
        row = self.row
        if row is None:
            hidden = any(one.group_reason == "too-few" for one in self.result.rows)
            return wording.reason("too-few") if hidden else "–"
        return wording.reason(row.group_reason) if row.median is None else wording.amount(row.median, self.indicator)

    @property
    def quarter(self) -> str:
        """The place in the group."""
        return wording.quarter(self.row, self.indicator) if self.row is not None else ""

    @property
    def outcome(self) -> str:
        """The verdict, empty when there is nothing to compare."""
        row = self.row
        return row.verdict.outcome.value if row is not None and row.verdict is not None else ""


def index(request: HttpRequest) -> HttpResponse:
    """Show the areas with their core indicators and the own place among them; or what a search found."""
    who = asking.reader(request.user, _code(request))
    query = request.GET.get("q", "").strip()[:80]
    context: dict[str, Any] = {"query": query, "place": _place(who)}
    if query:
        found = Indicator.objects.select_related("area").filter(Q(name__icontains=query) | Q(code__icontains=query))
        context["found"] = found[: MOST_FOUND + 1]
        context["most"] = MOST_FOUND
        return render(request, "benchmark/index.html", context)
    core = list(Indicator.objects.filter(is_core=True).select_related("area").order_by("area__position", "position"))
    who.cube.slices(one.pk for one in core)
    key = groups.preferred(who.viewer, who.choices)
    positions: dict[int, list[Position]] = defaultdict(list)
    for one in core:
        positions[one.area_id].append(Position(one, asking.ask(who, one, group=key)))
    # Hundreds of links: reversing each would take longer than the figures. A code needs no quoting.
    base = reverse("benchmark:indicator", args=["x"]).removesuffix("x/")
    others: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rest = Indicator.objects.filter(is_core=False).order_by("position", "code")
    for area_id, name, code in rest.values_list("area_id", "name", "code"):
        others[area_id].append((name, f"{base}{code}/"))
    context["areas"] = [
        {"area": area, "positions": positions[area.pk], "others": others[area.pk]}
        for area in Area.objects.all()
        if positions[area.pk] or others[area.pk]
    ]
    context["group"] = next(choice.label for choice in who.choices if choice.key == key)
    context["is_demo"] = any(one.result.is_demo for some in positions.values() for one in some)
    return render(request, "benchmark/index.html", context)


def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """Show one indicator: what it is, then the figures as sentence, table and picture."""
    found = get_object_or_404(Indicator.objects.select_related("area"), code=code)
    who = asking.reader(request.user, _code(request))
    form = series_form(request, who, found)
    form.is_valid()
    asked = form.cleaned_data
    if request.user.is_authenticated and request.GET.get("group") and asked.get("group"):
        peers.remember_choice(by=request.user, key=asked["group"])
    # What could not be understood is named above the form; the rest of the question still holds.
    result = asking.ask(
        who,
        found,
        group=asked.get("group") or "",
        report=asked.get("report") or "",
        first=asked.get("first") if "last" not in form.errors else None,
        last=asked.get("last"),
        **asking.lines(who, found),
    )
    chart = trend.chart(result)
    return render(
        request,
        "benchmark/indicator.html",
        {
            "indicator": found,
            "direction": wording.direction(found),
            "form": form,
            "result": result,
            "chart": chart,
            "place": _place(who),
            "state": _address(result, asked),
            "references": found.reference_values.all(),
            "can_set_goal": request.user.is_authenticated and can_create_goal(request.user),
            "public": not who.viewer.takes_part,
        },
    )


def series_form(request: HttpRequest, who: Reader, found: Indicator) -> SeriesForm:
    """Return the form that says what is shown, filled with what the address says and sensible beginnings."""
    part = who.cube.slice(found.pk)
    place = _place(who)
    data = {
        "municipality": place.code if place is not None else "",
        "group": request.GET.get("group") or groups.preferred(who.viewer, who.choices),
        "report": request.GET.get("report") or default_report(part),
        "first": request.GET.get("first", ""),
        "last": request.GET.get("last", ""),
    }
    places = places_for(who.viewer, who.cube, part)
    if place is not None and place.code not in dict(places):
        places.append((place.code, place.name))
    return SeriesForm(data, choices=who.choices, part=part, places=places)


def _code(request: HttpRequest) -> str | None:
    return request.GET.get("municipality")


def _place(who: Reader) -> Any:
    return None if who.place_id is None else who.cube.register.place(who.place_id)


def _address(result: Series, asked: dict[str, Any]) -> str:
    """Return the query string of exactly what is shown, for the API and for downloads."""
    state = QueryDict(mutable=True)
    state["indicator"] = result.indicator.code
    state["municipality"] = result.place.code if result.place is not None else ""
    state["group"] = result.group.key
    if result.report:
        state["report"] = result.report
    for ours, theirs in (("first", "from"), ("last", "to")):
        if asked.get(ours):
            state[theirs] = str(asked[ours])
    return state.urlencode()
