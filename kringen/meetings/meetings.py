"""Planning meetings, changing them, calling them off."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kringen.meetings import calendar_mail, ical, meeting_notices, replies
from kringen.models import Kring, KringMilestone, Meeting, Milestone
from kringen.year import dates
from people.models import Municipality, User


class MeetingRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """The meeting cannot be like this; the text is the sentence to show."""


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
    kind: str = Meeting.Kind.KRING
    municipality: Municipality | None = None
    capacity: int | None = None


# What stands in somebody's calendar: a change of these is told.
IN_THE_CALENDAR = ("title", "date", "starts_at", "ends_at", "place", "video_link")
# The moments of the year plan that belong to a kind of meeting.
ANNOUNCED_AS = {
    Meeting.Kind.KRING: Milestone.Kind.MEETING,
    Meeting.Kind.START: Milestone.Kind.MEETING,
    Meeting.Kind.STEERING: Milestone.Kind.STEERING,
}


def _check(kring: Kring, details: MeetingDetails) -> None:
    if details.kind == Meeting.Kind.INTERPRETATION:
        if details.municipality is None:
            raise MeetingRefused(_("An interpretation talk is about one municipality. Choose which."))
        if not kring.memberships.filter(municipality=details.municipality).exists():
            raise MeetingRefused(
                _("%(place)s is not in %(kring)s. Choose one from the list.")
                % {"place": details.municipality, "kring": kring}
            )
    elif details.municipality is not None:
        raise MeetingRefused(_("Only an interpretation talk is about one municipality. Leave it empty."))
    if details.starts_at and details.ends_at and details.ends_at <= details.starts_at:
        raise MeetingRefused(_("The meeting ends before it starts. Choose a later end time, or leave it empty."))


@transaction.atomic
def plan_meeting(*, kring: Kring, details: MeetingDetails, submission: uuid.UUID | None) -> Meeting:
    """Plan the next meeting of a kring; the same form sent twice returns the meeting of the first time.

    Raises:
        MeetingRefused: when it ends before it starts, or a talk about one municipality names none of the kring.
    """
    _check(kring, details)
    kring = Kring.objects.select_for_update().get(pk=kring.pk)
    if submission is not None:
        made = kring.meetings.filter(submission=submission).first()
        if made is not None:
            return made
    last = kring.meetings.aggregate(last=Max("number"))["last"] or 0
    meeting = Meeting.objects.create(kring=kring, number=last + 1, submission=submission, **vars(details))
    _keep_year_plan_in_step(meeting, None)
    return meeting


@transaction.atomic
def plan_series(*, kring: Kring, series: Sequence[tuple[MeetingDetails, uuid.UUID]]) -> list[Meeting]:
    """Plan several meetings at once, all or none; each has a form id of its own, so sent twice they are made once.

    Raises:
        MeetingRefused: when one of them cannot be like this; then none was planned.
    """
    in_order = sorted(series, key=lambda pair: pair[0].date)
    return [plan_meeting(kring=kring, details=details, submission=submission) for details, submission in in_order]


def still_to_plan(kring: Kring) -> list[tuple[Milestone, dt.date]]:
    """Return the kring meetings of the year plan that have no meeting yet, each with the day to propose."""
    own = dict(KringMilestone.objects.filter(kring=kring).values_list("milestone_id", "date"))
    planned = set(kring.meetings.for_the_circle().exclude(state=Meeting.State.CANCELLED).values_list("date", flat=True))
    announced = kring.cycle.milestones.filter(kind=Milestone.Kind.MEETING).order_by("date_from", "pk")
    open_ones = []
    for milestone in announced:
        day = own.get(milestone.pk)
        held = day in planned if day else any(milestone.date_from <= each <= milestone.date_to for each in planned)
        if not held:
            open_ones.append((milestone, day or milestone.date_from))
    return open_ones


@transaction.atomic
def change_meeting(*, meeting: Meeting, details: MeetingDetails, by: User | None = None) -> Meeting:
    """Change what was said about a meeting; the kring's own day in the year plan moves along.

    Who was invited hears of a change of what stands in their calendar; more places go to the waiting list.

    Raises:
        MeetingRefused: when it ends before it starts, or a talk about one municipality names none of the kring.
    """
    meeting = Meeting.objects.select_for_update().select_related("kring").get(pk=meeting.pk)
    _check(meeting.kring, details)
    before = {field: getattr(meeting, field) for field in IN_THE_CALENDAR}
    for field, value in vars(details).items():
        setattr(meeting, field, value)
    is_told = any(getattr(meeting, field) != value for field, value in before.items())
    if is_told:
        meeting.calendar_version += 1
    meeting.save(update_fields=[*vars(details), "calendar_version"])
    if before["date"] != details.date:
        _keep_year_plan_in_step(meeting, before["date"])
    if is_told and meeting.invited_at and meeting.state == Meeting.State.PLANNED:
        _tell_guests(meeting, ical.REQUEST, meeting_notices.CHANGED, by)
    replies.move_up(meeting=meeting)
    return meeting


@transaction.atomic
def set_state(*, meeting: Meeting, state: Meeting.State | str, by: User | None = None) -> Meeting:
    """Cancel a meeting, take that back, or say that it was held; a cancelled meeting stays visible, with the word.

    Raises:
        MeetingRefused: when it was held already.
    """
    meeting = Meeting.objects.select_for_update().select_related("kring").get(pk=meeting.pk)
    if meeting.state == Meeting.State.HELD:
        raise MeetingRefused(_("This meeting has been held and cannot be cancelled any more."))
    if meeting.state == state:
        return meeting
    meeting.state = Meeting.State(state)
    meeting.calendar_version += 1
    meeting.save(update_fields=["state", "calendar_version"])
    if meeting.invited_at and state == Meeting.State.CANCELLED:
        _tell_guests(meeting, ical.CANCEL, meeting_notices.CANCELLED, by)
    elif meeting.invited_at and state == Meeting.State.PLANNED:
        _tell_guests(meeting, ical.REQUEST, meeting_notices.CHANGED, by)
    return meeting


@transaction.atomic
def invite(*, meeting: Meeting, by: User) -> int:
    """Ask everybody who belongs at a meeting, on the site and by calendar mail; return how many.

    Asking again mails everybody again (somebody lost it, or somebody new came); from then on changes are told.

    Raises:
        MeetingRefused: when it was held or cancelled.
    """
    meeting = Meeting.objects.select_for_update().select_related("kring").get(pk=meeting.pk)
    if meeting.state != Meeting.State.PLANNED:
        raise MeetingRefused(_("Only for a meeting that is still to come you can invite people."))
    meeting.invited_at = timezone.now()
    meeting.save(update_fields=["invited_at"])
    return _tell_guests(meeting, ical.REQUEST, meeting_notices.ASKED, by)


def _tell_guests(meeting: Meeting, method: str, notice: str, by: User | None) -> int:
    people = [person.pk for person in replies.asked_to(meeting)]
    meeting_notices.tell(meeting, notice, people=people, actor=by)
    calendar_mail.after_commit(meeting, method)
    return len(people)


def _keep_year_plan_in_step(meeting: Meeting, before: dt.date | None) -> None:
    """Make the day of a kring meeting the kring's own day in the window that was announced for it."""
    kring, after = meeting.kring, meeting.date
    if ANNOUNCED_AS.get(Meeting.Kind(meeting.kind)) != Milestone.Kind.MEETING:
        return
    windows = kring.cycle.milestones.filter(kind=Milestone.Kind.MEETING, precision=Milestone.Precision.WINDOW)
    moved = before and KringMilestone.objects.filter(kring=kring, milestone__in=windows, date=before).first()
    if moved:
        moved.date = after
        moved.save(update_fields=["date"])
        return
    window = windows.filter(date_from__lte=after, date_to__gte=after).exclude(kring_dates__kring=kring).first()
    if window is not None:
        KringMilestone.objects.create(kring=kring, milestone=window, date=after)


def outside_the_year_plan(kring: Kring, day: dt.date, kind: str = Meeting.Kind.KRING) -> str:
    """Return a warning when no meeting of this kind was announced for this day, naming the nearest; else nothing."""
    announced_as = ANNOUNCED_AS.get(Meeting.Kind(kind))
    announced = list(kring.cycle.milestones.filter(kind=announced_as)) if announced_as else []
    if not announced or any(each.date_from <= day <= each.date_to for each in announced):
        return ""
    nearest = min(announced, key=lambda each: min(abs((each.date_from - day).days), abs((each.date_to - day).days)))
    return _("%(day)s lies outside the year plan. The nearest is “%(milestone)s”: %(period)s.") % {
        "day": capfirst(dates.weekday_text(day)),
        "milestone": nearest.title,
        "period": dates.window_text(nearest.date_from, nearest.date_to),
    }
