"""The pages of the rooms, without a script: read, write, edit, delete, and never for strangers."""

from __future__ import annotations

import re
import uuid

import pytest

from kringen.conversation import rooms
from kringen.models import Message, ReadMarker, Room, RoomEvent
from people.models import Role


@pytest.fixture
def page(cast) -> str:
    return f"/kringen/kring-c/ruimtes/{cast.room.pk}/"


def enter(client, user):
    client.force_login(user)
    return client


def say(cast, body="hallo", by=None) -> int:
    done = rooms.send(sender=by or cast.participant, room=cast.room, client_id=uuid.uuid4(), body=body)
    return done.message_id


def bodies(html: str) -> list[str]:
    shown = html.split("<template", maxsplit=1)[0]
    return [re.sub(r"<[^>]+>", "", part).strip() for part in re.findall(r"data-body>(.*?)</div>", shown, re.DOTALL)]


def test_the_last_fifty_messages_are_there_oldest_first(client, cast, page):
    for n in range(53):
        say(cast, f"nummer {n}")
    html = enter(client, cast.colleague).get(page).content.decode()
    assert bodies(html) == [f"nummer {n}" for n in range(3, 53)]
    assert 'href="?tot=3"' in html
    older = client.get(page, {"tot": "3"}).content.decode()
    assert bodies(older) == ["nummer 0", "nummer 1", "nummer 2"]


def test_a_message_shows_author_municipality_and_whose_it_is(client, cast, page):
    mine, theirs = say(cast, "van mij"), say(cast, "van een ander", by=cast.colleague)
    html = enter(client, cast.participant).get(page).content.decode()
    assert f'class="k-message k-message--own" id="m{mine}"' in html
    assert f'class="k-message" id="m{theirs}"' in html
    assert re.findall(r"data-municipality>([^<]*)<", html.split("<template", maxsplit=1)[0]) == [
        "Hillegom",
        "Zandvoort",
    ]
    assert f"berichten/{mine}/wijzigen/" in html
    assert re.search(rf'data-edit href="[^"]*berichten/{theirs}/wijzigen/" hidden', html)


def test_a_form_sent_twice_is_one_message(client, cast, page):
    form = {"cid": str(uuid.uuid4()), "body": "Vanaf een **gewoon** formulier", "topic": cast.room.topics.get().pk}
    answers = [enter(client, cast.participant).post(page, form) for _ in range(2)]
    message = Message.objects.get()
    assert [(each.status_code, each["Location"]) for each in answers] == [(302, f"{page}#m{message.pk}")] * 2
    assert message.html == "<p>Vanaf een <strong>gewoon</strong> formulier</p>"


@pytest.mark.parametrize("body", ["", "   ", "x" * 8001])
def test_what_is_refused_stays_in_the_form_with_a_sentence(client, cast, page, body):
    answer = enter(client, cast.participant).post(page, {"cid": str(uuid.uuid4()), "body": body})
    assert answer.status_code == 422
    code = "too_long" if body.startswith("x") else "empty"
    assert str(rooms.RoomRefused(code)) in answer.content.decode()
    assert body in answer.content.decode()
    assert Message.objects.count() == 0


def test_the_unread_line_stands_before_the_first_unread_message(client, cast, page):
    say(cast, "gelezen")
    rooms.mark_read(reader=cast.colleague, room_id=cast.room.pk, seq=1)
    unread = say(cast, "nieuw")
    html = enter(client, cast.colleague).get(page).content.decode()
    line, message = html.index('id="ongelezen"'), html.index(f'id="m{unread}"')
    assert line < message < html.index("<template")
    assert html.count('id="ongelezen"') == 1
    client.post(f"{page}gelezen/", {"seq": "2"})
    assert ReadMarker.objects.get(user=cast.colleague).seq == 2
    assert 'id="ongelezen"' not in client.get(page).content.decode()


def test_reading_a_page_changes_nothing(client, cast, page):
    say(cast, "nieuw")
    enter(client, cast.colleague).get(page)
    assert ReadMarker.objects.count() == 0


def test_editing_and_taking_away_by_form(client, cast, page):
    message = say(cast, "eerst")
    enter(client, cast.participant)
    answer = client.post(f"{page}berichten/{message}/wijzigen/", {"cid": str(uuid.uuid4()), "body": "later"})
    assert answer["Location"] == f"{page}#m{message}"
    assert Message.objects.get().body == "later"
    assert client.get(f"{page}berichten/{message}/verwijderen/").status_code == 200
    assert client.post(f"{page}berichten/{message}/verwijderen/")["Location"] == page
    assert [event.kind for event in RoomEvent.objects.all()] == ["message.new", "message.edit", "message.delete"]
    assert "later" not in bodies(client.get(page).content.decode())
    assert client.get(f"{page}berichten/{message}/wijzigen/").status_code == 404


