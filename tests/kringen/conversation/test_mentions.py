"""Being called in a message: who can be, who is told, and that nobody hears of what they may not see."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.utils import timezone

from kringen.conversation import rooms
from kringen.conversation.mentions import is_for
from kringen.models import Message
from people import notifications
from people.models import Notification, Role
from people.notifications import send_mails
from tests.cast import person


@pytest.fixture
def named(cast):
    """Give the cast names that tell them apart."""
    for who, name in [
        (cast.participant, "Hanna"),
        (cast.colleague, "Zoë de Vries"),
        (cast.facilitator, "Begeleider"),
        (cast.stranger, "Daan"),
    ]:
        who.name = name
        who.save()
    return cast


def say(cast, body, by=None, **more) -> Message:
    done = rooms.send(sender=by or cast.participant, room=cast.room, client_id=uuid.uuid4(), body=body, **more)
    return Message.objects.get(pk=done.message_id)


def told(user) -> list[str]:
    return [one.line.text for one in notifications.for_person(user)]


def test_a_name_behind_an_at_calls_that_person(named):
    message = say(named, "Wat denk jij, @zoë de vries?")
    assert message.mentions == [{"kind": "person", "id": named.colleague.pk}]
    assert '<span class="k-mention">@zoë de vries</span>' in message.html
    assert is_for(named.colleague, message.mentions)
    assert not is_for(named.facilitator, message.mentions)
    assert len(told(named.colleague)) == 1
    assert told(named.facilitator) == []


def test_a_municipality_calls_its_people_in_this_kring(named):
    elsewhere = person("iemand@zandvoort.example", named.zandvoort)
    message = say(named, "@Zandvoort, hoe doen jullie dat?")
    assert message.mentions == [{"kind": "municipality", "id": named.zandvoort.pk}]
    assert len(told(named.colleague)) == 1
    assert not Notification.objects.filter(user=elsewhere).exists()


def test_the_whole_kring_only_by_who_keeps_order(named):
    assert say(named, "@kring luister").mentions == []
    message = say(named, "@kring luister", by=named.facilitator)
    assert message.mentions == [{"kind": "kring"}]
    assert len(told(named.participant)) == len(told(named.colleague)) == 1
    assert told(named.facilitator) == []  # not for oneself
    assert told(named.stranger) == []


@pytest.mark.parametrize("body", ["@Daan", "@Delft", "`@Hanna`", "mail@Hanna.nl", "@Hannah", "[@Hanna](https://a.nl)"])
def test_what_calls_nobody(named, body):
    message = say(named, body, by=named.facilitator)
    assert message.mentions == []
    assert not Notification.objects.exists()


def test_an_answer_tells_who_is_answered_once(named):
    first = say(named, "vraag")
    say(named, "@Hanna, zo", by=named.colleague, reply_to_id=first.pk)
    assert Notification.objects.get().kind == "room.called"
    say(named, "en zo", by=named.facilitator, reply_to_id=first.pk)
    assert set(Notification.objects.values_list("kind", flat=True)) == {"room.called", "room.answered"}


def test_an_edit_tells_only_who_is_new(named):
    message = say(named, "@Hanna kijk", by=named.facilitator)
    change = {"editor": named.facilitator, "room": named.room, "message_id": message.pk}
    rooms.edit(**change, client_id=uuid.uuid4(), body="@Hanna en @Zoë de Vries kijk")
    assert Notification.objects.filter(user=named.participant).count() == 1
    assert Notification.objects.filter(user=named.colleague).count() == 1


def test_a_deleted_message_is_told_no_more(named):
    message = say(named, "@Zoë de Vries geheim")
    rooms.delete(by=named.participant, room=named.room, message_id=message.pk, client_id=uuid.uuid4())
    assert told(named.colleague) == []
    assert notifications.unread_count(named.colleague) == 0


def test_who_left_the_kring_is_told_nothing_any_more(named):
    say(named, "@Zoë de Vries geheim")
    Role.objects.filter(user=named.colleague).delete()
    assert told(named.colleague) == []


def later() -> dt.datetime:
    return timezone.now() + dt.timedelta(minutes=20)


def test_mail_says_how_many_and_never_what(named):
    say(named, "@Zoë de Vries geheim")
    say(named, "@Zandvoort ook geheim")
    assert send_mails() == 0  # who is reading along needs no mail
    assert send_mails(now=later()) == 1
    (sent,) = mail.outbox
    assert sent.to == [named.colleague.email]
    assert "2" in sent.subject
    whole = sent.subject + sent.body
    for secret in ("geheim", "Hanna", "Kringtafel", "Kring C"):
        assert secret not in whole
    assert "/meldingen/" in sent.body
    assert send_mails(now=later()) == 0


def test_what_was_read_taken_away_or_lost_is_not_mailed(named):
    say(named, "@Zoë de Vries een")
    notifications.mark_read(user=named.colleague)
    gone = say(named, "@Zoë de Vries twee")
    rooms.delete(by=named.participant, room=named.room, message_id=gone.pk, client_id=uuid.uuid4())
    assert send_mails(now=later()) == 0
    say(named, "@Zoë de Vries drie")
    Role.objects.filter(user=named.colleague).delete()
    assert send_mails(now=later()) == 0
    assert mail.outbox == []


def test_each_kind_can_be_switched_off(client, named):
    client.force_login(named.colleague)
    keep = {f"{kind.name}:in_app": "on" for kind in notifications.kinds() if kind.name != "room.called"}
    assert client.post("/meldingen/keuze/", keep).status_code == 302
    say(named, "@Zoë de Vries hallo")
    assert not Notification.objects.exists()
    client.post("/meldingen/keuze/", {**keep, "room.called:in_app": "on"})
    say(named, "@Zoë de Vries hallo")
    assert len(told(named.colleague)) == 1
    assert send_mails(now=later()) == 0


def test_the_page_lists_what_is_mine_and_marks_it_read(client, named):
    say(named, "@Zoë de Vries hallo")
    client.force_login(named.participant)
    assert "Kringtafel" not in client.get("/meldingen/").content.decode()
    client.force_login(named.colleague)
    page = client.get("/meldingen/").content.decode()
    assert "Kringtafel" in page
    assert "k-bell__number" in page
    newest = Notification.objects.get().pk
    say(named, "@Zoë de Vries nog iets")
    client.post("/meldingen/gelezen/", {"until": newest})
    assert notifications.unread_count(named.colleague) == 1
    client.post("/meldingen/gelezen/", {"until": "onzin"})
    assert notifications.unread_count(named.colleague) == 0


def test_the_page_costs_the_same_with_one_and_three(client, named, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(named.colleague)
    say(named, "@Zoë de Vries 1")
    client.get("/meldingen/")
    with CaptureQueriesContext(connection) as one:
        client.get("/meldingen/")
    say(named, "@Zoë de Vries 2")
    say(named, "@Zandvoort 3")
    with django_assert_num_queries(len(one)):
        client.get("/meldingen/")


def test_the_list_of_names_is_of_this_kring(client, named):
    client.force_login(named.participant)
    here = f"/kringen/kring-c/ruimtes/{named.room.pk}/namen/"
    names = {one["name"] for one in client.get(here).json()["names"]}
    assert names == {"Zoë de Vries", "Begeleider", "Hillegom", "Zandvoort", "Beverwijk"}
    client.force_login(named.facilitator)
    assert "kring" in {one["name"] for one in client.get(here).json()["names"]}
    client.force_login(named.stranger)
    assert client.get(here).status_code == 404


def test_a_plain_message_costs_six_queries_at_most(named, django_assert_max_num_queries):
    say(named, "eerst")
    with django_assert_max_num_queries(8):  # of which two are the savepoint of the test's own transaction
        say(named, "gewoon een bericht zonder iets")


def test_opening_the_room_marks_what_was_told_of_its_messages_as_read(client, named):
    say(named, "@Zoë de Vries, wat vind jij?")
    elsewhere = rooms.open_room(kring=named.kring_c, name="Balie", by=named.facilitator)
    rooms.send(room=elsewhere, sender=named.participant, client_id=uuid.uuid4(), body="@Zoë de Vries, hier ook")
    assert notifications.unread_count(named.colleague) == 2
    client.force_login(named.colleague)
    page = client.get(f"/kringen/kring-c/ruimtes/{named.room.pk}/").content.decode()
    number = page.split('class="k-bell__number">')[1].split("<")[0]
    assert number == "1"  # of the other room, already in the header of this page
    assert notifications.unread_count(named.colleague) == 1


def test_reading_along_marks_what_was_told_up_to_there_as_read(named):
    first = say(named, "@Zoë de Vries, wat vind jij?")
    second = say(named, "@Zoë de Vries, en jullie?")
    other = say(named, "@Begeleider, mag dit?")
    rooms.mark_read(reader=named.colleague, room_id=named.room.pk, seq=first.created_seq)
    unread = Notification.objects.filter(read_at__isnull=True)
    assert set(unread.values_list("about_id", flat=True)) == {second.pk, other.pk}
    topic = rooms.start_topic(room=named.room, title="Anders", by=named.participant, client_id=uuid.uuid4())
    rooms.mark_read(reader=named.colleague, room_id=named.room.pk, seq=other.created_seq, topic_id=topic.pk)
    assert unread.filter(about_id=second.pk).exists()  # read another topic, not this one
