"""What every act in a room shares: why it can be refused, doing it once, and telling the others.

An act takes the room's next number before it changes anything, with the permission as part of that UPDATE, and
writes its event in the same transaction; the bell rings after the commit. The browser gives each act an id made
once, so that an act that is sent again is done once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from kringen.live import log
from kringen.live.bell import ring
from kringen.models import Message, Room, RoomEvent
from kringen.models.room import RoomQuerySet
from people.models import User

# Code on the wire, sentence for a page. The codes are those of the protocol (docs of the live socket).
REFUSALS: dict[str, Any] = {  # of lazy strings
    "forbidden": gettext_lazy("You cannot write in this room (any more). Your text was not sent."),
    "empty": gettext_lazy("There is no text yet. Write something and send it again."),
    "too_long": gettext_lazy("The text is longer than 8,000 characters. Shorten it or divide it over two messages."),
    "conflict": gettext_lazy("This message was sent before with another text. Reload the page and send it once more."),
    "topic": gettext_lazy("This topic is not in this room. Choose a topic and send the message again."),
    "title_empty": gettext_lazy("A topic needs a title. Write one line and try again."),
    "title_taken": gettext_lazy("There is a topic with this title already. Choose another one, or talk in that topic."),
    "general_topic": gettext_lazy(
        "The general topic stays open and keeps its name. Start a topic of its own for this."
    ),
    "missing": gettext_lazy("This message does not exist (any more). Reload the page to see the room as it is now."),
    "bad": gettext_lazy("This cannot be sent like this. Reload the page and try again."),
    "emoji": gettext_lazy("This sign is not one of the signs that can be put under a message. Choose one of the list."),
    "reason": gettext_lazy("Say in one line why you take this message away; the writer and the others read it."),
    "poll_closed": gettext_lazy("This poll is closed, so your vote was not counted. The result stays visible."),
    "poll_once": gettext_lazy("You voted already, and in this poll a vote cannot be changed. Your first vote counts."),
    "poll_options": gettext_lazy("A poll needs between 2 and 12 different answers of at most 160 characters."),
    "poll_question": gettext_lazy("A poll needs a question of at most 300 characters."),
    "poll_deadline": gettext_lazy("The day on which the poll closes has passed already. Choose a later day."),
    "poll_choice": gettext_lazy("This answer is not one of this poll. Reload the page and vote again."),
    "poll_one_answer": gettext_lazy("In this poll you choose one answer. Choose one and vote again."),
    "poll_municipality": gettext_lazy(
        "In this poll each municipality has one vote, and your account belongs to no municipality."
    ),
    "too_many_pins": gettext_lazy("There are 20 pinned messages already. Take one off first."),
    "reported": gettext_lazy("You reported this message before; it is being looked at."),
    "meeting_lead": gettext_lazy("Only the facilitator and the office do this. Ask one of them."),
    "meeting_none": gettext_lazy(
        "This room is not about a meeting that you can see. Go back to the page of the kring."
    ),
    "meeting_cancelled": gettext_lazy("This meeting was cancelled. Let it go ahead first; then you can start it."),
    "meeting_started": gettext_lazy("This meeting is going on already. Reload the page to see where it is."),
    "meeting_not_started": gettext_lazy("This meeting has not started yet. The facilitator starts it."),
    "meeting_ended": gettext_lazy("This meeting has ended. You can still write notes under its items."),
    "meeting_item": gettext_lazy("This item is not on the agenda of this meeting (any more). Choose another one."),
    "minutes_adopted": gettext_lazy(
        "The minutes of this meeting were adopted, so nothing is added to it any more. Bring it up at the next meeting."
    ),
    "note_empty": gettext_lazy("There is no note yet. Write one and try again."),
    "note_long": gettext_lazy("A note has at most 2,000 characters. Shorten it or divide it over two notes."),
    "note_missing": gettext_lazy("This note does not exist (any more). Reload the page to see what is there now."),
    "note_not_yours": gettext_lazy("Somebody else wrote this note. Write your own below it."),
    "decision_empty": gettext_lazy("Write down what was decided."),
    "decision_long": gettext_lazy("A decision has at most 500 characters. Write the reasons in a note."),
    "action_empty": gettext_lazy("Write down what will be done."),
    "action_long": gettext_lazy("An action has at most 240 characters. Write the details in a note."),
    "action_owner": gettext_lazy("This person does not take part in the kring. Choose somebody who does."),
    "action_day": gettext_lazy("This is not a date. Choose a day, such as 25-06-2009."),
    "cards": gettext_lazy("A message holds at most 6 cards and files. Divide them over two messages."),
}


class RoomRefused(ValueError):  # noqa: N818 — it is an answer to a person, not a fault
    """What somebody wanted in a room is not possible; `code` is for the wire, the text is a sentence to show."""

    def __init__(self, code: str) -> None:
        super().__init__(str(REFUSALS[code]))
        self.code = code


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an act: its number in the log, what it made or is about, and whether it was done before."""

    seq: int
    message_id: int
    duplicate: bool = False


