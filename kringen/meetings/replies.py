"""Who comes: answers to an invitation, the waiting list, and who was there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kringen.meetings import meeting_notices
from kringen.models import Kring, Meeting, Membership, Reply
from people import clock
from people.models import Municipality, Role, RoleName, User

ASKED = {
    Meeting.Kind.KRING: (RoleName.PARTICIPANT, RoleName.FACILITATOR),
    Meeting.Kind.START: (RoleName.PARTICIPANT, RoleName.FACILITATOR),
    Meeting.Kind.CLOSING: (RoleName.PARTICIPANT, RoleName.FACILITATOR, RoleName.STEERING),
    Meeting.Kind.STEERING: (RoleName.STEERING, RoleName.FACILITATOR),
    Meeting.Kind.INTERPRETATION: (RoleName.PARTICIPANT, RoleName.FACILITATOR),
}


class ReplyRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """The answer cannot be taken like this; the text is the sentence to show."""


@dataclass(frozen=True)
class Guest:
    """Somebody who is asked to a meeting, and what they answered (None: nothing yet)."""

    person: User
    municipality: Municipality | None
    reply: Reply | None

    @property
    def answer(self) -> str:
        """The answer, or an empty text."""
        return self.reply.answer if self.reply else ""

    @property
    def is_waiting(self) -> bool:
        """Whether they said yes when every place was taken."""
        return self.reply is not None and self.reply.waiting_since is not None


@dataclass(frozen=True)
class GuestList:
    """Everybody who is asked to a meeting."""

    meeting: Meeting
    guests: tuple[Guest, ...]

    def _those(self, answer: str) -> tuple[Guest, ...]:
        return tuple(guest for guest in self.guests if guest.answer == answer and not guest.is_waiting)

    @property
    def coming(self) -> tuple[Guest, ...]:
        """Who comes and has a place."""
        return self._those(Reply.Answer.YES)

    @property
    def perhaps(self) -> tuple[Guest, ...]:
        """Who may come."""
        return self._those(Reply.Answer.MAYBE)

    @property
    def absent(self) -> tuple[Guest, ...]:
        """Who does not come."""
        return self._those(Reply.Answer.NO)

    @property
    def silent(self) -> tuple[Guest, ...]:
        """Who has not answered."""
        return self._those("")

    @property
    def waiting(self) -> tuple[Guest, ...]:
        """Who waits for a place, the longest first."""
        waiting = [guest for guest in self.guests if guest.is_waiting]
        return tuple(sorted(waiting, key=lambda guest: (guest.reply.waiting_since, guest.reply.pk)))  # type: ignore[union-attr]

    @property
    def present(self) -> tuple[Guest, ...]:
        """Who was there, as written down afterwards."""
        return tuple(guest for guest in self.guests if guest.reply and guest.reply.was_present)

    @property
    def sentence(self) -> str:
        """How many come, in words, with the number of places when there is one."""
        number = len(self.coming)
        said = ngettext("%(n)s person comes.", "%(n)s people come.", number) % {"n": number}
        if self.meeting.capacity is not None:
            said += " " + ngettext("There is %(n)s place.", "There are %(n)s places.", self.meeting.capacity) % {
                "n": self.meeting.capacity
            }
        if self.waiting:
            number = len(self.waiting)
            said += " " + ngettext(
                "%(n)s person is on the waiting list.", "%(n)s people are on the waiting list.", number
            ) % {"n": number}
        if self.silent:
            number = len(self.silent)
            said += " " + ngettext("%(n)s has not answered yet.", "%(n)s have not answered yet.", number) % {
                "n": number
            }
        return said


def asked_to(meeting: Meeting) -> list[User]:
    """Return who is asked to a meeting, by name: one query. Nobody twice, nobody who was deactivated."""
    names = ASKED[Meeting.Kind(meeting.kind)]
    kring_type = ContentType.objects.get_for_model(Kring)
    roles = Role.objects.current().filter(role__in=names, user__is_active=True).select_related("user__municipality")
    people: dict[int, User] = {}
    for role in roles.order_by("user__name", "user_id"):
        in_this_kring = role.scope_type_id == kring_type.pk and role.scope_id == meeting.kring_id
        if role.role != RoleName.STEERING and not in_this_kring:
            continue
        elsewhere = role.role == RoleName.PARTICIPANT and role.user.municipality_id != meeting.municipality_id
        if meeting.kind == Meeting.Kind.INTERPRETATION and elsewhere:
            continue
        people[role.user_id] = role.user
    return list(people.values())


def guest_list(meeting: Meeting) -> GuestList:
    """Return everybody who is asked, with their answers; who answered and left the kring since stays on it."""
    replies = {
        reply.person_id: reply for reply in meeting.replies.select_related("person__municipality", "municipality")
    }
    guests = [_guest(person, replies.pop(person.pk, None)) for person in asked_to(meeting)]
    guests += [_guest(reply.person, reply) for reply in replies.values() if reply.answer or reply.was_present]
    return GuestList(meeting, tuple(guests))


def _guest(person: User, reply: Reply | None) -> Guest:
    return Guest(person, reply.municipality if reply else person.municipality, reply)


def represented(meeting: Meeting) -> list[Municipality]:
    """Return the municipalities that somebody can come for: those in the kring on the day, by name."""
    rows = Membership.objects.current(meeting.date).filter(kring=meeting.kring_id).select_related("municipality")
    return [row.municipality for row in rows]


@transaction.atomic
def answer(*, meeting: Meeting, person: User, answer: str, municipality_id: int | None = None) -> Reply:
    """Keep somebody's answer; a yes when every place is taken goes to the end of the waiting list.

    The meeting's row is locked first, so two people cannot take the last place together.

    Args:
        meeting: to which.
        person: who answers.
        answer: yes, maybe or no.
        municipality_id: whom they come for; None for who comes for nobody in particular (a facilitator).

    Raises:
        ReplyRefused: the meeting is over or off, the person is not asked, or the municipality is not in the kring.
    """
    meeting = Meeting.objects.select_for_update().select_related("kring").get(pk=meeting.pk)
    if meeting.state == Meeting.State.CANCELLED:
        raise ReplyRefused(_("This meeting was cancelled; you need not answer any more."))
    if meeting.state == Meeting.State.HELD or meeting.date < clock.today():
        raise ReplyRefused(_("This meeting has been; answers are closed."))
    if person.pk not in {each.pk for each in asked_to(meeting)}:
        raise ReplyRefused(_("You are not asked to this meeting."))
    if answer not in Reply.Answer.values:
        raise ReplyRefused(_("Choose yes, maybe or no."))
    if municipality_id is not None and municipality_id not in {place.pk for place in represented(meeting)}:
        raise ReplyRefused(
            _("That municipality is not in %(kring)s on that day. Choose one from the list.") % {"kring": meeting.kring}
        )
    reply, _new = Reply.objects.get_or_create(meeting=meeting, person=person)
    had_place = reply.answer == Reply.Answer.YES and reply.waiting_since is None
    reply.municipality_id = municipality_id
    reply.answered_at = timezone.now()
    if answer == Reply.Answer.YES:
        if not had_place and reply.waiting_since is None and _is_full(meeting):
            reply.waiting_since = reply.answered_at
    else:
        reply.waiting_since = None
    reply.answer = answer
    reply.save()
    if had_place and answer != Reply.Answer.YES:
        move_up(meeting=meeting)
    return reply


def _taken(meeting: Meeting) -> int:
    return meeting.replies.filter(answer=Reply.Answer.YES, waiting_since__isnull=True).count()


def _is_full(meeting: Meeting) -> bool:
    return meeting.capacity is not None and _taken(meeting) >= meeting.capacity


@transaction.atomic
def move_up(*, meeting: Meeting) -> list[Reply]:
    """Give free places to who waits longest, and tell them; called when a place comes free or places are added."""
    waiting = meeting.replies.filter(waiting_since__isnull=False).order_by("waiting_since", "pk")
    if meeting.capacity is not None:
        waiting = waiting[: max(0, meeting.capacity - _taken(meeting))]
    moved = list(waiting)
    for reply in moved:
        reply.waiting_since = None
        reply.save(update_fields=["waiting_since"])
    if moved:
        meeting_notices.tell(meeting, meeting_notices.PLACE, people=[reply.person_id for reply in moved])
    return moved


@transaction.atomic
def record(*, meeting: Meeting, present: Collection[int]) -> int:
    """Write down who was there; everybody else who was asked was not.

    Args:
        meeting: which; not one that is still to come.
        present: ids of people who are asked, or who answered.

    Returns:
        How many were there.

    Raises:
        ReplyRefused: the meeting is still to come, or somebody was never asked.
    """
    if meeting.date > clock.today():
        raise ReplyRefused(_("This meeting is still to come. Write down who was there on the day itself or later."))
    people = {guest.person.pk: guest for guest in guest_list(meeting).guests}
    if not set(present) <= set(people):
        raise ReplyRefused(_("Somebody on the list was not asked to this meeting. Reload the page and try again."))
    known = {reply.person_id: reply for reply in meeting.replies.all()}
    for pk, guest in people.items():
        reply = known.get(pk) or Reply(meeting=meeting, person_id=pk, municipality=guest.municipality)
        reply.was_present = pk in set(present)
        reply.save()
    return len(set(present))
