"""The meetings of a year, planned together from the year plan."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from kringen.forms import SeriesFormSet
from kringen.meetings import meetings as verbs
from kringen.models import Kring
from kringen.permissions import can_plan_meeting
from kringen.views.loaders import in_kring, need
from people.requests import PersonRequest

PREFIX = "meetings"


@in_kring("GET", "HEAD", "POST")
def plan_series(request: PersonRequest, kring: Kring) -> HttpResponse:
    """Propose the meetings of the year plan that have no day yet, and plan those that are ticked."""
    need(can_plan_meeting(request.user, kring))
    refused = ""
    if request.method == "POST":
        formset = SeriesFormSet(request.POST, prefix=PREFIX)
        submission = _id_of(request.POST.get("submission", ""))
        if formset.is_valid():
            wanted = [
                (form.details(kring.theme), uuid.uuid5(submission, str(number)))
                for number, form in enumerate(formset.forms)
                if form.cleaned_data.get("wanted")
            ]
            try:
                made = verbs.plan_series(kring=kring, series=wanted)
            except verbs.MeetingRefused as refusal:
                refused = str(refusal)
            else:
                messages.success(
                    request,
                    ngettext("%(n)s meeting was planned.", "%(n)s meetings were planned.", len(made))
                    % {"n": len(made)},
                )
                return redirect("kringen:kring", slug=kring.slug)
    else:
        submission = uuid.uuid4()
        rows = [
            {"wanted": True, "title": milestone.title, "date": day} for milestone, day in verbs.still_to_plan(kring)
        ]
        formset = SeriesFormSet(initial=rows, prefix=PREFIX)
    failed = bool(refused) or (formset.is_bound and not formset.is_valid())
    return render(
        request,
        "kringen/meeting_series.html",
        {"kring": kring, "formset": formset, "submission": submission, "refused": refused},
        status=400 if failed else 200,
    )


def _id_of(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
