"""What people do in a room: numbers without holes, once is once, and who may not."""

from __future__ import annotations

import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kringen.conversation import rooms
from kringen.live import events, log
from kringen.models import Message, Reaction, ReadMarker, Room, RoomEvent, Topic
from people.models import Role, RoleName
from tests.cast import Cast


def say(cast: Cast, body: str, by=None, cid=None, **more) -> rooms.Done:
    return rooms.send(sender=by or cast.participant, room=cast.room, client_id=cid or uuid.uuid4(), body=body, **more)


def kinds(cast: Cast) -> list[tuple[int, str]]:
    return list(RoomEvent.objects.filter(room=cast.room).values_list("seq", "kind"))


def test_messages_get_consecutive_numbers_and_one_event_each(cast):
    done = [say(cast, f"nummer {n}", by=[cast.participant, cast.facilitator][n % 2]) for n in range(4)]
    assert [each.seq for each in done] == [1, 2, 3, 4]
    assert kinds(cast) == [(n, "message.new") for n in (1, 2, 3, 4)]
    cast.room.refresh_from_db()
    assert cast.room.seq == 4
    assert list(Message.objects.values_list("created_seq", "body")) == [(n + 1, f"nummer {n}") for n in range(4)]


def test_the_same_id_and_text_is_one_message(cast):
    cid = uuid.uuid4()
    first = say(cast, "hallo", cid=cid)
    second = say(cast, "  hallo\r\n", cid=cid)
    assert (first.seq, first.duplicate) == (1, False)
    assert second == rooms.Done(1, first.message_id, duplicate=True)
    assert Message.objects.count() == 1
    cast.room.refresh_from_db()
    assert cast.room.seq == 1  # the number that was taken for the second is given back


def test_the_same_id_with_another_text_is_a_conflict(cast):
    cid = uuid.uuid4()
    say(cast, "hallo", cid=cid)
    with pytest.raises(rooms.RoomRefused) as refused:
        say(cast, "iets anders", cid=cid)
    assert refused.value.code == "conflict"
    assert say(cast, "volgende").seq == 2


def test_two_people_may_happen_to_use_the_same_id(cast):
    cid = uuid.uuid4()
    assert say(cast, "a", cid=cid).seq == 1
    assert say(cast, "b", by=cast.colleague, cid=cid).seq == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [("", "empty"), (" \n\t ", "empty"), ("\x00\x01", "empty"), ("x" * 8001, "too_long"), ("\ud800", "bad")],
)
def test_what_cannot_be_sent_says_why_and_stores_nothing(cast, body, code):
    with pytest.raises(rooms.RoomRefused) as refused:
        say(cast, body)
    assert refused.value.code == code
    assert Message.objects.count() == RoomEvent.objects.count() == 0


def test_eight_thousand_characters_fit(cast):
    assert say(cast, "é" * 8000).seq == 1


@pytest.mark.parametrize("who", ["stranger", "steering", "validator", "editor", "deactivated"])
def test_who_does_not_talk_here_cannot_write_or_see(cast, who):
    person = cast.everyone()[who]
    message = say(cast, "vertrouwelijk").message_id
    acts = [
        lambda: say(cast, "hallo", by=person),
        lambda: rooms.edit(editor=person, room=cast.room, message_id=message, client_id=uuid.uuid4(), body="x"),
        lambda: rooms.delete(by=person, room=cast.room, message_id=message, client_id=uuid.uuid4()),
        lambda: rooms.react(by=person, room=cast.room, message_id=message, client_id=uuid.uuid4(), emoji="👍", on=True),
        lambda: rooms.mark_read(reader=person, room_id=cast.room.pk, seq=1),
    ]
    for act in acts:
        with pytest.raises(rooms.RoomRefused) as refused:
            act()
        assert refused.value.code == "forbidden"
    assert not Room.objects.visible_to(person).filter(pk=cast.room.pk).exists()
    assert Message.objects.get().body == "vertrouwelijk"
    assert kinds(cast) == [(1, "message.new")]


@pytest.mark.parametrize("who", ["participant", "facilitator", "office", "admin"])
def test_who_talks_here_can_write(cast, who):
    assert say(cast, "hallo", by=cast.everyone()[who]).seq == 1


def test_a_role_that_ended_ends_the_writing_at_once(cast):
    say(cast, "nog net")
    Role.objects.filter(user=cast.participant).delete()
    with pytest.raises(rooms.RoomRefused):
        say(cast, "te laat")


