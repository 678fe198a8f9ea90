"""The year plan of a kring, and the day it picks for itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kringen.circle.overview import timeline_of
from kringen.forms import OwnDateForm
from kringen.meetings import calendars, ical
from kringen.models import Kring, KringMilestone, Milestone
from kringen.permissions import can_pick_date, can_plan_meeting
from kringen.views.loaders import in_kring, need
from kringen.year import milestones as verbs
from kringen.year import years
from people.permissions import is_office, is_steering
from people.requests import PersonRequest


@in_kring("GET", "HEAD")
def year_plan(request: PersonRequest, kring: Kring) -> HttpResponse:
    """Show the milestones in order and where we are now; `?vorm=txt` as text, `?vorm=ics` for a calendar."""
    timeline = timeline_of(kring)
    form = request.GET.get("vorm", "")
    if form == "txt":
        lines = [_("Year plan %(year)s of %(kring)s") % {"year": kring.cycle.year, "kring": kring}, ""]
        lines += [f"{entry.shape} {entry.when}: {entry.milestone} ({entry.word})" for entry in timeline.entries]
        response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{kring.slug}-{kring.cycle.year}.txt"'
        return response
    if form == "ics":
        file = ical.feed_of([], calendars.days_of(kring, timeline), name=f"{kring}: {kring.cycle}")
        response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{kring.slug}-{kring.cycle.year}.ics"'
        return response
    turns = years.turn_of(
        request.user,
        guides=can_plan_meeting(request.user, kring),
        is_office=is_office(request.user),
        is_steering=is_steering(request.user),
    )
    return render(
        request,
        "kringen/year_plan.html",
        {
            "kring": kring,
            "timeline": timeline,
            "my_next": timeline.next_for(turns),
            "can_pick": can_pick_date(request.user, kring),
        },
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
