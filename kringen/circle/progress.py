"""How far kringen are, in counts and lists; the same number of queries however many kringen there are.

Counts and shares only, never a value of a municipality: what is counted of figures is whether they are there.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Prefetch
from django.utils.translation import gettext as _

from benchmark import goal_states
from benchmark.goal_progress import Standing
from benchmark.models import Goal, Indicator, Measurement
from goodpractices.models import Adoption, Experience
from kringen.circle import stage
from kringen.models import Action, Intake, Kring, Meeting, Membership, ProgressNote, ProgressSnapshot
from people import clock
from people.models import Municipality, User


class NoteRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """The note cannot be kept like this; the text is the sentence to show."""


@dataclass(frozen=True)
class Counts:
    """One kring in numbers, as a snapshot keeps them."""

    members: int
    intakes: int
    delivered: int
    asked: int
    meetings_held: int
    meetings_planned: int
    reached: int
    on_track: int
    behind: int
    unknown: int
    actions_open: int
    actions_overdue: int
    actions_done: int
    adoptions: int
    experiences: int
    stage: int


@dataclass(frozen=True)
class Line:
    """One kring, with everything that is counted and listed of it.

    Attributes:
        kring: which one.
        members: municipalities that take part today, guests included, by name.
        with_intake: ids of those that handed in an intake.
        delivered: core figures of the year of the kring that are there, by id of the municipality.
        core: how many core figures are asked of each.
        goals: (municipality, standing) of every goal that was not withdrawn; what the goal is stays out of it.
        meetings: those of the circle that were not cancelled, by date.
        actions: what was promised.
        adoptions: what members took over and went through with.
        experiences: what members told of practices of others.
        today: the day looked from.
    """

    kring: Kring
    members: tuple[Municipality, ...]
    with_intake: frozenset[int]
    delivered: Mapping[int, int]
    core: int
    goals: tuple[tuple[Municipality, Standing], ...]
    meetings: tuple[Meeting, ...]
    actions: tuple[Action, ...]
    adoptions: tuple[Adoption, ...]
    experiences: tuple[Experience, ...]
    today: dt.date
    standing: stage.Standing = field(init=False)

    def __post_init__(self) -> None:
        with_goal = {place.pk for place, _standing in self.goals}
        found = stage.Evidence(
            members=len(self.members),
            without_intake=[place.name for place in self.members if place.pk not in self.with_intake],
            delivered=self.delivered_total / self.asked if self.asked else None,
            held=len(self.held),
            has_theme=bool(self.kring.theme),
            without_goal=[place.name for place in self.members if place.pk not in with_goal],
            adoptions=len(self.adoptions),
        )
        object.__setattr__(self, "standing", stage.standing(found))

    @property
    def intakes(self) -> int:
        """How many members handed in an intake."""
        return len(self.with_intake)

    @property
    def delivered_total(self) -> int:
        """How many core figures are there."""
        return sum(self.delivered.values())

    @property
    def asked(self) -> int:
        """How many core figures there could be."""
        return self.core * len(self.members)

    @property
    def share(self) -> float | None:
        """The share of the asked figures that is there, in per cent; None when nothing was asked."""
        return 100 * self.delivered_total / self.asked if self.asked else None

    @cached_property
    def held(self) -> tuple[Meeting, ...]:
        """The meetings that were held: marked so, or their day is over."""
        return tuple(each for each in self.meetings if each.state == Meeting.State.HELD or each.date < self.today)

    @property
    def next_meeting(self) -> Meeting | None:
        """The first meeting that is still to come, or None."""
        return next((each for each in self.meetings if each not in self.held), None)

    @cached_property
    def goals_by_standing(self) -> dict[Standing, int]:
        """The number of goals by how they stand, every standing present."""
        counted = Counter(standing for _place, standing in self.goals)
        return {standing: counted[standing] for standing in Standing}

    @property
    def open_actions(self) -> tuple[Action, ...]:
        """What still has to be done."""
        return tuple(each for each in self.actions if each.state == Action.State.OPEN)

    @property
    def overdue_actions(self) -> tuple[Action, ...]:
        """What should have been done by now."""
        return tuple(each for each in self.actions if each.is_overdue(self.today))

    @property
    def done_actions(self) -> tuple[Action, ...]:
        """What was done."""
        return tuple(each for each in self.actions if each.state == Action.State.DONE)

    @cached_property
    def counts(self) -> Counts:
        """The line in numbers."""
        goals_now = self.goals_by_standing
        return Counts(
            members=len(self.members),
            intakes=self.intakes,
            delivered=self.delivered_total,
            asked=self.asked,
            meetings_held=len(self.held),
            meetings_planned=len(self.meetings) - len(self.held),
            reached=goals_now[Standing.REACHED],
            on_track=goals_now[Standing.ON_TRACK],
            behind=goals_now[Standing.BEHIND],
            unknown=goals_now[Standing.UNKNOWN],
            actions_open=len(self.open_actions),
            actions_overdue=len(self.overdue_actions),
            actions_done=len(self.done_actions),
            adoptions=len(self.adoptions),
            experiences=len(self.experiences),
            stage=int(self.standing.stage),
        )


def lines(kringen: Iterable[Kring]) -> list[Line]:
    """Return how far these kringen are; eleven queries, however many there are and whoever is in them.

    Args:
        kringen: a queryset of those to tell of, already narrowed to what the reader may see.
    """
    today = clock.today()
    found = list(
        kringen.select_related("cycle").prefetch_related(  # type: ignore[attr-defined]
            Prefetch(
                "memberships",
                Membership.objects.current().select_related("municipality"),
                to_attr="current_memberships",
            ),
            Prefetch("intakes", Intake.objects.filled_in(), to_attr="filled_intakes"),
            Prefetch(
                "meetings",
                Meeting.objects.for_the_circle().exclude(state=Meeting.State.CANCELLED).order_by("date", "number"),
                to_attr="circle_meetings",
            ),
            # Of a meeting for some the promises are for some as well.
            Prefetch(
                "actions",
                Action.objects.exclude(meeting__kind__in=CLOSED_KINDS).select_related("owner", "municipality", "kring"),
                to_attr="open_and_done",
            ),
        )
    )
    members = {each.pk: tuple(row.municipality for row in each.current_memberships) for each in found}
    everybody = {place.pk for places in members.values() for place in places}
    core = Indicator.objects.filter(is_core=True).count()
    delivered = _delivered(everybody, {each.cycle.year for each in found})
    standings = _standings(everybody)
    adoptions: dict[int, list[Adoption]] = defaultdict(list)
    for adoption in Adoption.objects.started().filter(municipality__in=everybody).select_related("practice"):
        adoptions[adoption.municipality_id].append(adoption)
    experiences: dict[int, list[Experience]] = defaultdict(list)
    for told in Experience.objects.filter(municipality__in=everybody).select_related("practice"):
        experiences[told.municipality_id].append(told)
    made = []
    for each in found:
        places = members[each.pk]
        ids = {place.pk for place in places}
        made.append(
            Line(
                kring=each,
                members=places,
                with_intake=frozenset(row.municipality_id for row in each.filled_intakes) & ids,
                delivered={pk: delivered.get((pk, each.cycle.year), 0) for pk in ids},
                core=core,
                goals=tuple((place, now) for place in places for now in standings[place.pk]),
                meetings=tuple(each.circle_meetings),
                actions=tuple(each.open_and_done),
                adoptions=tuple(row for place in places for row in adoptions[place.pk]),
                experiences=tuple(row for place in places for row in experiences[place.pk]),
                today=today,
            )
        )
    return made


CLOSED_KINDS = [kind for kind in Meeting.Kind if kind not in Meeting.OPEN_KINDS]


def _delivered(municipalities: Collection[int], years: Collection[int]) -> dict[tuple[int, int], int]:
    """Return how many core indicators have a value, by (municipality, year): counted, never read."""
    rows = (
        Measurement.objects.filter(
            indicator__is_core=True, value__isnull=False, municipality__in=municipalities, year__in=years
        )
        .order_by()
        .values_list("municipality_id", "year")
        .annotate(number=Count("indicator", distinct=True))
    )
    return {(place, year): number for place, year, number in rows}


def _standings(municipalities: Collection[int]) -> dict[int, list[Standing]]:
    """Return how the goals of each municipality stand."""
    found: dict[int, list[Standing]] = defaultdict(list)
    for place, standing in goal_states.standings(Goal.objects.standing().filter(municipality__in=municipalities)):
        found[place].append(standing)
    return found


def take_snapshots(*, on: dt.date | None = None) -> int:
    """Keep the counts of every kring for a day, by default today; a second time that day replaces the first.

    Returns:
        How many kringen.
    """
    day = on or clock.today()
    rows = [
        ProgressSnapshot(kring=line.kring, date=day, counts=asdict(line.counts)) for line in lines(Kring.objects.all())
    ]
    ProgressSnapshot.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["kring", "date"], update_fields=["counts"]
    )
    return len(rows)


@transaction.atomic
def add_note(*, kring: Kring, text: str, by: User, submission: UUID | None = None) -> ProgressNote:
    """Keep a note about a kring; the same form sent twice makes one.

    Raises:
        NoteRefused: it is empty or too long.
    """
    text = text.strip()
    if not text:
        raise NoteRefused(_("There is no text yet. Write the note and save it again."))
    longest = 2000
    if len(text) > longest:
        raise NoteRefused(_("A note has at most 2,000 characters. Shorten it and save it again."))
    if submission is not None:
        made = ProgressNote.objects.filter(submission=submission).first()
        if made is not None:
            return made
    return ProgressNote.objects.create(kring=kring, text=text, author=by, submission=submission)
