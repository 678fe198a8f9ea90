"""The benchmark years, for the office: cloning one, its milestones and its state."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from benchmark.models import Cycle
from kringen.forms import CloneForm, MilestoneForm
from kringen.models import Milestone
from kringen.year import years as verbs
from people.permissions import is_office

METHODS = ["GET", "HEAD", "POST"]


def _for_the_office(request: HttpRequest) -> HttpResponse | None:
    """Answer 404 to everybody else, 405 to what is neither reading nor a form.

    Raises:
        Http404: not of the office.
    """
    if not is_office(request.user):
        raise Http404
    return None if request.method in METHODS else HttpResponseNotAllowed(METHODS)


@login_required
def year_list(request: HttpRequest) -> HttpResponse:
    """List the years and make a new one out of an earlier one."""
    if (refused := _for_the_office(request)) is not None:
        return refused
    cycles = list(Cycle.objects.order_by("-year"))
    sent = request.POST if request.method == "POST" else None
    form = CloneForm(sent, initial={"year": cycles[0].year + 1} if cycles else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = verbs.clone(cycle=data["cycle"], year=data["year"], with_kringen=data["with_kringen"])
        except verbs.YearRefused as refusal:
            form.add_error("year", ValidationError(str(refusal)))
        else:
            messages.success(request, _("%(year)s was made. Look at its milestones now.") % {"year": made})
            return redirect("years:year", year=made.year)
    return render(request, "kringen/years.html", {"cycles": cycles, "form": form}, status=400 if form.errors else 200)


@login_required
def year(request: HttpRequest, year: int) -> HttpResponse:
    """Show a year: bring it to its next state, add, change and remove milestones."""
    if (refused := _for_the_office(request)) is not None:
        return refused
    cycle = get_object_or_404(Cycle, year=year)
    chosen = _chosen(cycle, request.POST.get("milestone", "") or request.GET.get("mijlpaal", ""))
    form = MilestoneForm(initial=MilestoneForm.of(chosen) if chosen else None)
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do == "save":
            form = MilestoneForm(request.POST)
        try:
            said = _act(do, cycle, chosen, form, request.POST)
        except verbs.YearRefused as refusal:
            if do == "save":
                form.add_error(None, str(refusal))
            else:
                messages.error(request, str(refusal))
        else:
            if said:
                messages.success(request, said)
                return redirect("years:year", year=cycle.year)
    before, after = verbs.beside(cycle)
    return render(
        request,
        "kringen/year.html",
        {
            "cycle": cycle,
            "milestones": cycle.milestones.all(),
            "kringen": cycle.kringen.order_by("name"),
            "form": form,
            "chosen": chosen,
            "before": (before, Cycle.State(before).label) if before else None,
            "after": (after, Cycle.State(after).label) if after else None,
        },
        status=400 if form.errors else 200,
    )


def _chosen(cycle: Cycle, text: str) -> Milestone | None:
    if not text:
        return None
    known = text.isascii() and text.isdecimal() and len(text) < 19  # noqa: PLR2004 — fits a big integer
    return get_object_or_404(Milestone, cycle=cycle, pk=int(text) if known else 0)


def _act(do: str, cycle: Cycle, chosen: Milestone | None, form: MilestoneForm, data: Any) -> str:
    """Do what a button says; return what to say, or an empty text when the form has faults."""
    if do == "state":
        state = data.get("state", "")
        made = verbs.set_state(cycle=cycle, state=state)
        return _("The year is in the state “%(state)s” now.") % {"state": made.get_state_display()}
    if do == "remove" and chosen is not None:
        verbs.remove_milestone(milestone=chosen)
        return _("“%(milestone)s” was removed.") % {"milestone": chosen}
    if do != "save":
        raise Http404
    if not form.is_valid():
        return ""
    saved = verbs.save_milestone(cycle=cycle, moment=form.moment(), milestone=chosen)
    return _("“%(milestone)s” was saved.") % {"milestone": saved}
