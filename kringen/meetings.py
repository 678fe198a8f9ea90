"""Planning meetings and keeping their agendas."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Max
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kringen import dates
from kringen.models import AgendaItem, Kring, KringMilestone, Meeting, Milestone


class MeetingRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """The meeting cannot be like this; the text is the sentence to show."""


class AgendaChanged(Exception):  # noqa: N818 — it is an answer to a person
    """Somebody saved the agenda after this person opened it. Nothing of this save was kept in the database."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(_("Somebody else saved this agenda after you opened it."))
        self.meeting = meeting


@dataclass(frozen=True)
class MeetingDetails:
    """What a facilitator says about a meeting."""

    title: str
    date: dt.date
    starts_at: dt.time | None = None
    ends_at: dt.time | None = None
    place: str = ""
    video_link: str = ""
    theme: str = ""


@dataclass(frozen=True)
class AgendaLine:
    """One line of an agenda as typed. `pk` is None for a new one; its position is its place in the list."""

    title: str
    kind: str = AgendaItem.Kind.THEME
    starts_at: dt.time | None = None
    minutes: int | None = None
    presenter: str = ""
    notes: str = ""
    pk: int | None = None

    def says_the_same_as(self, item: AgendaItem) -> bool:
        """Say whether a stored item has exactly this content."""
        return all(getattr(item, field) == getattr(self, field) for field in AGENDA_FIELDS)


AGENDA_FIELDS = ("title", "kind", "starts_at", "minutes", "presenter", "notes")
# Above every real position, so that a renumbering never meets a number that is still in use.
ASIDE = 10_000


def _check(details: MeetingDetails) -> None:
    if details.starts_at and details.ends_at and details.ends_at <= details.starts_at:
        raise MeetingRefused(_("The meeting ends before it starts. Choose a later end time, or leave it empty."))


@transaction.atomic
def plan_meeting(*, kring: Kring, details: MeetingDetails, submission: uuid.UUID | None) -> Meeting:
    """Plan the next meeting of a kring; the same form sent twice returns the meeting of the first time.

    Raises:
        MeetingRefused: when it ends before it starts.
    """
    _check(details)
    kring = Kring.objects.select_for_update().get(pk=kring.pk)
    if submission is not None:
        made = kring.meetings.filter(submission=submission).first()
        if made is not None:
            return made
    last = kring.meetings.aggregate(last=Max("number"))["last"] or 0
    meeting = Meeting.objects.create(kring=kring, number=last + 1, submission=submission, **vars(details))
    _keep_year_plan_in_step(kring, None, details.date)
    return meeting


@transaction.atomic
def change_meeting(*, meeting: Meeting, details: MeetingDetails) -> Meeting:
    """Change what was said about a meeting; the kring's own day in the year plan moves along.

    Raises:
        MeetingRefused: when it ends before it starts.
    """
    _check(details)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    before = meeting.date
    for field, value in vars(details).items():
        setattr(meeting, field, value)
    meeting.save(update_fields=list(vars(details)))
    if before != details.date:
        _keep_year_plan_in_step(meeting.kring, before, details.date)
    return meeting


@transaction.atomic
def set_state(*, meeting: Meeting, state: Meeting.State) -> Meeting:
    """Cancel a meeting, or take that back; a cancelled meeting stays visible, with the word.

    Raises:
        MeetingRefused: when it was held already.
    """
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.state == Meeting.State.HELD:
        raise MeetingRefused(_("This meeting has been held and cannot be cancelled any more."))
    meeting.state = state
    meeting.save(update_fields=["state"])
    return meeting


def _keep_year_plan_in_step(kring: Kring, before: dt.date | None, after: dt.date) -> None:
    """Make the day of a meeting the kring's own day in the window that was announced for it."""
    windows = kring.cycle.milestones.filter(kind=Milestone.Kind.MEETING, precision=Milestone.Precision.WINDOW)
    moved = before and KringMilestone.objects.filter(kring=kring, milestone__in=windows, date=before).first()
    if moved:
        moved.date = after
        moved.save(update_fields=["date"])
        return
    window = windows.filter(date_from__lte=after, date_to__gte=after).exclude(kring_dates__kring=kring).first()
    if window is not None:
        KringMilestone.objects.create(kring=kring, milestone=window, date=after)


def outside_the_year_plan(kring: Kring, day: dt.date) -> str:
    """Return a warning when no kring meeting was announced for this day, naming the nearest; else an empty text."""
    announced = list(kring.cycle.milestones.filter(kind=Milestone.Kind.MEETING))
    if not announced or any(each.date_from <= day <= each.date_to for each in announced):
        return ""
    nearest = min(announced, key=lambda each: min(abs((each.date_from - day).days), abs((each.date_to - day).days)))
    return _("%(day)s lies outside the year plan. The nearest is “%(milestone)s”: %(period)s.") % {
        "day": capfirst(dates.weekday_text(day)),
        "milestone": nearest.title,
        "period": dates.window_text(nearest.date_from, nearest.date_to),
    }


@transaction.atomic
def save_agenda(*, meeting: Meeting, lines: Sequence[AgendaLine], seen: int) -> Meeting:
    """Store a whole agenda, if nobody else did since version `seen`.

    The version is raised by an UPDATE that also compares it: of two savers at the same moment one changes a row and
    the other none. The same lines sent twice count as saved.

    Args:
        meeting: whose agenda.
        lines: in their order; items that are not among them are removed.
        seen: the version that the person had on the screen.

    Raises:
        AgendaChanged: when the agenda is newer and says something else; nothing was stored.
    """
    won = Meeting.objects.filter(pk=meeting.pk, agenda_version=seen).update(agenda_version=F("agenda_version") + 1)
    meeting = Meeting.objects.get(pk=meeting.pk)
    stored = list(meeting.agenda_items.all())
    if not won:
        if len(stored) == len(lines) and all(
            line.says_the_same_as(item) for line, item in zip(lines, stored, strict=True)
        ):
            return meeting
        raise AgendaChanged(meeting)

    kept = {item.pk: item for item in stored}
    wanted = {line.pk for line in lines if line.pk is not None}
    meeting.agenda_items.exclude(pk__in=wanted).delete()
    meeting.agenda_items.update(position=F("position") + ASIDE)
    fresh: list[AgendaItem] = []
    changed: list[AgendaItem] = []
    for position, line in enumerate(lines, start=1):
        # An item of another meeting, or one named twice, is simply a new line here.
        item = kept.pop(line.pk, None) if line.pk is not None else None
        (fresh if item is None else changed).append(item := item or AgendaItem(meeting=meeting))
        item.position = position
        for field in AGENDA_FIELDS:
            setattr(item, field, getattr(line, field))
    AgendaItem.objects.bulk_update(changed, ["position", *AGENDA_FIELDS])
    AgendaItem.objects.bulk_create(fresh)
    return meeting
