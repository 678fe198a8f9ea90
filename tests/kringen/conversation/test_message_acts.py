"""Signs, pins, history, reports: by verb, by socket and by plain form."""

from __future__ import annotations

import json
import uuid

import pytest
from auditlog.models import LogEntry

from kringen.conversation import notices, pins, reports, rooms
from kringen.live import events, log
from kringen.live.acts import perform
from kringen.models import Message, MessageReport, Reaction, RoomEvent
from people import notifications


def say(cast, body="hallo", by=None, **more) -> Message:
    done = rooms.send(sender=by or cast.participant, room=cast.room, client_id=uuid.uuid4(), body=body, **more)
    return Message.objects.get(pk=done.message_id)


def here(cast, message) -> str:
    return f"/kringen/kring-c/ruimtes/{cast.room.pk}/berichten/{message.pk}/"


def test_an_unknown_sign_has_a_code_of_its_own(cast):
    message = say(cast)
    frame = {"t": "react", "room": cast.room.pk, "cid": str(uuid.uuid4()), "message": message.pk, "on": True}
    for wrong in ("🦖", "", "ja", "<b>", "👍👍"):
        answer = perform(cast.colleague, {**frame, "emoji": wrong})
        assert (answer["t"], answer["code"]) == ("nack", "emoji")
    assert not Reaction.objects.exists()


def test_a_heart_with_and_without_colour_is_one_sign(cast):
    message = say(cast)
    for emoji in ("❤", "❤️"):
        rooms.react(
            by=cast.colleague, room=cast.room, message_id=message.pk, client_id=uuid.uuid4(), emoji=emoji, on=True
        )
    assert Reaction.objects.get().emoji == "❤️"


def test_a_snapshot_says_who_put_which_sign(cast):
    message = say(cast)
    rooms.react(by=cast.colleague, room=cast.room, message_id=message.pk, client_id=uuid.uuid4(), emoji="👍", on=True)
    _head, (shown,) = log.snapshot(cast.room.pk)
    assert shown["reactions"] == {"👍": [cast.colleague.pk]}
    assert shown["names"] == {cast.colleague.pk: "Deelnemer"}


