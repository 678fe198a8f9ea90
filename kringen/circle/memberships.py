"""Who is in a kring: municipalities come and go, their people with them.

A kring's comparison group holds exactly the municipalities that are in it today, guests included: it decides who
sees whose values by name, so it changes in the same transaction as the membership.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kringen.conversation.acting import announce
from kringen.live import log
from kringen.models import Kring, Membership, Room, RoomEvent
from kringen.models.kring import CIRCLE_ROLES
from people import clock, roles
from people.models import Municipality, Role, RoleName, User


class MembershipRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """The membership cannot begin or end like this; the text is the sentence to show."""


def people_of(kring: Kring) -> list[Role]:
    """Return the current roles in a kring, with person and municipality; the deactivated are left out. One query."""
    return list(
        Role.objects.current()
        .filter(
            scope_type=ContentType.objects.get_for_model(Kring),
            scope_id=kring.pk,
            role__in=CIRCLE_ROLES,
            user__is_active=True,
        )
        .select_related("user__municipality")
        .order_by("user__name", "pk")
    )


def takes_part(*, user: User, kring: Kring) -> bool:
    """Say whether a person is a participant or facilitator of a kring today."""
    return any(role.user_id == user.pk for role in people_of(kring))


@transaction.atomic
def add_municipality(
    *,
    kring: Kring,
    municipality: Municipality,
    kind: Membership.Kind | str = Membership.Kind.MEMBER,
    since: dt.date | None = None,
    by: User | None = None,
) -> Membership:
    """Bring a municipality into a kring; one that left before comes back on the same line.

    Args:
        kring: which circle.
        municipality: which municipality; it need not have people or an intake yet.
        kind: member, or guest.
        since: first day, today at the latest; by default today.
        by: who brings it in; None for a command.

    Raises:
        MembershipRefused: when it is in the kring already, or the day is still to come.
    """
    day = since or clock.today()
    if day > clock.today():
        raise MembershipRefused(_("A membership cannot begin in the future. Choose today or an earlier day."))
    kring = Kring.objects.select_for_update().get(pk=kring.pk)
    membership = Membership.objects.filter(kring=kring, municipality=municipality).first()
    if membership is None:
        membership = Membership(kring=kring, municipality=municipality)
    elif membership.holds_on(clock.today()):
        raise MembershipRefused(
            _("%(municipality)s is in %(kring)s already.") % {"municipality": municipality, "kring": kring}
        )
    membership.kind, membership.since, membership.until = Membership.Kind(kind), day, None
    membership.save()
    keep_group_in_step(kring)
    _tell_rooms(kring.pk, RoomEvent.Kind.MEMBER_JOIN, actor=by, member={"municipality": municipality.name})
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User | None, on: dt.date | None = None) -> Membership:
    """End a membership from the day `on` (today at the latest); its participants lose their role in the kring.

    Raises:
        MembershipRefused: when it ended before, the day is still to come, or lies before the first day.
    """
    day = on or clock.today()
    membership = Membership.objects.select_for_update().select_related("kring", "municipality").get(pk=membership.pk)
    if membership.until is not None:
        raise MembershipRefused(_("This membership has ended already."))
    if day > clock.today():
        raise MembershipRefused(_("A membership cannot end in the future. Choose today or an earlier day."))
    if membership.since is not None and day < membership.since:
        raise MembershipRefused(_("The membership would end before it began. Choose a later day."))
    membership.until = day
    membership.save(update_fields=["until"])
    keep_group_in_step(membership.kring)
    member = {"municipality": membership.municipality.name}
    _tell_rooms(membership.kring_id, RoomEvent.Kind.MEMBER_LEAVE, actor=by, member=member)
    for role in people_of(membership.kring):
        if role.role == RoleName.PARTICIPANT and role.user.municipality_id == membership.municipality_id:
            roles.end(role=role, by=by)
    return membership


def keep_group_in_step(kring: Kring) -> None:
    """Make the kring's comparison group hold exactly the municipalities that are in it today."""
    kring.comparison_group.municipalities.set(kring.memberships.current().values_list("municipality_id", flat=True))


def tell_of_role(role: Role, began: bool) -> None:  # noqa: FBT001 — called by `people.roles`, which knows no kring
    """Say in the rooms of a kring that somebody takes part from now on, or no longer; part of that transaction."""
    kring = role.scope
    if not isinstance(kring, Kring) or role.role not in CIRCLE_ROLES:
        return
    kind = RoomEvent.Kind.MEMBER_JOIN if began else RoomEvent.Kind.MEMBER_LEAVE
    _tell_rooms(kring.pk, kind, actor=role.user, member={"person": role.user_id})


def _tell_rooms(kring_id: int, kind: RoomEvent.Kind, *, actor: User | None, member: Mapping[str, object]) -> None:
    """Write a line in the log of every open room of a kring; of a person it holds the id, never the name."""
    rooms = Room.objects.filter(kring=kring_id, is_archived=False)
    for room_id in rooms.order_by("pk").values_list("pk", flat=True):
        seq = log.advance(rooms, room_id)
        if seq is None:  # closed a moment ago
            continue
        log.append(room_id=room_id, seq=seq, kind=kind, actor=actor, at=timezone.now(), payload={"member": member})
        announce(room_id, seq)
