"""Who may see which figures and do what with goals.

The figures of a whole benchmark are shared by everybody in one process (`benchmark/cube.py`). What one reader may see
of them is said afterwards, by a `Viewer`: a plain value that is made once per request from the person's roles.

The benchmark knows comparison groups, not kringen. Whoever keeps a kring says which groups are a person's own circles,
through `register_circle_provider`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

import rules
from django.contrib.contenttypes.models import ContentType

from benchmark.models import ComparisonGroup, Goal
from people.models import Municipality, RoleName
from people.permissions import has_role, is_office, is_validator, roles_of

ALL: Final = "all"
CircleProvider = Callable[[Any], Iterable[int]]
_circle_providers: list[CircleProvider] = []
_guide_providers: list[CircleProvider] = []


def register_circle_provider(provider: CircleProvider) -> None:
    """Let an app to the left say in which circles a person takes part.

    Args:
        provider: called with a person; returns ids of the comparison groups (kind KRING) of the circles in which the
            person has a role now, as participant or facilitator.
    """
    if provider not in _circle_providers:
        _circle_providers.append(provider)


def register_guide_provider(provider: CircleProvider) -> None:
    """Let an app to the left say which circles a person guides (facilitators; the office guides all).

    Args:
        provider: called with a person; returns ids of comparison groups of the kind KRING.
    """
    if provider not in _guide_providers:
        _guide_providers.append(provider)


def guided_circles(user: Any) -> list[ComparisonGroup]:
    """Return the circles for which a person may freeze peers, by name."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    wanted = {pk for provider in _guide_providers for pk in provider(user)}
    return list(ComparisonGroup.objects.filter(kind=ComparisonGroup.Kind.KRING, pk__in=wanted).order_by("name"))


@dataclass(frozen=True, slots=True)
class Viewer:
    """What one reader may see of the figures.

    Attributes:
        own: municipalities whose people this reader belongs to: their values in every status.
        named: municipalities whose published values may be shown by name, or `ALL`.
        circles: the comparison groups that are the reader's own circles.
        circle_members: the municipalities in those circles.
        home: the municipality the pages start with, if any.
        takes_part: whether the reader has any role at all; the public sees averages only.
        is_office: whether the reader runs the programme.
        sees_unpublished: whether values that are not published yet may be seen of every municipality.
        user_id: the person, None for the public.
    """

    own: frozenset[int] = frozenset()
    named: frozenset[int] | Literal["all"] = frozenset()
    circles: frozenset[int] = frozenset()
    circle_members: frozenset[int] = frozenset()
    home: int | None = None
    takes_part: bool = False
    is_office: bool = False
    sees_unpublished: bool = False
    user_id: int | None = None

    def may_name(self, municipality_id: int) -> bool:
        """Say whether published values of this municipality may be shown by name."""
        return self.named == ALL or municipality_id in self.named or municipality_id in self.own

    def may_see_drafts_of(self, municipality_id: int) -> bool:
        """Say whether values that are not published yet may be shown."""
        return self.sees_unpublished or municipality_id in self.own


PUBLIC = Viewer()


def _own_municipalities(user: Any) -> frozenset[int]:
    """Return where a person works with the figures: as participant or editor of a municipality."""
    kind = ContentType.objects.get_for_model(Municipality).pk
    own = {
        scope
        for role, scope_type, scope in roles_of(user)
        if role == RoleName.EDITOR and scope_type == kind and scope is not None
    }
    if user.municipality_id and has_role(user, RoleName.PARTICIPANT, RoleName.EDITOR):
        own.add(user.municipality_id)
    return frozenset(own)


