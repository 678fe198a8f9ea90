"""What people do with a message beside writing it: signs, pins, polls, its history. Plain forms, and fetched by script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kringen.cards.showing import kind_words
from kringen.conversation import pins, polls, rooms
from kringen.conversation.content_forms import PollForm
from kringen.conversation.reactions import READY, SIGNS
from kringen.conversation.room_permissions import can_delete_message, can_edit_message
from kringen.models import Kring, Reaction, Room, RoomEvent
from kringen.promises import goal_news
from kringen.views.cards import message_of
from kringen.views.loaders import in_kring, message_in, room_in
from people import markup
from people.requests import PersonRequest

# What a refusal is in HTTP, for the script; a plain form gets the sentence on the page it came from.
STATUS = {"forbidden": 403, "missing": 404, "conflict": 409}


def wants_json(request: HttpRequest) -> bool:
    """Say whether a script asks, and not a page."""
    return request.headers.get("Accept", "").startswith("application/json")


def _cid(request: PersonRequest) -> UUID:
    try:
        return UUID(request.POST.get("cid", ""))
    except ValueError:
        return uuid4()


def place_of(room: Room, message_id: int) -> str:
    """Return the address of a message in its room."""
    return f"{reverse('kringen:room', args=[room.kring.slug, room.pk])}?bericht={message_id}#m{message_id}"


def done(request: PersonRequest, room: Room, message_id: int, act: Callable[[], Any]) -> HttpResponse:
    """Do an act on a message; answer a script with JSON and a form with the page of the room."""
    try:
        act()
    except rooms.RoomRefused as refused:
        if wants_json(request):
            return JsonResponse({"code": refused.code, "sentence": str(refused)}, status=STATUS.get(refused.code, 422))
        messages.error(request, str(refused))
    else:
        if wants_json(request):
            return JsonResponse({"done": True})
    return redirect(place_of(room, message_id))


@in_kring("GET", "HEAD", "POST")
def acts(request: PersonRequest, kring: Kring, room_id: int, message_id: int) -> HttpResponse:
    """Show what this reader can do with a message: a page, or with `?deel=1` only the list."""
    room = room_in(request, kring, room_id)
    message = message_in(room, message_id)
    if request.method == "POST":
        on = "off" not in request.POST
        emoji = request.POST.get("emoji" if on else "off", "")
        return done(
            request,
            room,
            message.pk,
            lambda: rooms.react(
                by=request.user, room=room, message_id=message.pk, client_id=_cid(request), emoji=emoji, on=on
            ),
        )
    mine = set(Reaction.objects.filter(message=message, user=request.user).values_list("emoji", flat=True))
    signs = [{"emoji": emoji, "word": word, "is_mine": emoji in mine} for emoji, word in SIGNS.items()]
    context: dict[str, Any] = {
        "kring": kring,
        "room": room,
        "message": message,
        "html": markup.stored(message.html),
        "signs": signs,
        "ready": READY,
        "is_own": message.sender_id == request.user.pk,
        "can_edit": can_edit_message(request.user, message),
        "can_delete": can_delete_message(request.user, message),
        "place": place_of(room, message.pk),
        "cid": uuid4(),
    }
    return render(request, "kringen/room/_acts.html" if "deel" in request.GET else "kringen/room/acts.html", context)


@in_kring("POST")
def pin(request: PersonRequest, kring: Kring, room_id: int, message_id: int) -> HttpResponse:
    """Pin a message, or take it off."""
    room = room_in(request, kring, room_id)
    message = message_in(room, message_id)
    on = request.POST.get("on", "1") == "1"
    return done(
        request,
        room,
        message.pk,
        lambda: rooms.pin(by=request.user, room=room, message_id=message.pk, client_id=_cid(request), on=on),
    )


@in_kring("GET", "HEAD")
def pin_list(request: PersonRequest, kring: Kring, room_id: int) -> HttpResponse:
    """Show the pinned messages of a room; a part of its page, fetched anew when one is pinned or taken off."""
    room = room_in(request, kring, room_id)
    return render(request, "kringen/room/_pins.html", {"kring": kring, "room": room, "pins": pins.pinned(room)})


@in_kring("GET", "HEAD")
def goal_list(request: PersonRequest, kring: Kring, room_id: int) -> HttpResponse:
    """Show the goals that turned lately; a part of the room's page, fetched anew when another one turns."""
    room = room_in(request, kring, room_id)
    return render(request, "kringen/room/_goal_news.html", {"news": goal_news.news_in(room, request.user)})


@in_kring("GET", "HEAD", "POST")
def new_poll(request: PersonRequest, kring: Kring, room_id: int) -> HttpResponse:
    """Put a question to the room."""
    room = room_in(request, kring, room_id)
    if room.is_archived:
        raise Http404
    form = PollForm(request.POST if request.method == "POST" else None, room=room)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            opened = polls.open_poll(
                by=request.user,
                room=room,
                client_id=given["cid"],
                question=given["question"],
                options=form.answers,
                topic_id=given["topic"].pk if given["topic"] else None,
                is_multiple=given["is_multiple"],
                voter=given["voter"],
                may_change=given["may_change"],
                closes_on=given["closes_on"],
            )
        except rooms.RoomRefused as refused:
            form.add_error(
                {"poll_options": "options", "poll_question": "question", "poll_deadline": "closes_on"}.get(
                    refused.code
                ),
                str(refused),
            )
        else:
            return redirect(place_of(room, opened.message_id))
    status = 422 if form.errors else 200
    return render(request, "kringen/room/poll_form.html", {"kring": kring, "room": room, "form": form}, status=status)


@in_kring("POST")
def vote(request: PersonRequest, kring: Kring, room_id: int, message_id: int) -> HttpResponse:
    """Vote in a poll."""
    room = room_in(request, kring, room_id)
    message = message_in(room, message_id)
    chosen = [int(text) for text in request.POST.getlist("option") if text.isascii() and text.isdecimal()]
    chosen = [pk for pk in chosen if pk < 2**63]
    return done(
        request,
        room,
        message.pk,
        lambda: polls.vote(
            by=request.user, room=room, message_id=message.pk, client_id=_cid(request), option_ids=chosen
        ),
    )


@in_kring("POST")
def close_poll(request: PersonRequest, kring: Kring, room_id: int, message_id: int) -> HttpResponse:
    """End a poll."""
    room = room_in(request, kring, room_id)
    message = message_in(room, message_id)
    return done(
        request,
        room,
        message.pk,
        lambda: polls.close(by=request.user, room=room, message_id=message.pk, client_id=_cid(request)),
    )


@in_kring("GET", "HEAD")
def history(request: PersonRequest, kring: Kring, room_id: int, message_id: int) -> HttpResponse:
    """Show what a message was before it was changed. Of one that was taken away nothing is left to show."""
    room = room_in(request, kring, room_id)
    message = message_of(room, message_id)
    kinds = [RoomEvent.Kind.MESSAGE_NEW, RoomEvent.Kind.MESSAGE_EDIT]
    versions = [
        {
            "at": event.created_at,
            "html": markup.stored(event.payload.get("html", "")),
            "cards": [kind_words(card) for card in event.payload.get("cards", [])],
        }
        for event in message.events.filter(kind__in=kinds).order_by("seq")
        if not event.payload.get("deleted")
    ]
    return render(
        request,
        "kringen/room/history.html",
        {
            "kring": kring,
            "room": room,
            "message": message,
            "versions": versions[::-1],
            "place": place_of(room, message.pk),
        },
    )
