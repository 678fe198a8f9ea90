"""The screens of a meeting that is held: the own page, the projector, and the plain forms."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmark.models import Dataset, Measurement
from kringen.conversation import polls
from kringen.conversation.acting import REFUSALS
from kringen.conversation.subjects import open_about
from kringen.meetings import live_meeting
from kringen.meetings.live_page import used_text
from kringen.models import Action, AgendaItem, Decision, Hand, Meeting, MeetingSession, Minutes, Note, Poll, Room

pytestmark = [pytest.mark.usefixtures("cast"), pytest.mark.django_db]

LIVE = "/kringen/kring-c/bijeenkomsten/1/live/"
SCREEN = f"{LIVE}scherm/"


@pytest.fixture
def agenda(cast) -> list[AgendaItem]:
    return [
        AgendaItem.objects.create(meeting=cast.meeting, position=at, title=title, minutes=15, notes=notes)
        for at, (title, notes) in enumerate(
            [("Opening", ""), ("Wachttijden", "Wie weet raad?\n/benchmark/indicatoren/wac_balie_gem/")], start=1
        )
    ]


@pytest.fixture
def room(cast, agenda) -> Room:
    return open_about(kring=cast.kring_c, subject=cast.meeting, by=cast.facilitator)


@pytest.fixture
def started(cast, room) -> Room:
    do("start", cast.facilitator, room)
    return room


def do(verb, by, room, **more):
    return getattr(live_meeting, verb)(by=by, room=room, client_id=uuid.uuid4(), **more)


def seen(client, who, address=LIVE) -> str:
    client.force_login(who)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("address", [LIVE, SCREEN, "cards", "json"])
def test_looking_opens_no_room_and_shows_the_agenda(client, cast, agenda, address):
    if address == "json":
        client.force_login(cast.participant)
        assert client.get(LIVE, headers={"accept": "application/json"}).json() == {"room": None}
    elif address == "cards":
        assert cast.indicator.name in seen(client, cast.participant, f"{LIVE}punten/{agenda[1].pk}/")
    else:
        page = seen(client, cast.participant, address)
        assert "Wachttijden" in page
        assert '"room": null' in page
        assert "raiseHand" not in page
    assert not Room.objects.filter(subject_id__isnull=False).exists()


def test_starting_opens_the_room_and_what_is_refused_opens_none(client, cast, agenda):
    client.force_login(cast.participant)
    for form, code in (
        ({"t": "meetingStart"}, "meeting_lead"),
        ({"t": "note", "text": "Te vroeg"}, "meeting_not_started"),
        ({"t": "raiseHand"}, "meeting_not_started"),
        ({"t": "dans"}, "bad"),
    ):
        answer = client.post(LIVE, form)
        assert (answer.status_code, str(REFUSALS[code]) in answer.content.decode()) == (422, True), form
        assert not Room.objects.filter(subject_id__isnull=False).exists(), form
    client.force_login(cast.facilitator)
    assert "meetingStart" in seen(client, cast.facilitator)
    assert client.post(LIVE, {"t": "meetingStart"})["Location"] == LIVE
    room = Room.objects.get(subject_id=cast.meeting.pk)
    assert (room.seq, room.topics.get().is_general) == (1, True)
    client.force_login(cast.participant)
    assert client.get(LIVE, headers={"accept": "application/json"}).json() == {"room": room.pk}
    assert f'"room": {room.pk}' in seen(client, cast.participant)


def test_the_projector_shows_how_a_poll_stands_and_nobodys_own_vote(client, cast, started):
    client.force_login(cast.facilitator)
    client.post(LIVE, {"t": "poll", "question": "Eens?", "options": "Ja\r\nNee"})
    poll = Poll.objects.get()
    yes = poll.options.get(text="Ja")
    polls.vote(
        by=cast.facilitator, room=started, message_id=poll.message_id, client_id=uuid.uuid4(), option_ids=[yes.pk]
    )
    cards = f"/kringen/kring-c/ruimtes/{started.pk}/berichten/{poll.message_id}/kaarten/"
    assert f'data-src="{cards}?scherm=1"' in seen(client, cast.facilitator, SCREEN)
    assert f'data-src="{cards}"' in seen(client, cast.facilitator)
    shown = seen(client, cast.facilitator, f"{cards}?scherm=1&deel=1")
    assert "(100 %)" in shown
    assert 'name="option"' not in shown
    assert "/sluiten/" not in shown
    assert 'name="option"' in seen(client, cast.facilitator, f"{cards}?deel=1")
    polls.close(by=cast.facilitator, room=started, message_id=poll.message_id, client_id=uuid.uuid4())
    assert f'data-poll-of="{poll.message_id}"' in seen(client, cast.participant, SCREEN)  # the result stays


def test_adopted_minutes_close_the_forms_and_say_so(client, cast, started, agenda):
    do("note", cast.participant, started, text="Van mij", item_id=agenda[0].pk)
    do("end", cast.facilitator, started)
    Minutes.objects.create(meeting=cast.meeting, state=Minutes.State.ADOPTED, adopted_on=dt.date(2009, 8, 1))
    page = seen(client, cast.participant)
    assert '"fixed": true' in page
    assert "Het verslag is vastgesteld. Er komt niets meer bij deze bijeenkomst." in page
    answer = client.post(LIVE, {"t": "note", "text": "Te laat"})
    assert answer.status_code == 422
    assert str(REFUSALS["minutes_adopted"]) in answer.content.decode()
    assert Note.objects.get().text == "Van mij"


def test_late_joiners_land_where_the_meeting_is(client, cast, started, agenda):
    do("move_to", cast.facilitator, started, item_id=agenda[1].pk)
    do("note", cast.colleague, started, text="Bij ons vijf minuten", item_id=agenda[1].pk)
    do("decide", cast.facilitator, started, text="Wij meten voortaan", item_id=agenda[1].pk)
    do("raise_hand", cast.colleague, started)
    for address in (LIVE, SCREEN):
        page = seen(client, cast.participant, address)
        assert f'id="punt-{agenda[1].pk}"' in page
        assert page.count("k-part--current") == 1
        assert "Bij ons vijf minuten" in page
        assert "2009-1" in page
        assert f'data-hand="{cast.colleague.pk}"' in page
        assert f'"head": {Room.objects.get(pk=started.pk).seq}' in page


def test_only_who_leads_sees_the_buttons_that_lead(client, cast, started):
    assert "meetingMove" in seen(client, cast.facilitator)
    assert "meetingMove" in seen(client, cast.office)
    mine = seen(client, cast.participant)
    assert "meetingMove" not in mine
    assert 'value="decide"' not in mine
    assert 'value="raiseHand"' in mine


@pytest.mark.parametrize("who", ["stranger", "steering", "validator", "editor"])
def test_for_others_there_is_nothing_here(client, cast, started, agenda, who):
    do("note", cast.participant, started, text="Onder ons", item_id=agenda[0].pk)
    client.force_login(cast.everyone()[who])
    for address in (LIVE, SCREEN, f"{LIVE}punten/{agenda[1].pk}/", f"{SCREEN}punten/{agenda[1].pk}/"):
        assert client.get(address).status_code == 404
    assert client.post(LIVE, {"t": "note", "text": "Ik ook"}).status_code == 404
    assert Note.objects.count() == 1


def test_a_talk_about_one_municipality_is_not_held_here(client, cast):
    Meeting.objects.filter(pk=cast.meeting.pk).update(kind=Meeting.Kind.STEERING)
    client.force_login(cast.facilitator)
    assert client.get(LIVE).status_code == 404
    assert not Room.objects.filter(subject_id__isnull=False).exists()


def test_without_a_script_the_forms_do_it_all(client, cast, room, agenda):
    client.force_login(cast.facilitator)
    item = agenda[1].pk
    for form in (
        {"t": "meetingStart"},
        {"t": "meetingMove", "item": item},
        {"t": "note", "text": "Genoteerd", "item": item},
        {"t": "note", "text": "Voor het geheel", "item": ""},
        {"t": "decide", "text": "Besloten", "item": item},
        {"t": "promise", "text": "Beloofd", "owner": cast.participant.pk, "due": "2009-07-01", "item": item},
        {"t": "poll", "question": "Eens?", "options": "Ja\r\nNee\r\n"},
        {"t": "raiseHand"},
    ):
        assert client.post(LIVE, form)["Location"] == LIVE, form
    assert MeetingSession.objects.get().current_id == item
    assert list(Note.objects.values_list("item", "text")) == [(item, "Genoteerd"), (None, "Voor het geheel")]
    assert Decision.objects.get().item_id == item
    assert Action.objects.get().due_on == dt.date(2009, 7, 1)
    assert [option.text for option in Poll.objects.get().options.all()] == ["Ja", "Nee"]
    page = client.get(LIVE).content.decode()
    assert f'data-poll-of="{Poll.objects.get().message_id}"' in page
    assert client.post(LIVE, {"t": "meetingEnd"}).status_code == 302
    assert not Hand.objects.exists()


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"t": "note", "text": "x" * 2001}, "note_long"),
        ({"t": "promise", "text": "Iets"}, "action_owner"),
        ({"t": "promise", "text": "Iets", "owner": "999999"}, "action_owner"),
        ({"t": "meetingMove", "item": "999999"}, "meeting_item"),
        ({"t": "meetingMove", "item": "9" * 30}, "bad"),
        ({"t": "send", "text": "Iets"}, "bad"),
        ({"t": "note", "text": "Iets", "cid": "geen-id"}, "bad"),
        ({}, "bad"),
    ],
)
def test_what_is_refused_stays_in_the_form_with_a_sentence(client, cast, started, form, code):
    client.force_login(cast.facilitator)
    before = Room.objects.get(pk=started.pk).seq
    answer = client.post(LIVE, form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert str(REFUSALS[code]) in page
    if form.get("t") in {"note", "promise"}:
        assert form["text"] in page
    told = client.post(LIVE, form, headers={"accept": "application/json"}).json()
    assert told == {"code": code, "sentence": str(REFUSALS[code])}
    assert Room.objects.get(pk=started.pk).seq == before


def test_each_sees_their_own_municipality_and_the_projector_nobodys(client, cast, started, agenda):
    dataset = Dataset.objects.create(slug="bpz", name="BPZ", source="Benchmarking Publiekszaken")
    for place, value in ((cast.hillegom, 12.0), (cast.zandvoort, 10.0), (cast.beverwijk, 20.0)):
        Measurement.objects.create(
            municipality=place, indicator=cast.indicator, year=2008, value=value, dataset=dataset
        )
    own = f"{LIVE}punten/{agenda[1].pk}/?deel=1"
    mine, theirs = seen(client, cast.participant, own), seen(client, cast.colleague, own)
    assert "Hillegom" in mine
    assert "Zandvoort" in theirs
    for who in (cast.participant, cast.facilitator):
        screen = seen(client, who, f"{SCREEN}punten/{agenda[1].pk}/?deel=1")
        assert cast.indicator.name in screen
        for name in ("Hillegom", "Zandvoort", "Beverwijk"):
            assert name not in screen


def test_an_item_of_another_meeting_is_not_found(client, cast, started):
    theirs = Meeting.objects.create(kring=cast.kring_v, number=1, title="Elders", date=dt.date(2009, 6, 25))
    item = AgendaItem.objects.create(meeting=theirs, position=1, title="Van een ander")
    client.force_login(cast.participant)
    assert client.get(f"{LIVE}punten/{item.pk}/").status_code == 404


@pytest.mark.parametrize("address", [LIVE, SCREEN])
def test_the_screens_take_as_many_queries_whatever_is_on_them(client, cast, started, agenda, address):
    def fill(number: int) -> None:
        for at in range(number):
            item = AgendaItem.objects.create(meeting=cast.meeting, position=100 * number + at, title="Meer")
            do("note", cast.colleague, started, text="x", item_id=item.pk)
            do("decide", cast.facilitator, started, text="x", item_id=item.pk)
            do("promise", cast.colleague, started, text="x", owner_id=cast.colleague.pk, item_id=item.pk)

    counts = []
    for number in (1, 3):
        fill(number)
        seen(client, cast.participant, address)  # warms what is cached
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 30


def test_time_in_words():
    assert used_text(0, 15) == "15 min. gepland."
    assert not used_text(0, None)
    assert used_text(30, 15) == "0 van 15 min. gebruikt."
    assert "2 " in used_text(16 * 60 + 1, 15)  # begun minutes count as over time
    assert used_text(90, None) != used_text(90, 15)
