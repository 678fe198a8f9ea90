"""Benchmark years: cloned from the one before, with milestones that keep their weekday, and kringen that go on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from benchmark.models import ComparisonGroup, Cycle
from kringen.models import Kring, Membership, Milestone
from people.models import User

EARLIEST, LATEST = 2000, 2100
# Fifty-two weeks on, a day falls on the same weekday in (nearly) the same week.
WEEKS = dt.timedelta(weeks=52)
TITLE_LENGTH = 120
FIELDS = ("title", "kind", "actor", "precision", "label")
ORDER = list(Cycle.State)


class YearRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """The year cannot be like this; the text is the sentence to show."""


@dataclass(frozen=True)
class Moment:
    """What somebody says about a milestone."""

    title: str
    date_from: dt.date
    date_to: dt.date | None = None
    precision: str = Milestone.Precision.EXACT
    kind: str = Milestone.Kind.OTHER
    actor: str = Milestone.Actor.ALL
    label: str = ""


def shifted(day: dt.date, years: int) -> dt.date:
    """Return the same weekday of (nearly) the same week, some years on (or, with a negative number, back)."""
    moved = day + WEEKS * years
    # 52 weeks are 364 days: after five or six years that is a week too early.
    while (day.replace(year=day.year + years, day=min(day.day, 28)) - moved).days > 3:  # noqa: PLR2004 — half a week
        moved += dt.timedelta(weeks=1)
    return moved


@transaction.atomic
def clone(*, cycle: Cycle, year: int, with_kringen: bool) -> Cycle:
    """Make a new year out of an earlier one: its milestones, and if wanted its kringen with who is in them today.

    People, meetings, intakes and promises belong to the old year and stay there.

    Raises:
        YearRefused: there is such a year already, or it is no year.
    """
    if not EARLIEST <= year <= LATEST:
        raise YearRefused(_("%(year)s is not a year we can plan. Choose one between 2000 and 2100.") % {"year": year})
    if Cycle.objects.filter(year=year).exists():
        raise YearRefused(_("There is a benchmark year %(year)s already. Open that one.") % {"year": year})
    name = cycle.name.replace(str(cycle.year), str(year)) if str(cycle.year) in cycle.name else f"{cycle.name} {year}"
    try:
        with transaction.atomic():
            made = Cycle.objects.create(slug=str(year), name=name, year=year)
    except IntegrityError:  # two people at once
        raise YearRefused(_("There is a benchmark year %(year)s already. Open that one.") % {"year": year}) from None
    Milestone.objects.bulk_create(
        Milestone(
            cycle=made,
            date_from=shifted(each.date_from, year - cycle.year),
            date_to=shifted(each.date_to, year - cycle.year),
            **{field: getattr(each, field) for field in FIELDS},
        )
        for each in cycle.milestones.all()
    )
    if with_kringen:
        for kring in Kring.objects.filter(cycle=cycle).order_by("pk"):
            _go_on(kring, made)
    return made


def _go_on(kring: Kring, cycle: Cycle) -> None:
    members = list(Membership.objects.current().filter(kring=kring))
    group = ComparisonGroup.objects.create(kind=ComparisonGroup.Kind.KRING, name=f"{kring.name} {cycle.year}")
    group.municipalities.set(member.municipality_id for member in members)
    stem = slugify(kring.name)[:40] or "kring"
    made = Kring.objects.create(
        slug=f"{stem}-{cycle.year}",
        name=kring.name,
        cycle=cycle,
        description=kring.description,
        comparison_group=group,
    )
    Membership.objects.bulk_create(
        Membership(kring=made, municipality_id=member.municipality_id, kind=member.kind) for member in members
    )


def _check(moment: Moment) -> tuple[dt.date, str]:
    last = moment.date_to or moment.date_from
    if not moment.title.strip():
        raise YearRefused(_("Give the milestone a title."))
    if last < moment.date_from:
        raise YearRefused(_("The milestone ends before it begins. Choose a later last day, or leave it empty."))
    if moment.precision == Milestone.Precision.EXACT and last != moment.date_from:
        raise YearRefused(_("An exact milestone is one day. Leave the last day empty, or make it a window."))
    return last, " ".join(moment.title.split())[:TITLE_LENGTH]


@transaction.atomic
def save_milestone(*, cycle: Cycle, moment: Moment, milestone: Milestone | None = None) -> Milestone:
    """Add a milestone to a year, or change one of it.

    Raises:
        YearRefused: it ends before it begins, has no title, or is exact and longer than a day.
    """
    last, title = _check(moment)
    row = milestone or Milestone(cycle=cycle)
    for field in ("kind", "actor", "precision", "label", "date_from"):
        setattr(row, field, getattr(moment, field))
    row.title, row.date_to = title, last
    row.save()
    if row.precision == Milestone.Precision.EXACT:
        row.kring_dates.all().delete()
    return row


@transaction.atomic
def remove_milestone(*, milestone: Milestone) -> None:
    """Take a milestone out of its year, with the days that kringen picked for it."""
    milestone.delete()


@transaction.atomic
def set_state(*, cycle: Cycle, state: str) -> Cycle:
    """Bring a year to its next state, or back to the one before; states are not skipped.

    Raises:
        YearRefused: the state is not beside the present one.
    """
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    here = ORDER.index(Cycle.State(cycle.state))
    if state not in Cycle.State.values or abs(ORDER.index(Cycle.State(state)) - here) != 1:
        raise YearRefused(_("A year goes one state at a time. Reload the page and try again."))
    cycle.state = Cycle.State(state)
    cycle.save(update_fields=["state"])
    return cycle


def beside(cycle: Cycle) -> tuple[str, str]:
    """Return the state before and after the present one; an empty text where there is none."""
    here = ORDER.index(Cycle.State(cycle.state))
    return (
        ORDER[here - 1].value if here else "",
        ORDER[here + 1].value if here + 1 < len(ORDER) else "",
    )


def turn_of(user: User, *, guides: bool, is_office: bool, is_steering: bool) -> set[str]:
    """Return the actors of milestones that mean this person."""
    turns = {Milestone.Actor.ALL.value}
    if is_office:
        return turns | {Milestone.Actor.OFFICE.value, Milestone.Actor.VALIDATOR.value}
    if is_steering:
        return turns | {Milestone.Actor.STEERING.value}
    if guides:
        return turns | {Milestone.Actor.FACILITATOR.value}
    return turns | {Milestone.Actor.PARTICIPANTS.value, Milestone.Actor.VALIDATOR.value}
