"""What the screens of a meeting that is held are made of: the page of each participant, and the projector's."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kringen.cards.in_notes import has_cards, plain_notes
from kringen.circle import memberships
from kringen.conversation.acting import REFUSALS
from kringen.conversation.room_permissions import keeps_order
from kringen.conversation.room_words import words as room_words
from kringen.live.events import stamp
from kringen.meetings import papers
from kringen.meetings.agenda import Slot, timetable
from kringen.meetings.meeting_lines import describe_session
from kringen.meetings.meeting_room import rooms_of
from kringen.models import (
    Action,
    AgendaItem,
    Decision,
    Hand,
    Meeting,
    MeetingFile,
    MeetingSession,
    Message,
    Minutes,
    Note,
    Room,
)
from people.requests import PersonRequest

# What a poll's address ends with on the projector: shown to all, so nobody's own vote and no way to vote.
SCREEN = "?scherm=1"


@dataclass
class Written:
    """What was written down under an item, or about the meeting as a whole."""

    notes: list[Note] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)


@dataclass
class Part:
    """One item of the agenda as a screen shows it."""

    slot: Slot
    number: int
    used: str
    seconds: int
    is_current: bool
    has_cards: bool
    papers: list[MeetingFile]
    written: Written = field(default_factory=Written)

    @property
    def item(self) -> AgendaItem:
        """The item itself."""
        return self.slot.item


def used_text(seconds: int, planned: int | None) -> str:
    """Return the minutes that an item has had against what was planned, in words."""
    used = seconds // 60
    if not seconds:
        return "" if planned is None else _("%(planned)s min. planned.") % {"planned": planned}
    if planned is None:
        return _("%(used)s min. used; no time was planned.") % {"used": used}
    if seconds > planned * 60:
        over = math.ceil((seconds - planned * 60) / 60)
        return _("%(used)s of %(planned)s min. used: %(over)s min. over time.") % {
            "used": used,
            "planned": planned,
            "over": over,
        }
    return _("%(used)s of %(planned)s min. used.") % {"used": used, "planned": planned}


def page_of(
    request: PersonRequest, meeting: Meeting, typed: dict[str, Any] | None = None, *, screen: bool = False
) -> dict[str, Any]:
    """Return everything the screens show, and what their script starts from (`live`, `words`).

    Looking opens nothing: without a room about the meeting `room` is None, and there is no log to follow yet.

    Args:
        request: of somebody who talks in the kring.
        meeting: with its kring.
        typed: what a form held that was refused, with `sentence` and `t` (which form); it stays in the form.
        screen: for the projector, which shows nobody's own view and takes no acts.
    """
    # the number (in the room's row) first: what comes in between is shown twice, which the script knows, and never
    # left out
    room = rooms_of(meeting.pk).first()
    session = MeetingSession.objects.filter(meeting=meeting).first()
    fixed = Minutes.objects.filter(meeting=meeting, state=Minutes.State.ADOPTED).exists()
    parts, general = _parts(meeting, session)
    current = next((part for part in parts if part.is_current), None)
    leads = keeps_order(request.user, room or Room(kring=meeting.kring))
    hands = list(Hand.objects.filter(meeting=meeting).select_related("person__municipality"))
    at = parts.index(current) if current is not None else -1
    is_running = session is not None and session.is_running
    return {
        "kring": meeting.kring,
        "meeting": meeting,
        "room": room,
        "session": session,
        "is_running": is_running,
        "fixed": fixed,
        "may_start": leads and not is_running and not fixed and meeting.state != Meeting.State.CANCELLED,
        "may_write": session is not None and not fixed,
        "parts": parts,
        "general": general,
        "current": current,
        "previous": parts[at - 1] if at > 0 else None,
        "next": parts[at + 1] if 0 <= at < len(parts) - 1 else None,
        "leads": leads,
        "hands": hands,
        "my_hand": any(hand.person_id == request.user.pk for hand in hands),
        "polls": _polls(room, session),
        "polls_as": SCREEN if screen else "",
        "people": sorted({role.user for role in memberships.people_of(meeting.kring)}, key=str),
        "typed": typed or {},
        "state": _state_words(session, fixed=fixed, screen=screen),
        "words": _words(screen=screen),
        "live": {
            "room": room.pk if room is not None else None,
            "user": request.user.pk,
            "topic": None,
            "leads": leads,
            "fixed": fixed,
            "screen": screen,
            "now": stamp(timezone.now()),
            "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
            "state": describe_session(session) if session else None,
            "acts": reverse("kringen:meeting-live", args=[meeting.kring.slug, meeting.number]),
            "login": f"{reverse(settings.LOGIN_URL)}?next={request.path}",
            **(_way_to(room, meeting, screen=screen) if room is not None else {}),
        },
    }


def _way_to(room: Room, meeting: Meeting, *, screen: bool) -> dict[str, Any]:
    """Return how far the log of a room is, and the addresses by which a script follows it."""
    return {
        "epoch": str(room.epoch),
        "head": room.seq,
        "poll": reverse("kringen:message-cards", args=[meeting.kring.slug, room.pk, 0]) + (SCREEN if screen else ""),
        "events": reverse("api:room_events", args=[room.pk]),
        "messages": reverse("api:room_messages", args=[room.pk]),
        "read": reverse("kringen:room-read", args=[meeting.kring.slug, room.pk]),
    }


def _polls(room: Room | None, session: MeetingSession | None) -> list[Message]:
    """Return the messages of the last three polls that are open or were held at this meeting, the newest first."""
    if room is None:
        return []
    which = Q(poll__closed_at=None)
    if session is not None:
        which |= Q(created_at__gte=session.started_at)
    found = Message.objects.filter(which, room=room, deleted_at=None, poll__isnull=False)
    return list(found.order_by("-pk")[:3])


def _parts(meeting: Meeting, session: MeetingSession | None) -> tuple[list[Part], Written]:
    """Return the agenda with everything written down under it, and what stands under no item; five queries."""
    now = timezone.now()
    hung = papers.by_item(meeting)
    parts = []
    slots = timetable(list(meeting.agenda_items.all()), meeting.starts_at, meeting.ends_at).slots
    for number, slot in enumerate(slots, start=1):
        seconds = session.seconds_of(slot.item.pk, now) if session else 0
        is_current = session is not None and session.current_id == slot.item.pk
        hangs = has_cards(slot.item.notes)
        slot.item.notes = plain_notes(slot.item.notes)
        with_it = hung.get(slot.item.pk, [])
        parts.append(Part(slot, number, used_text(seconds, slot.minutes), seconds, is_current, hangs, with_it))
    under: dict[int | None, Written] = {part.item.pk: part.written for part in parts}
    general = Written()
    for note in meeting.notes.select_related("author__municipality"):
        under.get(note.item_id, general).notes.append(note)
    for decision in meeting.decisions.all():
        under.get(decision.item_id, general).decisions.append(decision)
    for action in meeting.actions.select_related("owner", "municipality").order_by("pk"):
        under.get(action.item_id, general).actions.append(action)
    return parts, general


def _state_words(session: MeetingSession | None, *, fixed: bool, screen: bool) -> str:
    if fixed:
        return _("The minutes were adopted. Nothing is added to this meeting any more.")
    if session is None:
        return _("The meeting has not started yet.")
    if not session.is_running:
        return _ended(screen=screen)
    return _("The meeting is going on.")


def _ended(*, screen: bool) -> str:
    """Return that it is over; on the projector nobody writes."""
    return (
        _("The meeting has ended.")
        if screen
        else _("The meeting has ended. You can still write notes under its items.")
    )


def _words(*, screen: bool) -> dict[str, str]:
    return {
        **room_words(),
        "planned": _("%(planned)s min. planned."),
        "used": _("%(used)s of %(planned)s min. used."),
        "usedOver": _("%(used)s of %(planned)s min. used: %(over)s min. over time."),
        "usedOpen": _("%(used)s min. used; no time was planned."),
        "notStarted": _("The meeting has not started yet."),
        "running": _("The meeting is going on."),
        "ended": _ended(screen=screen),
        "fixed": _("The minutes were adopted. Nothing is added to this meeting any more."),
        "waitsForStart": _("This page follows by itself as soon as the meeting starts."),
        "nowAt": _("Now: item %(number)s, %(title)s"),
        "lookingAt": _("You are looking at another item. The meeting is at: %(title)s"),
        "by": _("by %(day)s"),
        "noDay": _("no date"),
        "handDown": _("has spoken"),
        "noHands": _("Nobody asks to speak."),
        "noteBy": _("%(name)s wrote a note"),
        "decided": _("Decided: %(text)s"),
        "promised": _("Promised: %(text)s"),
        "asksToSpeak": _("%(name)s asks to speak"),
        **{code: str(sentence) for code, sentence in REFUSALS.items()},
    }
