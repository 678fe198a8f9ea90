"""Who may find, write and review good practices.

`Reach` says once, as a plain value, which practices a person reaches. The query (`GoodPractice.objects.visible_to`)
and the counts in memory (`catalogue.py`) are both made from it, so that no count can know more than the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import rules
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from benchmark.models import ComparisonGroup
from benchmark.permissions import viewer_for
from goodpractices.models import GoodPractice
from people.models import RoleName
from people.permissions import is_office, roles_of

State = GoodPractice.State
Visibility = GoodPractice.Visibility


@dataclass(frozen=True, slots=True)
class Reach:
    """Which practices a person reaches.

    Attributes:
        takes_part: reads what is shared with all kringen.
        own: municipalities whose practices this person writes: seen in every state.
        circle: municipalities in a kring together with this person.
        reviews: municipalities whose practices this person reviews as facilitator.
        is_office: reads and reviews everything that is not a draft.
        writer: this person's key when they are of the office, which writes for any municipality: what they began
            themselves they go on with. Whoever left a municipality has no such claim on what they wrote there.
    """

    takes_part: bool = False
    own: frozenset[int] = frozenset()
    circle: frozenset[int] = frozenset()
    reviews: frozenset[int] = frozenset()
    is_office: bool = False
    writer: int | None = None

    def published(self) -> Q:
        """Return the condition on published practices: what the library shows."""
        allowed = Q(visibility=Visibility.PUBLIC)
        if self.takes_part:
            allowed |= Q(visibility=Visibility.PARTICIPANTS)
        if self.is_office:
            allowed |= Q(visibility=Visibility.KRING)
        elif near := self.circle | self.own | self.reviews:
            allowed |= Q(visibility=Visibility.KRING, municipality__in=near)
        if self.own:
            allowed |= Q(municipality__in=self.own)
        return Q(state=State.PUBLISHED) & allowed

    def shared(self) -> Q:
        """Return the condition on texts with a `visibility` of their own (experiences): who they are shared with."""
        allowed = Q(visibility=Visibility.PUBLIC)
        if self.takes_part:
            allowed |= Q(visibility=Visibility.PARTICIPANTS)
        if self.is_office:
            allowed |= Q(visibility=Visibility.KRING)
        elif near := self.circle | self.own | self.reviews:
            allowed |= Q(visibility=Visibility.KRING, municipality__in=near)
        return allowed

    def reviewed(self) -> Q:
        """Return the condition on practices in the hands of a reviewer; matches nothing for other people."""
        if self.is_office:
            return ~Q(state=State.DRAFT)
        return ~Q(state=State.DRAFT) & Q(municipality__in=self.reviews)

    def everything(self) -> Q:
        """Return the condition on all that this person may open: the library, own work, and work to review."""
        return self.published() | self.written() | self.reviewed()

    def written(self) -> Q:
        """Return the condition on what this person writes, in every state."""
        written = Q(municipality__in=self.own)
        return written if self.writer is None else written | Q(author=self.writer)

    def writes(self, practice: GoodPractice) -> bool:
        """Say the same of one practice."""
        return practice.municipality_id in self.own or (self.writer is not None and practice.author_id == self.writer)


def _facilitated(user: Any) -> frozenset[int]:
    """Return the municipalities in the kringen that a person facilitates.

    The scope of a facilitator is the thing that keeps a comparison group. It is asked for that group by name: the
    kring's model is to the left of this app and must not be imported here.
    """
    scopes: dict[int, set[int]] = {}
    for role, scope_type, scope in roles_of(user):
        if role == RoleName.FACILITATOR and scope_type is not None and scope is not None:
            scopes.setdefault(scope_type, set()).add(scope)
    groups: set[int] = set()
    for scope_type, ids in scopes.items():
        model = ContentType.objects.get_for_id(scope_type).model_class()
        if model is not None and hasattr(model, "comparison_group"):
            groups.update(
                model._default_manager.filter(pk__in=ids).values_list("comparison_group_id", flat=True)  # noqa: SLF001
            )
    if not groups:
        return frozenset()
    return frozenset(
        ComparisonGroup.municipalities.through.objects.filter(comparisongroup_id__in=groups).values_list(
            "municipality_id", flat=True
        )
    )


def reach_of(user: Any) -> Reach:
    """Return what a person reaches; kept on the person, so that one request asks the database once."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Reach()
    held = roles_of(user)
    kept: tuple[Any, Reach] | None = user.__dict__.get("_practice_reach")
    if kept is not None and kept[0] is held:
        return kept[1]
    viewer = viewer_for(user)
    of_the_office = bool(is_office(user))
    reach = Reach(
        takes_part=viewer.takes_part,
        own=viewer.own,
        circle=viewer.circle_members,
        reviews=_facilitated(user),
        is_office=of_the_office,
        writer=user.pk if of_the_office else None,
    )
    user.__dict__["_practice_reach"] = (held, reach)
    return reach


