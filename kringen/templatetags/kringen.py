"""What pages of other apps may show of the kringen.

{% load kringen %}
{% discuss indicator %}      for each of my kringen: the room about this, or a button that opens it
{% live_link meeting %}      the way to the screens of a meeting while it is held, for who talks there
{% goal_news room %}         the goals that turned lately, beside a room
"""

from __future__ import annotations

from typing import Any

from django import template
from django.db import models
from django.template import Context

from kringen.conversation.room_permissions import can_talk_in
from kringen.conversation.rooms import unread_counts
from kringen.conversation.subjects import kind_of, rooms_about
from kringen.models import Kring, Meeting, MeetingSession, Room
from kringen.models.kring import kring_ids_of
from kringen.promises.goal_news import news_in

register = template.Library()


@register.inclusion_tag("kringen/_discuss.html", takes_context=True)
def discuss(context: Context, subject: models.Model) -> dict[str, Any]:
    """Show where this is discussed in the reader's own kringen. Nothing for who is in none."""
    user = getattr(context.get("request"), "user", None)
    kind = kind_of(subject)
    if kind is None or user is None or not user.is_authenticated:
        return {"lines": []}
    if isinstance(subject, Meeting):
        kringen = [subject.kring] if can_talk_in(user, subject.kring) else []
    else:
        kringen = list(Kring.objects.filter(pk__in=kring_ids_of(user)).order_by("name"))
    if not kringen:
        return {"lines": []}
    rooms = {room.kring_id: room for room in rooms_about(subject, user)}
    unread = unread_counts(user, rooms.values()) if rooms else {}
    lines = []
    for kring in kringen:
        room = rooms.get(kring.pk)
        lines.append({"kring": kring, "room": room, "unread": unread.get(room.pk, 0) if room is not None else 0})
    return {"lines": lines, "kind": kind, "subject": subject, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("kringen/live/_link.html", takes_context=True)
def live_link(context: Context, meeting: Meeting) -> dict[str, Any]:
    """Lead to a meeting that is going on, is to come or was held live; nothing for who does not talk there."""
    user = getattr(context.get("request"), "user", None)
    may_enter = user is not None and can_talk_in(user, meeting.kring)
    if not may_enter or meeting.kind not in Meeting.OPEN_KINDS or meeting.state == Meeting.State.CANCELLED:
        return {"meeting": None}
    return {"meeting": meeting, "session": MeetingSession.objects.filter(meeting=meeting).first()}


@register.inclusion_tag("kringen/room/_goal_news.html", takes_context=True)
def goal_news(context: Context, room: Room) -> dict[str, Any]:
    """Show which goals turned lately, as the reader may see them."""
    user = getattr(context.get("request"), "user", None)
    return {"news": news_in(room, user) if user is not None else []}
