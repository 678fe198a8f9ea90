"""Polls: opening, voting, closing, and what each refusal says."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from kringen.conversation import polls, rooms
from kringen.live.acts import perform
from kringen.models import Message, Poll, PollVote, RoomEvent

pytestmark = pytest.mark.usefixtures("cast")


def opened(cast, **more) -> Poll:
    done = polls.open_poll(
        **{
            "by": cast.facilitator,
            "room": cast.room,
            "client_id": uuid.uuid4(),
            "question": "Welk thema?",
            "options": ["Wachttijden", "Telefoon", "Website"],
            **more,
        }
    )
    return Poll.objects.get(message=done.message_id)


def vote(cast, poll, by, *answers, cid=None) -> rooms.Done:
    options = list(poll.options.all())
    return polls.vote(
        by=by,
        room=cast.room,
        message_id=poll.message_id,
        client_id=cid or uuid.uuid4(),
        option_ids=[options[answer].pk for answer in answers],
    )


def numbers(poll, reader) -> list[int]:
    return [line.number for line in polls.result(poll, reader).lines]


def test_each_vote_is_an_event_with_its_number(cast):
    poll = opened(cast)
    vote(cast, poll, cast.participant, 0)
    vote(cast, poll, cast.colleague, 2)
    assert list(RoomEvent.objects.values_list("seq", "kind")) == [
        (1, "message.new"),
        (2, "poll.vote"),
        (3, "poll.vote"),
    ]
    assert numbers(poll, cast.participant) == [1, 0, 1]
    assert Message.objects.get().cards_seq == 3  # so that every tab knows that it must look again


def test_a_second_vote_replaces_the_first(cast):
    poll = opened(cast)
    vote(cast, poll, cast.participant, 0)
    vote(cast, poll, cast.participant, 1)
    assert numbers(poll, cast.participant) == [0, 1, 0]
    vote(cast, poll, cast.participant)
    assert numbers(poll, cast.participant) == [0, 0, 0]


def test_the_same_vote_sent_twice_is_one(cast):
    poll, cid = opened(cast), uuid.uuid4()
    first = vote(cast, poll, cast.participant, 0, cid=cid)
    again = vote(cast, poll, cast.participant, 0, cid=cid)
    assert again == rooms.Done(first.seq, poll.message_id, duplicate=True)
    with pytest.raises(rooms.RoomRefused) as refused:
        vote(cast, poll, cast.participant, 1, cid=cid)
    assert refused.value.code == "conflict"


def test_where_votes_stand_the_second_is_refused(cast):
    poll = opened(cast, may_change=False)
    vote(cast, poll, cast.participant, 0)
    with pytest.raises(rooms.RoomRefused) as refused:
        vote(cast, poll, cast.participant, 1)
    assert refused.value.code == "poll_once"
    assert numbers(poll, cast.participant) == [1, 0, 0]
    assert RoomEvent.objects.count() == 2  # the number was given back


def test_a_municipality_votes_once_whoever_it_is(cast):
    poll = opened(cast, voter=Poll.Voter.MUNICIPALITY)
    vote(cast, poll, cast.participant, 0)
    cast.colleague.municipality = cast.hillegom
    cast.colleague.save()
    vote(cast, poll, cast.colleague, 1)
    assert numbers(poll, cast.participant) == [0, 1, 0]
    assert polls.result(poll, cast.participant).lines[1].voters == ("Hillegom",)
    with pytest.raises(rooms.RoomRefused) as refused:
        vote(cast, poll, cast.facilitator, 1)  # of no municipality
    assert refused.value.code == "poll_municipality"


def test_more_answers_only_where_that_is_asked(cast):
    single, several = opened(cast), opened(cast, is_multiple=True)
    with pytest.raises(rooms.RoomRefused) as refused:
        vote(cast, single, cast.participant, 0, 1)
    assert refused.value.code == "poll_one_answer"
    vote(cast, several, cast.participant, 0, 1)
    assert [line.share for line in polls.result(several, cast.participant).lines] == [100, 100, 0]


def test_an_answer_of_another_poll_is_refused(cast):
    one, other = opened(cast), opened(cast)
    with pytest.raises(rooms.RoomRefused) as refused:
        polls.vote(
            by=cast.participant,
            room=cast.room,
            message_id=one.message_id,
            client_id=uuid.uuid4(),
            option_ids=[other.options.first().pk],
        )
    assert refused.value.code == "poll_choice"
    assert not PollVote.objects.exists()


def test_a_closed_poll_takes_no_votes_and_keeps_its_result(cast):
    poll = opened(cast)
    vote(cast, poll, cast.participant, 0)
    polls.close(by=cast.facilitator, room=cast.room, message_id=poll.message_id, client_id=uuid.uuid4())
    with pytest.raises(rooms.RoomRefused) as refused:
        vote(cast, poll, cast.colleague, 1)
    assert refused.value.code == "poll_closed"
    poll.refresh_from_db()
    assert not polls.result(poll, cast.participant).is_open
    assert numbers(poll, cast.participant) == [1, 0, 0]
    with pytest.raises(rooms.RoomRefused) as refused:
        polls.close(by=cast.facilitator, room=cast.room, message_id=poll.message_id, client_id=uuid.uuid4())
    assert refused.value.code == "poll_closed"


def test_after_the_last_day_a_poll_is_closed(cast, settings):
    poll = opened(cast, closes_on=settings.DEMO_TODAY)
    vote(cast, poll, cast.participant, 0)
    settings.DEMO_TODAY += dt.timedelta(days=1)
    with pytest.raises(rooms.RoomRefused) as refused:
        vote(cast, poll, cast.colleague, 1)
    assert refused.value.code == "poll_closed"


def test_only_who_asked_or_keeps_order_closes(cast):
    poll = opened(cast, by=cast.participant)
    with pytest.raises(rooms.RoomRefused) as refused:
        polls.close(by=cast.colleague, room=cast.room, message_id=poll.message_id, client_id=uuid.uuid4())
    assert refused.value.code == "forbidden"
    polls.close(by=cast.facilitator, room=cast.room, message_id=poll.message_id, client_id=uuid.uuid4())
    assert RoomEvent.objects.latest("seq").kind == "poll.close"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"options": ["een"]}, "poll_options"),
        ({"options": ["een", "Een"]}, "poll_options"),
        ({"options": ["een", "x" * 161]}, "poll_options"),
        ({"options": [str(n) for n in range(13)]}, "poll_options"),
        ({"question": " \n "}, "poll_question"),
        ({"question": "x" * 301}, "poll_question"),
        ({"closes_on": dt.date(2000, 1, 1)}, "poll_deadline"),
        ({"voter": "iedereen"}, "bad"),
    ],
)
def test_what_is_no_poll_says_why_and_stores_nothing(cast, wrong, code):
    with pytest.raises(rooms.RoomRefused) as refused:
        opened(cast, **wrong)
    assert refused.value.code == code
    assert str(refused.value)
    assert not Message.objects.exists()


def test_strangers_cannot_open_vote_or_close(cast):
    poll = opened(cast)
    for act in (
        lambda: opened(cast, by=cast.stranger),
        lambda: vote(cast, poll, cast.stranger, 0),
        lambda: polls.close(by=cast.stranger, room=cast.room, message_id=poll.message_id, client_id=uuid.uuid4()),
    ):
        with pytest.raises(rooms.RoomRefused) as refused:
            act()
        assert refused.value.code == "forbidden"


def test_a_deleted_poll_leaves_nothing(cast):
    poll = opened(cast)
    vote(cast, poll, cast.participant, 0)
    rooms.delete(by=cast.facilitator, room=cast.room, message_id=poll.message_id, client_id=uuid.uuid4())
    assert not Poll.objects.exists()
    assert not PollVote.objects.exists()
    with pytest.raises(rooms.RoomRefused) as refused:
        vote(cast, poll, cast.participant)
    assert refused.value.code == "missing"


def test_the_socket_answers_each_refusal_with_its_own_code(cast):
    poll = opened(cast)
    frame = {"t": "vote", "room": cast.room.pk, "cid": str(uuid.uuid4()), "message": poll.message_id, "options": [1, 2]}
    unknown = {**frame, "options": [2**40]}
    assert perform(cast.participant, unknown)["code"] == "poll_choice"
    first = poll.options.first().pk
    answer = perform(cast.participant, {**frame, "cid": str(uuid.uuid4()), "options": [first]})
    assert (answer["t"], answer["seq"], answer["dup"]) == ("ack", 2, False)
    polls.close(by=cast.facilitator, room=cast.room, message_id=poll.message_id, client_id=uuid.uuid4())
    late = perform(cast.colleague, {**frame, "cid": str(uuid.uuid4()), "options": [first]})
    assert (late["t"], late["code"]) == ("nack", "poll_closed")
    made = perform(
        cast.participant,
        {"t": "poll", "room": cast.room.pk, "cid": str(uuid.uuid4()), "question": "Wie?", "options": ["a"]},
    )
    assert made["code"] == "poll_options"


def test_voting_by_form_and_the_sentence_when_it_is_too_late(client, cast):
    poll = opened(cast)
    client.force_login(cast.participant)
    here = f"/kringen/kring-c/ruimtes/{cast.room.pk}/berichten/{poll.message_id}/"
    option = poll.options.first().pk
    assert client.post(f"{here}stem/", {"option": option}).status_code == 302
    assert numbers(poll, cast.participant) == [1, 0, 0]
    html = client.get(f"{here}kaarten/").content.decode()
    assert "Deelnemer" in html
    assert f'value="{option}" checked' in html
    polls.close(by=cast.facilitator, room=cast.room, message_id=poll.message_id, client_id=uuid.uuid4())
    late = client.post(f"{here}stem/", {"option": option}, headers={"Accept": "application/json"})
    assert (late.status_code, late.json()["code"]) == (422, "poll_closed")


def test_opening_by_form(client, cast):
    client.force_login(cast.participant)
    here = f"/kringen/kring-c/ruimtes/{cast.room.pk}/peiling/"
    given = {"cid": str(uuid.uuid4()), "question": "Wanneer?", "voter": "person", "options": "maandag\n\ndinsdag\n"}
    assert client.post(here, {**given, "options": "maandag"}).status_code == 422
    assert not Poll.objects.exists()
    assert client.post(here, given).status_code == 302
    assert client.post(here, given).status_code == 302  # a double click
    assert [option.text for option in Poll.objects.get().options.all()] == ["maandag", "dinsdag"]
    client.force_login(cast.stranger)
    assert client.get(here).status_code == 404
