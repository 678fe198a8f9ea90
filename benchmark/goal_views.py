"""Pages of the improvement goals (/doelen/)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from benchmark import asking, goals, series
from benchmark.charts import goal as goal_chart
from benchmark.charts.chart import Chart
from benchmark.forms import GoalForm
from benchmark.goals import Standings
from benchmark.models import Area, Goal, Indicator
from benchmark.permissions import can_create_goal, can_edit_goal, can_view_goal_progress, viewer_for
from people.models import Municipality
from people.requests import PersonRequest

A_PAGE = 60


def board(request: HttpRequest) -> HttpResponse:
    """Show the goals somebody may see: the own municipality's first, then those shared with them."""
    viewer = viewer_for(request.user)
    page = Paginator(Goal.objects.visible_to(request.user).for_board(), A_PAGE).get_page(request.GET.get("page"))
    found = goals.with_states(page.object_list, viewer=viewer)
    context: dict[str, Any] = {
        "page": page,
        "own": [one for one in found if one.goal.municipality_id in viewer.own],
        "others": [one for one in found if one.goal.municipality_id not in viewer.own],
        "can_create": can_create_goal(request.user),
    }
    if can_view_goal_progress(request.user):
        context["progress"] = [
            {"kind": goal_chart.standing_kind(code), "name": goal_chart.standing(code), "count": count}
            for code, count in goals.progress().items()
        ]
    return render(request, "benchmark/goal_board.html", context)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one goal with its chart."""
    goal = get_object_or_404(Goal.objects.visible_to(request.user).for_board(), pk=pk)
    standings, chart, state = chart_of(request.user, goal, group=request.GET.get("group", ""))
    return render(
        request,
        "benchmark/goal.html",
        {
            "goal": goal,
            "one": standings,
            "chart": chart,
            "state": state,
            "can_edit": can_edit_goal(request.user, goal),
        },
    )


def chart_of(user: Any, goal: Goal, *, group: str = "", report: str = "") -> tuple[Standings, Chart, str]:
    """Return how a goal stands, its chart, and the query string of that chart."""
    who = asking.reader(user, municipality_id=goal.municipality_id)
    keys = {choice.key for choice in who.choices}
    result = asking.ask(
        who,
        goal.indicator,
        # A goal is shared with the kring; that is the group it is seen beside unless somebody asks for another.
        group=group if group in keys else "kring" if "kring" in keys else "",
        report=report,
        norms=series.norm_lines(goal.indicator, goal.municipality_id),
        goals=(series.goal_line(goal),),
    )
    one = goals.with_states([goal], viewer=who.viewer, cube=who.cube)[0]
    return one, goal_chart.chart(goal, one.state, result), f"goal={goal.pk}&group={result.group.key}"


@login_required
@require_http_methods(["GET", "POST"])
def create(request: PersonRequest) -> HttpResponse:
    """Make a goal; without an indicator, choose one first."""
    if not can_create_goal(request.user):
        raise PermissionDenied
    code = request.POST.get("indicator") or request.GET.get("indicator")
    indicator = Indicator.objects.select_related("area").filter(code=code).first() if code else None
    if indicator is None:
        areas = Area.objects.prefetch_related("indicators")
        return render(
            request, "benchmark/goal_pick.html", {"areas": areas, "unknown": code}, status=404 if code else 200
        )
    viewer = viewer_for(request.user)
    initial = _start(request, indicator)
    form = GoalForm(request.POST or None, indicator=indicator, viewer=viewer, initial=initial)
    if request.method == "POST" and form.is_valid():
        municipality = form.cleaned_data.get("municipality") or Municipality.objects.get(pk__in=viewer.own)
        goal = goals.create_goal(
            by=request.user,
            municipality=municipality,
            indicator=indicator,
            aim=form.aim,
            submission=form.cleaned_data["submission"],
        )
        messages.success(request, _("The goal is kept. Its progress follows from the figures."))
        return redirect(goal)
    return render(request, "benchmark/goal_form.html", {"form": form, "indicator": indicator})


def _start(request: PersonRequest, indicator: Indicator) -> dict[str, Any]:
    """Return the latest own value to begin with."""
    who = asking.reader(request.user)
    if who.place_id is None:
        return {}
    start: dict[str, Any] = {"municipality": who.place_id}
    aimless = Goal(municipality_id=who.place_id, indicator=indicator)
    known = [one for one in goals.figures_of(aimless, who.cube, who.viewer)[0] if one[1] is not None]
    if known:
        start |= {"baseline_year": known[-1][0], "baseline_value": known[-1][1]}
    return start


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a goal."""
    goal = _editable(request, pk)
    form = GoalForm(request.POST or None, indicator=goal.indicator, viewer=viewer_for(request.user), goal=goal)
    if request.method == "POST" and form.is_valid():
        goals.edit_goal(by=request.user, goal=goal, aim=form.aim)
        messages.success(request, _("The goal is changed."))
        return redirect(goal)
    return render(request, "benchmark/goal_form.html", {"form": form, "indicator": goal.indicator, "goal": goal})


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a goal back, after asking."""
    goal = _editable(request, pk)
    if request.method == "POST":
        goals.withdraw_goal(by=request.user, goal=goal)
        messages.success(request, _("The goal “%(title)s” is withdrawn.") % {"title": goal.title})
        return redirect("goals:board")
    return render(request, "benchmark/goal_withdraw.html", {"goal": goal})


def _editable(request: PersonRequest, pk: int) -> Goal:
    goal = get_object_or_404(Goal.objects.visible_to(request.user).for_board(), pk=pk)
    if not can_edit_goal(request.user, goal):
        raise PermissionDenied
    return goal
