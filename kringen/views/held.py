"""A meeting while it is held: the page that follows it, the projector, and what hangs on an item."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from kringen.cards.in_notes import specs_of
from kringen.cards.showing import Showing
from kringen.conversation.acting import REFUSALS
from kringen.conversation.subjects import open_about
from kringen.live import frames
from kringen.live.acts import perform
from kringen.meetings.live_page import page_of
from kringen.meetings.meeting_room import rooms_of
from kringen.models import Meeting, Message, Room
from kringen.views.content import STATUS, wants_json
from kringen.views.loaders import entered, in_kring
from people.requests import PersonRequest

# The acts that this page does, as the socket knows them (`kringen/live/acts`), and the fields of theirs that are ids.
ACTS = {
    "meetingStart",
    "meetingMove",
    "meetingEnd",
    "note",
    "editNote",
    "raiseHand",
    "lowerHand",
    "decide",
    "promise",
    "poll",
}
IDS = {"item", "note", "owner", "person"}
TEXTS = {"text", "due", "question"}


@in_kring("GET", "HEAD", "POST")
def live(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Follow a meeting, and do there what can be done: the same acts as over the socket, from a plain form.

    Looking changes nothing; asked for JSON it only says whether there is a room to follow yet.
    """
    _inside(request, meeting)
    if request.method == "POST":
        return _do(request, meeting)
    if wants_json(request):
        return JsonResponse({"room": rooms_of(meeting.pk).values_list("pk", flat=True).first()})
    return render(request, "kringen/live/page.html", page_of(request, meeting))


@in_kring("GET", "HEAD")
def projector(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Show the meeting in big type, with the figures of the kring and nobody's own."""
    _inside(request, meeting)
    return render(request, "kringen/live/screen.html", page_of(request, meeting, screen=True))


@in_kring("GET", "HEAD")
def item_cards(request: PersonRequest, meeting: Meeting, item: int) -> HttpResponse:
    """Show what hangs on an item, with the reader's own figures: a page, or with `?deel=1` only the cards."""
    return _cards(request, meeting, item, place=None)


@in_kring("GET", "HEAD")
def screen_cards(request: PersonRequest, meeting: Meeting, item: int) -> HttpResponse:
    """Show what hangs on an item as the projector does: the figures of the group, and of nobody by themselves."""
    return _cards(request, meeting, item, place="")


def _cards(request: PersonRequest, meeting: Meeting, item: int, *, place: str | None) -> HttpResponse:
    _inside(request, meeting)
    found = get_object_or_404(meeting.agenda_items, pk=item)
    room = rooms_of(meeting.pk).first() or Room(kring=meeting.kring)  # nothing is said there yet
    holder = Message(room=room, sender=request.user, cards=specs_of(found, reader=request.user, room=room))
    holder.created_at = timezone.now()
    cards = Showing(holder, request.user, place=place).cards()
    context: dict[str, Any] = {"kring": meeting.kring, "meeting": meeting, "item": found, "cards": cards, "room": room}
    if "deel" in request.GET:
        return render(request, "kringen/room/_cards.html", {**context, "level": 3})
    return render(request, "kringen/live/cards.html", {**context, "level": 2})


def _inside(request: PersonRequest, meeting: Meeting) -> None:
    """Answer 404 to who does not talk in the kring, and for meetings that are not for the whole circle.

    Raises:
        Http404: the steering group follows progress, not what is said; a talk about one municipality has no room.
    """
    entered(request, meeting.kring)
    if meeting.kind not in Meeting.OPEN_KINDS:
        raise Http404


def _do(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Do the act that a form holds: JSON for a script, for a form the page again, with what was typed when refused."""
    answer = _answer(request, meeting)
    code = answer.get("code", "")
    sentence = str(REFUSALS.get(code, REFUSALS["bad"])) if answer["t"] == "nack" else ""
    if wants_json(request):
        if sentence:
            status = 503 if code == "retry" else STATUS.get(code, 422)
            return JsonResponse({"code": code, "sentence": sentence}, status=status)
        return JsonResponse({**answer, "done": True})
    if not sentence:
        return redirect("kringen:meeting-live", meeting.kring.slug, meeting.number)
    messages.error(request, sentence)
    typed = {name: request.POST.get(name, "") for name in ("t", "text", "item", "owner", "due", "question", "options")}
    return render(request, "kringen/live/page.html", page_of(request, meeting, typed), status=422)


def _answer(request: PersonRequest, meeting: Meeting) -> dict[str, Any]:
    """Do the act; the first that succeeds opens the room about the meeting, one that is refused opens nothing."""
    room = rooms_of(meeting.pk).first()
    if room is not None:
        return _perform(request, room)
    with transaction.atomic():
        answer = _perform(request, open_about(kring=meeting.kring, subject=meeting, by=request.user))
        transaction.set_rollback(answer["t"] == "nack")
    return answer


def _perform(request: PersonRequest, room: Room) -> dict[str, Any]:
    kind, cid = request.POST.get("t", ""), request.POST.get("cid") or str(uuid4())
    frame: dict[str, Any] = {"t": kind, "room": room.pk, "cid": cid}
    for name in IDS & request.POST.keys():
        value = request.POST[name]
        frame[name] = int(value) if value.isascii() and value.isdecimal() and len(value) < 20 else value or None  # noqa: PLR2004
    frame |= {name: request.POST[name] for name in TEXTS & request.POST.keys()}
    if "options" in request.POST:
        frame["options"] = [line for line in request.POST["options"].splitlines() if line.strip()]
    if kind == "promise" and not frame.get("owner"):
        return {"t": "nack", "cid": cid, "code": "action_owner"}
    try:
        checked = frames.parse(json.dumps(frame)) if kind in ACTS else None
    except frames.BadFrameError:
        checked = None
    return perform(request.user, checked) if checked else {"t": "nack", "cid": cid, "code": "bad"}
