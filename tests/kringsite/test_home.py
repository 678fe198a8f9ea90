"""The table of the day, for every role."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmark.models import Goal
from kringen.conversation import rooms
from kringen.models import Action, Kring, KringMilestone, Meeting, Milestone, Room, Topic
from people.models import Role, RoleName, User
from tests.cast import kring, municipality, person


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def home_of(user: User):
    client = Client()
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return response


def in_english(user: User) -> User:
    user.language = "en"
    user.save()
    return user


def deadline(cast, title: str, day: dt.date, **fields) -> Milestone:
    return Milestone.objects.create(
        cycle=cast.kring_c.cycle, title=title, kind="deadline", date_from=day, date_to=day, **fields
    )


def test_the_four_things_of_a_member(cast):
    deadline(cast, "Deadline I", dt.date(2009, 3, 27))
    deadline(cast, "Deadline II", dt.date(2009, 5, 29))
    rooms.send(room=cast.room, sender=cast.colleague, client_id="6f1c5ad4-41d0-4f0c-8f41-1fd0c3b0a001", body="Hallo")
    goal = Goal.objects.create(
        municipality=cast.hillegom,
        indicator=cast.indicator,
        title="Korter wachten",
        target_value=10,
        target_date=dt.date(2009, 12, 31),
    )
    late = Action.objects.create(
        kring=cast.kring_c, text="Normen delen", owner=cast.participant, due_on=dt.date(2009, 3, 1)
    )
    Action.objects.create(kring=cast.kring_c, text="Van een ander", owner=cast.colleague)
    Action.objects.create(kring=cast.kring_c, text="Klaar", owner=cast.participant, state="done")
    response = home_of(in_english(cast.participant))
    context = response.context
    assert [line["meeting"] for line in context["meetings"]] == [cast.meeting]
    assert context["deadline"]["entry"].milestone.title == "Deadline I"
    assert [line["goal"] for line in context["goals"]] == [goal]
    assert [(line.room, line.unread) for line in context["rooms"]] == [(cast.room, 1)]
    assert [(line["action"], line["is_overdue"]) for line in context["actions"]] == [(late, True)]
    assert context["doors"] == []
    text = response.content.decode()
    for address in (
        "/kringen/kring-c/bijeenkomsten/1/",
        "/kringen/kring-c/jaarplan/#m",
        f"/doelen/{goal.pk}/",
        f"/kringen/kring-c/ruimtes/{cast.room.pk}/",
        "/kringen/kring-c/acties/",
    ):
        assert f'href="{address}' in text
    for words in ("in 112 days", "Friday 27 March 2009 (week 13)", "not known yet", "1 unread", "overdue"):
        assert words in text
    for words in ("Van een ander", "Klaar"):
        assert words not in text


def test_nothing_yet_is_said_in_words(cast):
    Meeting.objects.all().delete()
    text = home_of(in_english(cast.participant)).content.decode()
    for words in (
        "No meeting is planned and no deadline is ahead.",
        "Your municipality has no improvement goals yet.",
        "You have read everything.",
        "You have no open actions.",
    ):
        assert words in text


def test_the_own_day_of_the_kring_counts(cast):
    window = Milestone.objects.create(
        cycle=cast.kring_c.cycle,
        title="Inleveren",
        kind="deadline",
        precision="window",
        date_from=dt.date(2009, 3, 1),
        date_to=dt.date(2009, 3, 31),
    )
    KringMilestone.objects.create(kring=cast.kring_c, milestone=window, date=dt.date(2009, 3, 20))
    entry = home_of(cast.participant).context["deadline"]["entry"]
    assert (entry.first, entry.days) == (dt.date(2009, 3, 20), 15)


def test_the_next_meeting_of_every_kring_one_is_in(cast):
    Role.objects.create(user=cast.participant, role=RoleName.PARTICIPANT, scope=cast.kring_v)
    first = Meeting.objects.create(kring=cast.kring_v, number=1, title="V 1", date=dt.date(2009, 4, 1))
    Meeting.objects.create(kring=cast.kring_v, number=2, title="V 2", date=dt.date(2009, 5, 1))
    Meeting.objects.create(
        kring=cast.kring_c, number=2, title="Afgelast", date=dt.date(2009, 3, 9), state=Meeting.State.CANCELLED
    )
    Meeting.objects.create(kring=cast.kring_c, number=3, title="Geweest", date=dt.date(2009, 3, 4))
    response = home_of(cast.participant)
    assert [line["meeting"] for line in response.context["meetings"]] == [first, cast.meeting]


def test_a_stranger_sees_nothing_of_kring_c(cast):
    Action.objects.create(kring=cast.kring_c, text="Geheim plan", owner=cast.stranger)
    Goal.objects.create(
        municipality=cast.hillegom,
        indicator=cast.indicator,
        title="Doel van Hillegom",
        target_value=10,
        target_date=dt.date(2009, 12, 31),
        visibility=Goal.Visibility.PUBLIC,
    )
    text = home_of(cast.stranger).content.decode()
    for words in ("Kring C", "Kringtafel", "Geheim plan", "Doel van Hillegom", "kring-c"):
        assert words not in text


@pytest.mark.parametrize(
    ("who", "meetings", "doors"),
    [
        ("participant", 1, []),
        ("facilitator", 1, []),
        ("editor", 0, ["/beheer/"]),
        ("validator", 0, ["/benchmark/"]),
        ("office", 1, ["/voortgang/", "/kringen/", "/jaren/", "/beheer/"]),
        ("steering", 1, ["/voortgang/"]),
        ("admin", 1, ["/voortgang/", "/kringen/", "/jaren/", "/beheer/"]),
    ],
)
def test_every_role_has_a_home(cast, who, meetings, doors):
    context = home_of(getattr(cast, who)).context
    assert len(context["meetings"]) == meetings
    assert [door.href for door in context["doors"]] == doors


def test_the_steering_group_sees_no_rooms(cast):
    rooms.send(room=cast.room, sender=cast.colleague, client_id="6f1c5ad4-41d0-4f0c-8f41-1fd0c3b0a001", body="Hallo")
    assert home_of(cast.steering).context["rooms"] == []


def test_without_a_role_a_friendly_word(cast):
    nobody = in_english(person("nieuw@hillegom.example", cast.hillegom))
    response = home_of(nobody)
    assert "You have an account, but no role yet." in response.content.decode()
    assert (response.context["meetings"], response.context["doors"]) == ([], [])


def grow(cast, number: int) -> None:
    """Give the participant one more of everything."""
    place = municipality(f"GM9{number:03}", f"Plaats {number}")
    made: Kring = kring(f"kring-{number}", f"Kring {number}", cast.kring_c.cycle, [cast.hillegom, place])
    Role.objects.create(user=cast.participant, role=RoleName.PARTICIPANT, scope=made)
    Meeting.objects.create(kring=made, number=1, title="Eerste", date=dt.date(2009, 4, number))
    milestone = deadline(cast, f"Deadline {number}", dt.date(2009, 4, number))
    KringMilestone.objects.create(kring=made, milestone=milestone, date=dt.date(2009, 4, number))
    room = Room.objects.create(kring=made, name=f"Ruimte {number}")
    Topic.objects.create(room=room, title="Algemeen", is_general=True)
    other = person(f"ander{number}@voorbeeld.example", place)
    Role.objects.create(user=other, role=RoleName.PARTICIPANT, scope=made)
    rooms.send(
        room=room, sender=other, client_id=f"6f1c5ad4-41d0-4f0c-8f41-1fd0c3b0a00{number}", body=f"Bericht {number}"
    )
    Action.objects.create(kring=made, text=f"Actie {number}", owner=cast.participant)
    Goal.objects.create(
        municipality=cast.hillegom,
        indicator=cast.indicator,
        title=f"Doel {number}",
        target_value=number,
        target_date=dt.date(2009, 12, 31),
    )


def test_the_page_costs_the_same_with_one_and_three_of_everything(cast, django_assert_num_queries):
    client = Client()
    client.force_login(cast.participant)
    grow(cast, 1)
    client.get("/")
    with CaptureQueriesContext(connection) as one:
        client.get("/")
    cost = len(one)
    grow(cast, 2)
    grow(cast, 3)
    client.get("/")
    with django_assert_num_queries(cost):
        response = client.get("/")
    assert [len(response.context[part]) for part in ("meetings", "goals", "rooms", "actions")] == [4, 3, 3, 3]
