"""Where a kring is in its year: milestones of three precisions, put in order and compared with one day.

Pure: it takes milestones, the days the kring picked and the day it is; it asks nothing of the database or the clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kringen.models import Milestone
from kringen.year import dates


class Moment(StrEnum):
    """Where a milestone stands, seen from today."""

    PAST = "past"
    NOW = "now"
    NEXT = "next"
    LATER = "later"


# The words and the shape of each; colour comes third.
WORDS: dict[Moment, str | Promise] = {
    Moment.PAST: _("has been"),
    Moment.NOW: _("now"),
    Moment.NEXT: _("next"),
    Moment.LATER: _("later"),
}
SHAPES = {Moment.PAST: "✓", Moment.NOW: "●", Moment.NEXT: "▶", Moment.LATER: "○"}


@dataclass(frozen=True)
class Entry:
    """One milestone in one kring's year.

    Attributes:
        milestone: what it is.
        own_date: the day the kring picked, or None.
        moment: past, now, next or later.
        days: from today to its first day (negative: days since its last day; 0 while it lasts).
    """

    milestone: Milestone
    own_date: dt.date | None
    moment: Moment
    days: int

    @property
    def first(self) -> dt.date:
        """The first day that counts for this kring."""
        return self.own_date or self.milestone.date_from

    @property
    def last(self) -> dt.date:
        """The last day that counts for this kring."""
        return self.own_date or self.milestone.date_to

    @property
    def word(self) -> str | Promise:
        """Where it stands, in a word."""
        return WORDS[self.moment]

    @property
    def shape(self) -> str:
        """Where it stands, as a shape."""
        return SHAPES[self.moment]

    @property
    def announced(self) -> str:
        """The date as precisely as it was announced, no more."""
        milestone = self.milestone
        if milestone.precision == Milestone.Precision.VAGUE:
            return dates.vague_text(milestone.label, milestone.date_from, milestone.date_to)
        if milestone.precision == Milestone.Precision.WINDOW:
            return dates.window_text(milestone.date_from, milestone.date_to)
        if milestone.date_from == milestone.date_to:
            return dates.exact_text(milestone.date_from)
        return dates.window_text(milestone.date_from, milestone.date_to)

    @property
    def when(self) -> str:
        """The kring's own day where it picked one, else the date as announced."""
        return dates.exact_text(self.own_date) if self.own_date else self.announced

    @property
    def away(self) -> str:
        """How far away it is, in words; nothing where counting days would be more precise than what was announced."""
        if self.milestone.precision == Milestone.Precision.VAGUE and not self.own_date:
            return ""
        if self.moment is Moment.NOW and self.first != self.last:
            return ""
        return dates.days_text(self.days)

    @property
    def own_date_outside(self) -> bool:
        """Whether the kring picked a day outside what was announced; allowed, but said."""
        return self.own_date is not None and not (self.milestone.date_from <= self.own_date <= self.milestone.date_to)


@dataclass(frozen=True)
class Timeline:
    """A year in order, and where we are in it."""

    entries: tuple[Entry, ...]

    @property
    def last_done(self) -> Entry | None:
        """What ended most recently."""
        done = [entry for entry in self.entries if entry.moment is Moment.PAST]
        return max(done, key=lambda entry: (entry.last, entry.first), default=None)

    @property
    def current(self) -> tuple[Entry, ...]:
        """What is going on today."""
        return tuple(entry for entry in self.entries if entry.moment is Moment.NOW)

    @property
    def next(self) -> Entry | None:
        """What begins first after today."""
        return next((entry for entry in self.entries if entry.moment is Moment.NEXT), None)

    def next_for(self, actors: Collection[str]) -> Entry | None:
        """Return the first milestone that is not over and asks something of one of these actors."""
        return next(
            (entry for entry in self.entries if entry.moment is not Moment.PAST and entry.milestone.actor in actors),
            None,
        )

    @property
    def next_deadline(self) -> Entry | None:
        """The first deadline that is not over."""
        return next(
            (
                entry
                for entry in self.entries
                if entry.moment is not Moment.PAST and entry.milestone.kind == Milestone.Kind.DEADLINE
            ),
            None,
        )


def timeline(milestones: Iterable[Milestone], own_dates: Mapping[int, dt.date], today: dt.date) -> Timeline:
    """Put milestones in the order in which they begin for this kring and say where each stands.

    Args:
        milestones: in any order.
        own_dates: the day the kring picked, by milestone id.
        today: the day to look from.
    """

    def period(milestone: Milestone) -> tuple[dt.date, dt.date]:
        own = own_dates.get(milestone.pk)
        return (own, own) if own else (milestone.date_from, milestone.date_to)

    in_order = sorted(milestones, key=lambda milestone: (*period(milestone), milestone.pk))
    next_day = min((first for first, _last in map(period, in_order) if first > today), default=None)
    entries = []
    for milestone in in_order:
        first, last = period(milestone)
        if last < today:
            moment, days = Moment.PAST, (last - today).days
        elif first <= today:
            moment, days = Moment.NOW, 0
        else:
            moment, days = (Moment.NEXT if first == next_day else Moment.LATER), (first - today).days
        entries.append(Entry(milestone, own_dates.get(milestone.pk), moment, days))
    return Timeline(tuple(entries))
