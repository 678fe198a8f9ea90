"""Giving and ending roles: the only way in which anybody becomes somebody here.

Whoever must act when a person may suddenly do less (the live rooms close sockets) registers with `on_change`
in its `AppConfig.ready`; every verb calls the listeners after its transaction is committed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from people import clock, scopes
from people.models import Role, RoleName, User
from people.permissions import can_deactivate_user, can_grant_role

# Wagtail's admin works with Django groups; which role opens it, and as what. `cms` gives the groups their rights.
EDITORS = "redacteuren"
OFFICE = "bureau"
GROUPS = {RoleName.EDITOR: EDITORS, RoleName.OFFICE: OFFICE, RoleName.ADMIN: OFFICE}

# The kind of scope each role needs; None is the whole programme.
SCOPE_KINDS: dict[RoleName, str | None] = {
    RoleName.PARTICIPANT: "kring",
    RoleName.FACILITATOR: "kring",
    RoleName.EDITOR: "municipality",
    RoleName.COUNCIL: "municipality",
    RoleName.VALIDATOR: None,
    RoleName.OFFICE: None,
    RoleName.STEERING: None,
    RoleName.ADMIN: None,
}

Listener = Callable[[User], None]
_listeners: list[Listener] = []
Witness = Callable[[Role, bool], None]
_witnesses: list[Witness] = []


class RoleRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """The role cannot be given or ended like this; the text is a sentence for the person who tried."""


def on_change(listener: Listener) -> None:
    """Call `listener(user)` after every committed change in what a person may do (also deactivation)."""
    if listener not in _listeners:
        _listeners.append(listener)


def on_step(witness: Witness) -> None:
    """Call `witness(role, began)` inside the transaction that gives a role as of now, or ends it as of now."""
    if witness not in _witnesses:
        _witnesses.append(witness)


def _witness(role: Role, day: dt.date | None, *, began: bool) -> None:
    if day is None or day <= clock.today():
        for witness in _witnesses:
            witness(role, began)


def announce(user: User) -> None:
    """Tell the listeners, after commit, that a person's roles or account changed."""
    user.__dict__.pop("_current_roles", None)
    for listener in _listeners:
        transaction.on_commit(partial(listener, user))


def check_scope(role: RoleName | str, scope: Model | None) -> None:
    """Refuse a role in the wrong kind of scope.

    Raises:
        RoleRefused: with the sentence to show.
    """
    needed = SCOPE_KINDS[RoleName(role)]
    if scope is None and needed is not None:
        raise RoleRefused(
            _("The role %(role)s needs a %(kind)s.") % {"role": RoleName(role).label, "kind": _kind_label(needed)}
        )
    if scope is not None and scopes.kind_of(scope) != needed:
        raise RoleRefused(
            _("The role %(role)s cannot be given in %(scope)s.") % {"role": RoleName(role).label, "scope": scope}
        )


def _kind_label(name: str) -> str:
    return next((str(kind.label) for kind in scopes.kinds() if kind.name == name), name)


@transaction.atomic
def grant(  # noqa: PLR0913 — keyword-only, and a role is all of these
    *,
    user: User,
    role: RoleName | str,
    scope: Model | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    by: User | None,
) -> Role:
    """Give a person a role in a scope, for a period; a role that already holds is returned as it is.

    Args:
        user: who gets it.
        role: which role.
        scope: the kring or municipality; None for the whole programme.
        since: first day, by default today.
        until: first day on which it does not hold any more.
        by: who gives it; None for a command.

    Raises:
        RoleRefused: when the scope does not fit the role, the period ends before it begins, or `by` may not.
    """
    check_scope(role, scope)
    _must_be_allowed(by, role, scope)
    since = since or clock.today()
    if until is not None and until <= since:
        raise RoleRefused(_("The role would end before it begins. Choose a later last day."))
    where = _where(scope)
    overlapping = Role.objects.filter(
        Q(until__isnull=True) | Q(until__gt=since), user=user, role=RoleName(role), **where
    )
    if until is not None:
        overlapping = overlapping.filter(Q(since__isnull=True) | Q(since__lt=until))
    held = overlapping.filter(Q(since__isnull=True) | Q(since__lte=since)).first()
    if held is None:
        held = Role.objects.create(user=user, role=RoleName(role), since=since, until=until, **where)
        _witness(held, since, began=True)
    sync_groups(user=user)
    announce(user)
    return held


@transaction.atomic
def end(*, role: Role, by: User | None, on: dt.date | None = None) -> None:
    """End a role: from the day `on` (by default today) it does not hold any more.

    A role that would not have held a single day is removed; the audit log remembers it.
    """
    _must_be_allowed(by, role.role, role.scope)
    day = on or clock.today()
    user = role.user
    _witness(role, day, began=False)
    if role.since is not None and day <= role.since:
        role.delete()
    else:
        role.until = day
        role.save(update_fields=["until"])
    sync_groups(user=user)
    announce(user)


@transaction.atomic
def deactivate(*, user: User, by: User | None) -> None:
    """Close an account: no log-in any more, and every session of it ends now. What the person wrote stays."""
    _may_close(by, user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user=user)
    sync_groups(user=user)
    announce(user)


@transaction.atomic
def reactivate(*, user: User, by: User | None) -> None:
    """Open a closed account again; its roles hold again as far as their period goes."""
    _may_close(by, user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    sync_groups(user=user)
    announce(user)


def end_sessions(*, user: User) -> None:
    """End every session of a person, in whatever browser."""
    from allauth.usersessions.models import UserSession

    for session in UserSession.objects.filter(user=user):
        session.end()


def sync_groups(*, user: User) -> None:
    """Make the Django groups (which open Wagtail's admin) follow the roles that hold today; writes only a change."""
    held = set(user.roles.current().values_list("role", flat=True)) if user.is_active else set()
    wanted = {group for role, group in GROUPS.items() if role in held}
    ours = set(GROUPS.values())
    has = set(user.groups.filter(name__in=ours).values_list("name", flat=True))
    for name in wanted - has:
        user.groups.add(Group.objects.get_or_create(name=name)[0])
    if has - wanted:
        user.groups.remove(*Group.objects.filter(name__in=has - wanted))


def _must_be_allowed(by: User | None, role: RoleName | str, scope: Model | None) -> None:
    """A command (None) may do everything; a person only what the matrix gives them, also through another app."""
    if by is not None and not can_grant_role(by, RoleName(role), scope):
        raise RoleRefused(_("You may not give or end the role %(role)s here.") % {"role": RoleName(role).label})


def _may_close(by: User | None, user: User) -> None:
    if by is not None and not can_deactivate_user(by, user):
        raise RoleRefused(_("You may not open or close this account."))


def _where(scope: Model | None) -> dict[str, object]:
    if scope is None:
        return {"scope_type": None, "scope_id": None}
    return {"scope_type": ContentType.objects.get_for_model(scope), "scope_id": scope.pk}
