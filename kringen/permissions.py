"""Who may do what in a kring.

Looking in is a queryset (`visible_to`, 404 for strangers); these say what a person who may look in may also do.
"""

from __future__ import annotations

from typing import Any

import rules

from kringen.models import Action, Kring, Meeting
from kringen.models.kring import kring_ids_of
from people.models import RoleName, User
from people.permissions import is_office, is_steering


@rules.predicate
def takes_part_in(user: User, kring: Kring | None) -> bool:
    """A participant or facilitator of this kring."""
    return kring is not None and kring.pk in kring_ids_of(user)


@rules.predicate
def guides(user: User, kring: Kring | None) -> bool:
    """The facilitator of this kring."""
    return kring is not None and kring.pk in kring_ids_of(user, RoleName.FACILITATOR)


@rules.predicate
def owns_action(user: User, action: Action | None) -> bool:
    """The one who made the promise."""
    return action is not None and action.owner_id is not None and action.owner_id == user.pk


@rules.predicate
def _guides_meeting(user: User, meeting: Meeting | None) -> bool:
    return meeting is not None and meeting.kring_id in kring_ids_of(user, RoleName.FACILITATOR)


@rules.predicate
def _sits_at_meeting(user: User, meeting: Meeting | None) -> bool:
    return meeting is not None and meeting.kring_id in kring_ids_of(user)


@rules.predicate
def _guides_action(user: User, action: Action | None) -> bool:
    return action is not None and action.kring_id in kring_ids_of(user, RoleName.FACILITATOR)


@rules.predicate
def _still_takes_part(user: User, action: Action | None) -> bool:
    return action is not None and action.kring_id in kring_ids_of(user)


@rules.predicate
def _guides_any(user: User) -> bool:
    return bool(kring_ids_of(user, RoleName.FACILITATOR))


rules.add_perm("kringen.view_kring", takes_part_in | is_steering | is_office)
rules.add_perm("kringen.plan_meeting", guides | is_office)
rules.add_perm("kringen.manage_members", guides | is_office)
rules.add_perm("kringen.pick_date", guides | is_office)
rules.add_perm("kringen.edit_agenda", _guides_meeting | is_office)
rules.add_perm("kringen.write_minutes", _guides_meeting | is_office)
rules.add_perm("kringen.ask_office", _sits_at_meeting | is_office)
rules.add_perm("kringen.add_action", takes_part_in | is_office)
rules.add_perm("kringen.change_action", (owns_action & _still_takes_part) | _guides_action | is_office)
rules.add_perm("kringen.view_progress", is_steering | is_office | _guides_any)


def can_view_kring(user: Any, kring: Kring) -> bool:
    """Say whether a person may look into a kring; the same rule as `Kring.objects.visible_to`."""
    return rules.has_perm("kringen.view_kring", user, kring)


def can_plan_meeting(user: Any, kring: Kring) -> bool:
    """Say whether a person may plan, change and cancel the meetings of a kring."""
    return rules.has_perm("kringen.plan_meeting", user, kring)


def can_manage_members(user: Any, kring: Kring) -> bool:
    """Say whether a person may add municipalities to a kring and end their membership."""
    return rules.has_perm("kringen.manage_members", user, kring)


def can_pick_date(user: Any, kring: Kring) -> bool:
    """Say whether a person may pick the kring's own day for a milestone."""
    return rules.has_perm("kringen.pick_date", user, kring)


def can_edit_agenda(user: Any, meeting: Meeting) -> bool:
    """Say whether a person may edit the agenda of a meeting."""
    return rules.has_perm("kringen.edit_agenda", user, meeting)


def can_write_minutes(user: Any, meeting: Meeting) -> bool:
    """Say whether a person may write the minutes of a meeting, bring its files and answer its questions."""
    return rules.has_perm("kringen.write_minutes", user, meeting)


def can_ask_office(user: Any, meeting: Meeting) -> bool:
    """Say whether a person may ask the office something at a meeting."""
    return rules.has_perm("kringen.ask_office", user, meeting)


def can_add_action(user: Any, kring: Kring) -> bool:
    """Say whether a person may write down a promise in a kring."""
    return rules.has_perm("kringen.add_action", user, kring)


def can_change_action(user: Any, action: Action) -> bool:
    """Say whether a person may change a promise: who does it, by when, and how it ended."""
    return rules.has_perm("kringen.change_action", user, action)


def can_view_progress(user: Any) -> bool:
    """Say whether a person may see the progress of kringen: the steering group, the office, facilitators."""
    return rules.has_perm("kringen.view_progress", user)
