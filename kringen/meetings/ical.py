"""Meetings as calendar files and calendar mail, with the time zone spelled out so that every calendar reads it alike.

RFC 5545 for the file, RFC 5546 for asking (`REQUEST`) and calling off (`CANCEL`): the same UID for ever, and a
SEQUENCE that rises with every change, so that a calendar knows which of two messages is the newer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

from kringen.models import Meeting
from people.models import User

ZONE = ZoneInfo("Europe/Amsterdam")
DEFAULT_LENGTH = dt.timedelta(hours=2)
PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"


@dataclass(frozen=True)
class Day:
    """Something in a calendar that lasts whole days: a milestone, or an action that is due."""

    key: str
    title: str
    first: dt.date
    last: dt.date
    address: str


def calendar_of(meeting: Meeting, address: str) -> bytes:
    """Return one meeting as an iCalendar file to read in.

    Args:
        meeting: with its kring and agenda items.
        address: the full address of its page.
    """
    return _calendar(PUBLISH, [_event(meeting, address)])


def message_of(meeting: Meeting, address: str, *, method: str, guest: User) -> bytes:
    """Return the calendar part of a mail that asks one person to a meeting, tells of a change, or calls it off.

    Args:
        meeting: with its kring and agenda items.
        address: the full address of its page.
        method: REQUEST (also for a change) or CANCEL.
        guest: to whom; nobody else's address is in it.
    """
    event = _event(meeting, address)
    organizer = vCalAddress(f"mailto:{_mailbox(settings.DEFAULT_FROM_EMAIL)}")
    organizer.params["CN"] = vText(meeting.kring.name)
    event["organizer"] = organizer
    attendee = vCalAddress(f"mailto:{guest.email}")
    attendee.params["CN"] = vText(guest.name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    # The answer is given on the site: a mail back would reach nobody.
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    return _calendar(method, [event])


def feed_of(meetings: Iterable[tuple[Meeting, str]], days: Iterable[Day], *, name: str) -> bytes:
    """Return somebody's whole calendar: meetings with the addresses of their pages, and what lasts whole days."""
    events = [_event(meeting, address) for meeting, address in meetings]
    for day in days:
        event = Event()
        event.add("uid", f"{day.key}@{_host()}")
        event.add("dtstamp", timezone.now())
        event.add("summary", day.title)
        event.add("dtstart", day.first)
        event.add("dtend", day.last + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("url", day.address)
        events.append(event)
    return _calendar(PUBLISH, events, name=name)


def _mailbox(text: str) -> str:
    return text.rpartition("<")[2].rstrip("> ")


def _host() -> str:
    return str(settings.BASE_URL).split("://", maxsplit=1)[-1]


def _event(meeting: Meeting, address: str) -> Event:
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{_host()}")
    event.add("dtstamp", timezone.now())
    event.add("sequence", meeting.calendar_version)
    event.add("summary", f"{meeting.kring.name}: {meeting.title}")
    event.add("url", address)
    event.add("status", "CANCELLED" if meeting.state == Meeting.State.CANCELLED else "CONFIRMED")
    where = " · ".join(part for part in (meeting.place, meeting.video_link) if part)
    if where:
        event.add("location", where)
    lines = [item.title for item in meeting.agenda_items.all()]
    event.add("description", "\n".join([*lines, address]))
    if meeting.starts_at is None:
        event.add("dtstart", meeting.date)
        event.add("dtend", meeting.date + dt.timedelta(days=1))
    else:
        start = dt.datetime.combine(meeting.date, meeting.starts_at, ZONE)
        end = dt.datetime.combine(meeting.date, meeting.ends_at, ZONE) if meeting.ends_at else start + DEFAULT_LENGTH
        event.add("dtstart", start)
        event.add("dtend", end)
    return event


def _calendar(method: str, events: list[Event], *, name: str = "") -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Kringen//NL")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", str(ZONE))
        calendar.add("refresh-interval", dt.timedelta(hours=4), parameters={"VALUE": "DURATION"})
    calendar.add_component(_zone())
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical()


def _zone() -> Timezone:
    """Return Europe/Amsterdam by the rule of Directive 2000/84/EC, in force since 1996.

    Written out, because what the library derives lists dates an hour off, and not every calendar reads such a list.
    """
    zone = Timezone()
    zone.add("tzid", str(ZONE))
    for part, name, month, first, before, after in (
        (TimezoneDaylight(), "CEST", 3, dt.datetime(1996, 3, 31, 2), 1, 2),  # noqa: DTZ001 — local time, as RFC 5545 asks
        (TimezoneStandard(), "CET", 10, dt.datetime(1996, 10, 27, 3), 2, 1),  # noqa: DTZ001
    ):
        part.add("dtstart", first)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzname", name)
        part.add("tzoffsetfrom", dt.timedelta(hours=before))
        part.add("tzoffsetto", dt.timedelta(hours=after))
        zone.add_component(part)
    return zone
