"""Who comes to a meeting: answers, places, the waiting list, who was there."""

import datetime as dt

import pytest
from django.test import Client

from kringen.meetings import replies
from kringen.models import Meeting, Membership, Reply
from people import notifications
from people.models import Notification, Role, RoleName

pytestmark = pytest.mark.usefixtures("english")

PAGE = "/kringen/kring-c/bijeenkomsten/1/"


def names(guests) -> list[str]:
    return [str(guest.person) for guest in guests]


def reply_of(meeting, person) -> tuple[str, bool]:
    reply = Reply.objects.get(meeting=meeting, person=person)
    return reply.answer, reply.waiting_since is not None


def test_who_is_asked_depends_on_the_kind(cast):
    def asked(kind, **fields) -> set[str]:
        Meeting.objects.filter(pk=cast.meeting.pk).update(kind=kind, **fields)
        return {person.email for person in replies.asked_to(Meeting.objects.get(pk=cast.meeting.pk))}

    circle = {"deelnemer@hillegom.example", "deelnemer@zandvoort.example", "begeleider@kringen.example"}
    assert asked("kring") == asked("start") == circle
    assert asked("closing") == circle | {"stuurgroep@kringen.example"}
    assert asked("steering") == {"begeleider@kringen.example", "stuurgroep@kringen.example"}
    assert asked("interpret", municipality=cast.zandvoort) == {
        "deelnemer@zandvoort.example",
        "begeleider@kringen.example",
    }


def test_answering_on_the_page(cast, client):
    client.force_login(cast.participant)
    response = client.post(f"{PAGE}antwoord/", {"answer": "yes", "municipality": str(cast.hillegom.pk)})
    assert response["Location"] == f"{PAGE}#guests"
    assert reply_of(cast.meeting, cast.participant) == ("yes", False)
    shown = client.get(PAGE).context["guests"]
    assert [(str(each.person), str(each.municipality)) for each in shown.coming] == [("Deelnemer", "Hillegom")]
    assert shown.sentence == "1 person comes. 2 have not answered yet."
    client.post(f"{PAGE}antwoord/", {"answer": "no", "municipality": ""})
    assert reply_of(cast.meeting, cast.participant) == ("no", False)
    assert Reply.objects.count() == 1


def test_one_person_can_come_for_another_municipality_of_the_kring(cast):
    made = replies.answer(
        meeting=cast.meeting, person=cast.participant, answer="yes", municipality_id=cast.beverwijk.pk
    )
    assert str(made.municipality) == "Beverwijk"


def test_full_means_the_waiting_list_and_a_free_place_goes_to_who_waits_longest(
    cast, django_capture_on_commit_callbacks
):
    Meeting.objects.update(capacity=1)
    replies.answer(meeting=cast.meeting, person=cast.facilitator, answer="yes")
    replies.answer(meeting=cast.meeting, person=cast.colleague, answer="yes")
    replies.answer(meeting=cast.meeting, person=cast.participant, answer="yes")
    found = replies.guest_list(Meeting.objects.get(pk=cast.meeting.pk))
    assert names(found.coming) == [str(cast.facilitator)]
    assert [guest.person for guest in found.waiting] == [cast.colleague, cast.participant]
    assert found.sentence == "1 person comes. There is 1 place. 2 people are on the waiting list."
    # Saying yes again keeps one's place in the row.
    replies.answer(meeting=cast.meeting, person=cast.colleague, answer="yes")
    assert [each.person for each in replies.guest_list(found.meeting).waiting] == [cast.colleague, cast.participant]

    replies.answer(meeting=cast.meeting, person=cast.facilitator, answer="no")
    assert reply_of(cast.meeting, cast.colleague) == ("yes", False)
    assert reply_of(cast.meeting, cast.participant) == ("yes", True)
    [told] = notifications.for_person(cast.colleague)
    assert told.line.text == "There is a place for you at “Kringbijeenkomst 1” on Thursday 25 June 2009"
    assert told.line.url == PAGE
    assert not Notification.objects.filter(user=cast.participant).exists()


def test_more_places_move_the_waiting_list_up(cast, client):
    Meeting.objects.update(capacity=1)
    for person in (cast.facilitator, cast.colleague, cast.participant):
        replies.answer(meeting=cast.meeting, person=person, answer="yes")
    client.force_login(cast.facilitator)
    form = {"title": "Kringbijeenkomst 1", "date": "2009-06-25", "starts_at": "13:00", "kind": "kring", "capacity": "2"}
    client.post(f"{PAGE}wijzigen/", form)
    assert reply_of(cast.meeting, cast.colleague) == ("yes", False)
    assert reply_of(cast.meeting, cast.participant) == ("yes", True)


def refused(**fields) -> str:
    with pytest.raises(replies.ReplyRefused) as refusal:
        replies.answer(**fields)
    return str(refusal.value)


