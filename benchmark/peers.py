"""Groups of peers that somebody chooses and keeps, and with whom they compared last."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from benchmark.models import ComparisonGroup, GroupChoice
from benchmark.permissions import can_create_group, can_edit_group, guided_circles
from people.models import Municipality, User


@transaction.atomic
def choose_peers(  # noqa: PLR0913 — keyword-only, and a group is all of these
    *,
    by: User,
    name: str,
    municipalities: Iterable[Municipality],
    group: ComparisonGroup | None = None,
    submission: uuid.UUID | None = None,
    recipe: dict[str, Any] | None = None,
) -> ComparisonGroup:
    """Keep a group of peers, new or changed, and start comparing with it; the same form sent twice makes one.

    Args:
        by: whose group it is.
        name: what they call it.
        municipalities: the peers.
        group: the group to change, None for a new one.
        submission: the form that was sent.
        recipe: how the peers were found, where they were (`benchmark/nearest.py`).

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
    chosen = list(municipalities)
    before = set() if group._state.adding else {one.pk for one in group.municipalities.all()}  # noqa: SLF001 — documented
    if before and before != {one.pk for one in chosen}:
        _retire(group)
    group.name = name
    group.recipe = recipe or {}
    group.save()
    group.municipalities.set(chosen)
    remember_choice(by=by, key=f"peers:{group.pk}")
    return group


@transaction.atomic
def keep_nearest(  # noqa: PLR0913 — keyword-only, and a group is all of these
    *,
    by: User,
    name: str,
    municipalities: Iterable[Municipality],
    recipe: dict[str, Any],
    circle: ComparisonGroup | None = None,
    submission: uuid.UUID | None = None,
) -> ComparisonGroup:
    """Keep the nearest peers that were found: for oneself, or frozen for a kring one guides.

    What was frozen for the kring under the same name before is offered no longer.

    Raises:
        PermissionDenied: when the person takes no part, or does not guide that kring.
    """
    if circle is None:
        return choose_peers(by=by, name=name, municipalities=municipalities, submission=submission, recipe=recipe)
    if circle.pk not in {one.pk for one in guided_circles(by)}:
        raise PermissionDenied
    made = ComparisonGroup.objects.filter(submission=submission, circle=circle).first() if submission else None
    if made is not None:
        return made
    kind = ComparisonGroup.Kind.FROZEN
    ComparisonGroup.objects.filter(kind=kind, circle=circle, name=name, retired_at=None).update(
        retired_at=timezone.now()
    )
    group = ComparisonGroup.objects.create(
        kind=kind, name=name, owner=by, circle=circle, recipe=recipe, submission=submission
    )
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
    group.retired_at = timezone.now()
    group.save(update_fields=["retired_at"])


def _retire(group: ComparisonGroup) -> None:
    """Remember what a group was before it changes: its figures were seen, and later groups must differ enough."""
    was = ComparisonGroup.objects.create(
        kind=group.kind, name=group.name, owner_id=group.owner_id, retired_at=timezone.now()
    )
    was.municipalities.set(group.municipalities.all())
    # who came first goes first: the new membership is the younger of the two
    ComparisonGroup.objects.filter(pk=was.pk).update(created_at=group.created_at)
    group.created_at = timezone.now()


def remember_choice(*, by: User, key: str) -> None:
    """Remember with whom a person compared last; writes only when it changed."""
    if not GroupChoice.objects.filter(user=by, key=key).exists():
        GroupChoice.objects.update_or_create(user=by, defaults={"key": key})
