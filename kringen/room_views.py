"""The pages of the rooms. Everything works as plain pages and forms; the script only makes it immediate."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from benchmark import goals
from kringen import rooms
from kringen.live import log
from kringen.models import Kring, Message, ReadMarker, Room
from kringen.room_forms import EditForm, MessageForm, RoomForm, TopicForm
from kringen.room_permissions import can_delete_message, can_edit_message, can_open_room, can_talk_in
from kringen.room_words import words
from kringen.roomlist import rooms_for
from kringen.views.loaders import in_kring, need
from people import markup
from people.requests import PersonRequest

PER_PAGE = log.SNAPSHOT_MESSAGES
GOALS_BESIDE = 2


def _room(request: PersonRequest, kring: Kring, room_id: int) -> Room:
    """Return a room of this kring that the reader may enter; anything else does not exist."""
    return get_object_or_404(
        Room.objects.visible_to(request.user).filter(kring=kring).select_related("kring"), pk=room_id
    )


def _entered(request: PersonRequest, kring: Kring) -> None:
    """Answer 404 to who may see the kring but does not talk there (the steering group).

    Raises:
        Http404: the reader is neither in the kring nor of the office.
    """
    if not can_talk_in(request.user, kring):
        raise Http404


@in_kring("GET", "HEAD", "POST")
def room_list(request: PersonRequest, kring: Kring) -> HttpResponse:
    """Show the rooms of a kring; its facilitator opens new ones here."""
    _entered(request, kring)
    may_open = can_open_room(request.user, kring)
    form = RoomForm(request.POST or None) if may_open else None
    if request.method == "POST":
        need(may_open)
        if form is not None and form.is_valid():
            given = form.cleaned_data
            room = rooms.open_room(
                kring=kring, name=given["name"], about=given["about"], by=request.user, submission=given["submission"]
            )
            messages.success(request, _("The room is open. Write the first message."))
            return redirect("kringen:room", kring.slug, room.pk)
    return render(
        request, "kringen/rooms.html", {"kring": kring, "rooms": rooms_for(request.user, [kring]), "form": form}
    )


@in_kring("GET", "HEAD", "POST")
def room_page(request: PersonRequest, kring: Kring, room_id: int) -> HttpResponse:
    """Show what was said last and take a message."""
    room = _room(request, kring, room_id)
    form = MessageForm(request.POST or None, room=room)
    if request.method == "POST":
        done = _send(request, room, form)
        if done is not None:
            return redirect(f"{reverse('kringen:room', args=[kring.slug, room.pk])}#m{done.message_id}")
    return render(
        request, "kringen/room.html", _page(request, room, form), status=422 if request.method == "POST" else 200
    )


def _send(request: PersonRequest, room: Room, form: MessageForm) -> rooms.Done | None:
    """Send what the form holds; what is refused stays in the form with a sentence beside it."""
    if not form.is_valid():
        return None
    topic = form.cleaned_data["topic"]
    try:
        return rooms.send(
            sender=request.user,
            room=room,
            client_id=form.cleaned_data["cid"],
            body=form.cleaned_data["body"],
            topic_id=topic.pk if topic else None,
        )
    except rooms.RoomRefused as refused:
        form.add_error("body", str(refused))
        if refused.code == "conflict":  # the next try is another message
            form.data = {**{name: form.data[name] for name in form.data}, "cid": str(uuid4())}
    return None


def _page(request: PersonRequest, room: Room, form: MessageForm) -> dict[str, Any]:
    until = request.GET.get("tot", "")
    last = min(int(until), room.seq) if until.isdecimal() and len(until) < len(str(2**63)) else room.seq
    topics = list(room.topics.all())
    chosen = request.GET.get("onderwerp", "")
    topic = next((each for each in topics if str(each.pk) == chosen), None)
    shown = log.recent_messages(room.pk, last, PER_PAGE + 1, topic=topic)
    older = shown[0].created_seq if len(shown) > PER_PAGE else None
    shown = shown[-PER_PAGE:]
    marker = ReadMarker.objects.filter(room=room, user=request.user).values_list("seq", flat=True).first() or 0
    return {
        "kring": room.kring,
        "room": room,
        "form": form,
        "topics": topics,
        "topic": topic,
        "topic_form": TopicForm(),
        "lines": [_line(request, room, message) for message in shown],
        "first_unread": next(
            (
                message.pk
                for message in shown
                if message.created_seq > marker and message.sender_id != request.user.pk and not message.deleted_at
            ),
            None,
        ),
        "older": older,
        "is_past": last < room.seq,
        "goals": goals.for_home(request.user)[:GOALS_BESIDE],
        "words": words(),
        "live": {
            "room": room.pk,
            "epoch": str(room.epoch),
            "head": room.seq,
            "user": request.user.pk,
            "name": str(request.user),
            "municipality": request.user.municipality.name if request.user.municipality else "",
            "marker": marker,
            "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
            "topic": topic.pk if topic else None,
            "topics": {each.pk: each.title for each in topics},
            "general": next((each.pk for each in topics if each.is_general), None),
            "maxBody": rooms.MAX_BODY,
            "events": reverse("api:room_events", args=[room.pk]),
            "messages": reverse("api:room_messages", args=[room.pk]),
            "page": reverse("kringen:room", args=[room.kring.slug, room.pk]),
            "login": f"{reverse(settings.LOGIN_URL)}?next={request.path}",
        },
    }


def _line(request: PersonRequest, room: Room, message: Message) -> dict[str, Any]:
    """Return a message with what its reader may do with it."""
    message.room = room
    return {
        "message": message,
        "html": markup.stored(message.html),
        "is_own": message.sender_id == request.user.pk,
        "can_edit": can_edit_message(request.user, message),
        "can_delete": can_delete_message(request.user, message),
    }


@in_kring("POST")
def read_all(request: PersonRequest, kring: Kring, room_id: int) -> HttpResponse:
    """Mark everything that was on the page as read."""
    room = _room(request, kring, room_id)
    seen = request.POST.get("seq", "")
    if seen.isdecimal() and len(seen) < len(str(2**63)):
        rooms.mark_read(reader=request.user, room_id=room.pk, seq=int(seen))
    return redirect("kringen:room", kring.slug, room.pk)


@in_kring("POST")
def start_topic(request: PersonRequest, kring: Kring, room_id: int) -> HttpResponse:
    """Start a topic, and go and stand in it."""
    room = _room(request, kring, room_id)
    form = TopicForm(request.POST)
    here = reverse("kringen:room", args=[kring.slug, room.pk])
    if not form.is_valid():
        messages.error(request, _("A topic needs a title. Write one line and try again."))
        return redirect(here)
    topic = rooms.start_topic(
        room=room, title=form.cleaned_data["title"], by=request.user, client_id=form.cleaned_data["submission"]
    )
    return redirect(f"{here}?onderwerp={topic.pk}")


def _message(room: Room, message_id: int) -> Message:
    message = get_object_or_404(
        room.messages.filter(deleted_at__isnull=True).select_related("sender__municipality"), pk=message_id
    )
    message.room = room
    return message


@in_kring("GET", "HEAD", "POST")
def edit_message(request: PersonRequest, kring: Kring, room_id: int, message_id: int) -> HttpResponse:
    """Change one's own message."""
    room = _room(request, kring, room_id)
    message = _message(room, message_id)
    need(can_edit_message(request.user, message))
    form = EditForm(request.POST or None, message=message)
    if request.method == "POST" and form.is_valid():
        try:
            rooms.edit(
                editor=request.user,
                room=room,
                message_id=message.pk,
                client_id=form.cleaned_data["cid"],
                body=form.cleaned_data["body"],
            )
        except rooms.RoomRefused as refused:
            form.add_error("body", str(refused))
        else:
            return redirect(f"{reverse('kringen:room', args=[kring.slug, room.pk])}#m{message.pk}")
    context = {"kring": kring, "room": room, "message": message, "form": form}
    return render(request, "kringen/room_message_edit.html", context)


@in_kring("GET", "HEAD", "POST")
def delete_message(request: PersonRequest, kring: Kring, room_id: int, message_id: int) -> HttpResponse:
    """Ask whether it is meant, and take a message away."""
    room = _room(request, kring, room_id)
    message = _message(room, message_id)
    need(can_delete_message(request.user, message))
    if request.method == "POST":
        rooms.delete(by=request.user, room=room, message_id=message.pk, client_id=uuid4())
        messages.success(request, _("The message is gone. Its place in the conversation stays visible."))
        return redirect("kringen:room", kring.slug, room.pk)
    return render(request, "kringen/room_message_delete.html", {"kring": kring, "room": room, "message": message})
