"""Editing a whole agenda in one form; works without a script.

Every button sends the whole form. "save" stores it; "add", "up:2", "down:2" and "remove:2" only answer with the form
in its new order, so nothing is stored by moving lines about.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kringen.forms import AgendaFormSet, rows_of
from kringen.meetings import agendas as verbs
from kringen.meetings.agenda import timetable
from kringen.meetings.agendas import MOST_ITEMS
from kringen.models import Meeting
from kringen.permissions import can_edit_agenda
from kringen.views.loaders import in_kring, need
from people.requests import PersonRequest

PREFIX = "items"
FIELDS = ("pk", "title", "kind", "starts_at", "minutes", "presenter", "notes")


@in_kring("GET", "HEAD", "POST")
def edit_agenda(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Show and store the agenda; of two people who save, the second sees both versions and loses nothing."""
    need(can_edit_agenda(request.user, meeting))
    if request.method != "POST":
        rows = rows_of(list(meeting.agenda_items.all())) or [{}]
        return _form(request, meeting, AgendaFormSet(initial=rows, prefix=PREFIX), meeting.agenda_version)
    seen = _number(request.POST.get("agenda_version"))
    do, _colon, index = request.POST.get("do", "save").partition(":")
    if do != "save":
        rows, focus = _rearranged(_typed(request.POST), do, _number(index))
        moved = AgendaFormSet(initial=rows, prefix=PREFIX)
        if 0 <= focus < len(moved.forms):
            moved.forms[focus].fields["title"].widget.attrs["autofocus"] = True
        return _form(request, meeting, moved, seen)
    formset: Any = AgendaFormSet(request.POST, prefix=PREFIX)
    if not formset.is_valid():
        return _form(request, meeting, formset, seen, status=400)
    try:
        verbs.save_agenda(meeting=meeting, lines=formset.lines(), seen=seen, by=request.user)
    except verbs.AgendaChanged as conflict:
        return _form(request, conflict.meeting, formset, conflict.meeting.agenda_version, status=409)
    messages.success(request, _("The agenda was saved."))
    return redirect("kringen:meeting", slug=meeting.kring.slug, number=meeting.number)


def _form(request: HttpRequest, meeting: Meeting, formset: Any, version: int, status: int = 200) -> HttpResponse:
    stored = timetable(list(meeting.agenda_items.all()), meeting.starts_at, meeting.ends_at)
    return render(
        request,
        "kringen/agenda_form.html",
        {
            "kring": meeting.kring,
            "meeting": meeting,
            "formset": formset,
            "version": version,
            "conflict": status == 409,  # noqa: PLR2004 — the status says it best
            "stored": stored,
            "is_full": len(formset.forms) >= MOST_ITEMS,
        },
        status=status,
    )


def _number(text: str | None) -> int:
    """Return a number that a form sent back, or -1 for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else -1  # noqa: PLR2004 — fits an integer


def _typed(data: QueryDict) -> list[dict[str, str]]:
    """Return the rows exactly as typed, valid or not."""
    count = min(max(_number(data.get(f"{PREFIX}-TOTAL_FORMS")), 0), MOST_ITEMS)
    return [{field: data.get(f"{PREFIX}-{row}-{field}", "") for field in FIELDS} for row in range(count)]


def _rearranged(rows: list[dict[str, str]], do: str, index: int) -> tuple[list[dict[str, Any]], int]:
    """Carry out one button; return the rows and which of them to put the cursor in."""
    moved: list[dict[str, Any]] = list(rows)
    if do == "add" and len(moved) < MOST_ITEMS:
        return [*moved, {}], len(moved)
    if not 0 <= index < len(moved):
        return moved, -1
    if do == "remove":
        del moved[index]
        return moved or [{}], min(index, len(moved) - 1)
    target = index - 1 if do == "up" else index + 1
    if do in {"up", "down"} and 0 <= target < len(moved):
        moved[index], moved[target] = moved[target], moved[index]
        return moved, target
    return moved, index
