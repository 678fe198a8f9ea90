"""Telling people of proposals for an agenda: the facilitators that there is one, who proposed it what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kringen.models import AgendaProposal, Kring
from people import notifications
from people.models import Notification, Role, RoleName, User
from people.notifications import Kind, Line

MADE = "proposal.made"
ANSWERED = "proposal.answered"


def tell_made(proposal: AgendaProposal, *, actor: User) -> None:
    """Let the facilitators of the kring know that somebody proposed an item."""
    guides = Role.objects.current().filter(
        user__is_active=True,
        role=RoleName.FACILITATOR,
        scope_type=ContentType.objects.get_for_model(Kring),
        scope_id=proposal.kring_id,
    )
    notifications.notify(kind=MADE, about_id=proposal.pk, people=guides.values_list("user", flat=True), actor=actor)


def tell_answered(proposal: AgendaProposal, *, actor: User) -> None:
    """Let who proposed an item know what came of it."""
    if proposal.proposer_id:
        notifications.notify(kind=ANSWERED, about_id=proposal.pk, people=[proposal.proposer_id], actor=actor)


def _sentence(proposal: AgendaProposal, name: str) -> str:
    what = {"what": proposal.title, "meeting": proposal.meeting, "answer": proposal.answer}
    if name == MADE:
        return _("Proposed for an agenda: “%(what)s”") % what
    if proposal.state == AgendaProposal.State.ACCEPTED:
        return _("Your proposal “%(what)s” is on the agenda of “%(meeting)s”") % what
    return _("Your proposal “%(what)s” was not taken over: %(answer)s") % what


def _teller(name: str) -> notifications.Tell:
    def tell_it(user: User, rows: Sequence[Notification]) -> dict[int, Line]:
        found = AgendaProposal.objects.visible_to(user).filter(pk__in=[row.about_id for row in rows])
        found = found.exclude(state=AgendaProposal.State.WITHDRAWN)
        if name == ANSWERED:
            found = found.filter(proposer=user).exclude(state=AgendaProposal.State.OPEN)
        proposals = {one.pk: one for one in found.select_related("kring", "meeting")}
        return {
            row.pk: Line(
                _sentence(proposals[row.about_id], name),
                reverse("kringen:proposals", args=[proposals[row.about_id].kring.slug]),
            )
            for row in rows
            if row.about_id in proposals
        }

    return tell_it


def register() -> None:
    """Add these kinds of things to what people hear of."""
    labels = (
        (MADE, gettext_lazy("Somebody proposes an item for an agenda (for facilitators)")),
        (ANSWERED, gettext_lazy("My proposal for an agenda was answered")),
    )
    for name, label in labels:
        notifications.register(Kind(name, label, _teller(name)))
