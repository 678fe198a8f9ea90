"""Meetings: planning, changing, cancelling, showing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kringen.conversation.room_permissions import can_talk_in
from kringen.forms import MeetingForm
from kringen.meetings import aftermath, agenda_page, replies
from kringen.meetings import agenda_templates as templates
from kringen.meetings import meetings as verbs
from kringen.meetings.agenda import timetable
from kringen.meetings.agendas import takes_proposals
from kringen.meetings.ical import calendar_of
from kringen.models import Kring, Meeting
from kringen.permissions import can_add_action, can_edit_agenda, can_plan_meeting
from kringen.views.loaders import in_kring, need
from kringen.year.dates import days_text
from people import clock
from people.requests import PersonRequest


@in_kring("GET", "HEAD")
def meeting_page(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Show one meeting with its agenda and what was promised there."""
    today = clock.today()
    guests = replies.guest_list(meeting)
    mine = next((guest for guest in guests.guests if guest.person.pk == request.user.pk), None)
    my_reply = mine.reply if mine else None
    items = list(meeting.agenda_items.all())
    agenda = timetable(items, meeting.starts_at, meeting.ends_at)
    return render(
        request,
        "kringen/meeting.html",
        {
            "kring": meeting.kring,
            "meeting": meeting,
            "guests": guests,
            "guest_groups": [
                (_("Come"), guests.coming),
                (_("Perhaps"), guests.perhaps),
                (_("Waiting list"), guests.waiting),
                (_("Do not come"), guests.absent),
                (_("Not answered yet"), guests.silent),
                (_("Was there"), guests.present),
            ],
            "may_reply": mine is not None and meeting.state == Meeting.State.PLANNED and meeting.date >= today,
            "my_reply": my_reply,
            "represented": replies.represented(meeting) if mine else [],
            "comes_for": my_reply.municipality_id if my_reply else request.user.municipality_id,
            "has_begun": meeting.date <= today,
            "agenda": agenda,
            "rows": agenda_page.shown(agenda, meeting, request.user, today),
            "can_propose": can_talk_in(request.user, meeting.kring) and takes_proposals(meeting),
            "late": aftermath.late_actions(meeting, request.user),
            "late_has_place": aftermath.has_place_for_them(items),
            "after": aftermath.of(meeting, request.user),
            "away": days_text((meeting.date - today).days),
            "actions": [
                {"action": action, "is_overdue": action.is_overdue(today)}
                for action in meeting.actions.select_related("owner", "municipality", "item")
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
    if request.method == "POST":
        form = MeetingForm(request.POST, kring=kring)
    else:
        form = MeetingForm.for_new(kring, like=_example(request, kring))
    if request.method == "POST" and form.is_valid():
        try:
            meeting = verbs.plan_meeting(
                kring=kring, details=form.details(), submission=form.cleaned_data["submission"]
            )
            templates.fill(meeting=meeting, key=form.cleaned_data["agenda_from"])
        except verbs.MeetingRefused as refusal:
            form.add_error("municipality", str(refusal))
        else:
            _say(request, kring, meeting, _("The meeting was planned."))
            return redirect("kringen:meeting", slug=kring.slug, number=meeting.number)
    return render(
        request, "kringen/meeting_form.html", {"kring": kring, "form": form}, status=400 if form.errors else 200
    )


@in_kring("GET", "HEAD", "POST")
def change(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Change date, place or theme."""
    need(can_plan_meeting(request.user, meeting.kring))
    if request.method == "POST":
        form = MeetingForm(request.POST, kring=meeting.kring, is_new=False)
    else:
        form = MeetingForm.for_existing(meeting)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = verbs.change_meeting(meeting=meeting, details=form.details(), by=request.user)
        except verbs.MeetingRefused as refusal:
            form.add_error("municipality", str(refusal))
        else:
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
            state = Meeting.State.PLANNED if revive else Meeting.State.CANCELLED
            verbs.set_state(meeting=meeting, state=state, by=request.user)
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


def _example(request: HttpRequest, kring: Kring) -> Meeting | None:
    """Return the meeting that the address says to copy, if the person may see it."""
    number = request.GET.get("van", "")
    if not number.isdecimal() or len(number) > 4:  # noqa: PLR2004 — a kring does not meet ten thousand times
        return None
    return kring.meetings.visible_to(request.user).filter(number=int(number)).first()


def _say(request: HttpRequest, kring: Kring, meeting: Meeting, done: str) -> None:
    """Say what happened, with a warning when the day lies outside the year plan."""
    warning = verbs.outside_the_year_plan(kring, meeting.date, meeting.kind)
    if warning:
        messages.warning(request, f"{done} {warning}")
    else:
        messages.success(request, done)
