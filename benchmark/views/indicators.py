"""Pages of figures."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from benchmark import asking, groups, peers, positions, showing, talk
from benchmark.asking import Reader
from benchmark.charts import wording
from benchmark.forms.groups import SeriesForm, places_for
from benchmark.groups import UnknownGroup
from benchmark.models import Area, Indicator
from benchmark.past import VersionGone
from benchmark.permissions import can_create_goal
from benchmark.series import default_report
from benchmark.showing import State, Unshowable

MOST_FOUND = 60


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator in the list: the latest figures and the own place among them, in words."""

    indicator: Indicator
    found: positions.Position | None

    @property
    def own(self) -> str:
        """The own value with unit, empty when there is none."""
        if self.found is None or self.found.value is None:
            return ""
        return wording.amount(self.found.value, self.indicator)

    @property
    def why_not(self) -> str:
        """Why there is no own value."""
        return wording.reason(self.found.reason if self.found is not None else "not-delivered")

    @property
    def median(self) -> str:
        """The median of the group with unit, or why it is not shown."""
        if self.found is None:
            return "–"
        if self.found.median is None:
            return wording.reason(self.found.group_reason)
        return wording.amount(self.found.median, self.indicator)

    @property
    def quarter(self) -> str:
        """The place in the group."""
        return wording.quarter_of(self.found.quarter, self.indicator) if self.found is not None else ""

    @property
    def outcome(self) -> str:
        """The verdict, empty when there is nothing to compare."""
        known = self.found is not None and self.found.verdict is not None
        return self.found.verdict.outcome.value if known else ""  # type: ignore[union-attr]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the areas with their core indicators and the own place among them; one area whole, or what was searched."""
    who = asking.reader(request.user, _code(request))
    query = request.GET.get("q", "").strip()[:80]
    every_area = list(Area.objects.all())
    chosen = next((area for area in every_area if area.slug == request.GET.get("area")), None)
    wanted = request.GET.get("group", "")
    keys = {choice.key for choice in who.choices}
    key = wanted if wanted in keys else groups.preferred(who.viewer, who.choices)
    context: dict[str, Any] = {
        "query": query,
        "place": _place(who),
        "choices": who.choices,
        "key": key,
        "every_area": every_area,
        "chosen": chosen,
    }
    if query:
        found = Indicator.objects.select_related("area").filter(Q(name__icontains=query) | Q(code__icontains=query))
        context["found"] = found[: MOST_FOUND + 1]
        context["most"] = MOST_FOUND
        return render(request, "benchmark/index.html", context)
    shown = Indicator.objects.filter(area=chosen) if chosen else Indicator.objects.filter(is_core=True)
    told = list(shown.select_related("area").order_by("area__position", "position", "code"))
    where = positions.of(who, told, [key])
    lines: dict[int, list[Line]] = defaultdict(list)
    for one in told:
        lines[one.area_id].append(Line(one, where.get(one.code, {}).get(key)))
    others = _others(chosen)
    context["areas"] = [
        {"area": area, "positions": lines[area.pk], "others": others[area.pk]}
        for area in ([chosen] if chosen else every_area)
        if lines[area.pk] or others[area.pk]
    ]
    context["group"] = next(choice.label for choice in who.choices if choice.key == key)
    context["is_demo"] = _is_demo(who, told)
    return render(request, "benchmark/index.html", context)


def _others(chosen: Area | None) -> dict[int, list[tuple[str, str]]]:
    """Return name and address of the indicators that are not core, per area; nothing where one area is shown whole."""
    others: dict[int, list[tuple[str, str]]] = defaultdict(list)
    if chosen is not None:
        return others
    # Hundreds of links: reversing each would take longer than the figures. A code needs no quoting.
    base = reverse("benchmark:indicator", args=["x"]).removesuffix("x/")
    rest = Indicator.objects.filter(is_core=False).order_by("position", "code")
    for area_id, name, code in rest.values_list("area_id", "name", "code"):
        others[area_id].append((name, f"{base}{code}/"))
    return others


def _is_demo(who: Reader, told: list[Indicator]) -> bool:
    """Say whether any of the figures shown is example data."""
    parts = who.cube.slices(one.pk for one in told)
    return any(
        source.is_demo
        for part in parts.values()
        for report in range(len(part.reports))
        for source in who.cube.sources_of(part, report)
    )