def viewer_for(user: Any) -> Viewer:
    """Return what a person may see; kept on the person, so that one request asks the database once."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return PUBLIC
    kept: tuple[Any, Viewer] | None = user.__dict__.get("_benchmark_viewer")
    held = roles_of(user)
    if kept is not None and kept[0] is held:
        return kept[1]
    own = _own_municipalities(user)
    circles: frozenset[int] = frozenset()
    members: frozenset[int] = frozenset()
    if held:
        circles = frozenset(pk for provider in _circle_providers for pk in provider(user))
    if circles:
        members = frozenset(
            ComparisonGroup.municipalities.through.objects.filter(comparisongroup_id__in=circles).values_list(
                "municipality_id", flat=True
            )
        )
    everything = bool(is_office(user) or is_validator(user))
    # A council member reads what their own municipality published, and no more.
    read_along = {user.municipality_id} if user.municipality_id and has_role(user, RoleName.COUNCIL) else set()
    home = user.municipality_id or (min(own) if own else None)
    viewer = Viewer(
        own=own,
        named=ALL if everything else own | members | read_along,
        circles=circles,
        circle_members=members,
        home=home if held else None,
        takes_part=bool(held) or everything,
        is_office=bool(is_office(user)),
        sees_unpublished=everything,
        user_id=user.pk,
    )
    user.__dict__["_benchmark_viewer"] = (held, viewer)
    return viewer


def visible_municipalities(user: Any) -> frozenset[int] | Literal["all"]:
    """Return the municipalities whose published values a person may see by name, or `ALL`."""
    viewer = viewer_for(user)
    return viewer.named


@rules.predicate
def can_create_goal(user: Any) -> bool:
    """Participants and editors, for their own municipality; the office for any."""
    viewer = viewer_for(user)
    return viewer.is_office or bool(viewer.own)


@rules.predicate
def can_edit_goal(user: Any, goal: Goal) -> bool:
    """Only the people of the goal's own municipality, and the office."""
    viewer = viewer_for(user)
    return viewer.is_office or goal.municipality_id in viewer.own


def can_create_goal_for(user: Any, municipality: Municipality) -> bool:
    """Say whether a person may set a goal for this municipality."""
    viewer = viewer_for(user)
    return viewer.is_office or municipality.pk in viewer.own


@rules.predicate
def can_create_group(user: Any) -> bool:
    """Everybody who takes part may keep groups of peers."""
    return viewer_for(user).takes_part


@rules.predicate
def can_edit_group(user: Any, group: ComparisonGroup) -> bool:
    """Who chose the peers, and nobody else; a kring's group is kept by its kring."""
    return group.kind == ComparisonGroup.Kind.CHOSEN and user.pk is not None and group.owner_id == user.pk


@rules.predicate
def can_view_goal_progress(user: Any) -> bool:
    """The steering group and the office see how many goals are on track, without whose."""
    return viewer_for(user).is_office or has_role(user, RoleName.STEERING)


@rules.predicate
def can_import_measurements(user: Any) -> bool:
    """Validators and the office bring files in; nobody else sees the pages for it."""
    return bool(is_office(user) or is_validator(user))


def can_offer_talk(user: Any, municipality: Municipality) -> bool:
    """Say whether a person may offer to talk about the figures of this municipality: only their own."""
    return municipality.pk in viewer_for(user).own


@rules.predicate
def can_keep_outlines(user: Any) -> bool:
    """The office keeps the outlines of the map."""
    return bool(is_office(user))


rules.set_perm("benchmark.keep_outlines", can_keep_outlines)


def edited_by(user: Any) -> frozenset[int]:
    """Return ids of the municipalities whose figures a person delivers, as editor."""
    kind = ContentType.objects.get_for_model(Municipality).pk
    return frozenset(
        scope
        for role, scope_type, scope in roles_of(user)
        if role == RoleName.EDITOR and scope_type == kind and scope is not None
    )


@rules.predicate
def can_import_own_measurements(user: Any) -> bool:
    """Editors bring in the files of their own municipality."""
    return bool(edited_by(user))


@rules.predicate
def can_deliver(user: Any) -> bool:
    """Everybody who brings in files at all, and so sees the pages for it."""
    return bool(can_import_measurements(user)) or bool(can_import_own_measurements(user))


@rules.predicate
def can_validate_measurements(user: Any) -> bool:
    """Validators and the office look at what editors handed in; never at what they brought in themselves."""
    return bool(is_office(user) or is_validator(user))


@rules.predicate
def can_edit_definitions(user: Any) -> bool:
    """The office says what an indicator means, and since when."""
    return bool(is_office(user))


rules.set_perm("benchmark.import_own_measurements", can_import_own_measurements)
rules.set_perm("benchmark.deliver", can_deliver)
rules.set_perm("benchmark.validate_measurements", can_validate_measurements)
rules.set_perm("benchmark.edit_definitions", can_edit_definitions)
rules.set_perm("benchmark.import_measurements", can_import_measurements)
rules.set_perm("benchmark.create_goal", can_create_goal)
rules.set_perm("benchmark.edit_goal", can_edit_goal)
rules.set_perm("benchmark.create_group", can_create_group)
rules.set_perm("benchmark.edit_group", can_edit_group)
rules.set_perm("benchmark.view_goal_progress", can_view_goal_progress)
