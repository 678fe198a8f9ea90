"""How far somebody has read: per topic and room, forward by reading, back only when asked."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kringen.conversation import reading, rooms
from kringen.conversation.roomlist import rooms_for
from kringen.models import Message, ReadMarker, Room, Topic, TopicMark
from tests.kringen.conversation.test_topics import say, start


def unread(cast, user=None) -> dict[str, int]:
    lines = rooms.topic_lines(user or cast.colleague, [cast.room])[cast.room.pk]
    return {line.topic.title: line.unread for line in lines}


def total(cast, user=None) -> int:
    return rooms.unread_counts(user or cast.colleague, [cast.room])[cast.room.pk]


@pytest.fixture
def two(cast):
    """Two messages in the general topic, three in another; all of the participant."""
    topic = start(cast)
    say(cast, "a"), say(cast, "b")
    for body in "cde":
        say(cast, body, topic)
    return topic


def test_unread_per_topic_and_room_without_ones_own_and_what_was_taken_away(cast, two):
    assert unread(cast) == {"Algemeen": 2, "Wachttijden": 3}
    assert (total(cast), total(cast, cast.participant)) == (5, 0)
    rooms.delete(
        by=cast.participant, room=cast.room, message_id=Message.objects.get(body="d").pk, client_id=uuid.uuid4()
    )
    assert unread(cast) == {"Algemeen": 2, "Wachttijden": 2}


def test_reading_a_topic_leaves_the_others_unread(cast, two):
    last = Message.objects.get(body="e").created_seq
    reached = rooms.mark_read(reader=cast.colleague, room_id=cast.room.pk, seq=last + 100, topic_id=two.pk)
    cast.room.refresh_from_db()
    assert reached == cast.room.seq
    assert unread(cast) == {"Algemeen": 2, "Wachttijden": 0}
    assert rooms.mark_read(reader=cast.colleague, room_id=cast.room.pk, seq=1, topic_id=two.pk) == cast.room.seq


def test_reading_the_room_reads_every_topic(cast, two):
    rooms.mark_read(reader=cast.colleague, room_id=cast.room.pk, seq=Message.objects.get(body="c").created_seq)
    assert unread(cast) == {"Algemeen": 0, "Wachttijden": 2}
    say(cast, "f")
    assert unread(cast) == {"Algemeen": 1, "Wachttijden": 2}


def test_unread_from_here_goes_back_in_that_topic_only_and_reading_takes_it_up_again(cast, two):
    cast.room.refresh_from_db()
    rooms.mark_read(reader=cast.colleague, room_id=cast.room.pk, seq=cast.room.seq)
    message = Message.objects.get(body="d")
    assert rooms.mark_unread(reader=cast.colleague, message=message) == message.created_seq - 1
    assert unread(cast) == {"Algemeen": 0, "Wachttijden": 2}
    line = rooms.topic_lines(cast.colleague, [cast.room])[cast.room.pk][1]
    assert line.first_unread == message.created_seq
    assert reading.places(cast.colleague.pk, cast.room.pk) == {
        "seq": cast.room.seq,
        "topics": {str(two.pk): message.created_seq - 1},
    }
    rooms.mark_read(reader=cast.colleague, room_id=cast.room.pk, seq=cast.room.seq)
    assert unread(cast) == {"Algemeen": 0, "Wachttijden": 0}
    assert reading.places(cast.colleague.pk, cast.room.pk) == {"seq": cast.room.seq}


def test_a_muted_topic_is_not_counted_in_the_room(cast, two):
    rooms.set_level(topic=two, reader=cast.colleague, level="muted")
    assert unread(cast) == {"Algemeen": 2, "Wachttijden": 3}
    assert total(cast) == 2
    assert [line.unread for line in rooms_for(cast.colleague)] == [2]
    assert total(cast, cast.facilitator) == 5
    rooms.set_level(topic=two, reader=cast.colleague, level="followed")
    assert total(cast) == 5
    with pytest.raises(rooms.RoomRefused):
        rooms.set_level(topic=two, reader=cast.colleague, level="loud")


def test_a_topic_of_another_room_is_refused(cast):
    other = Room.objects.create(kring=cast.kring_c, name="Tweede")
    elsewhere = Topic.objects.create(room=other, title="Algemeen", is_general=True)
    with pytest.raises(rooms.RoomRefused) as refused:
        rooms.mark_read(reader=cast.colleague, room_id=cast.room.pk, seq=1, topic_id=elsewhere.pk)
    assert refused.value.code == "topic"
    assert TopicMark.objects.count() == ReadMarker.objects.count() == 0


def test_the_other_tabs_are_told_after_the_commit(cast, two, django_capture_on_commit_callbacks, monkeypatch):
    told = []
    monkeypatch.setattr("kringen.live.bell._tell", lambda group, message: told.append((group, message)))
    with django_capture_on_commit_callbacks(execute=True):
        rooms.mark_read(reader=cast.colleague, room_id=cast.room.pk, seq=2)
        rooms.mark_read(reader=cast.colleague, room_id=cast.room.pk, seq=1)
    # nobody's text, and once: the second reading moved nothing
    assert told == [
        (
            f"ctl.user.{cast.colleague.pk}",
            {"type": "person.places", "user": cast.colleague.pk, "room": cast.room.pk},
        )
    ]


def test_the_list_of_rooms_asks_as_many_questions_for_three_rooms_as_for_one(cast):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert rooms_for(cast.colleague)
        return len(asked)

    questions()
    one = questions()
    for n in range(2):
        room = Room.objects.create(kring=cast.kring_c, name=f"Ruimte {n}")
        for title in "abc":
            Topic.objects.create(room=room, title=title)
    assert questions() == one == 2


def test_unread_from_a_message_by_form(client, cast, two):
    rooms.mark_read(reader=cast.colleague, room_id=cast.room.pk, seq=100)
    message = Message.objects.get(body="d")
    client.force_login(cast.colleague)
    answer = client.post(f"/kringen/kring-c/ruimtes/{cast.room.pk}/berichten/{message.pk}/ongelezen/")
    assert answer["Location"] == "/kringen/kring-c/ruimtes/"
    assert unread(cast) == {"Algemeen": 0, "Wachttijden": 2}
    html = client.get(f"/kringen/kring-c/ruimtes/{cast.room.pk}/").content.decode()
    assert f'data-jump="{message.pk}"' in html
    assert html.index('id="ongelezen"') < html.index(f'id="m{message.pk}"')
    client.post(f"/kringen/kring-c/ruimtes/{cast.room.pk}/gelezen/", {"seq": "100", "onderwerp": str(two.pk)})
    assert unread(cast) == {"Algemeen": 0, "Wachttijden": 0}
