"""Calendar mail and the secret calendar address, read back by two libraries."""

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from icalendar import Calendar

from kringen.meetings import calendars, ical, meetings
from kringen.models import Action, CalendarFeed, KringMilestone, Meeting, Milestone
from people.models import Role

PAGE = "/kringen/kring-c/bijeenkomsten/1/"


def parts(message) -> tuple[str, Calendar]:
    """Return the text of a mail and its calendar part."""
    sent = message.message()
    calendar = next(part for part in sent.walk() if part.get_content_type() == "text/calendar")
    return message.body, Calendar.from_ical(calendar.get_payload(decode=True))


def event_of(calendar: Calendar):
    [event] = calendar.walk("VEVENT")
    return event


@pytest.fixture
def planned(cast) -> Meeting:
    Meeting.objects.update(ends_at=dt.time(16), place="Raadhuis; zaal 1")
    return Meeting.objects.get(pk=cast.meeting.pk)


@pytest.fixture
def invited(cast, planned, django_capture_on_commit_callbacks) -> Meeting:
    with django_capture_on_commit_callbacks(execute=True):
        meetings.invite(meeting=planned, by=cast.facilitator)
    return Meeting.objects.get(pk=planned.pk)


def changed(meeting: Meeting, **fields) -> meetings.MeetingDetails:
    names = (
        "title",
        "date",
        "starts_at",
        "ends_at",
        "place",
        "video_link",
        "theme",
        "kind",
        "municipality",
        "capacity",
    )
    return meetings.MeetingDetails(**{name: getattr(meeting, name) for name in names} | fields)


