"""What concerns me: the list, and how I want to hear of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people import notifications
from people.requests import PersonRequest


@login_required
@require_safe
def notification_list(request: PersonRequest) -> HttpResponse:
    """Show what somebody was told, newest first, and how they hear of it."""
    told = notifications.for_person(request.user)
    return render(
        request,
        "people/notification_list.html",
        {
            "told": told,
            "newest": max((one.notification.pk for one in told), default=0),
            "any_unread": any(one.notification.read_at is None for one in told),
            "choices": notifications.choices_of(request.user),
        },
    )


@login_required
@require_POST
def read(request: PersonRequest) -> HttpResponse:
    """Mark as read what was on the page."""
    until = request.POST.get("until", "")
    known = until.isascii() and until.isdecimal() and len(until) < 19  # noqa: PLR2004 — fits in the database
    notifications.mark_read(user=request.user, until=int(until) if known else None)
    return redirect("notifications:list")


@login_required
@require_POST
def choose(request: PersonRequest) -> HttpResponse:
    """Keep how somebody wants to hear of each kind of thing."""
    for kind in notifications.kinds():
        notifications.choose(
            user=request.user,
            kind=kind.name,
            in_app=f"{kind.name}:in_app" in request.POST,
            by_mail=f"{kind.name}:by_mail" in request.POST,
        )
    messages.success(request, _("Your choice is saved."))
    return redirect("notifications:list")
