"""Holding a meeting: each act is a line of the room's log, done once, and refused with a code where it cannot be."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest
import time_machine

from kringen.conversation import polls
from kringen.conversation.acting import REFUSALS, RoomRefused
from kringen.conversation.subjects import open_about
from kringen.live.acts import perform
from kringen.live.events import item_of
from kringen.meetings import agendas, live_meeting
from kringen.meetings.agendas import AgendaChanged, AgendaLine
from kringen.models import (
    Action,
    AgendaItem,
    Decision,
    Hand,
    Meeting,
    MeetingSession,
    Minutes,
    Note,
    Poll,
    Room,
    RoomEvent,
)

pytestmark = pytest.mark.usefixtures("cast")


@pytest.fixture
def agenda(cast) -> list[AgendaItem]:
    return [
        AgendaItem.objects.create(meeting=cast.meeting, position=at, title=title, minutes=minutes)
        for at, (title, minutes) in enumerate([("Opening", 15), ("Wachttijden", 30), ("Afspraken", None)], start=1)
    ]


@pytest.fixture
def room(cast, agenda) -> Room:
    return open_about(kring=cast.kring_c, subject=cast.meeting, by=cast.facilitator)


def do(verb, by, room, *, cid=None, **more):
    return getattr(live_meeting, verb)(by=by, room=room, client_id=cid or uuid.uuid4(), **more)


def refused(verb, by, room, **more) -> str:
    before = RoomEvent.objects.count()
    with pytest.raises(RoomRefused) as refusal:
        do(verb, by, room, **more)
    assert RoomEvent.objects.count() == before
    assert Room.objects.get(pk=room.pk).seq == before
    return refusal.value.code


def lines(room) -> list[dict]:
    return [json.loads(item_of(event).text) for event in room.events.all()]


def test_a_meeting_goes_through_its_items_and_counts_their_time(cast, room, agenda):
    with time_machine.travel("2009-06-25T13:00:00Z", tick=False) as clock:
        do("start", cast.facilitator, room)
        clock.shift(600)
        do("move_to", cast.facilitator, room, item_id=agenda[1].pk)
        clock.shift(120)
        do("move_to", cast.office, room, item_id=agenda[0].pk)
        clock.shift(30)
        do("end", cast.facilitator, room)
    session = MeetingSession.objects.get()
    assert session.spent == {str(agenda[0].pk): 630, str(agenda[1].pk): 120}
    assert (session.current, session.is_running) == (agenda[0], False)
    assert Meeting.objects.get(pk=cast.meeting.pk).state == Meeting.State.HELD
    said = [line["meeting"] for line in lines(room)]
    assert [(one["running"], one["item"]) for one in said] == [
        (True, agenda[0].pk),
        (True, agenda[1].pk),
        (True, agenda[0].pk),
        (False, agenda[0].pk),
    ]
    assert said[1]["since"] == "2009-06-25T13:10:00.000Z"


def test_ended_by_mistake_it_goes_on_where_it_was(cast, room, agenda):
    do("start", cast.facilitator, room)
    do("move_to", cast.facilitator, room, item_id=agenda[1].pk)
    do("end", cast.facilitator, room)
    do("start", cast.facilitator, room)
    assert MeetingSession.objects.get().is_running
    assert lines(room)[-1]["meeting"]["item"] == agenda[1].pk


def test_the_polls_of_a_meeting_end_with_it(cast, room, agenda, settings):
    def ask(question, **more) -> int:
        answers = {"question": question, "options": ["Ja", "Nee"], **more}
        return polls.open_poll(by=cast.participant, room=room, client_id=uuid.uuid4(), **answers).message_id

    ask("Welk thema?")
    do("start", cast.facilitator, room)
    ask("Nemen we dit over?")
    ask("Welke dag?", closes_on=cast.meeting.date)
    cid = uuid.uuid4()
    for _again in range(2):
        do("end", cast.facilitator, room, cid=cid)
    open_still = Poll.objects.filter(closed_at=None).order_by("pk")
    assert [poll.question for poll in open_still] == ["Welk thema?", "Welke dag?"]
    assert room.events.filter(kind=RoomEvent.Kind.POLL_CLOSE).count() == 1


@pytest.mark.parametrize("verb", ["start", "end"])
@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("participant", "meeting_lead"),
        ("stranger", "forbidden"),
        ("steering", "forbidden"),
        ("validator", "forbidden"),
        ("deactivated", "forbidden"),
    ],
)
def test_only_who_leads_moves_the_meeting(cast, room, verb, who, code):
    assert refused(verb, cast.everyone()[who], room) == code
    assert not MeetingSession.objects.exists()


def test_nobody_else_reaches_what_is_written_down(cast, room, agenda):
    do("start", cast.facilitator, room)
    for who in ("stranger", "steering", "validator", "editor", "deactivated"):
        somebody = cast.everyone()[who]
        assert refused("note", somebody, room, text="Ik was hier", item_id=agenda[0].pk) == "forbidden"
        assert refused("raise_hand", somebody, room) == "forbidden"
    assert not Note.objects.exists()
    assert not Hand.objects.exists()


def test_what_cannot_be_says_why_and_leaves_nothing(cast, room, agenda):
    theirs = Meeting.objects.create(kring=cast.kring_v, number=1, title="Elders", date=dt.date(2009, 6, 25))
    elsewhere = AgendaItem.objects.create(meeting=theirs, position=1, title="Van een ander")
    lead, me = cast.facilitator, cast.participant
    assert refused("move_to", lead, room, item_id=agenda[0].pk) == "meeting_not_started"
    assert refused("note", me, room, text="Te vroeg") == "meeting_not_started"
    do("start", lead, room)
    assert refused("start", lead, room) == "meeting_started"
    assert refused("move_to", lead, room, item_id=elsewhere.pk) == "meeting_item"
    assert refused("note", me, room, text="x", item_id=elsewhere.pk) == "meeting_item"
    assert refused("note", me, room, text="x" * 2001) == "note_long"
    assert refused("note", me, room, text=" \n ") == "note_empty"
    assert refused("decide", me, room, text="Wij doen het zo") == "meeting_lead"
    assert refused("decide", lead, room, text="x" * 501) == "decision_long"
    assert refused("promise", me, room, text="Iets", owner_id=cast.stranger.pk) == "action_owner"
    assert refused("promise", me, room, text="x" * 241, owner_id=me.pk) == "action_long"
    assert refused("lower_hand", me, room, person_id=cast.colleague.pk) == "meeting_lead"
    do("end", lead, room)
    assert refused("move_to", lead, room, item_id=agenda[0].pk) == "meeting_ended"
    assert refused("raise_hand", me, room) == "meeting_ended"
    assert [model.objects.count() for model in (Note, Decision, Action)] == [0, 0, 0]


def test_a_room_about_something_else_holds_no_meeting(cast, agenda):
    assert refused("start", cast.facilitator, cast.room) == "meeting_none"


def test_a_cancelled_meeting_does_not_start(cast, room):
    Meeting.objects.filter(pk=cast.meeting.pk).update(state=Meeting.State.CANCELLED)
    assert refused("start", cast.facilitator, room) == "meeting_cancelled"


def test_a_note_is_its_writers_to_change_and_to_take_away(cast, room, agenda):
    do("start", cast.facilitator, room)
    made = do("note", cast.participant, room, text="Balie dicht op\r\nvrijdag\x00", item_id=agenda[1].pk).message_id
    assert Note.objects.get().text == "Balie dicht op\nvrijdag"
    assert refused("edit_note", cast.facilitator, room, note_id=made, text="Anders") == "note_not_yours"
    do("edit_note", cast.participant, room, note_id=made, text="Balie open")
    said = lines(room)[-1]
    assert said["note"] == {"id": made, "item": agenda[1].pk, "text": "Balie open", "edited": True}
    assert said["actor"]["municipality"] == "Hillegom"
    do("edit_note", cast.participant, room, note_id=made, text="")
    assert not Note.objects.exists()
    assert "Balie" not in json.dumps(list(RoomEvent.objects.values_list("payload", flat=True)))
    assert refused("edit_note", cast.participant, room, note_id=made, text="Toch") == "note_missing"


def test_decisions_are_numbered_per_kring_and_year(cast, room, agenda):
    second = Meeting.objects.create(kring=cast.kring_c, number=2, title="Twee", date=dt.date(2009, 10, 1))
    later = Meeting.objects.create(kring=cast.kring_c, number=3, title="Drie", date=dt.date(2010, 2, 1))
    do("start", cast.facilitator, room)
    do("decide", cast.facilitator, room, text="Wij meten elk jaar", item_id=agenda[1].pk)
    do("decide", cast.office, room, text="Wij delen de normen")
    for meeting in (second, later):
        other = open_about(kring=cast.kring_c, subject=meeting, by=cast.facilitator)
        do("start", cast.facilitator, other)
        do("decide", cast.facilitator, other, text="Nog een")
    assert [one.label for one in Decision.objects.order_by("pk")] == ["2009-1", "2009-2", "2009-3", "2010-1"]
    assert lines(room)[1]["decision"]["label"] == "2009-1"


def test_a_promise_knows_where_it_was_made(cast, room, agenda):
    do("start", cast.facilitator, room)
    due = dt.date(2009, 7, 1)
    do(
        "promise",
        cast.participant,
        room,
        text="Norm sturen",
        owner_id=cast.colleague.pk,
        due_on=due,
        item_id=agenda[1].pk,
    )
    made = Action.objects.get()
    assert (made.meeting, made.item, made.owner, made.municipality) == (
        cast.meeting,
        agenda[1],
        cast.colleague,
        cast.zandvoort,
    )
    assert lines(room)[-1]["action"]["due"] == "2009-07-01"


def test_hands_stand_in_the_order_of_asking(cast, room):
    do("start", cast.facilitator, room)
    do("raise_hand", cast.colleague, room)
    do("raise_hand", cast.participant, room)
    do("raise_hand", cast.colleague, room)
    assert [hand.person for hand in Hand.objects.all()] == [cast.colleague, cast.participant]
    do("lower_hand", cast.facilitator, room, person_id=cast.colleague.pk)
    do("lower_hand", cast.participant, room)
    assert not Hand.objects.exists()


@pytest.mark.parametrize(
    ("frame", "model"),
    [
        ({"t": "note", "text": "Eens"}, Note),
        ({"t": "decide", "text": "Eens"}, Decision),
        ({"t": "promise", "text": "Eens"}, Action),
        ({"t": "raiseHand"}, Hand),
    ],
)
def test_sent_twice_it_is_done_once(cast, room, frame, model):
    do("start", cast.facilitator, room)
    frame = {**frame, "room": room.pk, "cid": str(uuid.uuid4())}
    if frame["t"] == "promise":
        frame["owner"] = cast.participant.pk
    first, again = perform(cast.facilitator, frame), perform(cast.facilitator, frame)
    assert (first["t"], first["dup"], again["dup"]) == ("ack", False, True)
    assert (first["seq"], first["id"]) == (again["seq"], again["id"])
    assert model.objects.count() == 1
    if "text" in frame:
        assert perform(cast.facilitator, {**frame, "text": "Oneens"})["code"] == "conflict"


def test_a_day_that_is_none_is_refused(cast, room):
    do("start", cast.facilitator, room)
    frame = {"t": "promise", "room": room.pk, "cid": str(uuid.uuid4()), "text": "x", "owner": cast.participant.pk}
    assert perform(cast.participant, {**frame, "due": "morgen"})["code"] == "action_day"
    assert not Action.objects.exists()


def test_every_refusal_has_a_sentence():
    assert all(str(REFUSALS[code]).endswith(".") for code in REFUSALS)


def test_moving_on_takes_few_queries(cast, room, agenda, django_assert_max_num_queries):
    do("start", cast.facilitator, room)
    with django_assert_max_num_queries(12):
        do("move_to", cast.facilitator, room, item_id=agenda[1].pk)


def test_once_the_minutes_were_adopted_nothing_is_added(cast, room, agenda):
    do("start", cast.facilitator, room)
    mine = do("note", cast.participant, room, text="Zo was het", item_id=agenda[0].pk).message_id
    do("end", cast.facilitator, room)
    do("note", cast.participant, room, text="Nog een")  # ended is not adopted
    Minutes.objects.create(meeting=cast.meeting, state=Minutes.State.ADOPTED, adopted_on=dt.date(2009, 8, 1))
    said, me, lead = "minutes_adopted", cast.participant, cast.facilitator
    assert refused("note", me, room, text="Te laat") == said
    assert refused("edit_note", me, room, note_id=mine, text="Anders") == said
    assert refused("decide", lead, room, text="Te laat") == said
    assert refused("promise", me, room, text="Te laat", owner_id=me.pk) == said
    assert refused("start", lead, room) == said
    assert list(Note.objects.values_list("text", flat=True)) == ["Zo was het", "Nog een"]
    assert [model.objects.count() for model in (Decision, Action)] == [0, 0]


def test_open_screens_hear_that_the_agenda_changed(cast, room, agenda):
    do("start", cast.facilitator, room)
    kept = [AgendaLine(title=item.title, minutes=item.minutes, pk=item.pk) for item in agenda]
    agendas.save_agenda(meeting=cast.meeting, lines=kept[::-1], seen=0, by=cast.facilitator)
    agendas.insert(meeting=Meeting.objects.get(pk=cast.meeting.pk), line=AgendaLine(title="Erbij"), by=cast.office)
    said = lines(room)[1:]
    assert [(one["kind"], one["agenda"], one["actor"]["id"]) for one in said] == [
        ("agenda.change", {"version": 1}, cast.facilitator.pk),
        ("agenda.change", {"version": 2}, cast.office.pk),
    ]
    assert [one["seq"] for one in said] == [2, 3]


def test_a_save_that_changes_nothing_or_loses_takes_no_number(cast, room, agenda):
    rows = [AgendaLine(title="Een"), AgendaLine(title="Twee")]
    agendas.save_agenda(meeting=cast.meeting, lines=rows, seen=0)
    agendas.save_agenda(meeting=cast.meeting, lines=rows, seen=0)  # the same form once more
    with pytest.raises(AgendaChanged):
        agendas.save_agenda(meeting=cast.meeting, lines=[AgendaLine(title="Van mij")], seen=0)
    assert [line["agenda"]["version"] for line in lines(room)] == [1]
    assert Room.objects.get(pk=room.pk).seq == 1


def test_without_a_room_an_agenda_opens_none(cast, agenda):
    agendas.insert(meeting=cast.meeting, line=AgendaLine(title="Erbij"), by=cast.facilitator)
    assert not Room.objects.filter(subject_id__isnull=False).exists()
