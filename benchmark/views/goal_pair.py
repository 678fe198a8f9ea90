"""Two goals beside each other: the page, and the chart that the API gives too."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from benchmark import cube as cubes
from benchmark import goal_pairs, goals, series
from benchmark.charts import goal_pair
from benchmark.charts.chart import Chart
from benchmark.goal_pairs import Scale
from benchmark.models import Goal
from benchmark.permissions import viewer_for

# More than these do not fit in a list to choose from.
MOST = 400


class Incomparable(ValueError):  # noqa: N818 — it is an answer to a person
    """These goals cannot be put beside each other; the text says why and what to do."""


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show two goals in one chart, from the start of each or in their unit."""
    mine = viewer_for(request.user).own
    choices = sorted(
        Goal.objects.visible_to(request.user).exclude(kind=Goal.Kind.DELIVERABLE).for_board()[:MOST],
        key=lambda goal: (goal.municipality_id not in mine, goal.municipality.name, goal.title),
    )
    asked = [request.GET.get(name, "") for name in ("goal", "beside")]
    scale = scale_of(request.GET.get("scale", ""))
    context: dict[str, Any] = {"choices": choices, "asked": asked, "scale": scale.value, "scales": _scales()}
    if all(asked):
        try:
            context["chart"], context["scale"] = chart_of(request.user, asked[0], asked[1], scale)
        except Incomparable as why:
            context["refused"] = str(why)
            return render(request, "benchmark/goal_pair.html", context, status=404)
        context["state"] = f"goal={int(asked[0])}&beside={int(asked[1])}&scale={context['scale']}"
    return render(request, "benchmark/goal_pair.html", context)


def _scales() -> list[tuple[str, str]]:
    return [
        (Scale.WAY.value, _("each from its own start (0) to its own target (100)")),
        (Scale.UNITS.value, _("in their own unit, by year")),
    ]


def scale_of(text: str) -> Scale:
    """Return the scale somebody asks for; from the start unless they say otherwise."""
    return Scale.UNITS if text == Scale.UNITS.value else Scale.WAY


def chart_of(user: Any, one: str, other: str, scale: Scale) -> tuple[Chart, str]:
    """Return the chart of two goals, and on which scale it is: goals of two indicators only go from their start.

    Args:
        user: who looks.
        one: key of a goal, as it stands in an address.
        other: key of the other.
        scale: what is asked for.

    Raises:
        Incomparable: one of them does not exist for this reader, they are the same, or neither can be measured.
    """
    viewer, cube = viewer_for(user), cubes.current()
    keys = [int(text) for text in (one, other) if text.isascii() and text.isdecimal() and len(text) < 12]  # noqa: PLR2004
    found = {goal.pk: goal for goal in Goal.objects.visible_to(user).for_board().filter(pk__in=keys)}
    if len(keys) < 2 or any(key not in found for key in keys):  # noqa: PLR2004 — two goals
        raise Incomparable(_("One of these goals does not exist, or is not shared with you. Choose two from the list."))
    if keys[0] == keys[1]:
        raise Incomparable(_("That is twice the same goal. Choose another one to put beside it."))
    pair = sorted((found[key] for key in keys), key=lambda goal: goal.municipality_id not in viewer.own)
    if any(goal.kind == Goal.Kind.DELIVERABLE for goal in pair):
        raise Incomparable(_("A goal that is there or not has no path. Choose goals that a figure measures."))
    if pair[0].indicator_id != pair[1].indicator_id:
        scale = Scale.WAY
    cube.slices(goal.indicator_id for goal in pair)
    sides = []
    for goal, name in zip(pair, goal_pair.names(pair[0], pair[1]), strict=True):
        walk = None
        if goal_pairs.can_walk(goal):
            figures, _withheld = goals.figures_of(goal, cube, viewer)
            walk = goal_pairs.walk(goal, figures=figures, steps=goal.steps, scale=scale)
        sides.append(goal_pair.Side(goal, name, walk))
    sources = dict.fromkeys(
        source
        for goal in pair
        if not (part := cube.slice(goal.indicator_id)).is_empty
        for source in cube.sources_of(part, part.reports.index(series.default_report(part)))
    )
    made = goal_pair.chart(
        sides,
        scale,
        source="; ".join(dict.fromkeys(source.source for source in sources)),
        revision=cube.revision,
        is_demo=any(source.is_demo for source in sources),
    )
    return made, scale.value
