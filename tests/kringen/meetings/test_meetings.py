"""Planning, changing and cancelling meetings."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.utils import translation

from kringen.meetings import meetings
from kringen.models import KringMilestone, Meeting, Milestone

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def window(cast) -> Milestone:
    return Milestone.objects.create(
        cycle=cast.kring_c.cycle,
        title="Kringbijeenkomst 2",
        kind="meeting",
        precision="window",
        date_from=dt.date(2009, 6, 22),
        date_to=dt.date(2009, 7, 2),
    )


@pytest.fixture
def facilitator(cast, client) -> Client:
    cast.facilitator.language = "en"
    cast.facilitator.save()
    client.force_login(cast.facilitator)
    return client


NEW = "/kringen/kring-c/bijeenkomsten/nieuw/"


def form(**changes) -> dict[str, str]:
    return {
        "submission": str(uuid.uuid4()),
        "title": "Kringbijeenkomst 2",
        "date": "2009-06-25",
        "starts_at": "13:00",
        "ends_at": "16:30",
        "place": "Raadhuis Hillegom",
        "theme": "Kanaalsturing",
        **changes,
    }


def messages_of(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_plan_inside_the_window(cast, window, facilitator):
    response = facilitator.post(NEW, form(), follow=True)
    made = Meeting.objects.get(kring=cast.kring_c, number=2)
    assert response.redirect_chain == [("/kringen/kring-c/bijeenkomsten/2/", 302)]
    assert (made.title, made.date, made.starts_at, made.ends_at, made.place, made.theme, made.state) == (
        "Kringbijeenkomst 2",
        dt.date(2009, 6, 25),
        dt.time(13),
        dt.time(16, 30),
        "Raadhuis Hillegom",
        "Kanaalsturing",
        "planned",
    )
    assert messages_of(response) == ["The meeting was planned."]
    assert KringMilestone.objects.get(kring=cast.kring_c, milestone=window).date == dt.date(2009, 6, 25)


def test_a_date_outside_the_year_plan_warns_and_is_kept(cast, window, facilitator):
    response = facilitator.post(NEW, form(date="2009-07-20"), follow=True)
    assert Meeting.objects.get(kring=cast.kring_c, number=2).date == dt.date(2009, 7, 20)
    assert messages_of(response) == [
        (
            "The meeting was planned. Monday 20 July 2009 lies outside the year plan. "
            "The nearest is “Kringbijeenkomst 2”: 22 June – 2 July 2009 (week 26 & 27)."
        )
    ]
    assert not KringMilestone.objects.exists()


def test_the_same_form_twice_makes_one_meeting(cast, facilitator):
    data = form()
    first, second = facilitator.post(NEW, data), facilitator.post(NEW, data)
    assert first["Location"] == second["Location"] == "/kringen/kring-c/bijeenkomsten/2/"
    assert Meeting.objects.filter(kring=cast.kring_c).count() == 2
    facilitator.post(NEW, form())
    assert Meeting.objects.filter(kring=cast.kring_c).count() == 3


def test_the_form_brings_its_own_id_and_the_next_number(cast, facilitator):
    shown = facilitator.get(NEW).context["form"]
    assert isinstance(shown.initial["submission"], uuid.UUID)
    assert shown.initial["title"] == "Kring meeting 2"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            {"ends_at": "12:00"},
            "ends_at",
            "The meeting ends before it starts. Choose a later end time, or leave it empty.",
        ),
        (
            {"ends_at": "13:00"},
            "ends_at",
            "The meeting ends before it starts. Choose a later end time, or leave it empty.",
        ),
        ({"date": ""}, "date", "Fill in a date, such as 25-06-2009."),
        (
            {"date": "31-02-2009"},
            "date",
            "This is not a date. Write day, month and year, such as 25-06-2009.",
        ),
        ({"starts_at": "25:00"}, "starts_at", "This is not a time. Write hours and minutes, such as 13:30."),
        ({"title": " "}, "title", "Give the meeting a title."),
        ({"video_link": "geen adres"}, "video_link", "This is not a web address. It begins with https://."),
        ({"video_link": "javascript:alert(1)"}, "video_link", "This is not a web address. It begins with https://."),
    ],
)
def test_bad_input_is_refused_in_a_sentence_and_nothing_changes(cast, facilitator, changes, field, sentence):
    response = facilitator.post(NEW, form(**changes))
    assert response.status_code == 400
    assert response.context["form"].errors[field] == [sentence]
    assert Meeting.objects.filter(kring=cast.kring_c).count() == 1


def test_the_verb_refuses_too(cast):
    details = meetings.MeetingDetails("x", dt.date(2009, 6, 25), dt.time(14), dt.time(13))
    with translation.override("en"), pytest.raises(meetings.MeetingRefused, match="ends before it starts"):
        meetings.plan_meeting(kring=cast.kring_c, details=details, submission=None)


def test_changing_the_day_moves_the_own_day_in_the_year_plan(cast, window, facilitator):
    facilitator.post(NEW, form())
    response = facilitator.post(
        "/kringen/kring-c/bijeenkomsten/2/wijzigen/", form(date="2009-06-29", title="Zomerkring"), follow=True
    )
    made = Meeting.objects.get(kring=cast.kring_c, number=2)
    assert (made.title, made.date) == ("Zomerkring", dt.date(2009, 6, 29))
    assert KringMilestone.objects.get(kring=cast.kring_c).date == dt.date(2009, 6, 29)
    assert messages_of(response) == ["The meeting was planned.", "The meeting was changed."]


def test_a_cancelled_meeting_stays_visible_and_can_go_ahead_after_all(cast, facilitator, client):
    address = "/kringen/kring-c/bijeenkomsten/1/afzeggen/"
    facilitator.post(address, {"state": "cancelled"})
    assert Meeting.objects.get(kring=cast.kring_c).state == "cancelled"
    page = facilitator.get("/kringen/kring-c/bijeenkomsten/1/").content.decode()
    assert "cancelled" in page
    listed = Client().get("/kringen/").content.decode()
    assert "25 juni 2009" not in listed
    facilitator.post(address, {"state": "planned"})
    assert Meeting.objects.get(kring=cast.kring_c).state == "planned"


@pytest.mark.parametrize("state", ["cancelled", "planned"])
def test_what_has_been_held_stays_held(cast, facilitator, state):
    Meeting.objects.update(state=Meeting.State.HELD)
    response = facilitator.post("/kringen/kring-c/bijeenkomsten/1/afzeggen/", {"state": state}, follow=True)
    assert messages_of(response) == ["This meeting has been held and cannot be cancelled any more."]
    assert Meeting.objects.get(kring=cast.kring_c).state == "held"
    assert "afzeggen" not in response.content.decode()


def test_the_page_shows_the_agenda_with_its_times(cast, facilitator):
    rows = [("Opening", 15), ("Kennismaking", 30), ("Afsluiting", None)]
    for position, (title, minutes) in enumerate(rows, start=1):
        cast.meeting.agenda_items.create(position=position, title=title, minutes=minutes)
    response = facilitator.get("/kringen/kring-c/bijeenkomsten/1/")
    assert [(slot.item.title, slot.start, slot.open_ended) for slot in response.context["agenda"].slots] == [
        ("Opening", dt.time(13), False),
        ("Kennismaking", dt.time(13, 15), False),
        ("Afsluiting", dt.time(13, 45), True),
    ]
    text = response.content.decode()
    assert "open end" in text
    assert "The items together take 45 minutes." in text


def test_the_page_costs_the_same_with_one_and_three_of_everything(cast, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(cast.participant)

    def add(number: int) -> None:
        cast.meeting.agenda_items.create(position=number, title=f"Punt {number}")
        cast.kring_c.actions.create(text=f"Actie {number}", owner=cast.participant, meeting=cast.meeting)

    address = "/kringen/kring-c/bijeenkomsten/1/"
    client.get(address)
    add(1)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(address)
    add(2)
    add(3)
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_calendar_file(cast, client):
    from icalendar import Calendar

    cast.meeting.ends_at = dt.time(16)
    cast.meeting.place = "Raadhuis; zaal 1"
    cast.meeting.save()
    client.force_login(cast.participant)
    response = client.get("/kringen/kring-c/bijeenkomsten/1/agenda.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.content)
    [zone] = calendar.walk("VTIMEZONE")
    [event] = calendar.walk("VEVENT")
    assert zone["TZID"] == "Europe/Amsterdam"
    assert event["SUMMARY"] == "Kring C: Kringbijeenkomst 1"
    assert event["LOCATION"] == "Raadhuis; zaal 1"
    assert event["STATUS"] == "CONFIRMED"
    assert event.decoded("DTSTART").isoformat() == "2009-06-25T13:00:00+02:00"
    assert event.decoded("DTEND").isoformat() == "2009-06-25T16:00:00+02:00"
    assert event["UID"] == f"meeting-{cast.meeting.pk}@testserver"
