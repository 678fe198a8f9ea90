"""Polls: a question to the room, answered by persons or by municipalities.

    open_poll(by=…, room=…, client_id=…, question="…", options=["…", "…"])
    vote(by=…, room=…, message_id=…, client_id=…, option_ids=[…])
    close(by=…, room=…, message_id=…, client_id=…)

A poll hangs under a message of its own; opening, every vote and closing are events of the room.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kringen.conversation.acting import Done, RoomRefused, fingerprint, id_of, once, standing_message
from kringen.conversation.content import Content
from kringen.conversation.messages import general_topic, store
from kringen.models import Message, Poll, PollOption, PollVote, Room, RoomEvent
from people import clock
from people.models import User

MOST_OPTIONS = 12
FEWEST_OPTIONS = 2
MAX_OPTION = 160
MAX_QUESTION = 300


def open_poll(  # noqa: PLR0913 — keyword-only, and a poll is all of these
    *,
    by: User,
    room: Room | int,
    client_id: UUID,
    question: str,
    options: Sequence[str],
    topic_id: int | None = None,
    is_multiple: bool = False,
    voter: str = Poll.Voter.PERSON,
    may_change: bool = True,
    closes_on: dt.date | None = None,
) -> Done:
    """Put a question to the room.

    Args:
        by: who asks.
        room: where.
        client_id: made once per poll by the browser.
        question: at most 300 characters.
        options: 2 to 12 different answers of at most 160 characters.
        topic_id: a topic of this room; None is the general one.
        is_multiple: whether more than one answer may be chosen.
        voter: each person has a vote, or each municipality.
        may_change: whether a later vote replaces the first, or is refused.
        closes_on: the last day to vote; None leaves it open until somebody closes it.

    Raises:
        RoomRefused: `forbidden`, `topic`, `poll_question`, `poll_options`, `poll_deadline` or `conflict`.
    """
    asked = _line(question)
    answers = [answer for answer in map(_line, options) if answer]
    if not asked or len(asked) > MAX_QUESTION:
        raise RoomRefused("poll_question")
    different = len({answer.casefold() for answer in answers}) == len(answers)
    if not FEWEST_OPTIONS <= len(answers) <= MOST_OPTIONS or not different or max(map(len, answers)) > MAX_OPTION:
        raise RoomRefused("poll_options")
    if closes_on is not None and closes_on < clock.today():
        raise RoomRefused("poll_deadline")
    if voter not in Poll.Voter.values:
        raise RoomRefused("bad")
    room_id = id_of(room)
    topic = general_topic(by, room_id, topic_id)

    def also(message: Message) -> None:
        poll = Poll.objects.create(
            message=message,
            question=asked,
            is_multiple=is_multiple,
            voter=voter,
            may_change=may_change,
            closes_on=closes_on,
        )
        PollOption.objects.bulk_create(
            PollOption(poll=poll, text=answer, position=at) for at, answer in enumerate(answers)
        )

    return store(
        sender=by,
        room_id=room_id,
        client_id=client_id,
        content=Content(body="", html="", cards=[{"kind": "poll"}], mentions=[]),
        mark=fingerprint("\n".join([asked, *answers, str(is_multiple), voter, str(may_change), str(closes_on)])),
        topic=topic,
        also=also,
    )


def _line(text: str) -> str:
    """Return a text as one line, without control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def vote(*, by: User, room: Room | int, message_id: int, client_id: UUID, option_ids: Iterable[int]) -> Done:
    """Choose from the answers of a poll; a second vote replaces the first, or is refused, as the poll says.

    Args:
        by: who votes, for themselves or for their municipality.
        room: where.
        message_id: the message the poll hangs under.
        client_id: made once per vote by the browser.
        option_ids: the answers; none takes the vote back, where votes can be changed.

    Raises:
        RoomRefused: `forbidden`, `missing`, `poll_closed`, `poll_once`, `poll_choice`, `poll_one_answer`,
            `poll_municipality` or `conflict`.
    """
    room_id = id_of(room)
    poll = _poll_in(by, room_id, message_id)
    chosen = sorted(set(option_ids))
    valid = set(poll.options.values_list("pk", flat=True))
    if not valid.issuperset(chosen) or (not chosen and not poll.may_change):
        raise RoomRefused("poll_choice")
    if len(chosen) > 1 and not poll.is_multiple:
        raise RoomRefused("poll_one_answer")
    place = by.municipality_id if poll.voter == Poll.Voter.MUNICIPALITY else None
    if poll.voter == Poll.Voter.MUNICIPALITY and place is None:
        raise RoomRefused("poll_municipality")

    def change(now: dt.datetime, seq: int) -> dict[str, Any]:
        # asked under the room's lock: closing and voting at once have an order
        if not is_open(Poll.objects.get(pk=poll.pk)):
            raise RoomRefused("poll_closed")
        before = PollVote.objects.filter(poll=poll)
        before = before.filter(municipality=place) if place is not None else before.filter(user=by)
        if before.exists():
            if not poll.may_change:
                raise RoomRefused("poll_once")
            before.delete()
        PollVote.objects.bulk_create(
            PollVote(poll=poll, option_id=pk, user=by, municipality_id=place, at=now) for pk in chosen
        )
        Message.objects.filter(pk=message_id).update(cards_seq=seq)
        return {"poll": {"votes": len(chosen)}}

    return once(
        by=by,
        room_id=room_id,
        message_id=message_id,
        kind=RoomEvent.Kind.POLL_VOTE,
        client_id=client_id,
        mark=f"vote:{chosen}",
        change=change,
    )


