"""Holding a meeting together: going through the agenda, writing down, asking to speak, deciding, promising.

    start(by=…, room=…, client_id=…)          note(by=…, room=…, client_id=…, text="…", item_id=…)
    move_to(…, item_id=…)                      edit_note(…, note_id=…, text="…")
    end(…)                                     raise_hand(…) · lower_hand(…, person_id=…)
    decide(…, text="…", item_id=…)             promise(…, text="…", owner_id=…, due_on=…, item_id=…)

All of it happens in the kring's room about the meeting (`kringen.conversation.subjects`): every act is a line of that room's log,
so it reaches a screen, a late joiner and a tab that was offline in the same way as a message does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid5

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from kringen.conversation import polls
from kringen.conversation.acting import Done, RoomRefused, announce, fingerprint, id_of, writable
from kringen.live import log
from kringen.live.events import describe_person
from kringen.meetings import meetings
from kringen.meetings.meeting_lines import blank_note, describe_decision, describe_note, describe_session
from kringen.models import (
    AgendaItem,
    Decision,
    Hand,
    Kring,
    Meeting,
    MeetingSession,
    Minutes,
    Note,
    Poll,
    Room,
    RoomEvent,
)
from kringen.promises import actions
from people.models import User

MAX_NOTE = 2_000
MAX_DECISION = 500
MAX_PROMISE = 240

Kind = RoomEvent.Kind


def start(*, by: User, room: Room | int, client_id: UUID) -> Done:
    """Start the meeting at its first item, or go on with one that was ended by mistake.

    Raises:
        RoomRefused: `meeting_lead`, `meeting_cancelled`, `meeting_started` (it is going on), `minutes_adopted` or
            `conflict`.
    """

    def change(meeting: Meeting, now: dt.datetime) -> tuple[int, dict[str, Any]]:
        _not_fixed(meeting)
        if meeting.state == Meeting.State.CANCELLED:
            raise RoomRefused("meeting_cancelled")
        session = MeetingSession.objects.filter(meeting=meeting).first()
        if session is None:
            session = MeetingSession(meeting=meeting, started_at=now, started_by=by)
        elif session.is_running:
            raise RoomRefused("meeting_started")
        session.ended_at = None
        session.current = session.current or meeting.agenda_items.first()
        session.current_since = now
        session.save()
        return session.pk, {"meeting": describe_session(session)}

    return _act(by, room, client_id, Kind.MEETING_STATE, "start", change, leads=True)


def move_to(*, by: User, room: Room | int, client_id: UUID, item_id: int) -> Done:
    """Go to an item of the agenda, on every screen.

    Raises:
        RoomRefused: `meeting_lead`, `meeting_not_started`, `meeting_ended`, `meeting_item` or `conflict`.
    """

    def change(meeting: Meeting, now: dt.datetime) -> tuple[int, dict[str, Any]]:
        session = _running(meeting)
        item = _item(meeting, item_id)
        if session.current_id != item_id:
            _stop_clock(session, now)
            session.current, session.current_since = item, now
            session.save()
        return session.pk, {"meeting": describe_session(session)}

    return _act(by, room, client_id, Kind.MEETING_STATE, f"move {item_id}", change, leads=True)


def end(*, by: User, room: Room | int, client_id: UUID) -> Done:
    """End the meeting: from then on it was held. What was written down stays; notes can still be added.

    The polls of the meeting end with it, but for those that have a last day of their own.

    Raises:
        RoomRefused: `meeting_lead`, `meeting_not_started`, `meeting_ended` or `conflict`.
    """

    def change(meeting: Meeting, now: dt.datetime) -> tuple[int, dict[str, Any]]:
        session = _running(meeting)
        _stop_clock(session, now)
        session.ended_at, session.current_since = now, None
        session.save()
        Hand.objects.filter(meeting=meeting).delete()
        if meeting.state == Meeting.State.PLANNED:
            meetings.set_state(meeting=meeting, state=Meeting.State.HELD, by=by)
        return session.pk, {"meeting": describe_session(session)}

    done = _act(by, room, client_id, Kind.MEETING_STATE, "end", change, leads=True)
    for message_id in _asked_during(id_of(room), done.message_id):
        with suppress(RoomRefused):  # somebody ended it meanwhile
            polls.close(by=by, room=room, message_id=message_id, client_id=uuid5(client_id, str(message_id)))
    return done


def _asked_during(room_id: int, session_id: int) -> list[int]:
    """Return the messages of the polls that were opened during a meeting, are open and have no last day."""
    began = MeetingSession.objects.filter(pk=session_id).values("started_at")
    found = Poll.objects.filter(
        message__room=room_id, message__created_at__gte=began, message__deleted_at=None, closed_at=None, closes_on=None
    )
    return list(found.order_by("message_id").values_list("message_id", flat=True))


def note(*, by: User, room: Room | int, client_id: UUID, text: str, item_id: int | None = None) -> Done:
    """Write something down under an item, or (without one) about the meeting as a whole; anybody in the room may.

    Raises:
        RoomRefused: `forbidden`, `note_empty`, `note_long` (2,000 characters), `meeting_not_started`,
            `minutes_adopted`, `meeting_item` or `conflict`.
    """
    said = _clean(text, MAX_NOTE, "note", lines=True)

    def change(meeting: Meeting, now: dt.datetime) -> tuple[int, dict[str, Any]]:
        _begun(meeting)
        _not_fixed(meeting)
        item = _item(meeting, item_id) if item_id is not None else None
        made = Note.objects.create(meeting=meeting, item=item, author=by, text=said, created_at=now)
        return made.pk, {"note": describe_note(made)}

    return _act(by, room, client_id, Kind.MEETING_NOTE, f"note {item_id} {fingerprint(said)}", change)


def edit_note(*, by: User, room: Room | int, client_id: UUID, note_id: int, text: str) -> Done:
    """Change a note; only its writer. An empty text takes it away, also from the earlier lines of the log.

    Raises:
        RoomRefused: `forbidden`, `note_missing`, `note_not_yours`, `note_long`, `minutes_adopted` or `conflict`.
    """
    said = _clean(text, MAX_NOTE, "note", lines=True) if text.strip() else ""

    def change(meeting: Meeting, now: dt.datetime) -> tuple[int, dict[str, Any]]:
        found = Note.objects.filter(meeting=meeting, pk=note_id).first()
        if found is None:
            raise RoomRefused("note_missing")
        if found.author_id != by.pk:
            raise RoomRefused("note_not_yours")
        _not_fixed(meeting)
        if not said:
            found.delete()
            blank_note(id_of(room), note_id)
            return note_id, {"note": {"id": note_id, "removed": True}}
        found.text, found.edited_at = said, now
        found.save(update_fields=["text", "edited_at"])
        return found.pk, {"note": describe_note(found)}

    return _act(by, room, client_id, Kind.MEETING_NOTE, f"edit {note_id} {fingerprint(said)}", change)


def raise_hand(*, by: User, room: Room | int, client_id: UUID) -> Done:
    """Ask to speak; the order is the order of asking. Asking twice changes nothing.

    Raises:
        RoomRefused: `forbidden`, `meeting_not_started`, `meeting_ended` or `conflict`.
    """

    def change(meeting: Meeting, now: dt.datetime) -> tuple[int, dict[str, Any]]:
        _running(meeting)
        made, _new = Hand.objects.get_or_create(meeting=meeting, person=by, defaults={"raised_at": now})
        return made.pk, {"hand": {**(describe_person(by) or {}), "up": True}}

    return _act(by, room, client_id, Kind.MEETING_HAND, "hand up", change)


def lower_hand(*, by: User, room: Room | int, client_id: UUID, person_id: int | None = None) -> Done:
    """Take a hand down: one's own, or as who leads the meeting somebody's who has spoken.

    Raises:
        RoomRefused: `forbidden`, `meeting_lead` (it is somebody else's) or `conflict`.
    """
    whose = by.pk if person_id is None else person_id

    def change(meeting: Meeting, _now: dt.datetime) -> tuple[int, dict[str, Any]]:
        Hand.objects.filter(meeting=meeting, person_id=whose).delete()
        return whose, {"hand": {"id": whose, "up": False}}

    return _act(by, room, client_id, Kind.MEETING_HAND, f"hand down {whose}", change, leads=whose != by.pk)


def decide(*, by: User, room: Room | int, client_id: UUID, text: str, item_id: int | None = None) -> Done:
    """Write down what was decided, under the kring's next number of the meeting's year.

    Raises:
        RoomRefused: `meeting_lead`, `decision_empty`, `decision_long` (500 characters), `meeting_not_started`,
            `minutes_adopted`, `meeting_item` or `conflict`.
    """
    said = _clean(text, MAX_DECISION, "decision")

    def change(meeting: Meeting, now: dt.datetime) -> tuple[int, dict[str, Any]]:
        _begun(meeting)
        _not_fixed(meeting)
        item = _item(meeting, item_id) if item_id is not None else None
        kring = Kring.objects.select_for_update().get(pk=meeting.kring_id)  # one number after the other
        last = kring.decisions.filter(year=meeting.date.year).aggregate(last=Max("number"))["last"] or 0
        made = Decision.objects.create(
            kring=kring,
            meeting=meeting,
            item=item,
            year=meeting.date.year,
            number=last + 1,
            text=said,
            recorded_by=by,
            recorded_at=now,
        )
        return made.pk, {"decision": describe_decision(made)}

    return _act(by, room, client_id, Kind.MEETING_DECISION, f"decide {item_id} {fingerprint(said)}", change, leads=True)


def promise(  # noqa: PLR0913 — keyword-only, and a promise is all of these
    *,
    by: User,
    room: Room | int,
    client_id: UUID,
    text: str,
    owner_id: int,
    due_on: dt.date | None = None,
    item_id: int | None = None,
) -> Done:
    """Write down who does what by when, with this meeting and item as its origin.

    Raises:
        RoomRefused: `forbidden`, `action_empty`, `action_long` (240 characters), `action_owner` (does not take part
            in the kring), `meeting_not_started`, `minutes_adopted`, `meeting_item` or `conflict`.
    """
    said = _clean(text, MAX_PROMISE, "action")

    def change(meeting: Meeting, _now: dt.datetime) -> tuple[int, dict[str, Any]]:
        _begun(meeting)
        _not_fixed(meeting)
        item = _item(meeting, item_id) if item_id is not None else None
        owner = User.objects.filter(pk=owner_id).select_related("municipality").first()
        if owner is None:
            raise RoomRefused("action_owner")
        try:
            made = actions.add_action(kring=meeting.kring, text=said, owner=owner, due_on=due_on, meeting=meeting)
        except actions.ActionRefused as refused:
            raise RoomRefused("action_owner") from refused
        made.item = item
        made.save(update_fields=["item"])
        return made.pk, {
            "action": {
                "id": made.pk,
                "item": item_id,
                "text": made.text,
                "owner": describe_person(owner),
                "due": made.due_on.isoformat() if made.due_on else None,
            }
        }

    mark = f"promise {item_id} {owner_id} {due_on} {fingerprint(said)}"
    return _act(by, room, client_id, Kind.MEETING_ACTION, mark, change)


Change = Callable[[Meeting, dt.datetime], tuple[int, dict[str, Any]]]


def _act(  # noqa: PLR0913, PLR0917 — all that an act is
    by: User, room: Room | int, client_id: UUID, kind: Kind, mark: str, change: Change, *, leads: bool = False
) -> Done:
    """Do an act of the meeting and write its line; the same `client_id` again gives the first answer.

    `leads`: only who leads the room may, which is part of the UPDATE that takes the number.
    """
    room_id, digest = id_of(room), fingerprint(mark)
    earlier = _earlier(by, room_id, client_id)
    if earlier is not None:
        return _same(earlier, kind, digest)
    try:
        with transaction.atomic():
            rooms = Room.objects.led_by(by).filter(is_archived=False) if leads else writable(by)
            seq = log.advance(rooms, room_id)
            if seq is None:
                is_inside = leads and writable(by).filter(pk=room_id).exists()
                raise RoomRefused("meeting_lead" if is_inside else "forbidden")
            now = timezone.now()
            made, payload = change(_meeting_of(by, room_id), now)
            log.append(
                room_id=room_id,
                seq=seq,
                kind=kind,
                actor=by,
                at=now,
                client_id=client_id,
                payload={**payload, "hash": digest, "made": made},
            )
            announce(room_id, seq)
    except IntegrityError:
        earlier = _earlier(by, room_id, client_id)
        if earlier is None:
            raise
        return _same(earlier, kind, digest)
    return Done(seq, made)


def _earlier(by: User, room_id: int, client_id: UUID) -> RoomEvent | None:
    return RoomEvent.objects.filter(room_id=room_id, actor=by, client_id=client_id).first()


def _same(line: RoomEvent, kind: Kind, digest: str) -> Done:
    if line.kind != kind or line.payload.get("hash") != digest:
        raise RoomRefused("conflict")
    return Done(line.seq, line.payload["made"], duplicate=True)


def _meeting_of(by: User, room_id: int) -> Meeting:
    """Return the meeting that a room is about; the row of the room is locked by now."""
    about = ContentType.objects.get_for_model(Meeting)
    found = Room.objects.filter(pk=room_id, subject_type=about).values("subject_id")
    meeting = Meeting.objects.visible_to(by).filter(pk__in=found).select_related("kring").first()
    if meeting is None:
        raise RoomRefused("meeting_none")
    return meeting


def _begun(meeting: Meeting) -> MeetingSession:
    session = MeetingSession.objects.filter(meeting=meeting).first()
    if session is None:
        raise RoomRefused("meeting_not_started")
    return session


def _running(meeting: Meeting) -> MeetingSession:
    session = _begun(meeting)
    if not session.is_running:
        raise RoomRefused("meeting_ended")
    return session


def _not_fixed(meeting: Meeting) -> None:
    """Refuse to write down anything more once the minutes were adopted; they cannot be adopted before this commits."""
    minutes = Minutes.objects.select_for_update().filter(meeting=meeting).first()
    if minutes is not None and minutes.is_fixed:
        raise RoomRefused("minutes_adopted")


def _item(meeting: Meeting, item_id: int) -> AgendaItem:
    item = meeting.agenda_items.filter(pk=item_id).first()
    if item is None:
        raise RoomRefused("meeting_item")
    return item


def _stop_clock(session: MeetingSession, now: dt.datetime) -> None:
    """Add what passed to the item that was going on."""
    if session.current_id is not None:
        session.spent = {**session.spent, str(session.current_id): session.seconds_of(session.current_id, now)}


def _clean(text: str, most: int, what: str, *, lines: bool = False) -> str:
    """Return a text as it is kept.

    Raises:
        RoomRefused: `<what>_empty`, `<what>_long`, or `bad` when it is no valid Unicode.
    """
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char if char.isprintable() or (lines and char == "\n") else " " for char in kept).strip()
    if not kept:
        raise RoomRefused(f"{what}_empty")
    if len(kept) > most:
        raise RoomRefused(f"{what}_long")
    try:
        kept.encode()
    except UnicodeEncodeError as error:
        raise RoomRefused("bad") from error
    return kept
