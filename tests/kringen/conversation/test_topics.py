"""Topics: starting, renaming, ending, moving what was said; each an event, each refused to strangers."""

from __future__ import annotations

import json
import uuid

import pytest

from kringen.conversation import rooms
from kringen.live import log
from kringen.models import Message, Room, RoomEvent, Topic


def start(cast, title="Wachttijden", by=None) -> Topic:
    return rooms.start_topic(room=cast.room, title=title, by=by or cast.participant, client_id=uuid.uuid4())


def say(cast, body, topic=None, by=None) -> Message:
    done = rooms.send(
        sender=by or cast.participant,
        room=cast.room,
        client_id=uuid.uuid4(),
        body=body,
        topic_id=topic.pk if topic else None,
    )
    return Message.objects.get(pk=done.message_id)


def events(cast) -> list[tuple[int, str]]:
    return list(RoomEvent.objects.filter(room=cast.room).values_list("seq", "kind"))


def last_line(cast) -> dict:
    return json.loads(log.after(cast.room.pk, RoomEvent.objects.latest("seq").seq - 1, 1)[0].text)


def test_starting_renaming_and_ending_are_events_with_the_whole_topic(cast):
    topic = start(cast)
    rooms.rename_topic(topic=topic, title="  Wachten aan\nde balie ", by=cast.participant, client_id=uuid.uuid4())
    rooms.resolve_topic(topic=topic, by=cast.colleague, client_id=uuid.uuid4())
    assert events(cast) == [(1, "room.state"), (2, "room.state"), (3, "room.state")]
    shown = {"id": topic.pk, "title": "Wachten aan de balie", "general": False, "resolved": True}
    assert last_line(cast)["room"] == {"topic": shown}
    rooms.resolve_topic(topic=topic, by=cast.participant, client_id=uuid.uuid4(), resolved=False)
    assert last_line(cast)["room"]["topic"]["resolved"] is False


def test_what_is_so_already_changes_nothing_and_takes_no_number(cast):
    topic = start(cast)
    assert start(cast, "wachttijden", by=cast.colleague) == topic
    rooms.rename_topic(topic=topic, title="Wachttijden", by=cast.participant, client_id=uuid.uuid4())
    rooms.resolve_topic(topic=topic, by=cast.participant, client_id=uuid.uuid4(), resolved=False)
    cast.room.refresh_from_db()
    assert (cast.room.seq, events(cast)) == (1, [(1, "room.state")])


@pytest.mark.parametrize(
    ("title", "code"),
    [("", "title_empty"), (" \n ", "title_empty"), ("kosten", "title_taken"), ("Kosten", "title_taken")],
)
def test_a_title_that_cannot_be_says_why(cast, title, code):
    start(cast, "Kosten")
    topic = start(cast)
    with pytest.raises(rooms.RoomRefused) as refused:
        rooms.rename_topic(topic=topic, title=title, by=cast.participant, client_id=uuid.uuid4())
    assert refused.value.code == code
    topic.refresh_from_db()
    assert (topic.title, len(events(cast))) == ("Wachttijden", 2)


def test_the_general_topic_keeps_its_name_and_stays_open(cast):
    general = cast.room.topics.get(is_general=True)
    for act in (
        lambda: rooms.rename_topic(topic=general, title="Anders", by=cast.facilitator, client_id=uuid.uuid4()),
        lambda: rooms.resolve_topic(topic=general, by=cast.facilitator, client_id=uuid.uuid4()),
    ):
        with pytest.raises(rooms.RoomRefused) as refused:
            act()
        assert refused.value.code == "general_topic"


