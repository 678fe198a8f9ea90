"""The cockpit of a facilitator."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kringen.circle.cockpit import concerns
from kringen.models import Kring
from kringen.permissions import can_manage_members
from kringen.views.loaders import in_kring, need
from people.requests import PersonRequest


@in_kring("GET", "HEAD")
def cockpit(request: PersonRequest, kring: Kring) -> HttpResponse:
    """Show what needs looking after, each line with the page where it is solved."""
    need(can_manage_members(request.user, kring))
    found = concerns(kring)
    return render(
        request,
        "kringen/cockpit.html",
        {
            "kring": kring,
            "concerns": [each for each in found if each.points],
            "fine": [each for each in found if not each.points],
        },
    )
