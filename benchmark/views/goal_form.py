"""Pages on which goals are set, changed, taken back and made again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from benchmark import asking, goal_realism, goals
from benchmark.charts import realism
from benchmark.forms.goals import GoalForm
from benchmark.models import Area, Goal, Indicator, Norm
from benchmark.permissions import can_create_goal, can_edit_goal, viewer_for
from people import clock
from people.models import Municipality
from people.requests import PersonRequest


def editable(request: PersonRequest, pk: int) -> Goal:
    """Return a goal that this person may change.

    Raises:
        Http404: they may not see it.
        PermissionDenied: they may see it, and no more.
    """
    goal = get_object_or_404(Goal.objects.visible_to(request.user).for_board(), pk=pk)
    if not can_edit_goal(request.user, goal):
        raise PermissionDenied
    return goal


@dataclass(frozen=True, slots=True)
class Begin:
    """What a new goal begins with, from where somebody came.

    Attributes:
        initial: values of fields.
        follows: the goal it goes on from.
        params: what the form must send back.
    """

    initial: dict[str, Any]
    follows: Goal | None
    params: dict[str, str]


@login_required
@require_http_methods(["GET", "POST"])
def create(request: PersonRequest) -> HttpResponse:
    """Make a goal; without an indicator, choose one first."""
    if not can_create_goal(request.user):
        raise PermissionDenied
    asked = request.POST if request.method == "POST" else request.GET
    follows = _followed(request, asked.get("follows", ""))
    code = asked.get("indicator") or (follows.indicator.code if follows is not None else None)
    indicator = Indicator.objects.select_related("area").filter(code=code).first() if code else None
    if indicator is None:
        areas = Area.objects.prefetch_related("indicators")
        return render(
            request,
            "benchmark/goal_pick.html",
            {"areas": areas, "unknown": code, "kept": _kept(request)},
            status=404 if code else 200,
        )
    begin = _begin(request, indicator, follows)
    viewer = viewer_for(request.user)
    data = request.POST if request.method == "POST" else None
    form = GoalForm(data, indicator=indicator, viewer=viewer, initial=begin.initial)
    context = {"form": form, "indicator": indicator, "follows": follows, "params": begin.params}
    if data is not None and form.is_valid() and "preview" not in data:
        municipality = form.cleaned_data.get("municipality") or Municipality.objects.get(pk__in=viewer.own)
        if follows is not None and follows.municipality_id != municipality.pk:
            raise Http404
        goal = goals.create_goal(
            by=request.user,
            municipality=municipality,
            indicator=indicator,
            aim=form.aim,
            submission=form.cleaned_data["submission"],
            follows=follows,
            origin=data.get("from", ""),
        )
        messages.success(request, _("The goal is kept. Its progress follows from the figures."))
        return redirect(goal)
    place = viewer.home if viewer.home in viewer.own else next(iter(viewer.own), None)
    return render(request, "benchmark/goal_form.html", context | _preview(request, form, place))


def _followed(request: PersonRequest, text: str) -> Goal | None:
    """Return the goal that a new one goes on from; one that this person may not change does not exist here."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 12):  # noqa: PLR2004 — more digits than any key has
        raise Http404
    goal = get_object_or_404(Goal.objects.visible_to(request.user).for_board(), pk=int(text))
    if not can_edit_goal(request.user, goal):
        raise Http404
    return goal


def _begin(request: PersonRequest, indicator: Indicator, follows: Goal | None) -> Begin:
    place = follows.municipality_id if follows is not None else None
    initial = _start(request, indicator, place)
    params = {"indicator": indicator.code, **({"from": origin} if (origin := request.GET.get("from", "")[:40]) else {})}
    if follows is not None:
        initial |= _again(follows)
        params["follows"] = str(follows.pk)
    norm = _norm(request.GET.get("norm", ""), indicator)
    if norm is not None:
        initial |= {"kind": Goal.Kind.NORM, "norm": norm.pk, "target_value": norm.value}
        initial["title"] = _("We meet the norm: %(norm)s") % {"norm": norm.note.rstrip(". ") or indicator.name}
    if request.GET.get("title"):
        initial["title"] = request.GET["title"]
    initial["title"] = initial.get("title", "")[:160]
    return Begin(initial, follows, params)


