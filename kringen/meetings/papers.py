"""Papers with the items of an agenda: brought before or at the meeting, gone when their item goes."""

from __future__ import annotations

from collections import defaultdict

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kringen.filekinds import examine
from kringen.meetings import outcomes
from kringen.meetings.meeting_room import lock_room, say_agenda_changed
from kringen.models import AgendaItem, Meeting, MeetingFile
from people.models import User


def bring(*, item: AgendaItem, upload: UploadedFile, by: User) -> MeetingFile:
    """Keep a paper with an item of an agenda; open screens of the meeting show it.

    Raises:
        OutcomeRefused: the meeting has 60 files already, or somebody removed the item in the meantime.
        FileRefused: the file is of no kind that is kept, too large or broken.
    """
    outcomes.need_place(item.meeting)
    found = examine(upload, upload.size or 0)  # type: ignore[arg-type]  # an upload reads like a file
    with transaction.atomic():
        room = lock_room(item.meeting_id)
        locked = AgendaItem.objects.select_for_update(of=("self",)).select_related("meeting").filter(pk=item.pk).first()
        if locked is None:
            raise outcomes.OutcomeRefused(_("This item is not on the agenda any more. Choose another one."))
        paper = MeetingFile(meeting=locked.meeting, item=locked, role=MeetingFile.Role.PAPER, brought_by=by)
        made = outcomes.keep(paper, upload.name or "", found)
        say_agenda_changed(room_id=room, version=locked.meeting.agenda_version, by=by)
    return made


@transaction.atomic
def take_away(*, paper: MeetingFile, by: User) -> None:
    """Take a paper away from its item; open screens of the meeting follow."""
    room = lock_room(paper.meeting_id)
    outcomes.take_away(files=[paper])
    say_agenda_changed(room_id=room, version=paper.meeting.agenda_version, by=by)


def drop_with(items: QuerySet[AgendaItem]) -> None:
    """Take away the papers of items that are about to be removed; part of that transaction."""
    outcomes.take_away(files=MeetingFile.objects.filter(item__in=items))


def by_item(meeting: Meeting) -> dict[int, list[MeetingFile]]:
    """Return the papers of a meeting by the id of their item, in the order in which they came: one query."""
    found: dict[int, list[MeetingFile]] = defaultdict(list)
    for paper in meeting.files.filter(role=MeetingFile.Role.PAPER):
        if paper.item_id is not None:
            found[paper.item_id].append(paper)
    return found
