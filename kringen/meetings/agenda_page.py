"""An agenda as the page of its meeting shows it: notes with their cards and links, and where unfinished items went."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from kringen.cards import in_notes
from kringen.conversation.room_permissions import can_talk_in
from kringen.meetings import papers, proposals
from kringen.meetings.agenda import Slot, Timetable
from kringen.models import AgendaItem, AgendaProposal, Meeting, MeetingFile
from kringen.permissions import can_edit_agenda
from people.models import User


@dataclass(frozen=True)
class ShownSlot(Slot):
    """One item with what hangs on it for one reader.

    Attributes:
        notes: without the addresses.
        links: addresses that become no card.
        cards: where the cards of this item come from, empty without any.
        history: at which meetings it was before, in words.
        goes_on: whether it is on a later agenda or on the backlog, because it was not finished here.
        may_carry: whether this reader can say that it was not finished.
        papers: brought with it.
    """

    notes: str = ""
    links: tuple[str, ...] = ()
    cards: str = ""
    history: str = ""
    goes_on: bool = False
    may_carry: bool = False
    papers: tuple[MeetingFile, ...] = ()


def shown(agenda: Timetable, meeting: Meeting, user: User, today: dt.date) -> list[ShownSlot]:
    """Return the items of an agenda for a reader; the same queries however many items (see `proposals.histories`).

    Args:
        agenda: of the meeting.
        meeting: with its kring.
        user: who reads.
        today: the day it is.
    """
    items = [slot.item for slot in agenda.slots]
    for_all = meeting.kind in Meeting.OPEN_KINDS
    has_been = meeting.state == Meeting.State.HELD or (meeting.state == Meeting.State.PLANNED and meeting.date <= today)
    talks = for_all and can_talk_in(user, meeting.kring)
    before = proposals.histories((item.pk, item.carried_from_id) for item in items)
    gone = _carried([item.pk for item in items]) if for_all and has_been else set()
    hung = papers.by_item(meeting)
    may_carry = for_all and has_been and can_edit_agenda(user, meeting)
    return [
        ShownSlot(
            **vars(slot),
            notes=in_notes.plain_notes(slot.item.notes),
            links=tuple(in_notes.links_of(slot.item.notes)),
            cards=_cards(meeting, slot.item) if talks and in_notes.has_cards(slot.item.notes) else "",
            history=proposals.history_text(before.get(slot.item.pk, ())),
            goes_on=slot.item.pk in gone,
            may_carry=may_carry and slot.item.pk not in gone,
            papers=tuple(hung.get(slot.item.pk, ())),
        )
        for slot in agenda.slots
    ]


def _cards(meeting: Meeting, item: AgendaItem) -> str:
    return reverse("kringen:meeting-item-cards", args=[meeting.kring.slug, meeting.number, item.pk])


def _carried(items: list[int]) -> set[int]:
    """Return which items go on elsewhere."""
    there = AgendaItem.objects.filter(carried_from__in=items).values_list("carried_from", flat=True)
    waits = AgendaProposal.objects.filter(carried_from__in=items).values_list("carried_from", flat=True)
    return {pk for pk in (*there, *waits) if pk is not None}
