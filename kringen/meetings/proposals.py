"""Items that members want on an agenda, and what comes of them; items that were not finished and go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kringen.meetings import agendas, proposal_notices
from kringen.meetings.agendas import AgendaLine
from kringen.models import AgendaItem, AgendaProposal, Kring, Meeting
from people import clock
from people.models import User

LONGEST_ANSWER = 400
# So often at most an item was put off before somebody ended it; no chain is followed further back.
FURTHEST = 12


class ProposalRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """The proposal cannot be made or answered like this; the text is the sentence to show."""


@dataclass(frozen=True)
class Wish:
    """What a member proposes."""

    title: str
    why: str = ""
    kind: str = AgendaItem.Kind.THEME
    minutes: int | None = None


@transaction.atomic
def propose(
    *, kring: Kring, wish: Wish, by: User, meeting: Meeting | None = None, submission: UUID | None = None
) -> AgendaProposal:
    """Propose an item for a meeting, or for the backlog; the same form sent twice makes one.

    Raises:
        ProposalRefused: the meeting is of another kring, not for the whole circle, or its agenda is closed.
    """
    kring = Kring.objects.select_for_update().get(pk=kring.pk)
    if submission is not None:
        made = kring.proposals.filter(submission=submission).first()
        if made is not None:
            return made
    if meeting is not None:
        if meeting.kring_id != kring.pk or meeting.kind not in Meeting.OPEN_KINDS:
            raise ProposalRefused(_("That meeting is not of this kring. Choose one from the list."))
        if not agendas.takes_proposals(meeting):
            raise ProposalRefused(
                _("The agenda of “%(meeting)s” is closed. Propose it for a later meeting, or for the backlog.")
                % {"meeting": meeting}
            )
    made = AgendaProposal.objects.create(
        kring=kring,
        meeting=meeting,
        proposer=by,
        municipality_id=by.municipality_id,
        submission=submission,
        **vars(wish),
    )
    proposal_notices.tell_made(made, actor=by)
    return made


@transaction.atomic
def accept(*, proposal: AgendaProposal, meeting: Meeting, by: User) -> AgendaItem:
    """Put a proposal on an agenda, before the closing; done twice it is there once.

    Raises:
        ProposalRefused: it was dropped or taken back before, or the meeting is of another kring.
        AgendaRefused: the meeting is over or off, or its agenda is full.
    """
    proposal = _locked(proposal)
    if proposal.state == AgendaProposal.State.ACCEPTED and proposal.item is not None:
        return proposal.item
    if proposal.state in {AgendaProposal.State.DROPPED, AgendaProposal.State.WITHDRAWN}:
        raise ProposalRefused(_settled(proposal))
    if meeting.kring_id != proposal.kring_id or meeting.kind not in Meeting.OPEN_KINDS:
        raise ProposalRefused(_("That meeting is not of this kring. Choose one from the list."))
    place = proposal.municipality.name if proposal.municipality is not None else ""
    line = AgendaLine(
        title=proposal.title, kind=proposal.kind, minutes=proposal.minutes, presenter=place, notes=proposal.why
    )
    item = agendas.insert(meeting=meeting, line=line, carried_from=proposal.carried_from, by=by)
    proposal.state, proposal.item, proposal.meeting, proposal.answered_by = (
        AgendaProposal.State.ACCEPTED,
        item,
        meeting,
        by,
    )
    proposal.save(update_fields=["state", "item", "meeting", "answered_by"])
    proposal_notices.tell_answered(proposal, actor=by)
    return item


@transaction.atomic
def drop(*, proposal: AgendaProposal, answer: str, by: User) -> AgendaProposal:
    """Do not take a proposal over, and say why; who proposed it reads that.

    Raises:
        ProposalRefused: without an answer, with a too long one, or when it was answered already.
    """
    answer = " ".join(answer.split())
    if not answer:
        raise ProposalRefused(_("Say in one line why it is not taken over; who proposed it reads that."))
    if len(answer) > LONGEST_ANSWER:
        raise ProposalRefused(_("The answer has at most 400 characters. Shorten it."))
    proposal = _locked(proposal)
    if proposal.state != AgendaProposal.State.OPEN:
        raise ProposalRefused(_settled(proposal))
    proposal.state, proposal.answer, proposal.answered_by = AgendaProposal.State.DROPPED, answer, by
    proposal.save(update_fields=["state", "answer", "answered_by"])
    proposal_notices.tell_answered(proposal, actor=by)
    return proposal


@transaction.atomic
def withdraw(*, proposal: AgendaProposal, by: User) -> AgendaProposal:
    """Take back what one proposed oneself, while nobody answered it; done twice it is taken back once.

    Raises:
        ProposalRefused: somebody else proposed it, it goes on from an earlier meeting, or it was answered.
    """
    proposal = _locked(proposal)
    if proposal.proposer_id != by.pk or proposal.carried_from_id is not None:
        raise ProposalRefused(_("Only who proposed this takes it back. Ask them, or the facilitator."))
    if proposal.state == AgendaProposal.State.WITHDRAWN:
        return proposal
    if proposal.state != AgendaProposal.State.OPEN:
        raise ProposalRefused(_("This was answered already, so it cannot be taken back. Ask the facilitator."))
    proposal.state = AgendaProposal.State.WITHDRAWN
    proposal.save(update_fields=["state"])
    return proposal


def next_meeting(kring: Kring, after: Meeting | None = None) -> Meeting | None:
    """Return the next meeting for the whole circle that takes items."""
    found = kring.meetings.for_the_circle().upcoming()
    return (found.exclude(pk=after.pk) if after is not None else found).first()


@transaction.atomic
def carry_over(*, item: AgendaItem, by: User) -> AgendaItem | AgendaProposal:
    """Let an item that was not finished go on at the next meeting that is planned, without one on the backlog.

    Its history goes with it. Done twice, it goes on once.

    Raises:
        ProposalRefused: its meeting is not for the whole circle, or has not been.
        AgendaRefused: the agenda of the next meeting is full.
    """
    item = AgendaItem.objects.select_for_update().select_related("meeting__kring").get(pk=item.pk)
    meeting = item.meeting
    if meeting.kind not in Meeting.OPEN_KINDS:
        raise ProposalRefused(_("Only items of a meeting of the whole kring go on to the next one."))
    if meeting.state == Meeting.State.CANCELLED or (
        meeting.state == Meeting.State.PLANNED and meeting.date > clock.today()
    ):
        raise ProposalRefused(_("This meeting has not been held yet, so nothing of it is unfinished."))
    there = item.carried_to.first() or AgendaProposal.objects.filter(carried_from=item).first()
    if there is not None:
        return there
    to = next_meeting(meeting.kring, after=meeting)
    if to is None:
        return AgendaProposal.objects.create(
            kring=meeting.kring,
            kind=item.kind,
            title=item.title,
            why=item.notes,
            minutes=item.minutes,
            proposer=by,
            carried_from=item,
        )
    line = AgendaLine(
        title=item.title, kind=item.kind, minutes=item.minutes, presenter=item.presenter, notes=item.notes
    )
    return agendas.insert(meeting=to, line=line, carried_from=item, by=by)


def histories(origins: Iterable[tuple[int, int | None]]) -> dict[int, tuple[Meeting, ...]]:
    """Return at which meetings items were before, the latest first; one query for each step back, at most twelve.

    Args:
        origins: (key, id of the item it was carried over from) of items or proposals; None was never carried over.
    """
    found: dict[int, list[Meeting]] = {}
    ahead = {key: origin for key, origin in origins if origin is not None}
    for _step in range(FURTHEST):
        if not ahead:
            break
        items = AgendaItem.objects.select_related("meeting__kring").in_bulk(set(ahead.values()))
        earlier: dict[int, int] = {}
        for key, origin in ahead.items():
            item = items.get(origin)
            if item is not None:
                found.setdefault(key, []).append(item.meeting)
                if item.carried_from_id is not None:
                    earlier[key] = item.carried_from_id
        ahead = earlier
    return {key: tuple(meetings) for key, meetings in found.items()}


def history_text(meetings: Iterable[Meeting]) -> str:
    """Return at which meetings an item was before, in words; empty for none."""
    days = [date_format(meeting.date, "j F Y") for meeting in meetings]
    return _("Before this on: %(days)s.") % {"days": ", ".join(days)} if days else ""


def _settled(proposal: AgendaProposal) -> str:
    """Return why a proposal cannot be answered any more."""
    if proposal.state == AgendaProposal.State.WITHDRAWN:
        return _("Who proposed this took it back. Reload the page.")
    return _("Somebody else answered this proposal already. Reload the page.")


def _locked(proposal: AgendaProposal) -> AgendaProposal:
    found = AgendaProposal.objects.select_for_update(of=("self",)).select_related(
        "municipality", "item", "carried_from"
    )
    return found.get(pk=proposal.pk)
