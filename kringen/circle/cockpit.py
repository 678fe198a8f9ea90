"""What a facilitator should look after: each line says who or what, and leads to the act that solves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kringen.circle import memberships, progress
from kringen.conversation.notices import address_of
from kringen.meetings import replies
from kringen.models import Action, Kring, Meeting, Message, Minutes, OfficeQuestion
from people import clock

SILENT_AFTER = dt.timedelta(days=30)
ANSWER_WITHIN = dt.timedelta(days=5)
SHOWN = 12


@dataclass(frozen=True)
class Point:
    """One thing to look after: what, and the page where it is solved."""

    text: str
    url: str


@dataclass(frozen=True)
class Concern:
    """A kind of thing to look after: its title, what to do about it, and what was found."""

    key: str
    title: str
    advice: str
    points: tuple[Point, ...]


def concerns(kring: Kring) -> list[Concern]:
    """Return what needs the facilitator of a kring, the empty kinds included: nothing to do is an answer too.

    The same number of queries however many members, messages and actions there are.
    """
    [line] = progress.lines(Kring.objects.filter(pk=kring.pk))
    people = memberships.people_of(kring)
    here = reverse("kringen:kring", args=[kring.slug])
    room = kring.rooms.filter(is_archived=False).order_by("pk").first()
    talk = reverse("kringen:room", args=[kring.slug, room.pk]) if room else reverse("kringen:rooms", args=[kring.slug])
    without_intake = [place for place in line.members if place.pk not in line.with_intake]
    without_figures = [place for place in line.members if line.core and not line.delivered[place.pk]]
    return [
        Concern(
            "silent",
            _("Municipalities that said nothing for a month"),
            _("Ask them something they know about."),
            _named((place.name for place in line.members if place.pk not in _speakers(kring)), talk),
        ),
        Concern(
            "questions",
            _("Questions that nobody answered for five days"),
            _("Answer, or bring it to somebody who knows."),
            tuple(
                Point(
                    _("%(name)s in “%(topic)s”, %(day)s")
                    % {
                        "name": message.sender,
                        "topic": message.topic,
                        "day": timezone.localdate(message.created_at).strftime("%d-%m-%Y"),
                    },
                    address_of(message),
                )
                for message in unanswered(kring)[:SHOWN]
            ),
        ),
        Concern(
            "answers",
            _("Has not said yet whether they come to the next meeting"),
            _("Send the invitation again, or call."),
            _not_answered(line),
        ),
        Concern(
            "owners",
            _("Actions without an owner"),
            _("Agree who does it."),
            tuple(Point(action.text, _to_change(action)) for action in line.open_actions if action.owner_id is None),
        ),
        Concern(
            "overdue",
            _("Actions that should have been done"),
            _("Ask how it stands; help, or drop it together."),
            tuple(_overdue(action) for action in line.overdue_actions),
        ),
        Concern(
            "minutes",
            _("Meetings held without minutes, and minutes that wait to be adopted"),
            _("Make the draft, answer what was proposed, or adopt them."),
            _minutes(kring),
        ),
        Concern(
            "office",
            _("Questions to the office without an answer"),
            _("Answer where everybody at the table reads it."),
            tuple(
                Point(question.text, f"{question.meeting.get_absolute_url()}#question-{question.pk}")
                for question in OfficeQuestion.objects.filter(
                    meeting__kring=kring, answered_at__isnull=True
                ).select_related("meeting__kring")[:SHOWN]
            ),
        ),
        Concern(
            "intakes",
            _("Municipalities without an intake"),
            _("Ask for it: themes and questions come from it."),
            _named((place.name for place in without_intake), f"{here}#members"),
        ),
        Concern(
            "figures",
            _("Municipalities without any core figure of this year"),
            _("Ask whether they need help; the office knows how."),
            _named((place.name for place in without_figures), f"{here}#members"),
        ),
        Concern(
            "people",
            _("Municipalities without a person on the site"),
            _("Invite somebody."),
            _named(
                (
                    place.name
                    for place in line.members
                    if place.pk not in {each.user.municipality_id for each in people}
                ),
                reverse("kringen:members", args=[kring.slug]),
            ),
        ),
    ]


def _named(names: Iterable[str], url: str) -> tuple[Point, ...]:
    return tuple(Point(name, url) for name in names)


def _speakers(kring: Kring) -> set[int | None]:
    """Return the municipalities somebody of whom said something lately."""
    said = Message.objects.filter(room__kring=kring, created_at__gte=timezone.now() - SILENT_AFTER)
    return set(said.order_by().values_list("sender__municipality", flat=True).distinct())


def unanswered(kring: Kring) -> list[Message]:
    """Return the questions after which nobody else said anything in their topic, the oldest first."""
    later = Message.objects.filter(
        topic=OuterRef("topic"), created_seq__gt=OuterRef("created_seq"), deleted_at__isnull=True
    ).exclude(sender=OuterRef("sender"))
    asked = Message.objects.filter(
        room__kring=kring,
        room__is_archived=False,
        topic__resolved_at__isnull=True,
        deleted_at__isnull=True,
        body__contains="?",
        created_at__lte=timezone.now() - ANSWER_WITHIN,
    )
    found = asked.filter(~Exists(later)).select_related("sender", "topic", "room__kring").order_by("created_at", "pk")
    return list(found)


def _not_answered(line: progress.Line) -> tuple[Point, ...]:
    meeting = line.next_meeting
    if meeting is None or meeting.invited_at is None:
        return ()
    meeting.kring = line.kring
    return _named(
        (
            f"{guest.person} ({guest.municipality})" if guest.municipality else str(guest.person)
            for guest in replies.guest_list(meeting).silent
        ),
        f"{meeting.get_absolute_url()}#guests",
    )


def _minutes(kring: Kring) -> tuple[Point, ...]:
    """Return the meetings that were held without minutes, and those whose amendment round is over."""
    today = clock.today()
    held = kring.meetings.exclude(state=Meeting.State.CANCELLED).filter(Q(state=Meeting.State.HELD) | Q(date__lt=today))
    wanting = held.filter(Q(minutes__isnull=True) | Q(minutes__in=Minutes.objects.round_over(today)))
    return tuple(
        Point(
            _("%(meeting)s: no minutes yet") % {"meeting": meeting}
            if not hasattr(meeting, "minutes")
            else _("%(meeting)s: the amendment round is over") % {"meeting": meeting},
            reverse("kringen:minutes", args=[kring.slug, meeting.number]),
        )
        for meeting in wanting.select_related("minutes").order_by("date", "pk")
    )


def _overdue(action: Action) -> Point:
    who = f"{action.owner} ({action.municipality})" if action.owner and action.municipality else action.owner
    day = date_format(action.due_on, "j F Y") if action.due_on else _("no date")
    words = {"what": action.text, "who": who or action.municipality or _("nobody"), "day": day}
    return Point(_("%(what)s: %(who)s, by %(day)s") % words, _to_change(action))


def _to_change(action: Action) -> str:
    """Return the page where an action gets an owner, another date or an end."""
    return reverse("kringen:action-change", args=[action.kring.slug, action.pk])