@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """Show one indicator: what it is, then the figures as sentence, table and picture, beside the talk about it."""
    found = get_object_or_404(Indicator.objects.select_related("area"), code=code)
    who = asking.reader(request.user, _code(request))
    form = series_form(request, who, found)
    form.is_valid()
    asked = form.cleaned_data
    if request.user.is_authenticated and request.GET.get("group") and asked.get("group"):
        peers.remember_choice(by=request.user, key=asked["group"])
    state, refused = _state(request, who, found, form)
    try:
        chart, result = showing.chart(state, who, found)
    except (Unshowable, VersionGone, UnknownGroup) as why:
        refused = [*refused, str(why)]
        state = replace(state, kind="trend", first=None, last=None, revision=None, show="")
        chart, result = showing.chart(state, who, found)
    state = replace(state, group=result.group.key, report=result.report)
    return render(
        request,
        "benchmark/indicator.html",
        {
            "indicator": found,
            "direction": wording.direction(found),
            "form": form,
            "refused": refused,
            "result": result,
            "chart": chart,
            "course": wording.course(result.course),
            "course_badge": wording.course_badge(result.course, found),
            "kinds": [
                (key, label, f"?{state.query(indicator='', kind=key, sort='')}") for key, label in showing.kinds()
            ],
            "place": _place(who),
            "state": state.query(kind="", sort=""),
            "pinned": state.revision is not None,
            "is_old": result.revision != who.cube.revision,
            "latest": f"?{state.query(indicator='', revision=None)}",
            "embed": f"{reverse('benchmark:embed-code', args=[found.code])}?{state.query(indicator='', sort='')}",
            "permalink": f"?{state.query(indicator='', revision=result.revision)}",
            "sorting": f"?{state.query(indicator='', sort='')}",
            "references": found.reference_values.all(),
            "versions": found.versions.all(),
            "talk": talk.about(found, result, who),
            "unmet": result.unmet_norms if who.place_id in who.viewer.own else (),
            "can_set_goal": request.user.is_authenticated and can_create_goal(request.user),
            "public": not who.viewer.takes_part,
        },
    )


def _state(request: HttpRequest, who: Reader, found: Indicator, form: SeriesForm) -> tuple[State, list[str]]:
    """Return what is shown, and what of the address could not be understood; the rest of it still holds."""
    asked, place = form.cleaned_data, _place(who)
    fixed = {
        "indicator": found.code,
        "municipality": place.code if place is not None else "",
        "group": asked.get("group") or "",
        "report": asked.get("report") or "",
        "first": asked.get("first") if "last" not in form.errors else None,
        "last": asked.get("last"),
        "statistic": asked.get("statistic") or "",
        "boundaries": asked.get("boundaries") or "",
        "show": asked.get("show") or "",
    }
    known = {name: request.GET[name] for name in ("kind", "sort", "revision") if name in request.GET}
    try:
        return State.of(known, **fixed), []
    except Unshowable as why:
        return State.of({}, **fixed), [str(why)]


def series_form(request: HttpRequest, who: Reader, found: Indicator) -> SeriesForm:
    """Return the form that says what is shown, filled with what the address says and sensible beginnings."""
    part = who.cube.slice(found.pk)
    place = _place(who)
    data = {
        "municipality": place.code if place is not None else "",
        "group": request.GET.get("group") or groups.preferred(who.viewer, who.choices),
        "report": request.GET.get("report") or default_report(part),
        "first": request.GET.get("from") or request.GET.get("first", ""),
        "last": request.GET.get("to") or request.GET.get("last", ""),
        "statistic": request.GET.get("statistic") or "median",
        "boundaries": request.GET.get("boundaries", ""),
        "show": request.GET.get("show", ""),
        "kind": request.GET.get("kind", ""),
    }
    places = places_for(who.viewer, who.cube, part)
    if place is not None and place.code not in dict(places):
        places.append((place.code, place.name))
    return SeriesForm(data, choices=who.choices, part=part, places=places)


def _code(request: HttpRequest) -> str | None:
    return request.GET.get("municipality")


def _place(who: Reader) -> Any:
    return None if who.place_id is None else who.cube.register.place(who.place_id)
