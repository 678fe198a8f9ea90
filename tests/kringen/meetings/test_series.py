"""Meetings planned together, copied, and begun with an agenda."""

import datetime as dt
import uuid

import pytest

from kringen.meetings import agenda_templates, meetings
from kringen.models import AgendaItem, KringMilestone, Meeting, Milestone

pytestmark = pytest.mark.usefixtures("english")

SERIES = "/kringen/kring-c/bijeenkomsten/reeks/"
NEW = "/kringen/kring-c/bijeenkomsten/nieuw/"


@pytest.fixture
def announced(cast) -> list[Milestone]:
    days = [("Kringbijeenkomst 2", (6, 22), (7, 2)), ("Kringbijeenkomst 3", (9, 28), (10, 9))]
    return [
        Milestone.objects.create(
            cycle=cast.kring_c.cycle,
            title=title,
            kind="meeting",
            precision="window",
            date_from=dt.date(2009, *first),
            date_to=dt.date(2009, *last),
        )
        for title, first, last in days
    ]


@pytest.fixture
def facilitator(cast, client):
    cast.facilitator.language = "en"
    cast.facilitator.save()
    client.force_login(cast.facilitator)
    return client


def rows(*meetings_, submission: str, **changes) -> dict[str, str]:
    data = {"submission": submission, "meetings-TOTAL_FORMS": str(len(meetings_)), "meetings-INITIAL_FORMS": "0"}
    for number, (title, date) in enumerate(meetings_):
        data |= {
            f"meetings-{number}-wanted": "on",
            f"meetings-{number}-title": title,
            f"meetings-{number}-date": date,
            f"meetings-{number}-starts_at": "13:00",
            f"meetings-{number}-ends_at": "16:00",
        }
    return data | changes


def test_the_year_plan_proposes_what_has_no_day_yet(cast, announced, facilitator):
    Meeting.objects.update(date=dt.date(2009, 2, 12))
    KringMilestone.objects.create(kring=cast.kring_c, milestone=announced[1], date=dt.date(2009, 10, 1))
    shown = facilitator.get(SERIES).context["formset"].initial
    assert [(row["title"], row["date"]) for row in shown] == [
        ("Kringbijeenkomst 2", dt.date(2009, 6, 22)),
        ("Kringbijeenkomst 3", dt.date(2009, 10, 1)),
    ]


def test_a_series_is_planned_at_once_and_once(cast, announced, facilitator):
    data = rows(("Kring 3", "2009-10-01"), ("Kring 2", "2009-06-25"), submission=str(uuid.uuid4()))
    facilitator.post(SERIES, data)
    facilitator.post(SERIES, data)
    made = list(Meeting.objects.filter(kring=cast.kring_c, number__gt=1).values_list("number", "title", "date"))
    assert made == [(2, "Kring 2", dt.date(2009, 6, 25)), (3, "Kring 3", dt.date(2009, 10, 1))]
    assert meetings.still_to_plan(cast.kring_c) == []


def test_one_wrong_meeting_stops_them_all(cast, announced, facilitator):
    data = rows(
        ("Kring 2", "2009-06-25"),
        ("Kring 3", "2009-10-01"),
        submission=str(uuid.uuid4()),
        **{"meetings-1-ends_at": "12:00"},
    )
    response = facilitator.post(SERIES, data)
    assert response.status_code == 400
    assert "The meeting ends before it starts." in response.content.decode()
    assert Meeting.objects.filter(kring=cast.kring_c).count() == 1


def test_what_is_not_ticked_is_not_planned(cast, announced, facilitator):
    data = rows(("Kring 2", "2009-06-25"), ("Kring 3", "2009-10-01"), submission=str(uuid.uuid4()))
    del data["meetings-0-wanted"]
    facilitator.post(SERIES, data)
    assert list(Meeting.objects.filter(number=2).values_list("title", flat=True)) == ["Kring 3"]


def test_a_meeting_is_copied_with_its_agenda(cast, facilitator):
    Meeting.objects.update(place="Raadhuis", theme="Kanaalsturing", capacity=20)
    for position, (title, minutes) in enumerate([("Opening", 15), ("Cijfers", 40)], start=1):
        AgendaItem.objects.create(
            meeting=cast.meeting, position=position, title=title, minutes=minutes, notes="alleen van toen"
        )
    shown = facilitator.get(f"{NEW}?van=1").context["form"].initial
    assert (shown["place"], shown["theme"], shown["capacity"], shown["agenda_from"]) == (
        "Raadhuis",
        "Kanaalsturing",
        20,
        "copy:1",
    )
    assert "date" not in shown
    form = {"submission": str(uuid.uuid4()), "title": "Nog een", "date": "2009-10-01", "agenda_from": "copy:1"}
    facilitator.post(NEW, form)
    made = Meeting.objects.get(kring=cast.kring_c, number=2)
    assert list(made.agenda_items.values_list("title", "minutes", "notes")) == [
        ("Opening", 15, ""),
        ("Cijfers", 40, ""),
    ]


def test_an_agenda_begins_with_a_template(cast, facilitator):
    form = {"submission": str(uuid.uuid4()), "title": "Thema", "date": "2009-10-01", "agenda_from": "theme"}
    facilitator.post(NEW, form)
    facilitator.post(NEW, form)
    made = Meeting.objects.get(kring=cast.kring_c, number=2)
    assert list(made.agenda_items.values_list("kind", "minutes")) == [
        ("opening", 10),
        ("actions", 15),
        ("figures", 45),
        ("theme", 45),
        ("practice", 30),
        ("decision", 20),
        ("closing", None),
    ]


def test_the_agenda_of_a_meeting_for_some_cannot_be_copied_out(cast):
    Meeting.objects.update(kind="steering")
    offered = agenda_templates.choices(cast.kring_c.meetings.for_the_circle())
    assert [key for key, _label in offered if key.startswith("copy:")] == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "interpret"}, "An interpretation talk is about one municipality. Choose which."),
        ({"capacity": "0"}, "There must be at least one place. Leave it empty when there is no limit."),
        ({"capacity": "veel"}, "Write the number of places as a whole number, such as 24."),
    ],
)
def test_bad_input_is_a_sentence(cast, facilitator, changes, sentence):
    cast.facilitator.language = "en"
    cast.facilitator.save()
    form = {"submission": str(uuid.uuid4()), "title": "x", "date": "2009-10-01", **changes}
    response = facilitator.post(NEW, form)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert Meeting.objects.filter(kring=cast.kring_c).count() == 1


def test_who_may_not_plan_may_not_plan_a_series(cast, announced, client):
    data = rows(("Kring 2", "2009-06-25"), submission=str(uuid.uuid4()))
    for who, status in (("participant", 403), ("stranger", 404), ("steering", 403)):
        client.force_login(getattr(cast, who))
        assert client.post(SERIES, data).status_code == status
    assert Meeting.objects.filter(kring=cast.kring_c).count() == 1
