"""Who may do what, as predicates. Apps to the left build on these; nothing here touches their models.

`roles_of(user)` is read once per request object of a person and kept on it, so a page that asks twenty questions
costs one query.
"""

from __future__ import annotations

from typing import Any

import rules
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from people.models import RoleName, User

Key = tuple[str, int | None, int | None]


def roles_of(user: Any) -> frozenset[Key]:
    """Return a person's current roles as (role, scope type id, scope id); nobody and the deactivated have none."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    held: frozenset[Key] | None = getattr(user, "_current_roles", None)
    if held is None:
        held = frozenset(user.roles.current().values_list("role", "scope_type_id", "scope_id"))
        user._current_roles = held  # noqa: SLF001 — the one place that keeps it
    return held


def has_role(user: Any, *names: RoleName) -> bool:
    """Say whether a person holds one of the roles anywhere."""
    return any(role in names for role, _, _ in roles_of(user))


def has_role_in(user: Any, scope: Model, *names: RoleName) -> bool:
    """Say whether a person holds one of the roles in exactly this scope (a kring, a municipality)."""
    kind = ContentType.objects.get_for_model(scope).pk
    return any((name, kind, scope.pk) in roles_of(user) for name in names)


@rules.predicate
def is_office(user: User) -> bool:
    """The programme office and administrators: all content, everywhere."""
    return has_role(user, RoleName.OFFICE, RoleName.ADMIN) or bool(getattr(user, "is_superuser", False))


@rules.predicate
def is_admin(user: User) -> bool:
    """Administrators: people, roles, settings."""
    return has_role(user, RoleName.ADMIN) or bool(getattr(user, "is_superuser", False))


@rules.predicate
def is_validator(user: User) -> bool:
    """Validators: every municipality's figures before they are published."""
    return has_role(user, RoleName.VALIDATOR)


@rules.predicate
def is_steering(user: User) -> bool:
    """The steering group: progress and aggregates, no values by municipality."""
    return has_role(user, RoleName.STEERING)


@rules.predicate
def takes_part(user: User) -> bool:
    """Anyone with a role in the programme, in whatever kring or municipality."""
    return bool(roles_of(user)) or bool(getattr(user, "is_superuser", False))


def scope_keys(user: Any) -> set[tuple[int, int]]:
    """Return the scopes (type id, id) in which a person holds any role now."""
    return {(kind, pk) for _role, kind, pk in roles_of(user) if kind is not None and pk is not None}


def scopes_with(user: Any, *names: RoleName) -> set[tuple[int, int]]:
    """Return the scopes (type id, id) in which a person holds one of the roles now."""
    return {(kind, pk) for role, kind, pk in roles_of(user) if role in names and kind is not None and pk is not None}


@rules.predicate
def is_facilitator(user: User) -> bool:
    """Facilitators, of whatever kring; that they lead this one is `has_role_in`."""
    return has_role(user, RoleName.FACILITATOR)


@rules.predicate
def needs_second_factor(user: User) -> bool:
    """Those whose account would harm everybody: administrators and validators."""
    return bool(is_admin(user)) or bool(is_validator(user))


can_list_users = is_office
can_invite_anybody = is_office
can_invite_participants = is_office | is_facilitator

rules.add_perm("people.list_users", can_list_users)
rules.add_perm("people.view_user", can_list_users)
rules.add_perm("people.grant_role", can_invite_participants)
rules.add_perm("people.deactivate_user", is_office)
rules.add_perm("people.invite_user", can_invite_participants)


def can_grant_role(user: Any, role: RoleName, scope: Model | None) -> bool:
    """Administrators give every role, the office all but that one, a facilitator participants of their own kring."""
    if is_admin(user):
        return True
    if is_office(user):
        return role != RoleName.ADMIN
    return role == RoleName.PARTICIPANT and scope is not None and has_role_in(user, scope, RoleName.FACILITATOR)


def can_deactivate_user(user: Any, person: User) -> bool:
    """The office closes accounts, though not their own; an administrator's only another administrator."""
    if user == person:
        return False
    return is_admin(user) or (is_office(user) and not is_admin(person))
