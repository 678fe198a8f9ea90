"""Promises: who does what by when."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from kringen import memberships
from kringen.models import Action, Kring, Meeting
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
    submission: uuid.UUID | None = None,
) -> Action:
    """Write down a promise; the same form sent twice returns the one of the first time.

    Raises:
        ActionRefused: when the owner does not take part in the kring, or the meeting is of another kring.
    """
    kring = Kring.objects.select_for_update().get(pk=kring.pk)
    if submission is not None:
        made = kring.actions.filter(submission=submission).first()
        if made is not None:
            return made
    if not memberships.takes_part(user=owner, kring=kring):
        raise ActionRefused(
            _("%(person)s does not take part in %(kring)s. Choose somebody who does.")
            % {"person": owner, "kring": kring}
        )
    if meeting is not None and meeting.kring_id != kring.pk:
        raise ActionRefused(_("That meeting is not of %(kring)s.") % {"kring": kring})
    return Action.objects.create(
        kring=kring,
        text=text,
        owner=owner,
        municipality=owner.municipality,
        due_on=due_on,
        meeting=meeting,
        submission=submission,
    )


@transaction.atomic
def set_state(*, action: Action, state: Action.State) -> Action:
    """Mark a promise done, or open it again."""
    action = Action.objects.select_for_update().get(pk=action.pk)
    action.state = state
    action.save(update_fields=["state"])
    return action
