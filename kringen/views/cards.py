"""Cards: what hangs under a message for this reader, what can be put there, and how a text will look."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from kringen.cards import choices
from kringen.cards.showing import Showing
from kringen.conversation import rooms
from kringen.conversation.content import clean_body, compose
from kringen.conversation.mentions import names_for
from kringen.models import Kring, Message, Room
from kringen.views.loaders import in_kring, room_in
from people import markup
from people.requests import PersonRequest


def message_of(room: Room, message_id: int) -> Message:
    """Return a message of this room, taken away or not; anything else does not exist."""
    message = get_object_or_404(room.messages.select_related("sender__municipality", "reply_to__sender"), pk=message_id)
    message.room = room
    return message


@in_kring("GET", "HEAD")
def cards(request: PersonRequest, kring: Kring, room_id: int, message_id: int) -> HttpResponse:
    """Show what hangs under a message, with the reader's own figures: a page, or with `?deel=1` only the cards.

    With `?scherm=1` as the projector of a meeting does: the figures of the group, and nobody's own vote.
    """
    room = room_in(request, kring, room_id)
    message = message_of(room, message_id)
    context: dict[str, Any] = {
        "kring": kring,
        "room": room,
        "message": message,
        "html": markup.stored(message.html),
        "cards": Showing(message, request.user, place="" if "scherm" in request.GET else None).cards(),
        "level": 4 if "deel" in request.GET else 2,
    }
    return render(request, "kringen/room/_cards.html" if "deel" in request.GET else "kringen/room/cards.html", context)


@in_kring("GET", "HEAD")
def choose(request: PersonRequest, kring: Kring, room_id: int) -> HttpResponse:
    """Return what can be put under a message, by kind and a few letters; without a kind, the kinds."""
    room = room_in(request, kring, room_id)
    kind = request.GET.get("soort", "")
    if not kind:
        return JsonResponse(
            {"kinds": [{"word": word, "label": str(label)} for word, (label, _find) in choices.KINDS.items()]}
        )
    if kind not in choices.KINDS:
        raise Http404
    found = choices.find(kind, user=request.user, room=room, query=request.GET.get("q", ""))
    return JsonResponse(
        {"found": [{"address": one.address, "label": one.label, "detail": one.detail} for one in found]}
    )


@in_kring("GET", "HEAD")
def names(request: PersonRequest, kring: Kring, room_id: int) -> HttpResponse:
    """Return whom this person can call in a message."""
    room = room_in(request, kring, room_id)
    kinds = {"person": "", "municipality": _("everybody of this municipality"), "kring": _("everybody in this kring")}
    return JsonResponse(
        {
            "names": [
                {"name": one.text, "detail": one.detail or kinds[one.kind]}
                for one in names_for(request.user, room.pk).all
                if one.id != request.user.pk or one.kind != "person"
            ]
        }
    )


@in_kring("POST")
def preview(request: PersonRequest, kring: Kring, room_id: int) -> HttpResponse:
    """Show how a text will look, with its cards; nothing is stored."""
    room = room_in(request, kring, room_id)
    try:
        content = compose(sender=request.user, room_id=room.pk, text=clean_body(request.POST.get("body", "")))
    except rooms.RoomRefused as refused:
        return render(request, "kringen/room/_preview.html", {"sentence": str(refused)}, status=422)
    message = Message(room=room, sender=request.user, cards=content.cards)
    message.created_at = timezone.now()
    shown = Showing(message, request.user).cards()
    return render(
        request,
        "kringen/room/_preview.html",
        {"html": content.html, "cards": shown, "room": room, "kring": kring, "level": 4},
    )