@pytest.mark.parametrize("who", ["stranger", "steering", "validator", "editor", "deactivated"])
def test_who_does_not_talk_here_cannot_touch_a_topic(cast, who):
    topic, person = start(cast), cast.everyone()[who]
    message = say(cast, "vertrouwelijk", topic)
    acts = [
        lambda: start(cast, "Nieuw", by=person),
        lambda: rooms.rename_topic(topic=topic, title="Nieuw", by=person, client_id=uuid.uuid4()),
        lambda: rooms.resolve_topic(topic=topic, by=person, client_id=uuid.uuid4()),
        lambda: rooms.set_level(topic=topic, reader=person, level="muted"),
        lambda: rooms.mark_unread(reader=person, message=message),
        lambda: rooms.move_messages(
            message=message,
            topic=cast.room.topics.get(is_general=True),
            following=False,
            by=person,
            client_id=uuid.uuid4(),
        ),
    ]
    for act in acts:
        with pytest.raises(rooms.RoomRefused) as refused:
            act()
        assert refused.value.code == "forbidden"
    assert len(events(cast)) == 2


def test_only_the_starter_and_who_keeps_order_rename(cast):
    topic = start(cast)
    with pytest.raises(rooms.RoomRefused) as refused:
        rooms.rename_topic(topic=topic, title="Van mij", by=cast.colleague, client_id=uuid.uuid4())
    assert refused.value.code == "forbidden"
    rooms.rename_topic(topic=topic, title="Ordelijk", by=cast.facilitator, client_id=uuid.uuid4())
    topic.refresh_from_db()
    assert topic.title == "Ordelijk"


def test_a_message_and_what_follows_move_as_one_event(cast):
    topic = start(cast)
    first, second, third = say(cast, "een"), say(cast, "twee", by=cast.colleague), say(cast, "drie", topic)
    moved = rooms.move_messages(
        message=second, topic=topic, following=True, by=cast.facilitator, client_id=uuid.uuid4()
    )
    assert moved == 1
    general = first.topic_id
    assert dict(Message.objects.values_list("body", "topic")) == {"een": general, "twee": topic.pk, "drie": topic.pk}
    assert last_line(cast)["moved"] == {
        "from": general,
        "to": topic.pk,
        "first": second.created_seq,
        "last": second.created_seq,
    }
    back = rooms.move_messages(
        message=second, topic=first.topic, following=True, by=cast.facilitator, client_id=uuid.uuid4()
    )
    assert back == 2
    assert last_line(cast)["moved"]["last"] == third.created_seq
    assert set(Message.objects.values_list("topic", flat=True)) == {general}


def test_one_moves_one_of_ones_own_and_no_more(cast):
    topic = start(cast)
    mine, theirs = say(cast, "van mij"), say(cast, "van een ander", by=cast.colleague)
    acts = [(mine, True), (theirs, False)]
    for message, following in acts:
        with pytest.raises(rooms.RoomRefused) as refused:
            rooms.move_messages(
                message=message, topic=topic, following=following, by=cast.participant, client_id=uuid.uuid4()
            )
        assert refused.value.code == "forbidden"
    assert (
        rooms.move_messages(message=mine, topic=topic, following=False, by=cast.participant, client_id=uuid.uuid4())
        == 1
    )


def test_nothing_moves_to_another_room(cast):
    other = Room.objects.create(kring=cast.kring_c, name="Tweede")
    elsewhere = Topic.objects.create(room=other, title="Algemeen", is_general=True)
    message = say(cast, "hier")
    with pytest.raises(rooms.RoomRefused) as refused:
        rooms.move_messages(
            message=message, topic=elsewhere, following=False, by=cast.facilitator, client_id=uuid.uuid4()
        )
    assert refused.value.code == "topic"
    with pytest.raises(rooms.RoomRefused) as refused:
        say(cast, "naar elders", elsewhere)
    assert refused.value.code == "topic"


# ---- pages ----


@pytest.fixture
def page(cast) -> str:
    return f"/kringen/kring-c/ruimtes/{cast.room.pk}/"


def test_the_topic_page_renames_and_the_link_still_works(client, cast, page):
    topic = start(cast)
    say(cast, "in het onderwerp", topic)
    client.force_login(cast.participant)
    answer = client.post(f"{page}onderwerpen/{topic.pk}/", {"title": "Balie"})
    assert (answer.status_code, answer["Location"]) == (302, f"{page}?onderwerp={topic.pk}")
    html = client.get(f"{page}?onderwerp={topic.pk}").content.decode()
    assert "in het onderwerp" in html
    assert 'aria-current="page"><span data-topic-title>Balie</span>' in html
    refused = client.post(f"{page}onderwerpen/{topic.pk}/", {"title": "algemeen"})
    assert refused.status_code == 422
    assert str(rooms.RoomRefused("title_taken")) in refused.content.decode()