def test_a_message_cannot_be_put_in_the_topic_of_another_room(cast):
    other = Room.objects.create(kring=cast.kring_v, name="Elders")
    foreign = Topic.objects.create(room=other, title="Elders", is_general=True)
    with pytest.raises(rooms.RoomRefused) as refused:
        say(cast, "hallo", topic_id=foreign.pk)
    assert refused.value.code == "topic"


def test_an_answer_refers_to_a_message_of_the_same_room(cast):
    first = say(cast, "vraag")
    answer = say(cast, "antwoord", by=cast.colleague, reply_to_id=first.message_id)
    assert Message.objects.get(pk=answer.message_id).reply_to_id == first.message_id
    with pytest.raises(rooms.RoomRefused) as refused:
        say(cast, "x", reply_to_id=99_999)
    assert refused.value.code == "missing"


def test_editing_is_an_event_of_its_own_and_done_once(cast):
    made, cid = say(cast, "eerst"), uuid.uuid4()
    edits = [
        rooms.edit(editor=cast.participant, room=cast.room, message_id=made.message_id, client_id=cid, body="**later**")
        for _ in range(2)
    ]
    assert [(each.seq, each.duplicate) for each in edits] == [(2, False), (2, True)]
    message = Message.objects.get()
    assert (message.body, message.html) == ("**later**", "<p><strong>later</strong></p>")
    assert kinds(cast) == [(1, "message.new"), (2, "message.edit")]
    with pytest.raises(rooms.RoomRefused) as refused:
        rooms.edit(editor=cast.participant, room=cast.room, message_id=made.message_id, client_id=cid, body="weer")
    assert refused.value.code == "conflict"


def test_nobody_edits_for_somebody_else(cast):
    made = say(cast, "van mij")
    for other in (cast.colleague, cast.facilitator, cast.office):
        with pytest.raises(rooms.RoomRefused) as refused:
            rooms.edit(editor=other, room=cast.room, message_id=made.message_id, client_id=uuid.uuid4(), body="x")
        assert refused.value.code == "forbidden"


def test_deleting_blanks_the_text_everywhere_and_keeps_every_number(cast):
    made = say(cast, "geheim woord")
    rooms.edit(
        editor=cast.participant, room=cast.room, message_id=made.message_id, client_id=uuid.uuid4(), body="geheim 2"
    )
    done = rooms.delete(by=cast.facilitator, room=cast.room, message_id=made.message_id, client_id=uuid.uuid4())
    again = rooms.delete(by=cast.participant, room=cast.room, message_id=made.message_id, client_id=uuid.uuid4())
    assert (done.seq, done.duplicate, again.seq, again.duplicate) == (3, False, 3, True)
    assert kinds(cast) == [(1, "message.new"), (2, "message.edit"), (3, "message.delete")]
    assert "geheim" not in "".join(item.text for item in log.after(cast.room.pk, 0, 10))
    assert "geheim" not in str(log.snapshot(cast.room.pk))
    message = Message.objects.get()
    assert (message.body, message.html) == ("", "")
    with pytest.raises(rooms.RoomRefused) as refused:
        rooms.edit(
            editor=cast.participant, room=cast.room, message_id=made.message_id, client_id=uuid.uuid4(), body="terug"
        )
    assert refused.value.code == "missing"


def test_a_colleague_cannot_delete_what_another_wrote(cast):
    made = say(cast, "van mij")
    with pytest.raises(rooms.RoomRefused):
        rooms.delete(by=cast.colleague, room=cast.room, message_id=made.message_id, client_id=uuid.uuid4())


def test_a_sign_is_put_and_taken_away(cast):
    made = say(cast, "mooi")
    put = {"by": cast.colleague, "room": cast.room, "message_id": made.message_id, "emoji": "👍"}
    rooms.react(**put, client_id=uuid.uuid4(), on=True)
    rooms.react(**put, client_id=uuid.uuid4(), on=True)
    assert Reaction.objects.count() == 1
    assert log.snapshot(cast.room.pk)[1][0]["reactions"] == {"👍": [cast.colleague.pk]}
    rooms.react(**put, client_id=uuid.uuid4(), on=False)
    assert Reaction.objects.count() == 0
    for wrong in ("", "ok", "<b>", "👍" * 20):
        with pytest.raises(rooms.RoomRefused):
            rooms.react(**{**put, "emoji": wrong}, client_id=uuid.uuid4(), on=True)


