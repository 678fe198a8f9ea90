"""Meetings: planning, changing, cancelling, showing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kringen import meetings as verbs
from kringen.agenda import timetable
from kringen.dates import days_text
from kringen.forms import MeetingForm
from kringen.ical import calendar_of
from kringen.models import Kring, Meeting
from kringen.permissions import can_add_action, can_edit_agenda, can_plan_meeting
from kringen.views.loaders import in_kring, need
from people import clock
from people.requests import PersonRequest


@in_kring("GET", "HEAD")
def meeting_page(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Show one meeting with its agenda and what was promised there."""
    today = clock.today()
    return render(
        request,
        "kringen/meeting.html",
        {
            "kring": meeting.kring,
            "meeting": meeting,
            "agenda": timetable(list(meeting.agenda_items.all()), meeting.starts_at, meeting.ends_at),
            "away": days_text((meeting.date - today).days),
            "actions": [
                {"action": action, "is_overdue": action.is_overdue(today)}
                for action in meeting.actions.select_related("owner", "municipality")
            ],
            "can_plan": can_plan_meeting(request.user, meeting.kring),
            "can_edit_agenda": can_edit_agenda(request.user, meeting),
            "can_add_action": can_add_action(request.user, meeting.kring),
        },
    )


@in_kring("GET", "HEAD", "POST")
def plan(request: PersonRequest, kring: Kring) -> HttpResponse:
    """Plan the next meeting."""
    need(can_plan_meeting(request.user, kring))
    form = MeetingForm(request.POST) if request.method == "POST" else MeetingForm.for_new(kring)
    if request.method == "POST" and form.is_valid():
        meeting = verbs.plan_meeting(kring=kring, details=form.details(), submission=form.cleaned_data["submission"])
        _say(request, kring, meeting, _("The meeting was planned."))
        return redirect("kringen:meeting", slug=kring.slug, number=meeting.number)
    return render(
        request, "kringen/meeting_form.html", {"kring": kring, "form": form}, status=400 if form.errors else 200
    )


@in_kring("GET", "HEAD", "POST")
def change(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Change date, place or theme."""
    need(can_plan_meeting(request.user, meeting.kring))
    form = MeetingForm(request.POST) if request.method == "POST" else MeetingForm.for_existing(meeting)
    if request.method == "POST" and form.is_valid():
        verbs.change_meeting(meeting=meeting, details=form.details())
        meeting.refresh_from_db()
        _say(request, meeting.kring, meeting, _("The meeting was changed."))
        return redirect("kringen:meeting", slug=meeting.kring.slug, number=meeting.number)
    return render(
        request,
        "kringen/meeting_form.html",
        {"kring": meeting.kring, "meeting": meeting, "form": form},
        status=400 if form.errors else 200,
    )


@in_kring("GET", "HEAD", "POST")
def cancel(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Cancel a meeting after asking, or let a cancelled one go ahead after all."""
    need(can_plan_meeting(request.user, meeting.kring))
    if request.method == "POST":
        revive = request.POST.get("state") == Meeting.State.PLANNED
        try:
            verbs.set_state(meeting=meeting, state=Meeting.State.PLANNED if revive else Meeting.State.CANCELLED)
        except verbs.MeetingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                _("The meeting goes ahead after all.")
                if revive
                else _("The meeting was cancelled. It stays visible, with that word."),
            )
        return redirect("kringen:meeting", slug=meeting.kring.slug, number=meeting.number)
    return render(request, "kringen/meeting_cancel.html", {"kring": meeting.kring, "meeting": meeting})


@in_kring("GET", "HEAD")
def calendar_file(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Give the meeting as a calendar file."""
    file = calendar_of(meeting, request.build_absolute_uri(meeting.get_absolute_url()))
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{meeting.kring.slug}-{meeting.number}.ics"'
    return response


def _say(request: HttpRequest, kring: Kring, meeting: Meeting, done: str) -> None:
    """Say what happened, with a warning when the day lies outside the year plan."""
    warning = verbs.outside_the_year_plan(kring, meeting.date)
    if warning:
        messages.warning(request, f"{done} {warning}")
    else:
        messages.success(request, done)