def test_an_invitation_is_one_mail_to_each_with_nobody_else_in_it(cast, invited):
    assert sorted(message.to[0] for message in mail.outbox) == [
        "begeleider@kringen.example",
        "deelnemer@hillegom.example",
        "deelnemer@zandvoort.example",
    ]
    for message in mail.outbox:
        assert len(message.to) == 1
        assert not message.cc
        assert not message.bcc
        others = {each.to[0] for each in mail.outbox} - set(message.to)
        text = message.message().as_string()
        assert not [other for other in others if other in text]
    one = next(message for message in mail.outbox if message.to == ["deelnemer@hillegom.example"])
    assert one.subject == "Uitnodiging: Kring C, Kringbijeenkomst 1"
    text, calendar = parts(one)
    assert "http://testserver/kringen/kring-c/bijeenkomsten/1/" in text
    assert str(calendar["METHOD"]) == "REQUEST"
    event = event_of(calendar)
    assert str(event["UID"]) == f"meeting-{invited.pk}@testserver"
    assert int(event["SEQUENCE"]) == 0
    assert str(event["ATTENDEE"]) == "mailto:deelnemer@hillegom.example"
    assert str(event["ORGANIZER"]) == "mailto:kringen@kringen.example"
    assert event.decoded("DTSTART").isoformat() == "2009-06-25T13:00:00+02:00"
    part = next(each for each in one.message().walk() if each.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"


def test_a_change_is_told_with_the_next_sequence_and_a_cancellation_calls_it_off(
    cast, invited, django_capture_on_commit_callbacks
):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        meetings.change_meeting(meeting=invited, details=changed(invited, date=dt.date(2009, 11, 19)))
    event = event_of(parts(mail.outbox[0])[1])
    # Winter time by then: the zone is right, not only the offset.
    assert event.decoded("DTSTART").isoformat() == "2009-11-19T13:00:00+01:00"
    assert (int(event["SEQUENCE"]), str(event["UID"])) == (1, f"meeting-{invited.pk}@testserver")
    assert mail.outbox[0].subject.startswith("Veranderd: ")

    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        meetings.set_state(meeting=invited, state="cancelled")
    assert len(mail.outbox) == 3
    calendar = parts(mail.outbox[0])[1]
    event = event_of(calendar)
    assert (str(calendar["METHOD"]), str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCEL", "CANCELLED", 2)


def test_what_no_calendar_shows_is_not_told(cast, invited, django_capture_on_commit_callbacks):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        meetings.change_meeting(meeting=invited, details=changed(invited, theme="Kanaalsturing"))
    assert mail.outbox == []
    assert Meeting.objects.get(pk=invited.pk).calendar_version == 0


def test_before_the_invitation_nobody_is_mailed(cast, planned, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        meetings.change_meeting(meeting=planned, details=changed(planned, place="Elders"))
        meetings.set_state(meeting=planned, state="cancelled")
    assert mail.outbox == []


def test_a_line_break_in_a_title_does_not_reach_the_header(cast, planned, django_capture_on_commit_callbacks):
    Meeting.objects.update(title="Kring\r\nBcc: iemand@elders.example")
    with django_capture_on_commit_callbacks(execute=True):
        meetings.invite(meeting=planned, by=cast.facilitator)
    assert mail.outbox[0].subject == "Uitnodiging: Kring C, Kring Bcc: iemand@elders.example"
    assert "Bcc" not in mail.outbox[0].message()


def test_one_meeting_keeps_its_uid_through_change_cancellation_and_revival(
    cast, invited, django_capture_on_commit_callbacks
):
    """Read by both libraries: the same event every time, each message newer than the one before."""
    import vobject

    def told(do) -> tuple[str, ...]:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            do()
        [part] = [each for each in mail.outbox[0].message().walk() if each.get_content_type() == "text/calendar"]
        text = part.get_payload(decode=True).decode()
        calendar, other = Calendar.from_ical(text), vobject.readOne(text)
        event = event_of(calendar)
        first = (
            str(calendar["METHOD"]),
            str(event["UID"]),
            str(event["SEQUENCE"]),
            str(event["STATUS"]),
            event.decoded("DTSTART").isoformat(),
        )
        assert first == (
            other.method.value,
            other.vevent.uid.value,
            other.vevent.sequence.value,
            other.vevent.status.value,
            other.vevent.dtstart.value.isoformat(),
        )
        assert part.get_param("method") == first[0]
        return first

    uid = f"meeting-{invited.pk}@testserver"
    # From summer time to winter time, called off, and on again, back in summer time: the hour of the day stays 13:00.
    winter = changed(invited, date=dt.date(2009, 10, 26))
    assert told(lambda: meetings.change_meeting(meeting=invited, details=winter)) == (
        "REQUEST",
        uid,
        "1",
        "CONFIRMED",
        "2009-10-26T13:00:00+01:00",
    )
    assert told(lambda: meetings.set_state(meeting=invited, state="cancelled")) == (
        "CANCEL",
        uid,
        "2",
        "CANCELLED",
        "2009-10-26T13:00:00+01:00",
    )
    assert told(lambda: meetings.set_state(meeting=invited, state="planned"))[:4] == ("REQUEST", uid, "3", "CONFIRMED")
    summer = changed(invited, date=dt.date(2009, 10, 23))
    last = told(lambda: meetings.change_meeting(meeting=invited, details=summer))
    assert last == ("REQUEST", uid, "4", "CONFIRMED", "2009-10-23T13:00:00+02:00")
    # What one fetches oneself is the same event, as new as the last mail.
    for text in (
        read(calendars.open_feed(person=cast.participant)).content,
        ical.calendar_of(Meeting.objects.get(pk=invited.pk), "https://kringen.example/"),
    ):
        [mine] = [each for each in Calendar.from_ical(text).walk("VEVENT") if str(each["UID"]) == uid]
        assert (int(mine["SEQUENCE"]), mine.decoded("DTSTART").isoformat()) == (4, last[4])


def read(token: str):
    return Client().get(f"/mijn-agenda/{token}.ics")


def test_the_secret_address_gives_my_meetings_deadlines_and_promises(cast, planned):
    window = Milestone.objects.create(
        cycle=cast.kring_c.cycle,
        title="Deadline I",
        kind="deadline",
        precision="exact",
        date_from=dt.date(2009, 3, 27),
        date_to=dt.date(2009, 3, 27),
    )
    vague = Milestone.objects.create(
        cycle=cast.kring_c.cycle,
        title="Validatiegesprek",
        kind="other",
        precision="window",
        date_from=dt.date(2009, 4, 1),
        date_to=dt.date(2009, 5, 29),
    )
    KringMilestone.objects.create(kring=cast.kring_c, milestone=vague, date=dt.date(2009, 5, 6))
    Action.objects.create(
        kring=cast.kring_c, text="Normen opsturen", owner=cast.participant, due_on=dt.date(2009, 4, 3)
    )
    Action.objects.create(kring=cast.kring_c, text="Van een ander", owner=cast.colleague, due_on=dt.date(2009, 4, 3))
    Meeting.objects.create(kring=cast.kring_v, number=1, title="Geheim van V", date=dt.date(2009, 6, 1))
    response = read(calendars.open_feed(person=cast.participant))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    calendar = Calendar.from_ical(response.content)
    days = {str(event["SUMMARY"]): event.decoded("DTSTART").isoformat() for event in calendar.walk("VEVENT")}
    assert days == {
        "Kring C: Kringbijeenkomst 1": "2009-06-25T13:00:00+02:00",
        "Deadline I (Kring C)": "2009-03-27",
        "Validatiegesprek (Kring C)": "2009-05-06",
        "Toegezegd: Normen opsturen": "2009-04-03",
    }
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Amsterdam"]
    assert window.pk != vague.pk


@pytest.mark.parametrize(("day", "offset"), [((2009, 6, 25), "+02:00"), ((2009, 11, 19), "+01:00")])
def test_a_second_library_reads_the_same(cast, planned, day, offset):
    import vobject

    Meeting.objects.update(date=dt.date(*day))
    meeting = Meeting.objects.get(pk=planned.pk)
    text = ical.message_of(meeting, "https://kringen.example/", method="REQUEST", guest=cast.participant).decode()
    found = vobject.readOne(text)
    written = meeting.date.isoformat()
    assert found.method.value == "REQUEST"
    assert found.vevent.uid.value == f"meeting-{meeting.pk}@testserver"
    assert found.vevent.dtstart.value.isoformat() == f"{written}T13:00:00{offset}"
    assert found.vevent.dtend.value.isoformat() == f"{written}T16:00:00{offset}"
    assert found.vevent.location.value == "Raadhuis; zaal 1"
    # The first library, with the zone that the file brings along and nothing it knows by itself.
    event = event_of(Calendar.from_ical(text.replace("Europe/Amsterdam", "Hier")))
    assert event.decoded("DTSTART").isoformat() == f"{written}T13:00:00{offset}"


def test_a_new_address_ends_the_old_one_and_ending_ends_it(cast):
    old = calendars.open_feed(person=cast.participant)
    new = calendars.open_feed(person=cast.participant)
    assert (read(old).status_code, read(new).status_code) == (404, 200)
    assert calendars.close_feed(person=cast.participant) is True
    assert read(new).status_code == 404
    assert calendars.close_feed(person=cast.participant) is False


def test_a_tampered_address_does_not_exist(cast):
    token = calendars.open_feed(person=cast.participant)
    for wrong in (token[:-1], token + "a", token.swapcase(), "x"):
        assert read(wrong).status_code == 404
    assert token not in str(CalendarFeed.objects.values())


def test_who_leaves_the_kring_or_is_deactivated_reads_nothing_of_it(cast, planned):
    token = calendars.open_feed(person=cast.participant)
    assert b"Kringbijeenkomst 1" in read(token).content
    Role.objects.filter(user=cast.participant).update(until=dt.date(2009, 3, 1))
    assert b"Kringbijeenkomst 1" not in read(token).content
    cast.participant.is_active = False
    cast.participant.save()
    assert read(token).status_code == 404


def test_the_page_shows_the_address_once(cast, client):
    client.force_login(cast.participant)
    assert client.get("/mijn-agenda/").context["feed"] is None
    made = client.post("/mijn-agenda/", {"do": "new"})
    address = made.context["address"]
    assert address.startswith("http://testserver/mijn-agenda/")
    assert Client().get(address).status_code == 200
    assert address not in client.get("/mijn-agenda/").content.decode()
    client.post("/mijn-agenda/", {"do": "end"})
    assert Client().get(address).status_code == 404


def test_the_steering_group_reads_its_own_meetings(cast, planned):
    Meeting.objects.create(
        kring=cast.kring_c, number=2, title="Stuurgroep 1", kind="steering", date=dt.date(2009, 4, 2)
    )
    text = read(calendars.open_feed(person=cast.steering)).content.decode()
    assert "Stuurgroep 1" in text
    assert "Stuurgroep 1" not in read(calendars.open_feed(person=cast.participant)).content.decode()