def _kept(request: PersonRequest) -> dict[str, str]:
    """Return what of the address goes along when an indicator is chosen."""
    return {name: request.GET[name][:160] for name in ("title", "from") if request.GET.get(name)}


def _start(request: PersonRequest, indicator: Indicator, place: int | None) -> dict[str, Any]:
    """Return the latest own value to begin with."""
    who = asking.reader(request.user, municipality_id=place)
    if who.place_id is None:
        return {}
    start: dict[str, Any] = {"municipality": who.place_id}
    aimless = Goal(municipality_id=who.place_id, indicator=indicator)
    known = [one for one in goals.figures_of(aimless, who.cube, who.viewer)[0] if one[1] is not None]
    if known:
        start |= {"baseline_year": known[-1][0], "baseline_value": known[-1][1]}
    return start


def _again(goal: Goal) -> dict[str, Any]:
    """Return the fields of a goal that is made again: what it was about, a year later than it was or is now."""
    year = max(goal.target_date.year, clock.today().year) + 1
    day = min(goal.target_date.day, 28) if goal.target_date.month == 2 else goal.target_date.day  # noqa: PLR2004 — February
    reached = goal.standing == "reached"
    return {
        "kind": goal.kind,
        "title": goal.title,
        "why": goal.why,
        "norm": goal.norm_id,
        # What was reached is no target any more.
        "target_value": None if reached else goal.target_value,
        "target_date": dt.date(year, goal.target_date.month, day),
        "learning_goal": goal.learning_goal,
        "success_factor": goal.success_factor,
        "visibility": goal.visibility,
    }


def _norm(text: str, indicator: Indicator) -> Norm | None:
    if not (text.isascii() and text.isdecimal() and len(text) < 12):  # noqa: PLR2004 — more digits than any key has
        return None
    return Norm.objects.filter(indicator=indicator, pk=int(text)).first()


def _preview(request: PersonRequest, form: GoalForm, place: int | None) -> dict[str, Any]:
    """Return how realistic the goal of a form is, as far as it is filled in."""
    draft = form.draft
    municipality = form.cleaned_data.get("municipality") if form.is_bound else None
    place = municipality.pk if municipality is not None else place
    if draft is None or place is None:
        return {}
    who = asking.reader(request.user, municipality_id=place)
    judged = goal_realism.judge(who, form.indicator, draft, municipality_id=place)
    return {"realism": realism.sentence(judged, form.indicator)}


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a goal."""
    goal = editable(request, pk)
    data = request.POST if request.method == "POST" else None
    form = GoalForm(data, indicator=goal.indicator, viewer=viewer_for(request.user), goal=goal)
    if data is not None and form.is_valid() and "preview" not in data:
        goals.edit_goal(by=request.user, goal=goal, aim=form.aim)
        messages.success(request, _("The goal is changed."))
        return redirect(goal)
    context = {"form": form, "indicator": goal.indicator, "goal": goal}
    return render(request, "benchmark/goal_form.html", context | _preview(request, form, goal.municipality_id))


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a goal back, after asking."""
    goal = editable(request, pk)
    if request.method == "POST":
        goals.withdraw_goal(by=request.user, goal=goal)
        messages.success(request, _("The goal “%(title)s” is withdrawn.") % {"title": goal.title})
        return redirect("goals:board")
    return render(request, "benchmark/goal_withdraw.html", {"goal": goal})


@login_required
@require_safe
def last_year(request: PersonRequest) -> HttpResponse:
    """Show the goals that ended, or end this year: what came of them, and making them again."""
    if not can_create_goal(request.user):
        raise PermissionDenied
    viewer = viewer_for(request.user)
    ended = goals.ended(viewer=viewer)
    found = goals.with_states(ended, viewer=viewer)
    return render(
        request,
        "benchmark/goal_last_year.html",
        {"found": found, "again": f"{reverse('goals:new')}?follows=", "is_office": viewer.is_office},
    )
