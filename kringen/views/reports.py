"""Reporting a message, and the queue of who keeps order."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kringen.conversation import reports, rooms
from kringen.conversation.content_forms import AnswerForm, ReportForm
from kringen.models import Kring, MessageReport, Room
from kringen.views.content import place_of
from kringen.views.loaders import entered, in_kring, message_in, room_in
from people import markup
from people.requests import PersonRequest


@in_kring("GET", "HEAD", "POST")
def report_message(request: PersonRequest, kring: Kring, room_id: int, message_id: int) -> HttpResponse:
    """Say what is wrong with a message."""
    room = room_in(request, kring, room_id)
    message = message_in(room, message_id)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reports.report(by=request.user, room=room, message_id=message.pk, reason=form.cleaned_data["reason"])
        except rooms.RoomRefused as refused:
            form.add_error("reason", str(refused))
        else:
            messages.success(request, _("Your report has arrived. You will hear what is done with it."))
            return redirect(place_of(room, message.pk))
    context: dict[str, Any] = {
        "kring": kring,
        "room": room,
        "message": message,
        "html": markup.stored(message.html),
        "form": form,
        "place": place_of(room, message.pk),
    }
    return render(request, "kringen/room/report.html", context, status=422 if form.errors else 200)


def _keeper(request: PersonRequest, kring: Kring) -> None:
    """Answer 404 to who keeps no order in this kring: they need not know that there is a queue."""
    entered(request, kring)
    if not Room.objects.led_by(request.user).filter(kring=kring).exists():
        raise Http404


@in_kring("GET", "HEAD")
def report_list(request: PersonRequest, kring: Kring) -> HttpResponse:
    """Show the reports of a kring: those to be looked at, then what was decided."""
    _keeper(request, kring)
    found = list(reports.reports_for(request.user, kring)[:200])
    return render(
        request,
        "kringen/room/reports.html",
        {
            "kring": kring,
            "open": [
                {"report": each, "html": markup.stored(each.message.html), "form": AnswerForm(prefix=str(each.pk))}
                for each in found
                if each.state == MessageReport.State.OPEN
            ],
            "handled": [each for each in reversed(found) if each.state != MessageReport.State.OPEN],
        },
    )


@in_kring("POST")
def handle_report(request: PersonRequest, kring: Kring, report: int) -> HttpResponse:
    """Decide on a report."""
    _keeper(request, kring)
    found = get_object_or_404(reports.reports_for(request.user, kring), pk=report)
    form = AnswerForm(request.POST, prefix=str(found.pk))
    if form.is_valid():
        try:
            reports.handle(
                by=request.user,
                report=found,
                take_away="take_away" in request.POST,
                answer=form.cleaned_data["answer"],
            )
        except rooms.RoomRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Done. The reporter hears it."))
    else:
        messages.error(request, _("The answer is longer than 240 characters. Shorten it."))
    return redirect("kringen:reports", kring.slug)
