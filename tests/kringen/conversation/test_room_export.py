"""The export of a room: everything, piece by piece, for who keeps order there only."""

from __future__ import annotations

import json
import uuid

import pytest

from kringen.conversation import room_export, rooms
from kringen.models import Message
from tests.kringen.conversation.test_topics import say, start

pytestmark = pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous iterators")


@pytest.fixture
def address(cast) -> str:
    return f"/kringen/kring-c/ruimtes/{cast.room.pk}/export/"


def body(answer) -> str:
    return b"".join(answer).decode()


def fill(cast):
    topic = start(cast)
    first = say(cast, "eerste versie")
    rooms.edit(
        editor=cast.participant, room=cast.room, message_id=first.pk, client_id=uuid.uuid4(), body="tweede versie"
    )
    rooms.react(by=cast.colleague, room=cast.room, message_id=first.pk, client_id=uuid.uuid4(), emoji="👍", on=True)
    gone = say(cast, "spijt van dit", topic, by=cast.colleague)
    rooms.delete(by=cast.colleague, room=cast.room, message_id=gone.pk, client_id=uuid.uuid4())
    rooms.resolve_topic(topic=topic, by=cast.colleague, client_id=uuid.uuid4())
    return topic, first, gone


def test_the_json_has_everything_and_nothing_that_was_taken_away(client, cast, address):
    topic, _first, gone = fill(cast)
    client.force_login(cast.facilitator)
    answer = client.get(address)
    assert answer["Content-Disposition"] == 'attachment; filename="kring-c-kringtafel.json"'
    text = body(answer)
    assert "spijt van dit" not in text
    found = json.loads(text)
    assert found["room"]["name"] == "Kringtafel"
    assert [(each["title"], each["resolved"]) for each in found["topics"]] == [
        ("Algemeen", False),
        ("Wachttijden", True),
    ]
    one, two = found["messages"]
    assert (one["body"], [each["body"] for each in one["versions"]]) == (
        "tweede versie",
        ["eerste versie", "tweede versie"],
    )
    assert one["reactions"] == {"👍": ["Deelnemer"]}
    assert (two["id"], two["body"], two["versions"], two["topic"]) == (gone.pk, "", [], topic.pk)
    assert two["deletedAt"] is not None
    assert [change["room"]["topic"]["resolved"] for change in found["topicChanges"]] == [False, True]


def test_the_html_shows_it_to_read(client, cast, address):
    fill(cast)
    say(cast, "<script>alert(1)</script> **vet**")
    client.force_login(cast.facilitator)
    html = body(client.get(address, {"vorm": "html"}))
    assert html.startswith("<!doctype html>")
    assert html.count("<article") == 3
    assert "<strong>vet</strong>" in html
    assert "<script>" not in html
    assert "spijt van dit" not in html
    assert client.get(address, {"vorm": "pdf"}).status_code == 404


def test_it_is_made_in_pieces(cast, monkeypatch):
    monkeypatch.setattr(room_export, "PIECE", 3)
    for n in range(8):
        say(cast, f"nummer {n}")
    cast.room.refresh_from_db()
    parts = list(room_export.as_json(cast.room, cast.facilitator))
    assert [part.count('"replyTo"') for part in parts if '"replyTo"' in part] == [3, 3, 2]
    assert [each["body"] for each in json.loads("".join(parts))["messages"]] == [f"nummer {n}" for n in range(8)]


@pytest.mark.parametrize(
    ("who", "status"), [("participant", 403), ("stranger", 404), ("steering", 404), ("editor", 404)]
)
def test_others_get_nothing(client, cast, address, who, status):
    say(cast, "vertrouwelijk")
    client.force_login(cast.everyone()[who])
    answer = client.get(address)
    assert answer.status_code == status
    assert "vertrouwelijk" not in answer.content.decode()
    assert Message.objects.count() == 1
