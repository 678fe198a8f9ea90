"""Finding back what was said: by stems, in my rooms only, and never what was taken away."""

from __future__ import annotations

import uuid

import pytest

from kringen.conversation import room_search, rooms
from kringen.models import Message, Room, Topic
from tests.kringen.conversation.test_topics import say


def found(user, query, **more) -> list[str]:
    return [hit.message.body for hit in room_search.search(user, query, **more).hits]


def test_dutch_stems_newest_first_and_every_word_counts(cast):
    say(cast, "Wij meten de wachttijden aan de balie")
    say(cast, "De **wachttijd** aan de telefoon is anders")
    assert found(cast.colleague, "wachttijd") == [
        "De **wachttijd** aan de telefoon is anders",
        "Wij meten de wachttijden aan de balie",
    ]
    assert found(cast.colleague, "wachttijden balies") == ["Wij meten de wachttijden aan de balie"]
    hit = room_search.search(cast.colleague, "wachttijd").hits[1]
    assert "<mark>wachttijden</mark>" in hit.passage
    assert found(cast.colleague, "zwembad") == []
    assert room_search.search(cast.colleague, "de het een").searchable is False


def test_an_edit_and_a_removal_are_followed(cast):
    message = say(cast, "over fietsenstallingen")
    rooms.edit(
        editor=cast.participant, room=cast.room, message_id=message.pk, client_id=uuid.uuid4(), body="over paspoorten"
    )
    assert found(cast.colleague, "fietsenstallingen") == []
    assert found(cast.colleague, "paspoort") == ["over paspoorten"]
    rooms.delete(by=cast.participant, room=cast.room, message_id=message.pk, client_id=uuid.uuid4())
    assert room_search.search(cast.colleague, "paspoort").total == 0
    assert Message.objects.get().stems == ""


@pytest.mark.parametrize("who", ["stranger", "steering", "validator", "editor", "deactivated"])
def test_no_hit_and_no_count_for_who_does_not_talk_there(cast, client, who):
    say(cast, "geheim over zwembaden")
    person = cast.everyone()[who]
    said = room_search.search(person, "zwembad")
    assert (said.total, said.hits) == (0, [])
    if person.is_active:
        client.force_login(person)
        html = client.get("/zoeken/", {"q": "zwembaden"}).content.decode()
        assert "geheim" not in html
        assert "found-said" not in html
        assert client.get(f"/kringen/kring-c/ruimtes/{cast.room.pk}/zoeken/", {"q": "zwembad"}).status_code == 404


def test_the_pages_find_it_for_a_member_with_a_link_to_the_message(cast, client):
    message = say(cast, "geheim over zwembaden")
    other = Room.objects.create(kring=cast.kring_c, name="Tweede")
    Topic.objects.create(room=other, title="Algemeen", is_general=True)
    rooms.send(sender=cast.participant, room=other, client_id=uuid.uuid4(), body="nog een zwembad")
    client.force_login(cast.colleague)
    link = f'href="/kringen/kring-c/ruimtes/{cast.room.pk}/?bericht={message.pk}"'
    everywhere = client.get("/zoeken/", {"q": "zwembad"}).content.decode()
    assert link in everywhere
    assert "nog een <mark>zwembad</mark>" in everywhere
    here = client.get(f"/kringen/kring-c/ruimtes/{cast.room.pk}/zoeken/", {"q": "zwembad"}).content.decode()
    assert link in here
    assert "nog een" not in here


def test_three_hits_cost_as_many_questions_as_one(cast, django_assert_num_queries):
    say(cast, "een zwembad")
    with django_assert_num_queries(1):
        assert len(found(cast.colleague, "zwembad")) == 1
    say(cast, "twee zwembaden", by=cast.colleague)
    say(cast, "drie zwembaden")
    with django_assert_num_queries(1):
        assert len(found(cast.colleague, "zwembad")) == 3
