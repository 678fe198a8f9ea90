"""What the page of a room is made of: the lines of the conversation and what its script starts from."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from benchmark import goals
from kringen.conversation import happenings, room_window, rooms
from kringen.conversation.reading import TopicLine
from kringen.conversation.room_extras import extras_of, live_extras, page_extras
from kringen.conversation.room_forms import MessageForm, TopicForm
from kringen.conversation.room_permissions import can_delete_message, can_edit_message, can_move_message, keeps_order
from kringen.conversation.room_window import Part
from kringen.conversation.room_words import words
from kringen.conversation.subjects import subject_line
from kringen.models import Message, Room, Topic
from people import markup
from people.requests import PersonRequest

GOALS_BESIDE = 2


def page_of(request: PersonRequest, room: Room, form: MessageForm) -> dict[str, Any]:
    """Return everything that the page of a room shows, and what its script starts from (`live`, `words`)."""
    topics = rooms.topic_lines(request.user, [room])[room.pk]
    chosen = next((line for line in topics if str(line.topic.pk) == request.GET.get("onderwerp", "")), None)
    topic = chosen.topic if chosen is not None else None
    shown = lines_of(request, room, topic, topics)
    order = keeps_order(request.user, room)
    unread = [
        line.first_unread
        for line in topics
        if line.first_unread is not None and (line is chosen or (chosen is None and not line.is_muted))
    ]
    return {
        "kring": room.kring,
        **shown,
        "form": form,
        "topics": topics,
        "open_topics": [line for line in topics if line.topic.resolved_at is None or line is chosen],
        "resolved_topics": [line for line in topics if line.topic.resolved_at is not None and line is not chosen],
        "chosen": chosen,
        "topic_form": TopicForm(),
        "unread_total": sum(line.unread for line in topics if not line.is_muted),
        "first_unread": _message_at(room, shown["part"], min(unread)) if unread else None,
        "about": subject_line(room, request.user),
        "keeps_order": order,
        "goals": goals.for_home(request.user)[:GOALS_BESIDE],
        **page_extras(room, request.user, request.GET.get("antwoord") or request.POST.get("reply_to")),
        "words": words(),
        "live": {
            "room": room.pk,
            "epoch": str(room.epoch),
            "head": room.seq,
            "user": request.user.pk,
            "name": str(request.user),
            "municipality": request.user.municipality.name if request.user.municipality else "",
            "keepsOrder": order,
            "showsPresence": request.user.shows_presence,
            "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
            "topic": topic.pk if topic else None,
            "topics": {line.topic.pk: line.topic.title for line in topics},
            "general": next((line.topic.pk for line in topics if line.topic.is_general), None),
            "maxBody": rooms.MAX_BODY,
            "events": reverse("api:room_events", args=[room.pk]),
            "messages": reverse("api:room_messages", args=[room.pk]),
            "state": reverse("api:room", args=[room.pk]),
            "read": reverse("kringen:room-read", args=[room.kring.slug, room.pk]),
            "lines": reverse("kringen:room-lines", args=[room.kring.slug, room.pk]),
            "page": reverse("kringen:room", args=[room.kring.slug, room.pk]),
            **live_extras(room, request.user),
            "login": f"{reverse(settings.LOGIN_URL)}?next={request.path}",
        },
    }


def lines_of(request: PersonRequest, room: Room, topic: Topic | None, topics: list[TopicLine]) -> dict[str, Any]:
    """Return the part of the conversation that the address asks for, with a mark before the first unread message."""
    part = room_window.part(room, topic, request.GET)
    read = {line.topic.pk: line.read for line in topics}
    first = next(
        (
            message.pk
            for message in part.messages
            if message.created_seq > read.get(message.topic_id, 0)
            and message.sender_id != request.user.pk
            and message.deleted_at is None
        ),
        None,
    )
    lines = [line_of(request, room, message) for message in part.messages]
    happened = happenings.beside(room, part) if topic is None else []
    for line in lines:
        before = line["message"].created_seq
        line["happened"] = [each for each in happened if each.seq < before]
        happened = happened[len(line["happened"]) :]
    return {
        "room": room,
        "topic": topic,
        "part": part,
        "lines": lines,
        "happened": happened,
        "unread_line": first,
    }


def _message_at(room: Room, part: Part, seq: int) -> int | None:
    """Return the id of the message with a number, from what is shown or else from the database."""
    shown = next((message.pk for message in part.messages if message.created_seq == seq), None)
    return shown or Message.objects.filter(room=room, created_seq=seq).values_list("pk", flat=True).first()


def line_of(request: PersonRequest, room: Room, message: Message) -> dict[str, Any]:
    """Return a message with what its reader may do with it."""
    message.room = room
    return {
        "message": message,
        "html": markup.stored(message.html),
        "is_own": message.sender_id == request.user.pk,
        "can_edit": can_edit_message(request.user, message),
        "can_delete": can_delete_message(request.user, message),
        "can_move": can_move_message(request.user, message),
        **extras_of(message, request.user),
    }