def fingerprint(text: str) -> str:
    """Return what tells one text from another without keeping it."""
    return hashlib.sha256(text.encode()).hexdigest()


def id_of(room: Room | int) -> int:
    """Return the id of a room that is given as itself or as its id."""
    return room if isinstance(room, int) else room.pk


def writable(user: User) -> RoomQuerySet:
    """Return the rooms a person may write in."""
    return Room.objects.visible_to(user).filter(is_archived=False)


def advance(user: User, room_id: int) -> int:
    """Take the room's next number.

    Raises:
        RoomRefused: `forbidden` when the person may not write there (any more).
    """
    seq = log.advance(writable(user), room_id)
    if seq is None:
        raise RoomRefused("forbidden")
    return seq


def announce(room_id: int, seq: int) -> None:
    """Ring the bell once the transaction is through."""
    transaction.on_commit(partial(ring, room_id, seq), robust=True)


def message_in(user: User, room_id: int, message_id: int) -> Message:
    """Return a message of a room where the person may write; it may have been taken away.

    Raises:
        RoomRefused: `forbidden` or `missing`.
    """
    message = (
        Message.objects.filter(room__in=writable(user), room_id=room_id, pk=message_id).select_related("room").first()
    )
    if message is None:
        raise RoomRefused("forbidden" if not writable(user).filter(pk=room_id).exists() else "missing")
    return message


def standing_message(user: User, room_id: int, message_id: int) -> Message:
    """Return a message that was not taken away.

    Raises:
        RoomRefused: `forbidden` or `missing`.
    """
    message = message_in(user, room_id, message_id)
    if message.deleted_at is not None:
        raise RoomRefused("missing")
    return message


Change = Callable[[dt.datetime, int], dict[str, Any]]


def once(  # noqa: PLR0913 — keyword-only, and an act is all of these
    *,
    by: User,
    room_id: int,
    message_id: int,
    kind: RoomEvent.Kind,
    client_id: UUID,
    mark: str,
    change: Change,
) -> Done:
    """Do an act on a message and write its event; the same `client_id` again gives the first answer.

    Args:
        by: who acts.
        room_id: where.
        message_id: about which message.
        kind: of the event.
        client_id: made once per act by the browser.
        mark: what the act was, so that another one under the same id is noticed.
        change: called inside the transaction, after the number was taken, with the moment and the number; makes the
            change and returns the event's payload.

    Raises:
        RoomRefused: `forbidden`, `conflict` (the id was used for something else), or what `change` raises.
    """
    earlier = _done_before(by, room_id, client_id)
    if earlier is not None:
        return _same(earlier, kind, message_id, mark)
    try:
        with transaction.atomic():
            seq = advance(by, room_id)
            now = timezone.now()
            payload = change(now, seq)
            log.append(
                room_id=room_id,
                seq=seq,
                kind=kind,
                actor=by,
                at=now,
                message_id=message_id,
                client_id=client_id,
                payload={**payload, "hash": mark},
            )
            announce(room_id, seq)
    except IntegrityError:
        earlier = _done_before(by, room_id, client_id)
        if earlier is None:
            raise
        return _same(earlier, kind, message_id, mark)
    return Done(seq, message_id)


def _done_before(user: User, room_id: int, client_id: UUID) -> RoomEvent | None:
    return RoomEvent.objects.filter(room_id=room_id, actor=user, client_id=client_id).first()


def _same(line: RoomEvent, kind: RoomEvent.Kind, message_id: int, mark: str) -> Done:
    if line.kind != kind or line.message_id != message_id or line.payload.get("hash", "") != mark:
        raise RoomRefused("conflict")
    return Done(line.seq, message_id, duplicate=True)
