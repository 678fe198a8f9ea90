"""A meeting as a calendar file, with the time zone spelled out so that every calendar reads it alike."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event

from kringen.models import Meeting

ZONE = ZoneInfo("Europe/Amsterdam")
DEFAULT_LENGTH = dt.timedelta(hours=2)


def calendar_of(meeting: Meeting, address: str) -> bytes:
    """Return one meeting as an iCalendar file.

    Args:
        meeting: with its kring and agenda items.
        address: the full address of its page.
    """
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{settings.BASE_URL.split('://')[-1]}")
    event.add("dtstamp", timezone.now())
    event.add("sequence", meeting.agenda_version)
    event.add("summary", f"{meeting.kring.name}: {meeting.title}")
    event.add("url", address)
    event.add("status", "CANCELLED" if meeting.state == Meeting.State.CANCELLED else "CONFIRMED")
    if meeting.place:
        event.add("location", meeting.place)
    lines = [item.title for item in meeting.agenda_items.all()]
    event.add("description", "\n".join([*lines, address]))
    if meeting.starts_at is None:
        event.add("dtstart", meeting.date)
    else:
        start = dt.datetime.combine(meeting.date, meeting.starts_at, ZONE)
        end = dt.datetime.combine(meeting.date, meeting.ends_at, ZONE) if meeting.ends_at else start + DEFAULT_LENGTH
        event.add("dtstart", start)
        event.add("dtend", end)
    calendar = Calendar()
    calendar.add("prodid", "-//Kringen//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()
