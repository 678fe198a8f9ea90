"""The year plan of a kring, and the day it picks for itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kringen import milestones as verbs
from kringen.forms import OwnDateForm
from kringen.models import Kring, KringMilestone, Milestone
from kringen.overview import timeline_of
from kringen.permissions import can_pick_date
from kringen.views.loaders import in_kring, need
from people.requests import PersonRequest


@in_kring("GET", "HEAD")
def year_plan(request: PersonRequest, kring: Kring) -> HttpResponse:
    """Show the milestones in order and where we are now."""
    return render(
        request,
        "kringen/year_plan.html",
        {"kring": kring, "timeline": timeline_of(kring), "can_pick": can_pick_date(request.user, kring)},
    )


@in_kring("GET", "HEAD", "POST")
def pick_date(request: PersonRequest, kring: Kring, milestone: int) -> HttpResponse:
    """Pick the kring's own day in a window, or leave it open again."""
    need(can_pick_date(request.user, kring))
    found = get_object_or_404(kring.cycle.milestones.exclude(precision=Milestone.Precision.EXACT), pk=milestone)
    own = KringMilestone.objects.filter(kring=kring, milestone=found).first()
    form = OwnDateForm(request.POST if request.method == "POST" else None, initial={"date": own.date if own else None})
    if request.method == "POST" and form.is_valid():
        warning = verbs.pick_date(kring=kring, milestone=found, day=form.cleaned_data["date"])
        if warning:
            messages.warning(request, warning)
        else:
            messages.success(request, _("The year plan was changed."))
        return redirect("kringen:year-plan", slug=kring.slug)
    return render(
        request,
        "kringen/pick_date.html",
        {"kring": kring, "milestone": found, "form": form},
        status=400 if form.errors else 200,
    )
