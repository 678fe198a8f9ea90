"""The topics of a room by plain forms: starting, renaming, ending, following, and moving messages between them."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kringen.conversation import rooms
from kringen.conversation.room_forms import MoveForm, RenameForm, TopicForm
from kringen.conversation.room_permissions import can_move_message, can_rename_topic, keeps_order
from kringen.models import Kring, Message, Room, Topic, TopicMark
from kringen.views.loaders import in_kring, message_in, need, room_in
from people.requests import PersonRequest


def _topic(room: Room, topic_id: int) -> Topic:
    topic = get_object_or_404(room.topics, pk=topic_id)
    topic.room = room
    return topic


def _here(room: Room, topic: Topic | None = None) -> str:
    address = reverse("kringen:room", args=[room.kring.slug, room.pk])
    return f"{address}?onderwerp={topic.pk}" if topic is not None else address


@in_kring("POST")
def start_topic(request: PersonRequest, kring: Kring, room_id: int) -> HttpResponse:
    """Start a topic, and go and stand in it."""
    room = room_in(request, kring, room_id)
    form = TopicForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A topic needs a title. Write one line and try again."))
        return redirect(_here(room))
    try:
        topic = rooms.start_topic(
            room=room, title=form.cleaned_data["title"], by=request.user, client_id=form.cleaned_data["submission"]
        )
    except rooms.RoomRefused as refused:
        messages.error(request, str(refused))
        return redirect(_here(room))
    return redirect(_here(room, topic))


@in_kring("GET", "HEAD", "POST")
def change_topic(request: PersonRequest, kring: Kring, room_id: int, topic_id: int) -> HttpResponse:
    """Show what can be done with a topic, and give it another title."""
    room = room_in(request, kring, room_id)
    topic = _topic(room, topic_id)
    may_rename = can_rename_topic(request.user, topic)
    title = topic.title
    form = RenameForm(request.POST or None, instance=topic) if may_rename else None
    if request.method == "POST":
        need(may_rename)
        if form is not None and form.is_valid():
            try:
                rooms.rename_topic(topic=topic, title=form.cleaned_data["title"], by=request.user, client_id=uuid4())
            except rooms.RoomRefused as refused:
                form.add_error("title", str(refused))
            else:
                return redirect(_here(room, topic))
    mark = TopicMark.objects.filter(topic=topic, user=request.user).first()
    context = {
        "kring": kring,
        "room": room,
        "topic": topic,
        "title": title,
        "form": form,
        "level": mark.level if mark is not None else TopicMark.Level.NORMAL.value,
        "levels": TopicMark.Level,
    }
    return render(request, "kringen/room/topic.html", context, status=422 if request.method == "POST" else 200)


@in_kring("POST")
def resolve_topic(request: PersonRequest, kring: Kring, room_id: int, topic_id: int) -> HttpResponse:
    """Mark a topic as resolved, or (`opnieuw`) open it again."""
    room = room_in(request, kring, room_id)
    topic = _topic(room, topic_id)
    try:
        rooms.resolve_topic(topic=topic, by=request.user, client_id=uuid4(), resolved="opnieuw" not in request.POST)
    except rooms.RoomRefused as refused:
        messages.error(request, str(refused))
    return redirect(_here(room, topic))


@in_kring("POST")
def follow_topic(request: PersonRequest, kring: Kring, room_id: int, topic_id: int) -> HttpResponse:
    """Follow a topic, mute it, or neither."""
    room = room_in(request, kring, room_id)
    topic = _topic(room, topic_id)
    try:
        rooms.set_level(topic=topic, reader=request.user, level=request.POST.get("level", ""))
    except rooms.RoomRefused as refused:
        messages.error(request, str(refused))
    return redirect(_here(room, topic))


@in_kring("GET", "HEAD", "POST")
def move_message(request: PersonRequest, kring: Kring, room_id: int, message_id: int) -> HttpResponse:
    """Move a message, or it and what follows, to another topic of the room."""
    room = room_in(request, kring, room_id)
    message = message_in(room, message_id)
    need(can_move_message(request.user, message))
    form = MoveForm(request.POST or None, message=message, may_move_all=keeps_order(request.user, room))
    if request.method == "POST" and form.is_valid():
        try:
            topic, moved = _move(request, message, form)
        except rooms.RoomRefused as refused:
            form.add_error(None, str(refused))
        else:
            said = ngettext("%(n)s message moved to “%(topic)s”.", "%(n)s messages moved to “%(topic)s”.", moved)
            messages.success(request, said % {"n": moved, "topic": topic})
            return redirect(f"{_here(room)}?bericht={message.pk}")
    context = {"kring": kring, "room": room, "message": message, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "kringen/room/message_move.html", context, status=status)


def _move(request: PersonRequest, message: Message, form: MoveForm) -> tuple[Topic, int]:
    given = form.cleaned_data
    topic = given["topic"] or rooms.start_topic(
        room=message.room, title=given["title"], by=request.user, client_id=uuid4()
    )
    moved = rooms.move_messages(
        message=message, topic=topic, following=bool(given.get("following")), by=request.user, client_id=uuid4()
    )
    return topic, moved