def test_refusals_are_sentences_and_keep_nothing(cast):
    base = {"meeting": cast.meeting, "person": cast.participant, "answer": "yes"}
    assert refused(**base | {"answer": "perhaps"}) == "Choose yes, maybe or no."
    assert refused(**base | {"person": cast.stranger}) == "You are not asked to this meeting."
    assert (
        refused(**base, municipality_id=cast.delft.pk)
        == "That municipality is not in Kring C on that day. Choose one from the list."
    )
    Membership.objects.filter(municipality=cast.beverwijk).update(until=dt.date(2009, 6, 1))
    assert "not in Kring C on that day" in refused(**base, municipality_id=cast.beverwijk.pk)
    Meeting.objects.update(state="cancelled")
    assert refused(**base) == "This meeting was cancelled; you need not answer any more."
    Meeting.objects.update(state="planned", date=dt.date(2009, 3, 4))
    assert refused(**base) == "This meeting has been; answers are closed."
    assert not Reply.objects.exists()


@pytest.mark.parametrize("sent", ["0", "-1", "9" * 30, "abc", "²"])
def test_an_answer_for_a_made_up_municipality_is_refused(cast, client, sent):
    cast.participant.language = "en"
    cast.participant.save()
    client.force_login(cast.participant)
    response = client.post(f"{PAGE}antwoord/", {"answer": "yes", "municipality": sent}, follow=True)
    assert [str(each) for each in response.context["messages"]] == [
        "That municipality is not in Kring C on that day. Choose one from the list."
    ]
    assert not Reply.objects.exists()


def test_who_was_there_is_written_down_by_the_facilitator(cast, client):
    replies.answer(meeting=cast.meeting, person=cast.participant, answer="yes")
    client.force_login(cast.facilitator)
    address = f"{PAGE}aanwezig/"
    early = client.post(address, {"present": [str(cast.participant.pk)]})
    assert early.status_code == 400
    assert not Reply.objects.filter(was_present__isnull=False).exists()

    Meeting.objects.update(date=dt.date(2009, 3, 5))
    rows = client.get(address).context["rows"]
    assert {row["guest"].person: row["is_present"] for row in rows} == {
        cast.participant: True,
        cast.colleague: False,
        cast.facilitator: False,
    }
    client.post(address, {"present": [str(cast.colleague.pk), str(cast.facilitator.pk)]})
    assert dict(Reply.objects.values_list("person", "was_present")) == {
        cast.participant.pk: False,
        cast.colleague.pk: True,
        cast.facilitator.pk: True,
    }
    strange = client.post(address, {"present": [str(cast.stranger.pk)]})
    assert strange.status_code == 400
    assert Reply.objects.filter(was_present=True).count() == 2


@pytest.mark.parametrize("path", ["aanwezig/", "uitnodigen/"])
def test_only_who_guides_may_invite_and_write_down(cast, client, path):
    client.force_login(cast.participant)
    assert client.post(f"{PAGE}{path}").status_code == 403
    client.force_login(cast.stranger)
    assert client.post(f"{PAGE}{path}").status_code == 404
    assert not Reply.objects.exists()
    assert Meeting.objects.get(pk=cast.meeting.pk).invited_at is None


def test_a_stranger_cannot_answer_and_learns_nothing(cast):
    stranger = Client()
    stranger.force_login(cast.stranger)
    assert stranger.post(f"{PAGE}antwoord/", {"answer": "yes"}).status_code == 404
    assert not Reply.objects.exists()


@pytest.mark.parametrize(
    ("kind", "who", "sees"),
    [
        ("steering", "participant", False),
        ("steering", "steering", True),
        ("steering", "facilitator", True),
        ("steering", "office", True),
        ("steering", "stranger", False),
        ("interpret", "participant", False),
        ("interpret", "colleague", True),
        ("interpret", "steering", False),
        ("interpret", "facilitator", True),
        ("interpret", "stranger", False),
    ],
)
def test_meetings_for_some_are_seen_by_those(cast, client, kind, who, sees):
    place = cast.zandvoort if kind == "interpret" else None
    Meeting.objects.filter(pk=cast.meeting.pk).update(kind=kind, municipality=place, title="Vertrouwelijk beraad")
    cast.kring_c.actions.create(text="Stil voornemen", meeting=cast.meeting, owner=cast.colleague)
    user = getattr(cast, who)
    client.force_login(user)
    assert client.get(PAGE).status_code == (200 if sees else 404)
    for address in ("/", "/kringen/", "/kringen/kring-c/", "/kringen/kring-c/acties/"):
        text = client.get(address, follow=True).content.decode()
        if not sees:
            assert "Vertrouwelijk beraad" not in text, address
            assert "Stil voornemen" not in text, address
    assert ("Vertrouwelijk beraad" in client.get("/api/v1/meetings").content.decode()) is sees
    assert "Vertrouwelijk beraad" not in Client().get("/kringen/").content.decode()


def test_the_page_costs_the_same_with_one_and_three_answers(cast, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(cast.facilitator)
    client.get(PAGE)
    replies.answer(meeting=cast.meeting, person=cast.participant, answer="yes", municipality_id=cast.hillegom.pk)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    replies.answer(meeting=cast.meeting, person=cast.colleague, answer="maybe", municipality_id=cast.zandvoort.pk)
    replies.answer(meeting=cast.meeting, person=cast.facilitator, answer="no")
    with django_assert_num_queries(len(one)):
        client.get(PAGE)


def test_the_deactivated_and_those_whose_role_ended_are_not_asked(cast):
    Role.objects.filter(user=cast.colleague, role=RoleName.PARTICIPANT).update(until=dt.date(2009, 1, 1))
    assert {person.email for person in replies.asked_to(cast.meeting)} == {
        "deelnemer@hillegom.example",
        "begeleider@kringen.example",
    }