@rules.predicate
def can_create_practice(user: Any) -> bool:
    """Participants and editors, for their own municipality; the office for any."""
    reach = reach_of(user)
    return reach.is_office or bool(reach.own)


def can_create_practice_for(user: Any, municipality_id: int) -> bool:
    """Say whether a person may add a practice of this municipality."""
    reach = reach_of(user)
    return reach.is_office or municipality_id in reach.own


@rules.predicate
def can_edit_practice(user: Any, practice: GoodPractice) -> bool:
    """Its writers while it is a draft; the reviewers from then on, but not of their own published text."""
    if practice.state == State.DRAFT:
        return reach_of(user).writes(practice)
    own_text = practice.state == State.PUBLISHED and practice.author_id == user.pk
    return can_oversee_practice(user, practice) and not own_text


@rules.predicate
def can_propose_practice(user: Any, practice: GoodPractice) -> bool:
    """Its writers, once it is published: their new version waits for a reviewer."""
    return practice.state == State.PUBLISHED and reach_of(user).writes(practice)


@rules.predicate
def can_submit_practice(user: Any, practice: GoodPractice) -> bool:
    """Its writers: the municipality's own people, and who of the office began it."""
    return reach_of(user).writes(practice)


@rules.predicate
def can_oversee_practice(user: Any, practice: GoodPractice) -> bool:
    """The facilitator of the municipality's kring, and the office."""
    reach = reach_of(user)
    return reach.is_office or practice.municipality_id in reach.reviews


@rules.predicate
def can_review_practice(user: Any, practice: GoodPractice) -> bool:
    """Those who oversee it, except who wrote it: nobody publishes their own text."""
    if not can_oversee_practice(user, practice) or user.pk == practice.author_id:
        return False
    return user.municipality_id != practice.municipality_id or not practice.co_authors.filter(pk=user.pk).exists()


@rules.predicate
def can_review_practices(user: Any) -> bool:
    """Facilitators and the office have a queue."""
    reach = reach_of(user)
    return reach.is_office or bool(reach.reviews)


def can_adopt_for(user: Any, municipality_id: int) -> bool:
    """Say whether a person may tell what this municipality did with a practice: their own, also for the office."""
    return municipality_id in reach_of(user).own


@rules.predicate
def can_keep_tags(user: Any) -> bool:
    """The office keeps the vocabulary; nobody else."""
    return reach_of(user).is_office


rules.set_perm("goodpractices.keep_tags", can_keep_tags)
rules.set_perm("goodpractices.create_practice", can_create_practice)
rules.set_perm("goodpractices.edit_practice", can_edit_practice)
rules.set_perm("goodpractices.propose_practice", can_propose_practice)
rules.set_perm("goodpractices.submit_practice", can_submit_practice)
rules.set_perm("goodpractices.oversee_practice", can_oversee_practice)
rules.set_perm("goodpractices.review_practice", can_review_practice)
rules.set_perm("goodpractices.review_practices", can_review_practices)
