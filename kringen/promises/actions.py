"""Promises: who does what by when, how it ended, and what it became."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from kringen.circle import memberships
from kringen.models import Action, AgendaItem, Kring, Meeting
from people.models import User


class ActionRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """The promise cannot be written down like this; the text is the sentence to show."""


@transaction.atomic
def add_action(  # noqa: PLR0913 — each is a field of the promise, and named
    *,
    kring: Kring,
    text: str,
    owner: User,
    due_on: dt.date | None = None,
    meeting: Meeting | None = None,
    item: AgendaItem | None = None,
    submission: uuid.UUID | None = None,
) -> Action:
    """Write down a promise; the same form sent twice returns the one of the first time.

    Raises:
        ActionRefused: when the owner does not take part in the kring, the meeting is of another kring, or the item
            of another meeting.
    """
    kring = Kring.objects.select_for_update().get(pk=kring.pk)
    if submission is not None:
        made = kring.actions.filter(submission=submission).first()
        if made is not None:
            return made
    _need_at_the_table(owner, kring)
    if meeting is not None and meeting.kring_id != kring.pk:
        raise ActionRefused(_("That meeting is not of %(kring)s.") % {"kring": kring})
    if item is not None and (meeting is None or item.meeting_id != meeting.pk):
        raise ActionRefused(_("That agenda item is not of the meeting you chose."))
    return Action.objects.create(
        kring=kring,
        text=text,
        owner=owner,
        municipality=owner.municipality,
        due_on=due_on,
        meeting=meeting,
        item=item,
        submission=submission,
    )


@transaction.atomic
def change_action(*, action: Action, owner: User, due_on: dt.date | None) -> Action:
    """Give a promise to somebody else, or another date.

    Raises:
        ActionRefused: when the new owner does not take part in the kring.
    """
    action = Action.objects.select_for_update().get(pk=action.pk)
    if owner.pk != action.owner_id:
        _need_at_the_table(owner, action.kring)
        action.owner, action.municipality = owner, owner.municipality
    action.due_on = due_on
    action.save(update_fields=["owner", "municipality", "due_on"])
    return action


@transaction.atomic
def set_state(*, action: Action, state: Action.State, because: str = "") -> Action:
    """Mark a promise done or dropped, or open it again.

    Raises:
        ActionRefused: when it is dropped without a reason, or with one of more than 240 characters.
    """
    said = " ".join(because.split())
    if state == Action.State.DROPPED and not said:
        raise ActionRefused(_("Say why this is dropped, in a few words."))
    if len(said) > 240:  # noqa: PLR2004 — as long as the field
        raise ActionRefused(_("The reason has at most 240 characters. Make it shorter."))
    action = Action.objects.select_for_update().get(pk=action.pk)
    action.state = state
    action.dropped_because = said if state == Action.State.DROPPED else ""
    action.save(update_fields=["state", "dropped_because"])
    return action


def _need_at_the_table(person: User, kring: Kring) -> None:
    if not memberships.takes_part(user=person, kring=kring):
        raise ActionRefused(
            _("%(person)s does not take part in %(kring)s. Choose somebody who does.")
            % {"person": person, "kring": kring}
        )
