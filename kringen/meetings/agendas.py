"""The agenda of a meeting: stored as a whole, so that two editors cannot overwrite each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kringen.meetings import papers
from kringen.meetings.meeting_room import lock_room, say_agenda_changed
from kringen.models import AgendaItem, Meeting
from people import clock
from people.models import User


class AgendaRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """The agenda cannot take this; the text is the sentence to show."""


class AgendaChanged(Exception):  # noqa: N818 — it is an answer to a person
    """Somebody saved the agenda after this person opened it. Nothing of this save was kept in the database."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(_("Somebody else saved this agenda after you opened it."))
        self.meeting = meeting


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
MOST_ITEMS = 60
# Above every real position, so that a renumbering never meets a number that is still in use.
ASIDE = 10_000


@transaction.atomic
def save_agenda(*, meeting: Meeting, lines: Sequence[AgendaLine], seen: int, by: User | None = None) -> Meeting:
    """Store a whole agenda, if nobody else did since version `seen`; open screens of the meeting follow.

    The version is raised by an UPDATE that also compares it: of two savers at the same moment one changes a row and
    the other none. The same lines sent twice count as saved.

    Args:
        meeting: whose agenda.
        lines: in their order; items that are not among them are removed, with the papers they had.
        seen: the version that the person had on the screen.
        by: who saves.

    Raises:
        AgendaChanged: when the agenda is newer and says something else; nothing was stored.
    """
    room = lock_room(meeting.pk)
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
    gone = meeting.agenda_items.exclude(pk__in=wanted)
    papers.drop_with(gone)
    gone.delete()
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
    say_agenda_changed(room_id=room, version=meeting.agenda_version, by=by)
    return meeting


@transaction.atomic
def insert(
    *, meeting: Meeting, line: AgendaLine, carried_from: AgendaItem | None = None, by: User | None = None
) -> AgendaItem:
    """Put one item at the end of an agenda, before the closing; who has the agenda open is told when they save.

    Open screens of the meeting follow at once.

    Raises:
        AgendaRefused: the meeting is over or off, or its agenda is full.
    """
    room = lock_room(meeting.pk)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.state != Meeting.State.PLANNED or meeting.date < clock.today():
        raise AgendaRefused(
            _("“%(meeting)s” is over or off. Choose a meeting that is still to come.") % {"meeting": meeting}
        )
    items = list(meeting.agenda_items.order_by("position"))
    if len(items) >= MOST_ITEMS:
        raise AgendaRefused(_("This agenda has 60 items already. Choose another meeting, or the backlog."))
    meeting.agenda_version += 1
    meeting.save(update_fields=["agenda_version"])
    closing = len(items)
    while closing and items[closing - 1].kind == AgendaItem.Kind.CLOSING:
        closing -= 1
    position = items[closing].position if closing < len(items) else (items[-1].position if items else 0) + 1
    later = meeting.agenda_items.filter(position__gte=position)
    later.update(position=F("position") + ASIDE)
    meeting.agenda_items.filter(position__gte=ASIDE).update(position=F("position") - ASIDE + 1)
    fields = {field: getattr(line, field) for field in AGENDA_FIELDS}
    made = AgendaItem.objects.create(meeting=meeting, position=position, carried_from=carried_from, **fields)
    say_agenda_changed(room_id=room, version=meeting.agenda_version, by=by)
    return made


def takes_proposals(meeting: Meeting) -> bool:
    """Say whether members can still propose items for a meeting: until its day, unless it is over or off."""
    return meeting.state == Meeting.State.PLANNED and meeting.date > clock.today()
