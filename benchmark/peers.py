"""Groups of peers that somebody chooses and keeps, and with whom they compared last."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from benchmark.models import ComparisonGroup, GroupChoice
from benchmark.permissions import can_create_group, can_edit_group
from people.models import Municipality, User


@transaction.atomic
def choose_peers(
    *,
    by: User,
    name: str,
    municipalities: Iterable[Municipality],
    group: ComparisonGroup | None = None,
    submission: uuid.UUID | None = None,
) -> ComparisonGroup:
    """Keep a group of peers, new or changed, and start comparing with it; the same form sent twice makes one.

    Raises:
        PermissionDenied: when the person takes no part, or the group is somebody else's.
    """
    if group is None:
        if not can_create_group(by):
            raise PermissionDenied
        made = ComparisonGroup.objects.filter(submission=submission, owner=by).first() if submission else None
        if made is not None:
            return made
        group = ComparisonGroup(kind=ComparisonGroup.Kind.CHOSEN, owner=by, submission=submission)
    elif not can_edit_group(by, group):
        raise PermissionDenied
    group.name = name
    group.save()
    group.municipalities.set(municipalities)
    remember_choice(by=by, key=f"peers:{group.pk}")
    return group


@transaction.atomic
def drop_peers(*, by: User, group: ComparisonGroup) -> None:
    """Throw a group of peers away.

    Raises:
        PermissionDenied: when it is somebody else's.
    """
    if not can_edit_group(by, group):
        raise PermissionDenied
    GroupChoice.objects.filter(user=by, key=f"peers:{group.pk}").delete()
    group.delete()


def remember_choice(*, by: User, key: str) -> None:
    """Remember with whom a person compared last; writes only when it changed."""
    if not GroupChoice.objects.filter(user=by, key=key).exists():
        GroupChoice.objects.update_or_create(user=by, defaults={"key": key})