def test_an_event_looks_exactly_like_this(cast):
    made = say(cast, "Hoe doen *jullie* dat?")
    (item,) = log.after(cast.room.pk, 0, 10)
    event = RoomEvent.objects.get()
    assert events.describe(event) == {
        "seq": 1,
        "kind": "message.new",
        "at": event.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "actor": {"id": cast.participant.pk, "name": "Deelnemer", "municipality": "Hillegom"},
        "message": {
            "id": made.message_id,
            "topic": cast.room.topics.get().pk,
            "body": "Hoe doen *jullie* dat?",
            "html": "<p>Hoe doen <em>jullie</em> dat?</p>",
            "replyTo": None,
        },
    }
    assert item == events.item_of(event)
    assert (item.seq, item.blanks, item.size) == (1, False, len(item.text.encode()))
    assert json.loads(item.text) == events.describe(event)


def test_a_marker_moves_forward_only_and_not_past_the_end(cast):
    for n in range(3):
        say(cast, str(n))
    reach = lambda seq: rooms.mark_read(reader=cast.colleague, room_id=cast.room.pk, seq=seq)  # noqa: E731
    assert [reach(2), reach(1), reach(99)] == [2, 2, 3]
    assert ReadMarker.objects.get().seq == 3


def test_unread_is_what_others_said_since(cast):
    empty = Room.objects.create(kring=cast.kring_c, name="Leeg")
    say(cast, "1")
    say(cast, "2")
    say(cast, "3", by=cast.colleague)
    gone = say(cast, "4")
    rooms.delete(by=cast.participant, room=cast.room, message_id=gone.message_id, client_id=uuid.uuid4())
    both = [cast.room, empty]
    assert rooms.unread_counts(cast.colleague, both) == {cast.room.pk: 2, empty.pk: 0}
    rooms.mark_read(reader=cast.colleague, room_id=cast.room.pk, seq=1)
    assert rooms.unread_counts(cast.colleague, both) == {cast.room.pk: 1, empty.pk: 0}
    assert rooms.unread_counts(cast.participant, both) == {cast.room.pk: 1, empty.pk: 0}


def test_only_who_leads_opens_a_room_and_a_double_click_opens_one(cast):
    form = uuid.uuid4()
    made = [
        rooms.open_room(kring=cast.kring_c, name="Nieuw", about="", by=cast.facilitator, submission=form)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert [topic.is_general for topic in made[0].topics.all()] == [True]
    for other in (cast.participant, cast.stranger, cast.steering):
        with pytest.raises(rooms.RoomRefused):
            rooms.open_room(kring=cast.kring_c, name="Nee", by=other)


def test_a_topic_is_started_once(cast):
    form = uuid.uuid4()
    made = [
        rooms.start_topic(room=cast.room, title=" Wachttijd  balie ", by=cast.participant, client_id=form)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert made[0].title == "Wachttijd balie"
    assert kinds(cast) == [(1, "room.state")]
    with pytest.raises(rooms.RoomRefused):
        rooms.start_topic(room=cast.room, title="Hier ook", by=cast.stranger, client_id=uuid.uuid4())


def test_a_closed_room_takes_nothing_more(cast):
    Room.objects.update(is_archived=True)
    with pytest.raises(rooms.RoomRefused):
        say(cast, "hallo")
    assert Room.objects.visible_to(cast.participant).count() == 1


def statements(context: CaptureQueriesContext) -> list[str]:
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "ROLLBACK")
    return [query["sql"] for query in context.captured_queries if not query["sql"].startswith(marks)]


def test_sending_takes_at_most_six_queries_and_reading_back_three(cast):
    say(cast, "warm")
    with CaptureQueriesContext(
        connection,
    ) as sending:
        say(cast, "hallo")
    assert len(statements(sending)) <= 6, statements(sending)
    with CaptureQueriesContext(connection) as resuming:
        assert Room.objects.visible_to(cast.participant).values_list("seq").get(pk=cast.room.pk) == (2,)
        assert [item.seq for item in log.after(cast.room.pk, 0, 100)] == [1, 2]
    assert len(resuming) <= 3


def test_the_office_sees_every_room_and_a_member_only_theirs(cast):
    other = Room.objects.create(kring=cast.kring_v, name="Elders")
    Role.objects.create(user=cast.participant, role=RoleName.VALIDATOR)
    seen = lambda who: set(Room.objects.visible_to(who))  # noqa: E731
    assert seen(cast.office) == {cast.room, other}
    assert seen(cast.participant) == {cast.room}
    assert seen(cast.stranger) == {other}