def test_who_may_look_but_not_change_gets_a_reason(client, cast, page):
    message = say(cast, "van mij")
    enter(client, cast.colleague)
    assert client.get(f"{page}berichten/{message}/wijzigen/").status_code == 403
    assert client.post(f"{page}berichten/{message}/verwijderen/").status_code == 403
    assert client.post("/kringen/kring-c/ruimtes/", {"name": "Nee", "submission": str(uuid.uuid4())}).status_code == 403
    assert Message.objects.get().body == "van mij"


@pytest.mark.parametrize("who", ["stranger", "steering", "validator", "editor"])
def test_every_address_of_a_room_is_404_for_who_does_not_talk_there(client, cast, page, who):
    message = say(cast, "vertrouwelijk")
    enter(client, cast.everyone()[who])
    here = [page, f"{page}berichten/{message}/wijzigen/", f"{page}berichten/{message}/verwijderen/"]
    assert [client.get(address).status_code for address in [*here, "/kringen/kring-c/ruimtes/"]] == [404] * 4
    posts = [page, f"{page}gelezen/", f"{page}onderwerpen/", *here[1:]]
    assert [client.post(address, {"body": "x", "seq": "1"}).status_code for address in posts] == [404] * 5
    assert RoomEvent.objects.count() == 1


def test_a_room_has_no_address_in_another_kring(client, cast):
    elsewhere = Room.objects.create(kring=cast.kring_v, name="Elders")
    Role.objects.create(user=cast.participant, role="participant", scope=cast.kring_v)
    enter(client, cast.participant)
    assert client.get(f"/kringen/kring-c/ruimtes/{elsewhere.pk}/").status_code == 404
    assert client.get(f"/kringen/kring-v/ruimtes/{elsewhere.pk}/").status_code == 200


def test_visitors_are_asked_to_log_in(client, cast, page):
    answer = client.get(page)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={page}")


def test_the_facilitator_opens_a_room_once(client, cast):
    form = {"name": "Nieuwe tafel", "about": "", "submission": str(uuid.uuid4())}
    enter(client, cast.facilitator)
    answers = [client.post("/kringen/kring-c/ruimtes/", form) for _ in range(2)]
    room = Room.objects.get(name="Nieuwe tafel")
    assert [each["Location"] for each in answers] == [f"/kringen/kring-c/ruimtes/{room.pk}/"] * 2


def test_a_topic_is_a_view_of_its_own(client, cast, page):
    say(cast, "algemeen verhaal")
    enter(client, cast.participant)
    answer = client.post(f"{page}onderwerpen/", {"title": "Wachttijd", "submission": str(uuid.uuid4())})
    topic = cast.room.topics.get(title="Wachttijd")
    assert answer["Location"] == f"{page}?onderwerp={topic.pk}"
    client.post(page, {"cid": str(uuid.uuid4()), "body": "over de balie", "topic": topic.pk})
    assert bodies(client.get(page).content.decode()) == ["algemeen verhaal", "over de balie"]
    assert bodies(client.get(page, {"onderwerp": topic.pk}).content.decode()) == ["over de balie"]


@pytest.mark.parametrize("query", ["tot=x", "tot=99999999999999999999999", "onderwerp=0", "tot=-1", "onderwerp=%00"])
def test_a_mangled_address_shows_the_room(client, cast, page, query):
    say(cast, "hallo")
    assert bodies(enter(client, cast.participant).get(f"{page}?{query}").content.decode()) == ["hallo"]


@pytest.mark.parametrize("address", ["room", "list"])
def test_the_number_of_queries_does_not_grow(client, cast, page, address, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    enter(client, cast.participant)
    where = page if address == "room" else "/kringen/kring-c/ruimtes/"
    say(cast, "1")
    client.get(where)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        counts.append(len(queries))
        for by in (cast.participant, cast.colleague, cast.facilitator):
            say(cast, "nog een", by=by)
        Room.objects.create(kring=cast.kring_c, name="Nog een")
        Room.objects.create(kring=cast.kring_c, name="En nog een")
    assert counts[0] == counts[1]


def test_what_somebody_writes_does_not_become_markup(client, cast, page):
    cast.participant.name = "<script>alert(1)</script>"
    cast.participant.save()
    say(cast, "<script>alert(2)</script> [x](javascript:alert(3))")
    html = enter(client, cast.colleague).get(page).content.decode()
    assert "<script>alert" not in html
    assert 'href="javascript' not in html
