"""What needs the facilitator: found, and leading to where it is solved."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmark.models import Dataset, Indicator, Measurement
from kringen.circle import cockpit
from kringen.conversation import rooms
from kringen.meetings import replies
from kringen.models import Action, Intake, Meeting, Message, Topic

pytestmark = pytest.mark.usefixtures("english")

ADDRESS = "/kringen/kring-c/begeleiding/"
LONG_AGO = dt.timedelta(days=6)


def say(cast, body: str, by=None, ago: dt.timedelta = dt.timedelta(0)) -> Message:
    done = rooms.send(sender=by or cast.participant, room=cast.room, client_id=uuid.uuid4(), body=body)
    Message.objects.filter(pk=done.message_id).update(created_at=timezone.now() - ago)
    return Message.objects.get(pk=done.message_id)


def points(cast, key: str) -> list[str]:
    return [point.text for concern in cockpit.concerns(cast.kring_c) if concern.key == key for point in concern.points]


def test_who_said_nothing_for_a_month(cast):
    say(cast, "Hier ben ik", by=cast.participant, ago=dt.timedelta(days=29))
    say(cast, "Lang geleden", by=cast.colleague, ago=dt.timedelta(days=31))
    assert points(cast, "silent") == ["Beverwijk", "Zandvoort"]


def test_a_question_without_an_answer_for_five_days_leads_to_it(cast):
    asked = say(cast, "Wie heeft ervaring met afspraken?", ago=LONG_AGO)
    [concern] = [each for each in cockpit.concerns(cast.kring_c) if each.key == "questions"]
    [point] = concern.points
    day = timezone.localdate(asked.created_at).strftime("%d-%m-%Y")
    assert point.text == f"Deelnemer in “Algemeen”, {day}"
    assert point.url == f"/kringen/kring-c/ruimtes/{cast.room.pk}/?bericht={asked.pk}#m{asked.pk}"


@pytest.mark.parametrize("how", ["answered", "by myself", "fresh", "statement", "deleted", "resolved"])
def test_what_counts_as_unanswered(cast, how):
    asked = say(
        cast,
        "Zo is het." if how == "statement" else "Wie weet dit?",
        ago=dt.timedelta(hours=1) if how == "fresh" else LONG_AGO,
    )
    if how == "answered":
        say(cast, "Wij weten het.", by=cast.colleague)
    elif how == "by myself":
        say(cast, "Ik zoek nog even.")
    elif how == "deleted":
        rooms.delete(by=cast.participant, room=cast.room, message_id=asked.pk, client_id=uuid.uuid4())
    elif how == "resolved":
        Topic.objects.update(resolved_at=timezone.now())
    assert len(points(cast, "questions")) == (1 if how == "by myself" else 0)


def test_actions_without_owner_and_overdue_ones(cast):
    Action.objects.create(kring=cast.kring_c, text="Wie doet dit")
    Action.objects.create(kring=cast.kring_c, text="Al gedaan", state=Action.State.DONE)
    Action.objects.create(kring=cast.kring_c, text="Te laat", owner=cast.colleague, due_on=dt.date(2009, 3, 4))
    Action.objects.create(kring=cast.kring_c, text="Op tijd", owner=cast.colleague, due_on=dt.date(2009, 3, 5))
    assert points(cast, "owners") == ["Wie doet dit"]
    assert points(cast, "overdue") == ["Te laat: Deelnemer, by 4 March 2009"]
    by_key = {concern.key: concern.points for concern in cockpit.concerns(cast.kring_c)}
    for key, text in (("owners", "Wie doet dit"), ("overdue", "Te laat")):
        action = Action.objects.get(text=text)
        assert [point.url for point in by_key[key]] == [f"/kringen/kring-c/acties/{action.pk}/wijzigen/"]


def test_members_without_intake_figures_or_people(cast):
    Indicator.objects.update(is_core=True)
    dataset = Dataset.objects.create(slug="eigen", name="Eigen", source="Eigen opgave")
    Measurement.objects.create(
        indicator=cast.indicator, municipality=cast.hillegom, year=2009, value=12, dataset=dataset
    )
    Intake.objects.create(kring=cast.kring_c, municipality=cast.zandvoort, submitted_on=dt.date(2009, 2, 5))
    assert points(cast, "intakes") == ["Beverwijk", "Hillegom"]
    assert points(cast, "figures") == ["Beverwijk", "Zandvoort"]
    assert points(cast, "people") == ["Beverwijk"]


def test_who_has_not_answered_an_invitation(cast):
    assert points(cast, "answers") == []
    Meeting.objects.update(invited_at=timezone.now())
    replies.answer(meeting=cast.meeting, person=cast.colleague, answer="no")
    found = points(cast, "answers")
    assert sorted(found) == ["Begeleider", "Deelnemer (Hillegom)"]


def test_the_page_names_what_is_found_and_what_is_in_order(cast, client):
    Action.objects.create(kring=cast.kring_c, text="Wie doet dit")
    client.force_login(cast.facilitator)
    shown = client.get(ADDRESS).context
    assert "owners" in [concern.key for concern in shown["concerns"]]
    assert "overdue" in [concern.key for concern in shown["fine"]]


def test_only_who_guides_sees_it(cast, client):
    Action.objects.create(kring=cast.kring_c, text="Stille actie")
    for who, status in (("participant", 403), ("steering", 403), ("stranger", 404), ("validator", 404)):
        client.force_login(getattr(cast, who))
        response = client.get(ADDRESS)
        assert response.status_code == status
        assert "Stille actie" not in response.content.decode()
    client.force_login(cast.office)
    assert "Stille actie" in client.get(ADDRESS).content.decode()


def test_it_costs_the_same_with_one_and_three_of_everything(cast, client, django_assert_num_queries):
    client.force_login(cast.facilitator)

    def add(number: int) -> None:
        say(cast, f"Vraag {number}?", ago=LONG_AGO)
        Action.objects.create(kring=cast.kring_c, text=f"Actie {number}", due_on=dt.date(2009, 1, number))

    client.get(ADDRESS)
    add(1)
    with CaptureQueriesContext(connection) as one:
        client.get(ADDRESS)
    add(2)
    add(3)
    with django_assert_num_queries(len(one)):
        client.get(ADDRESS)
