"""What the page of a kring shows, read in as many queries as it has parts, however many members there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from benchmark.phases import Phase
from kringen.models import Intake, IntakeItem, Kring, KringMilestone, Membership
from kringen.year import yearplan
from people import clock
from people.models import Municipality, Role, RoleName, User


@dataclass
class MemberRow:
    """One municipality around the table: its membership and its intake, either of which may be missing."""

    municipality: Municipality
    membership: Membership | None = None
    intake: Intake | None = None
    is_own: bool = False
    people: list[User] = field(default_factory=list)

    @property
    def takes_part_as(self) -> str:
        """Member or guest, with or without intake, in words."""
        if self.membership is None:
            return _("has an intake, but is not on the member list")
        if self.has_left:
            return _("has left the kring")
        guest = self.membership.kind == Membership.Kind.GUEST
        if self.intake is None:
            return _("guest without intake") if guest else _("member without intake")
        return _("guest with intake") if guest else _("member with intake")

    @property
    def has_left(self) -> bool:
        """Whether the membership is over."""
        return self.membership is not None and not self.membership.holds_on(clock.today())

    @property
    def tested_phase(self) -> Phase | None:
        """The phase by quick scan; None when there is none."""
        return Phase(self.intake.tested_phase) if self.intake and self.intake.tested_phase else None

    @property
    def own_phase(self) -> Phase | None:
        """The phase by own judgement; None when it was not given: unknown, never zero."""
        return Phase(self.intake.own_phase) if self.intake and self.intake.own_phase else None

    @property
    def questions(self) -> list[IntakeItem]:
        """What the municipality wants to know from the others."""
        return self._items(IntakeItem.Kind.QUESTION)

    @property
    def themes(self) -> list[IntakeItem]:
        """What the municipality works on."""
        return self._items(IntakeItem.Kind.THEME)

    def _items(self, kind: IntakeItem.Kind) -> list[IntakeItem]:
        return [item for item in self.intake.items.all() if item.kind == kind] if self.intake else []


def members_of(kring: Kring, roles: list[Role], own_municipality_id: int | None) -> list[MemberRow]:
    """Return the municipalities of a kring by name: who is on the list, and who only handed in an intake.

    Three queries. Roles that the caller already read give the people of each municipality.
    """
    rows: dict[int, MemberRow] = {}
    for membership in kring.memberships.select_related("municipality"):
        rows[membership.municipality_id] = MemberRow(membership.municipality, membership=membership)
    for intake in kring.intakes.select_related("municipality").prefetch_related("items"):
        row = rows.setdefault(intake.municipality_id, MemberRow(intake.municipality))
        row.intake = intake
    people: dict[int | None, list[User]] = defaultdict(list)
    for role in roles:
        if role.role == RoleName.PARTICIPANT:
            people[role.user.municipality_id].append(role.user)
    for pk, row in rows.items():
        row.people = people[pk]
        row.is_own = pk == own_municipality_id
    return sorted(rows.values(), key=lambda row: (row.has_left, row.municipality.name))


def timeline_of(kring: Kring) -> yearplan.Timeline:
    """Return where a kring is in its year today. Two queries."""
    own = dict(KringMilestone.objects.filter(kring=kring).values_list("milestone_id", "date"))
    return yearplan.timeline(kring.cycle.milestones.all(), own, clock.today())
