"""What the page of a meeting shows of what came of it, and what of earlier promises it should talk about."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from kringen.models import Action, AgendaItem, Decision, Meeting, MeetingFile, Minutes, OfficeQuestion
from kringen.permissions import can_ask_office, can_write_minutes
from people import clock


@dataclass(frozen=True)
class Aftermath:
    """The outputs of one meeting, as one reader may see them."""

    minutes: Minutes | None
    decisions: list[Decision]
    sheets: list[MeetingFile]
    photos: list[MeetingFile]
    questions: list[OfficeQuestion]
    writes: bool
    may_ask: bool
    submission: uuid.UUID


def of(meeting: Meeting, user: Any) -> Aftermath:
    """Return what came of a meeting. Four queries, however much there is."""
    files = list(meeting.files.all())
    return Aftermath(
        minutes=Minutes.objects.visible_to(user).filter(meeting=meeting).first(),
        decisions=list(meeting.decisions.select_related("item")),
        sheets=[one for one in files if one.role == MeetingFile.Role.SHEETS],
        photos=[one for one in files if one.role == MeetingFile.Role.PHOTO],
        questions=list(meeting.office_questions.select_related("asked_by__municipality", "answered_by")),
        writes=can_write_minutes(user, meeting),
        may_ask=can_ask_office(user, meeting),
        submission=uuid.uuid4(),
    )


def late_actions(meeting: Meeting, user: Any) -> list[Action]:
    """Return the overdue promises of the kring that belong on the agenda of its next meeting; none at any other."""
    upcoming = Meeting.objects.for_the_circle().upcoming().filter(kring=meeting.kring_id).first()
    if upcoming is None or upcoming.pk != meeting.pk:
        return []
    late = Action.objects.visible_to(user).open().filter(kring=meeting.kring_id, due_on__lt=clock.today())
    return list(late.select_related("owner", "municipality"))


def has_place_for_them(items: list[AgendaItem]) -> bool:
    """Say whether an agenda has an item where promises are gone through."""
    return any(item.kind == AgendaItem.Kind.ACTIONS for item in items)
