"""Rooms over HTTP: the same log, the same verbs, problems as problem+json."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from kringen.conversation import rooms
from kringen.models import Message, Room


def say(cast, body="hallo", by=None):
    return rooms.send(sender=by or cast.participant, room=cast.room, client_id=uuid.uuid4(), body=body)


def test_my_rooms_with_what_is_unread(client, cast):
    say(cast)
    Room.objects.create(kring=cast.kring_v, name="Elders")
    client.force_login(cast.colleague)
    cast.room.refresh_from_db()
    assert client.get("/api/v1/rooms").json() == [
        {
            "id": cast.room.pk,
            "name": "Kringtafel",
            "about": "",
            "kring": "kring-c",
            "kringName": "Kring C",
            "subject": None,
            "confidentiality": "kring",
            "head": 1,
            "epoch": str(cast.room.epoch),
            "unread": 1,
            "topics": [
                {
                    "id": cast.room.topics.get().pk,
                    "title": "Algemeen",
                    "general": True,
                    "resolved": False,
                    "level": "normal",
                    "read": 0,
                    "unread": 1,
                }
            ],
        }
    ]


def post(client, cast, **fields):
    return client.post(
        f"/api/v1/rooms/{cast.room.pk}/messages",
        {"cid": str(uuid.uuid4()), "body": "hallo", **fields},
        content_type="application/json",
    )


def test_sending_twice_is_one_message(client, cast):
    client.force_login(cast.participant)
    cid = str(uuid.uuid4())
    answers = [post(client, cast, cid=cid, body="via HTTP").json() for _ in range(2)]
    message = Message.objects.get()
    assert answers == [{"seq": 1, "id": message.pk, "dup": False}, {"seq": 1, "id": message.pk, "dup": True}]
    refused = post(client, cast, cid=cid, body="anders")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert refused["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"body": ""}, 422),
        ({"body": "x" * 8001}, 422),
        ({"cid": "geen-uuid"}, 422),
        ({"body": None}, 422),
        ({"topic": 99_999}, 422),
        ({"extra": 1}, 422),
        ({"replyTo": 99_999}, 404),
    ],
)
def test_bad_input_is_refused_and_stores_nothing(client, cast, fields, status):
    client.force_login(cast.participant)
    answer = post(client, cast, **fields)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert Message.objects.count() == 0


def test_strangers_get_404_and_the_public_401(client, cast):
    say(cast, "vertrouwelijk")
    here = f"/api/v1/rooms/{cast.room.pk}/events"
    addresses = [here, f"{here}?after=0&wait=1", f"{here}?before=9"]
    assert [client.get(each).status_code for each in [*addresses, "/api/v1/rooms"]] == [401] * 4
    assert post(client, cast).status_code == 401
    for who in ("stranger", "steering", "validator", "editor"):
        client.force_login(cast.everyone()[who])
        assert post(client, cast).status_code == 404
        assert [client.get(each).status_code for each in addresses] == [404] * 3
        assert client.get("/api/v1/rooms").json() == []
    assert Message.objects.count() == 1


def test_a_post_without_csrf_token_is_refused(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.participant)
    answer = post(client, cast)
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert Message.objects.count() == 0


def test_events_come_in_pages_in_both_directions(client, cast):
    for n in range(5):
        say(cast, f"nummer {n}")
    client.force_login(cast.colleague)

    def read(query):
        answer = client.get(f"/api/v1/rooms/{cast.room.pk}/events?{query}").json()
        return answer["head"], answer["from"], [event["message"]["body"] for event in answer["ev"]]

    assert read("after=1&limit=2") == (5, 2, ["nummer 1", "nummer 2"])
    assert read("before=4&limit=2") == (5, 2, ["nummer 1", "nummer 2"])
    assert read("after=5") == (5, 0, [])
    assert read("") == (5, 1, [f"nummer {n}" for n in range(5)])
    for wrong in ("after=-1", "wait=26", "limit=201", "after=x", "wait=nan", f"after={2**63}"):
        assert client.get(f"/api/v1/rooms/{cast.room.pk}/events?{wrong}").status_code == 422