def test_a_resolved_topic_stands_apart_and_comes_back(client, cast, page):
    topic = start(cast)
    client.force_login(cast.colleague)
    client.post(f"{page}onderwerpen/{topic.pk}/afgerond/")
    html = client.get(page).content.decode()
    assert html.index("data-ended-list") < html.index(f'data-topic-item="{topic.pk}"')
    client.post(f"{page}onderwerpen/{topic.pk}/afgerond/", {"opnieuw": "1"})
    html = client.get(page).content.decode()
    assert html.index(f'data-topic-item="{topic.pk}"') < html.index("data-ended-list")


def test_moving_by_form_to_a_new_topic(client, cast, page):
    first, second = say(cast, "een"), say(cast, "twee", by=cast.colleague)
    client.force_login(cast.facilitator)
    assert 'name="following"' in client.get(f"{page}berichten/{first.pk}/verplaatsen/").content.decode()
    empty = client.post(f"{page}berichten/{first.pk}/verplaatsen/", {"topic": "", "title": " "})
    assert empty.status_code == 422
    answer = client.post(f"{page}berichten/{first.pk}/verplaatsen/", {"topic": "", "title": "Apart", "following": "on"})
    assert answer["Location"] == f"{page}?bericht={first.pk}"
    assert set(Message.objects.values_list("topic__title", flat=True)) == {"Apart"}
    client.force_login(cast.participant)
    assert client.get(f"{page}berichten/{second.pk}/verplaatsen/").status_code == 403
    assert 'name="following"' not in client.get(f"{page}berichten/{first.pk}/verplaatsen/").content.decode()


def test_a_message_that_is_linked_to_stands_in_its_part_of_the_conversation(client, cast, page):
    said = [say(cast, f"nummer {n}") for n in range(120)]
    client.force_login(cast.colleague)
    html = client.get(f"{page}?bericht={said[40].pk}").content.decode()
    assert f'data-focus="{said[40].pk}"' in html
    assert f'id="m{said[40].pk}"' in html
    assert f'id="m{said[119].pk}"' not in html
    assert f'data-older="{said[15].created_seq}"' in html
    assert f'data-newer="{said[65].created_seq}"' in html
    newer = client.get(f"{page}regels/", {"na": said[65].created_seq}).content.decode()
    assert newer.count("<article") == 50
    assert f'id="m{said[66].pk}"' in newer
    assert f'data-newer="{said[115].created_seq}"' in newer
    last = client.get(f"{page}regels/", {"na": said[115].created_seq})
    assert last.content.decode().count("<article") == 4
    assert 'data-newer=""' in last.content.decode()
    assert last["X-Room-Head"] == "120"


@pytest.mark.parametrize("asked", ["bericht=999999999", "bericht=x", "na=x", "tot=-1", "bericht=" + "9" * 40])
def test_an_address_that_makes_no_sense_shows_the_newest(client, cast, page, asked):
    message = say(cast, "nieuwste")
    client.force_login(cast.colleague)
    assert f'id="m{message.pk}"' in client.get(f"{page}?{asked}").content.decode()


def test_a_message_of_another_room_cannot_be_asked_for(client, cast, page):
    other = Room.objects.create(kring=cast.kring_v, name="Elders")
    Topic.objects.create(room=other, title="Algemeen", is_general=True)
    hidden = rooms.send(sender=cast.stranger, room=other, client_id=uuid.uuid4(), body="alleen voor Delft")
    client.force_login(cast.participant)
    html = client.get(f"{page}?bericht={hidden.message_id}").content.decode()
    assert "alleen voor Delft" not in html
    assert client.get(f"{page}regels/", {"bericht": hidden.message_id}).content.decode().count("<article") == 0
    client.force_login(cast.stranger)
    assert client.get(f"{page}regels/").status_code == 404
