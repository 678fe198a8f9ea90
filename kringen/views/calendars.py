"""Somebody's own calendar address: shown once, made anew, ended, and read by a calendar program."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kringen.meetings import calendars as verbs
from kringen.models import CalendarFeed
from people.requests import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar(request: PersonRequest) -> HttpResponse:
    """Explain the address and make, renew or end it; a new one is shown once, on the answer itself."""
    address = ""
    if request.method == "POST" and request.POST.get("do") == "end":
        verbs.close_feed(person=request.user)
        messages.success(request, _("The address has ended. Calendars that read it get nothing any more."))
        return redirect("calendar")
    if request.method == "POST":
        token = verbs.open_feed(person=request.user)
        address = settings.BASE_URL.rstrip("/") + reverse("calendar-feed", args=[token])
    feed = CalendarFeed.objects.filter(person=request.user).first()
    return render(request, "kringen/calendar.html", {"feed": feed, "address": address})


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a calendar program; an address that was ended or tampered with does not exist."""
    person = verbs.find(token)
    if person is None:
        raise Http404
    response = HttpResponse(verbs.content_for(person), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="kringen.ics"'
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
