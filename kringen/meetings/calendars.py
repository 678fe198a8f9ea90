"""The secret address under which somebody's own calendar program reads their meetings and deadlines."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kringen.meetings import ical
from kringen.models import Action, CalendarFeed, Kring, KringMilestone, Meeting, Milestone
from kringen.year import yearplan
from people import clock
from people.models import User
from people.permissions import is_steering

PAST = dt.timedelta(days=400)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def open_feed(*, person: User) -> str:
    """Make a new secret address for somebody's calendar and return its token; the old address stops at once."""
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.filter(person=person).delete()
    CalendarFeed.objects.create(person=person, token_hash=_hashed(token))
    return token


@transaction.atomic
def close_feed(*, person: User) -> bool:
    """Make the address of somebody's calendar stop; return whether there was one."""
    return CalendarFeed.objects.filter(person=person).delete()[0] > 0


def find(token: str) -> User | None:
    """Return whose calendar a token opens, or None; somebody who was deactivated has no calendar."""
    feed = (
        CalendarFeed.objects.filter(token_hash=_hashed(token), person__is_active=True).select_related("person").first()
    )
    if feed is None:
        return None
    CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=timezone.now())
    return feed.person


def days_of(kring: Kring, timeline: yearplan.Timeline) -> list[ical.Day]:
    """Return the moments of a kring's year plan as days of a calendar."""
    address = f"{settings.BASE_URL.rstrip('/')}{reverse('kringen:year-plan', args=[kring.slug])}"
    return [
        ical.Day(
            key=f"milestone-{entry.milestone.pk}-{kring.pk}",
            title=f"{entry.milestone.title} ({kring.name})",
            first=entry.first,
            last=entry.last,
            address=f"{address}#m{entry.milestone.pk}",
        )
        for entry in timeline.entries
    ]


def content_for(person: User) -> bytes:
    """Return somebody's calendar: their meetings, the moments of their year plans and what they promised.

    Decided anew at every reading: who left a kring reads nothing of it any more.
    """
    since = clock.today() - PAST
    kringen = list(Kring.objects.with_person(person).select_related("cycle").prefetch_related("cycle__milestones"))
    meetings = Meeting.objects.visible_to(person).filter(date__gte=since)
    if not is_steering(person):
        meetings = meetings.filter(kring__in=kringen)
    own: dict[int, dict[int, dt.date]] = {}
    for line in KringMilestone.objects.filter(kring__in=kringen):
        own.setdefault(line.kring_id, {})[line.milestone_id] = line.date
    base = settings.BASE_URL.rstrip("/")
    with translation.override(person.language):
        days = [
            day
            for kring in kringen
            for day in days_of(
                kring,
                yearplan.timeline(
                    # A meeting stands in the calendar with its hour; its milestone would be there twice.
                    [each for each in kring.cycle.milestones.all() if each.kind != Milestone.Kind.MEETING],
                    own.get(kring.pk, {}),
                    clock.today(),
                ),
            )
        ]
        promised = Action.objects.visible_to(person).open().filter(owner=person, due_on__isnull=False)
        days += [
            ical.Day(
                key=f"action-{action.pk}",
                title=_("Promised: %(what)s") % {"what": action.text},
                first=action.due_on,  # type: ignore[arg-type]  # filtered above
                last=action.due_on,  # type: ignore[arg-type]
                address=f"{base}{reverse('kringen:actions', args=[action.kring.slug])}",
            )
            for action in promised.select_related("kring")
        ]
        found = meetings.select_related("kring").prefetch_related("agenda_items").order_by("date", "pk")
        return ical.feed_of(
            ((meeting, base + meeting.get_absolute_url()) for meeting in found),
            days,
            name=_("Kringen: meetings and deadlines"),
        )
