"""Who comes to a meeting: asking, answering, and writing down who was there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kringen.meetings import meetings, replies
from kringen.models import Meeting, Reply
from kringen.permissions import can_plan_meeting
from kringen.views.loaders import in_kring, need, number_of
from people.requests import PersonRequest


@in_kring("POST")
def reply(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Keep the answer of who is logged in."""
    try:
        made = replies.answer(
            meeting=meeting,
            person=request.user,
            answer=request.POST.get("answer", ""),
            municipality_id=number_of(request.POST.get("municipality", "")),
        )
    except replies.ReplyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _said(made))
    return redirect(f"{meeting.get_absolute_url()}#guests")


def _said(made: Reply) -> str:
    if made.waiting_since:
        return _("Every place is taken: you are on the waiting list. You hear it when a place comes free.")
    return {
        Reply.Answer.YES: _("You come. Your answer was kept."),
        Reply.Answer.MAYBE: _("Perhaps you come. Your answer was kept."),
    }.get(Reply.Answer(made.answer), _("You do not come. Your answer was kept."))


@in_kring("POST")
def invite(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Ask everybody who belongs at the meeting."""
    need(can_plan_meeting(request.user, meeting.kring))
    try:
        number = meetings.invite(meeting=meeting, by=request.user)
    except meetings.MeetingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            ngettext(
                "%(n)s person was invited, with a calendar item by mail.",
                "%(n)s people were invited, with a calendar item by mail.",
                number,
            )
            % {"n": number},
        )
    return redirect(f"{meeting.get_absolute_url()}#guests")


@in_kring("GET", "HEAD", "POST")
def attendance(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Write down who was there; who said yes is ticked beforehand."""
    need(can_plan_meeting(request.user, meeting.kring))
    refused = ""
    if request.method == "POST":
        chosen = {number_of(each) or 0 for each in request.POST.getlist("present")}
        try:
            number = replies.record(meeting=meeting, present=chosen)
        except replies.ReplyRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(
                request, ngettext("%(n)s person was there.", "%(n)s people were there.", number) % {"n": number}
            )
            return redirect(f"{meeting.get_absolute_url()}#guests")
    guests = replies.guest_list(meeting)
    was_recorded = any(guest.reply and guest.reply.was_present is not None for guest in guests.guests)
    rows = [
        {
            "guest": guest,
            "is_present": guest.reply.was_present
            if was_recorded and guest.reply
            else guest.answer == Reply.Answer.YES and not guest.is_waiting,
        }
        for guest in guests.guests
    ]
    return render(
        request,
        "kringen/attendance.html",
        {"kring": meeting.kring, "meeting": meeting, "rows": rows, "refused": refused},
        status=400 if refused else 200,
    )