def close(*, by: User, room: Room | int, message_id: int, client_id: UUID) -> Done:
    """End a poll; its result stays visible. Who asked may, and who keeps order here.

    Raises:
        RoomRefused: `forbidden`, `missing`, `poll_closed` (already) or `conflict`.
    """
    room_id = id_of(room)
    poll = _poll_in(by, room_id, message_id)
    if not may_close(by, poll):
        raise RoomRefused("forbidden")

    def change(now: dt.datetime, seq: int) -> dict[str, Any]:
        if not Poll.objects.filter(pk=poll.pk, closed_at__isnull=True).update(closed_at=now, closed_by=by):
            raise RoomRefused("poll_closed")
        Message.objects.filter(pk=message_id).update(cards_seq=seq)
        return {"poll": {"closed": True}}

    return once(
        by=by,
        room_id=room_id,
        message_id=message_id,
        kind=RoomEvent.Kind.POLL_CLOSE,
        client_id=client_id,
        mark="close",
        change=change,
    )


def _poll_in(by: User, room_id: int, message_id: int) -> Poll:
    message = standing_message(by, room_id, message_id)
    poll = Poll.objects.filter(message=message).first()
    if poll is None:
        raise RoomRefused("missing")
    poll.message = message
    return poll


def may_close(user: User, poll: Poll) -> bool:
    """Say whether a person may end a poll; the message with its room must be loaded."""
    return poll.message.sender_id == user.pk or Room.objects.led_by(user).filter(pk=poll.message.room_id).exists()


def is_open(poll: Poll) -> bool:
    """Say whether votes still count."""
    return poll.closed_at is None and (poll.closes_on is None or clock.today() <= poll.closes_on)


@dataclass(frozen=True, slots=True)
class Line:
    """One answer with who chose it; `share` is of everybody who voted, 0 to 100."""

    option: PollOption
    number: int
    share: int
    voters: tuple[str, ...]
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A poll as it stands for one reader."""

    poll: Poll
    lines: tuple[Line, ...]
    voters: int
    is_open: bool
    has_voted: bool

    @property
    def leaders(self) -> tuple[Line, ...]:
        """The answers that were chosen most; none while nobody voted."""
        most = max((line.number for line in self.lines), default=0)
        return tuple(line for line in self.lines if most and line.number == most)


def result(poll: Poll, reader: User | None) -> Result:
    """Return how a poll stands, for one reader or (None) for all: two queries. Votes are by name, as in a meeting."""
    per_place = poll.voter == Poll.Voter.MUNICIPALITY
    votes = list(poll.votes.select_related("user", "municipality"))
    mine = None if reader is None else reader.municipality_id if per_place else reader.pk

    def who(vote: PollVote) -> int | None:
        return vote.municipality_id if per_place else vote.user_id

    everybody = {who(vote) for vote in votes}
    lines = []
    for option in poll.options.all():
        own = [vote for vote in votes if vote.option_id == option.pk]
        names = sorted(str(vote.municipality if per_place else vote.user) for vote in own)
        share = round(100 * len(own) / len(everybody)) if everybody else 0
        is_mine = mine is not None and any(who(vote) == mine for vote in own)
        lines.append(Line(option, len(own), share, tuple(names), is_mine))
    return Result(poll, tuple(lines), len(everybody), is_open(poll), mine is not None and mine in everybody)


__all__ = ["Line", "Result", "close", "is_open", "may_close", "open_poll", "result", "vote"]