def test_signs_by_form_go_on_and_off(client, cast):
    message = say(cast)
    client.force_login(cast.colleague)
    client.post(f"{here(cast, message)}doen/", {"emoji": "👍"})
    assert Reaction.objects.get().user == cast.colleague
    page = client.get(f"/kringen/kring-c/ruimtes/{cast.room.pk}/").content.decode()
    assert 'name="off" value="👍" aria-pressed="true"' in page
    client.post(f"{here(cast, message)}doen/", {"off": "👍"})
    assert not Reaction.objects.exists()
    refused = client.post(f"{here(cast, message)}doen/", {"emoji": "x"}, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (422, "emoji")


def test_every_member_pins_and_takes_off(client, cast):
    message = say(cast, "Bewaar dit")
    client.force_login(cast.colleague)
    client.post(f"{here(cast, message)}vastzetten/", {"on": "1"})
    assert RoomEvent.objects.latest("seq").payload["pin"] == {"on": True}
    listed = client.get(f"/kringen/kring-c/ruimtes/{cast.room.pk}/vastgezet/").content.decode()
    assert "Bewaar dit" in listed
    assert [each.pk for each in pins.pinned(cast.room)] == [message.pk]
    client.post(f"{here(cast, message)}vastzetten/", {"on": "0"})
    assert pins.pinned(cast.room) == []
    client.force_login(cast.stranger)
    assert client.post(f"{here(cast, message)}vastzetten/", {"on": "1"}).status_code == 404
    assert pins.pinned(cast.room) == []


def test_a_pin_is_done_once_and_a_deleted_message_is_not_pinned(cast):
    message, cid = say(cast), uuid.uuid4()
    act = {"by": cast.participant, "room": cast.room, "message_id": message.pk}
    first = rooms.pin(**act, client_id=cid, on=True)
    assert rooms.pin(**act, client_id=cid, on=True) == rooms.Done(first.seq, message.pk, duplicate=True)
    rooms.delete(**act, client_id=uuid.uuid4())
    assert pins.pinned(cast.room) == []
    with pytest.raises(rooms.RoomRefused) as refused:
        rooms.pin(**act, client_id=uuid.uuid4(), on=True)
    assert refused.value.code == "missing"


def test_the_twenty_first_pin_is_refused(cast, monkeypatch):
    monkeypatch.setattr(pins, "MOST", 2)
    for _ in range(2):
        rooms.pin(by=cast.participant, room=cast.room, message_id=say(cast).pk, client_id=uuid.uuid4(), on=True)
    frame = {"t": "pin", "room": cast.room.pk, "cid": str(uuid.uuid4()), "message": say(cast).pk, "on": True}
    assert perform(cast.participant, frame)["code"] == "too_many_pins"


def test_the_history_shows_every_text_until_the_message_goes(client, cast):
    message = say(cast, "eerste versie")
    change = {"room": cast.room, "message_id": message.pk}
    rooms.edit(editor=cast.participant, client_id=uuid.uuid4(), body="tweede versie", **change)
    client.force_login(cast.colleague)
    page = client.get(f"{here(cast, message)}geschiedenis/").content.decode()
    assert page.index("tweede versie") < page.index("eerste versie")
    rooms.delete(by=cast.participant, client_id=uuid.uuid4(), **change)
    page = client.get(f"{here(cast, message)}geschiedenis/").content.decode()
    assert "versie" not in page.split("<main", 1)[1].split("</main", 1)[0]
    client.force_login(cast.stranger)
    assert client.get(f"{here(cast, message)}geschiedenis/").status_code == 404


def test_who_keeps_order_says_why_and_everybody_reads_it(client, cast):
    message = say(cast, "naam van een inwoner")
    client.force_login(cast.facilitator)
    assert client.post(f"{here(cast, message)}verwijderen/", {"reason": " "}).status_code == 422
    message.refresh_from_db()
    assert message.deleted_at is None
    client.post(f"{here(cast, message)}verwijderen/", {"reason": "Er stond een naam in."})
    line = RoomEvent.objects.latest("seq")
    assert events.describe(line)["moderated"] == {"reason": "Er stond een naam in."}
    client.force_login(cast.colleague)
    page = client.get(f"/kringen/kring-c/ruimtes/{cast.room.pk}/").content.decode()
    assert "Er stond een naam in." in page
    assert "naam van een inwoner" not in page


def test_ones_own_deletion_needs_no_reason(cast):
    message = say(cast)
    rooms.delete(
        by=cast.participant, room=cast.room, message_id=message.pk, client_id=uuid.uuid4(), reason="doet er niet toe"
    )
    assert "moderated" not in events.describe(RoomEvent.objects.latest("seq"))


def test_an_answer_shows_what_it_answers_as_that_stands_now(client, cast):
    asked = say(cast, "de vraag")
    answer = say(cast, "het antwoord", by=cast.colleague, reply_to_id=asked.pk)
    _head, shown = log.snapshot(cast.room.pk)
    assert shown[1]["quote"] == {"id": asked.pk, "name": "Deelnemer", "text": "de vraag", "cards": 0, "deleted": False}
    rooms.delete(by=cast.participant, room=cast.room, message_id=asked.pk, client_id=uuid.uuid4())
    _head, shown = log.snapshot(cast.room.pk)
    assert shown[1]["quote"]["deleted"]
    assert "de vraag" not in json.dumps(shown)
    client.force_login(cast.colleague)
    page = client.get(f"/kringen/kring-c/ruimtes/{cast.room.pk}/").content.decode()
    assert f'data-quotes="{asked.pk}"' in page
    assert "de vraag" not in page
    assert answer.reply_to_id == asked.pk


def test_answering_by_form(client, cast):
    asked = say(cast, "de vraag")
    client.force_login(cast.colleague)
    room = f"/kringen/kring-c/ruimtes/{cast.room.pk}/"
    assert f'name="reply_to" value="{asked.pk}"' in client.get(room, {"antwoord": asked.pk}).content.decode()
    client.post(room, {"cid": str(uuid.uuid4()), "body": "antwoord", "reply_to": asked.pk})
    assert Message.objects.latest("pk").reply_to_id == asked.pk


def told(user) -> list[str]:
    return [one.line.text for one in notifications.for_person(user)]


def test_a_report_reaches_who_keeps_order_and_its_outcome_the_reporter(client, cast):
    message = say(cast, "niet netjes")
    client.force_login(cast.colleague)
    assert client.post(f"{here(cast, message)}melden/", {"reason": ""}).status_code == 422
    client.post(f"{here(cast, message)}melden/", {"reason": "Dit is vertrouwelijk"})
    report = MessageReport.objects.get()
    assert len(told(cast.facilitator)) == len(told(cast.office)) == 1
    assert told(cast.participant) == []  # the writer does not hear who reported
    assert RoomEvent.objects.count() == 1  # and the room neither
    assert client.post(f"{here(cast, message)}melden/", {"reason": "nog eens"}).status_code == 422
    assert client.get("/kringen/kring-c/ruimtes/gemeld/").status_code == 404
    client.force_login(cast.facilitator)
    queue = client.get("/kringen/kring-c/ruimtes/gemeld/").content.decode()
    assert "Dit is vertrouwelijk" in queue
    answer = f"/kringen/kring-c/ruimtes/gemeld/{report.pk}/"
    client.post(answer, {"take_away": "1", f"{report.pk}-answer": ""})
    report.refresh_from_db()
    assert report.state == MessageReport.State.OPEN  # taking away needs a reason
    client.post(answer, {"take_away": "1", f"{report.pk}-answer": "Terecht gemeld."})
    message.refresh_from_db()
    assert message.delete_reason == "Terecht gemeld."
    assert "Terecht gemeld." in told(cast.colleague)[0]
    assert LogEntry.objects.get_for_object(report).count() == 2


def test_a_report_that_is_not_upheld_leaves_the_message(cast):
    message = say(cast)
    report = reports.report(by=cast.colleague, room=cast.room, message_id=message.pk, reason="hm")
    reports.handle(by=cast.facilitator, report=report, take_away=False, answer="Dit mag.")
    message.refresh_from_db()
    assert message.deleted_at is None
    assert "Dit mag." in told(cast.colleague)[0]
    with pytest.raises(rooms.RoomRefused) as refused:
        reports.handle(by=cast.facilitator, report=report, take_away=True, answer="toch niet")
    assert refused.value.code == "missing"
    assert notifications.for_person(cast.colleague)[0].notification.kind == notices.OUTCOME


@pytest.mark.parametrize("who", ["participant", "stranger", "steering", "validator"])
def test_who_keeps_no_order_cannot_handle_a_report(cast, who):
    message = say(cast)
    report = reports.report(by=cast.colleague, room=cast.room, message_id=message.pk, reason="hm")
    with pytest.raises(rooms.RoomRefused) as refused:
        reports.handle(by=cast.everyone()[who], report=report, take_away=True, answer="weg")
    assert refused.value.code == "forbidden"
    message.refresh_from_db()
    assert message.deleted_at is None


def test_strangers_cannot_report(cast):
    message = say(cast)
    with pytest.raises(rooms.RoomRefused) as refused:
        reports.report(by=cast.stranger, room=cast.room, message_id=message.pk, reason="hm")
    assert refused.value.code == "forbidden"


def test_the_queue_costs_the_same_with_one_and_three(client, cast, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(cast.facilitator)
    reports.report(by=cast.colleague, room=cast.room, message_id=say(cast).pk, reason="hm")
    client.get("/kringen/kring-c/ruimtes/gemeld/")
    with CaptureQueriesContext(connection) as one:
        client.get("/kringen/kring-c/ruimtes/gemeld/")
    for _ in range(2):
        reports.report(by=cast.colleague, room=cast.room, message_id=say(cast).pk, reason="hm")
    with django_assert_num_queries(len(one)):
        client.get("/kringen/kring-c/ruimtes/gemeld/")
