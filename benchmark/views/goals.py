"""Pages of the improvement goals (/doelen/)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from benchmark import asking, goal_export, goal_marks, goal_realism, goal_work, goals, series
from benchmark import cube as cubes
from benchmark.charts import goal as goal_chart
from benchmark.charts import realism
from benchmark.charts.chart import Chart
from benchmark.forms.goal_work import DeliveredForm, NoteForm
from benchmark.goal_filter import GoalFilter
from benchmark.goal_marks import Mark
from benchmark.goal_progress import Standing, sign
from benchmark.goals import Standings
from benchmark.models import Goal
from benchmark.permissions import can_create_goal, can_edit_goal, can_view_goal_progress, viewer_for
from benchmark.views.goal_form import editable
from people import clock
from people.requests import PersonRequest

A_PAGE = 60


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show the goals somebody may see: the own municipality's first, then those shared with them."""
    viewer = viewer_for(request.user)
    sieve = GoalFilter(request.GET, viewer=viewer)
    visible = sieve.apply(Goal.objects.visible_to(request.user).for_board())
    if (kind := request.GET.get("format", "")) in goal_export.FORMATS:
        return goal_export.response(goals.with_states(visible, viewer=viewer), kind)
    page = Paginator(visible, A_PAGE).get_page(request.GET.get("page"))
    found = goals.with_states(page.object_list, viewer=viewer)
    context: dict[str, Any] = {
        "page": page,
        "sieve": sieve,
        "chosen": sieve.address,
        "reached": [one.goal for one in found if one.state.standing is Standing.REACHED],
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


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one goal with its chart."""
    goal = get_object_or_404(Goal.objects.visible_to(request.user).for_board(), pk=pk)
    return _page(request, goal)


def _page(
    request: HttpRequest, goal: Goal, *, note: NoteForm | None = None, delivered: DeliveredForm | None = None
) -> HttpResponse:
    """Show a goal; with a form that was filled in wrong, that form."""
    group = request.GET.get("group", "")
    marks = goal_marks.of(goal, request.user)
    standings, chart, state = chart_of(request.user, goal, group=group, marks=marks)
    may_edit = can_edit_goal(request.user, goal)
    if may_edit:
        note = note or NoteForm(goal=goal)
        if goal.kind == Goal.Kind.DELIVERABLE:
            delivered = delivered or DeliveredForm(initial={"delivered_on": goal.delivered_on})
    wrong = any(form is not None and form.is_bound for form in (note, delivered))
    context = {
        "goal": goal,
        "one": standings,
        "chart": chart,
        "state": state,
        "outlook": _outlook(request.user, goal),
        "realism": _realism(request.user, goal, group),
        "marks": marks,
        "follows": _seen(request.user, goal.follows_id),
        "followed_by": Goal.objects.visible_to(request.user).filter(follows=goal),
        "is_reached": standings.state.standing is Standing.REACHED,
        "can_make_again": may_edit and _is_over(standings),
        "can_edit": may_edit,
        "note_form": note,
        "delivered_form": delivered,
        "notes": goal.notes.select_related("author"),
        "changes": _changes(goal) if may_edit else [],
    }
    return render(request, "benchmark/goal.html", context, status=422 if wrong else 200)


def _seen(user: Any, pk: int | None) -> Goal | None:
    return None if pk is None else Goal.objects.visible_to(user).filter(pk=pk).first()


def _is_over(one: Standings) -> bool:
    """Say whether a goal can be made again: it is reached, or its year has come."""
    return one.state.standing is Standing.REACHED or one.goal.target_date.year <= clock.today().year


def _realism(user: Any, goal: Goal, group: str) -> str:
    """Return how many comparable municipalities made this change in this time, in the group asked for."""
    if goal.kind == Goal.Kind.DELIVERABLE:
        return ""
    who = asking.reader(user, municipality_id=goal.municipality_id)
    judged = goal_realism.judge(who, goal.indicator, goal, municipality_id=goal.municipality_id, group=group)
    return realism.sentence(judged, goal.indicator)


def _changes(goal: Goal) -> list[dict[str, Any]]:
    """Return who changed what and when, with the fields in words."""
    words = {field.name: getattr(field, "verbose_name", field.name) for field in Goal._meta.get_fields()}  # noqa: SLF001 — documented
    return [
        {"change": one, "fields": [words.get(name, name) for name in one.before]}
        for one in goal.changes.select_related("by")
    ]


def _outlook(user: Any, goal: Goal) -> str:
    """Return where the goal is heading, by the figures this reader may see since the last break."""
    found = goals.forecast_of(goal, cubes.current(), viewer_for(user))
    return goal_chart.outlook(goal, found, goal.indicator, sign(goal, goal.indicator.direction))


@login_required
@require_POST
def add_note(request: PersonRequest, pk: int) -> HttpResponse:
    """Write a remark on the work."""
    goal = editable(request, pk)
    form = NoteForm(request.POST, goal=goal)
    if not form.is_valid():
        return _page(request, goal, note=form)
    given = form.cleaned_data
    goal_work.add_note(
        by=request.user,
        goal=goal,
        stage=given["stage"],
        text=given["text"],
        date=given["date"],
        submission=given["submission"],
    )
    messages.success(request, _("Your remark is kept."))
    return redirect(goal)


@login_required
@require_POST
def deliver(request: PersonRequest, pk: int) -> HttpResponse:
    """Say since when something is there that no figure measures."""
    goal = editable(request, pk)
    if goal.kind != Goal.Kind.DELIVERABLE:
        raise Http404
    form = DeliveredForm(request.POST)
    if not form.is_valid():
        return _page(request, goal, delivered=form)
    goal_work.deliver(by=request.user, goal=goal, on=form.cleaned_data["delivered_on"])
    messages.success(request, _("The goal is changed."))
    return redirect(goal)


def chart_of(
    user: Any, goal: Goal, *, group: str = "", report: str = "", marks: Sequence[Mark] | None = None
) -> tuple[Standings, Chart, str]:
    """Return how a goal stands, its chart, and the query string of that chart.

    Args:
        user: who looks.
        goal: with its municipality and indicator.
        group: in which group it is shown; by default the reader's kring.
        report: which report, where there are several.
        marks: what is done for it, where that is at hand.
    """
    who = asking.reader(user, municipality_id=goal.municipality_id)
    keys = {choice.key for choice in who.choices}
    result = asking.ask(
        who,
        goal.indicator,
        # A goal is shared with the kring; that is the group it is seen beside unless somebody asks for another.
        group=group if group in keys else "kring" if "kring" in keys else "",
        report=report,
        norms=series.norm_lines(goal.indicator, goal.municipality_id),
        goals=() if goal.kind == Goal.Kind.DELIVERABLE else (series.goal_line(goal),),
    )
    one = goals.with_states([goal], viewer=who.viewer, cube=who.cube)[0]
    done = goal_marks.of(goal, user) if marks is None else marks
    return one, goal_chart.chart(goal, one.state, result, done), f"goal={goal.pk}&group={result.group.key}"
