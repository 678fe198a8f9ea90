"""The list of kringen and the page of one."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmark.phases import Phase
from kringen.conversation import rooms
from kringen.models import Action, Intake, IntakeItem, Kring, Meeting, Membership, Milestone, Room
from people.models import Role, RoleName, User
from tests.cast import kring, municipality, person

pytestmark = pytest.mark.usefixtures("english")

PAGE = "/kringen/kring-c/"


@pytest.fixture
def member(cast, client) -> Client:
    cast.participant.language = "en"
    cast.participant.save()
    client.force_login(cast.participant)
    return client


def intake(cast, place, tested=None, own=None, *, questions=(), themes=()) -> Intake:
    made = Intake.objects.create(
        kring=cast.kring_c, municipality=place, tested_phase=tested, own_phase=own, submitted_on=dt.date(2009, 2, 5)
    )
    for kind, texts in ((IntakeItem.Kind.QUESTION, questions), (IntakeItem.Kind.THEME, themes)):
        for position, text in enumerate(texts):
            IntakeItem.objects.create(intake=made, kind=kind, text=text, position=position)
    return made


def table(response) -> list[tuple]:
    return [
        (str(row.municipality), row.takes_part_as, row.tested_phase, row.own_phase, row.is_own)
        for row in response.context["rows"]
    ]


def test_membership_and_intake_exist_without_each_other(cast, member):
    katwijk = municipality("GM0537", "Katwijk")
    leiden = municipality("GM0546", "Leiden")
    Membership.objects.create(kring=cast.kring_c, municipality=katwijk, kind=Membership.Kind.GUEST)
    Membership.objects.filter(municipality=cast.beverwijk).update(since=dt.date(2008, 1, 1), until=dt.date(2009, 1, 1))
    intake(cast, cast.hillegom, Phase.CHANNEL, Phase.CHANNEL)
    intake(cast, katwijk, Phase.FRONT_OFFICE, None)
    intake(cast, leiden, Phase.SERVICE, Phase.SERVICE)
    response = member.get(PAGE)
    assert table(response) == [
        ("Hillegom", "member with intake", Phase.CHANNEL, Phase.CHANNEL, True),
        ("Katwijk", "guest with intake", Phase.FRONT_OFFICE, None, False),
        ("Leiden", "has an intake, but is not on the member list", Phase.SERVICE, Phase.SERVICE, False),
        ("Zandvoort", "member without intake", None, None, False),
        ("Beverwijk", "has left the kring", None, None, False),
    ]
    text = response.content.decode()
    assert "from 1 January 2008 until 1 January 2009" in text
    assert text.count("your municipality") == 1
    # Number and name stand beside the colour; what is not known is said and is no number.
    assert "Front office has the answer" in text
    assert "Phase not given" in text
    assert "no intake" in text


def test_people_facilitator_questions_and_themes(cast, member):
    intake(cast, cast.hillegom, Phase.CHANNEL, questions=["Welke servicenormen kiezen we?"], themes=["KCC"])
    intake(cast, cast.zandvoort, Phase.FRONT_OFFICE)
    response = member.get(PAGE)
    context = response.context
    assert {str(row.municipality): [str(who) for who in row.people] for row in context["rows"]} == {
        "Hillegom": ["Deelnemer"],
        "Zandvoort": ["Deelnemer"],
        "Beverwijk": [],
    }
    assert [str(who) for who in context["facilitators"]] == ["Begeleider"]
    assert [(str(row.municipality), [str(item) for item in row.questions]) for row in context["intakes"]] == [
        ("Hillegom", ["Welke servicenormen kiezen we?"])
    ]
    assert "Welke servicenormen kiezen we?" in response.content.decode()


def test_where_are_we_now(cast, member):
    Milestone.objects.create(
        cycle=cast.kring_c.cycle,
        title="Deadline I dataverzameling",
        kind="deadline",
        date_from=dt.date(2009, 3, 27),
        date_to=dt.date(2009, 3, 27),
    )
    response = member.get(PAGE)
    assert response.context["next_meeting"] == cast.meeting
    assert response.context["timeline"].next_deadline.milestone.title == "Deadline I dataverzameling"
    text = response.content.decode()
    assert "Thursday 25 June 2009" in text
    assert "Friday 27 March 2009 (week 13)" in text
    assert "in 22 days" in text


def test_rooms_with_unread_counts_only_for_who_may_enter(cast, member):
    rooms.send(room=cast.room, sender=cast.colleague, client_id="6f1c5ad4-41d0-4f0c-8f41-1fd0c3b0a001", body="Hallo")
    response = member.get(PAGE)
    assert [(line.room, line.unread) for line in response.context["rooms"]] == [(cast.room, 1)]
    assert "1 unread" in response.content.decode()
    steering = Client()
    steering.force_login(cast.steering)
    assert steering.get(PAGE).context["rooms"] == []


def test_only_open_actions_and_overdue_in_words(cast, member):
    Action.objects.create(kring=cast.kring_c, text="Te laat", owner=cast.participant, due_on=dt.date(2009, 3, 4))
    Action.objects.create(kring=cast.kring_c, text="Vandaag", owner=cast.colleague, due_on=dt.date(2009, 3, 5))
    Action.objects.create(kring=cast.kring_c, text="Ooit", owner=cast.colleague)
    Action.objects.create(kring=cast.kring_c, text="Klaar", owner=cast.participant, state=Action.State.DONE)
    response = member.get(PAGE)
    assert [
        (row["action"].text, row["is_mine"], row["is_overdue"], row["can_change"])
        for row in response.context["actions"]
    ] == [("Te laat", True, True, True), ("Vandaag", False, False, False), ("Ooit", False, False, False)]
    assert response.content.decode().count("overdue") == 1


def grow(cast, number: int) -> None:
    """Add one of everything that the page of a kring shows."""
    place = municipality(f"GM9{number:03}", f"Gemeente {number}")
    Membership.objects.create(kring=cast.kring_c, municipality=place)
    intake(cast, place, Phase.CHANNEL, Phase.CHANNEL, questions=[f"Vraag {number}"], themes=[f"Thema {number}"])
    someone = person(f"deelnemer{number}@voorbeeld.example", place)
    Role.objects.create(user=someone, role=RoleName.PARTICIPANT, scope=cast.kring_c)
    guide = person(f"begeleider{number}@voorbeeld.example")
    Role.objects.create(user=guide, role=RoleName.FACILITATOR, scope=cast.kring_c)
    day = dt.date(2009, 4, number)
    held = Meeting.objects.create(kring=cast.kring_c, number=10 + number, title=f"Bijeenkomst {number}", date=day)
    Action.objects.create(
        kring=cast.kring_c, text=f"Actie {number}", owner=someone, municipality=place, meeting=held, due_on=day
    )
    Milestone.objects.create(cycle=cast.kring_c.cycle, title=f"Mijlpaal {number}", date_from=day, date_to=day)
    Room.objects.create(kring=cast.kring_c, name=f"Ruimte {number}")


def test_the_page_costs_the_same_with_one_and_three_of_everything(cast, member, django_assert_num_queries):
    grow(cast, 1)
    member.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        member.get(PAGE)
    grow(cast, 2)
    grow(cast, 3)
    with django_assert_num_queries(len(one)):
        member.get(PAGE)


def test_the_list_shows_the_public_names_municipalities_theme_and_next_date_only(cast):
    cast.kring_c.theme = "Kanaalsturing"
    cast.kring_c.save()
    cast.meeting.place = "Geheime zaal"
    cast.meeting.save()
    Membership.objects.filter(municipality=cast.beverwijk).update(until=dt.date(2009, 1, 1))
    response = Client().get("/kringen/")
    assert response.status_code == 200
    text = response.content.decode()
    for word in ("Kring C", "Kring V", "Hillegom", "Zandvoort", "Delft", "Kanaalsturing", "25 juni 2009"):
        assert word in text
    for word in ("Beverwijk", "Geheime zaal", "Deelnemer", PAGE):
        assert word not in text
    assert response.context["mine"] == []


def test_members_see_their_own_kring_first(cast, member):
    response = member.get("/kringen/")
    assert [card["kring"] for card in response.context["mine"]] == [cast.kring_c]
    assert [(card["kring"], card["is_readable"]) for card in response.context["others"]] == [(cast.kring_v, False)]
    assert f'href="{PAGE}"' in response.content.decode()


@pytest.mark.parametrize("who", ["public", "participant", "office"])
def test_the_list_costs_the_same_with_one_and_three_kringen(cast, who, django_assert_num_queries):
    client = Client()
    user: User | None = cast.everyone()[who]
    if user is not None:
        client.force_login(user)
    Kring.objects.exclude(pk=cast.kring_c.pk).delete()
    client.get("/kringen/")
    with CaptureQueriesContext(connection) as one:
        client.get("/kringen/")
    for number in (1, 2):
        place = municipality(f"GM8{number:03}", f"Plaats {number}")
        made = kring(f"kring-{number}", f"Kring {number}", cast.kring_c.cycle, [place])
        Meeting.objects.create(kring=made, number=1, title="Eerste", date=dt.date(2009, 5, number))
    with django_assert_num_queries(len(one)):
        client.get("/kringen/")
