"""The theme board of a kring."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark.models import Area
from kringen.circle import themes as verbs
from kringen.conversation.acting import RoomRefused
from kringen.conversation.notices import address_of
from kringen.conversation.room_permissions import can_talk_in
from kringen.models import Kring, Meeting, Room, Theme
from kringen.permissions import can_plan_meeting
from kringen.views.loaders import in_kring, need, number_of
from people.requests import PersonRequest


@in_kring("GET", "HEAD", "POST")
def theme_board(request: PersonRequest, kring: Kring) -> HttpResponse:
    """Show who asks what; whoever guides the kring groups it, puts it to the vote and chooses."""
    if not can_talk_in(request.user, kring):
        raise Http404
    refused = ""
    if request.method == "POST":
        need(can_plan_meeting(request.user, kring))
        act = ACTS.get(request.POST.get("do", ""))
        if act is None:
            raise Http404
        try:
            messages.success(request, act(request, kring))
        except (verbs.ThemeRefused, RoomRefused) as refusal:
            refused = str(refusal)
        else:
            return redirect("kringen:themes", slug=kring.slug)
    return _page(request, kring, refused)


def _page(request: PersonRequest, kring: Kring, refused: str) -> HttpResponse:
    board = verbs.board(kring)
    return render(
        request,
        "kringen/themes.html",
        {
            "kring": kring,
            "board": board,
            "rows": [
                {
                    "theme": theme,
                    "items": items,
                    "askers": sorted({item.intake.municipality.name for item in items}),
                    "knows": verbs.may_know(theme, items, request.user),
                }
                for theme, items in board.themes
            ],
            "poll_address": address_of(board.poll.message) if board.poll else "",
            "meetings": kring.meetings.for_the_circle().upcoming(),
            "areas": Area.objects.filter(kind=Area.Kind.PERFORMANCE),
            "may_group": can_plan_meeting(request.user, kring),
            "submission": uuid.uuid4(),
            "refused": refused,
            "typed": request.POST,
        },
        status=400 if refused else 200,
    )


def _items(data: Any) -> list[int]:
    return [number_of(text) or 0 for text in data.getlist("items")]


def _theme(kring: Kring, text: str) -> Theme:
    return get_object_or_404(Theme, kring=kring, pk=number_of(text) or 0)


def _start(request: PersonRequest, kring: Kring) -> str:
    data = request.POST
    area = Area.objects.filter(pk=number_of(data.get("area", "")) or 0).first()
    made = verbs.start_theme(
        kring=kring,
        title=data.get("title", ""),
        by=request.user,
        items=_items(data),
        area=area,
        submission=_id_of(data.get("submission", "")),
    )
    return _("“%(theme)s” is on the board.") % {"theme": made}


def _put(request: PersonRequest, kring: Kring) -> str:
    chosen = request.POST.get("theme", "")
    theme = _theme(kring, chosen) if chosen else None
    number = verbs.put(kring=kring, items=_items(request.POST), theme=theme)
    return ngettext("%(n)s item was moved.", "%(n)s items were moved.", number) % {"n": number}


def _remove(request: PersonRequest, kring: Kring) -> str:
    theme = _theme(kring, request.POST.get("theme", ""))
    verbs.remove_theme(theme=theme)
    return _("The theme is off the board; its questions are loose again.")


def _vote(request: PersonRequest, kring: Kring) -> str:
    room = get_object_or_404(
        Room.objects.visible_to(request.user).filter(kring=kring, is_archived=False).order_by("pk")[:1]
    )
    verbs.put_to_vote(kring=kring, room=room, by=request.user, client_id=_id_of(request.POST.get("submission", "")))
    return _("The vote is open in “%(room)s”.") % {"room": room}


def _choose(request: PersonRequest, kring: Kring) -> str:
    theme = _theme(kring, request.POST.get("theme", ""))
    meeting = get_object_or_404(Meeting, kring=kring, pk=number_of(request.POST.get("meeting", "")) or 0)
    verbs.choose(theme=theme, meeting=meeting, reason=request.POST.get("reason", ""), by=request.user)
    return _("“%(theme)s” was chosen for “%(meeting)s”.") % {"theme": theme, "meeting": meeting}


def _id_of(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


ACTS = {"start": _start, "put": _put, "remove": _remove, "vote": _vote, "choose": _choose}
