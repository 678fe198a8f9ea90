"""The times of an agenda: computed from what was typed, never stored. Pure functions on the items."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kringen.models import AgendaItem

DAY = 24 * 60


def _minutes(time: dt.time | None) -> int | None:
    return None if time is None else time.hour * 60 + time.minute


def _time(minutes: int | None) -> dt.time | None:
    return None if minutes is None else dt.time(minutes % DAY // 60, minutes % 60)


@dataclass(frozen=True)
class Slot:
    """One item with its place in time.

    Attributes:
        item: the agenda item.
        start: when it begins: as typed, or the end of the item before it; None when that is not known.
        end: when it ends; None when not known.
        minutes: how long: as typed, or until the next item that has a time; None when not known.
        open_ended: the last item, without a duration.
        overlaps: it begins before the item before it has ended.
    """

    item: AgendaItem
    start: dt.time | None
    end: dt.time | None
    minutes: int | None
    open_ended: bool
    overlaps: bool


@dataclass(frozen=True)
class Timetable:
    """An agenda in time: its slots, the sum of the minutes, and the minutes that the meeting has (None: no end)."""

    slots: tuple[Slot, ...]
    planned: int
    available: int | None

    @property
    def open_ended(self) -> bool:
        """Whether the last item has no duration."""
        return bool(self.slots) and self.slots[-1].open_ended

    @property
    def sentence(self) -> str:
        """The sum of the minutes against the time there is, in words."""
        sentence = ngettext(
            "The items together take %(count)s minute.", "The items together take %(count)s minutes.", self.planned
        ) % {"count": self.planned}
        if self.open_ended:
            sentence += " " + _("The last item has an open end.")
        if self.available is None:
            return sentence + " " + _("The meeting has no end time.")
        left = self.available - self.planned
        if left < 0:
            return (
                sentence
                + " "
                + ngettext(
                    "That is %(over)s minute more than the %(available)s minutes of the meeting.",
                    "That is %(over)s minutes more than the %(available)s minutes of the meeting.",
                    -left,
                )
                % {"over": -left, "available": self.available}
            )
        return (
            sentence
            + " "
            + _("The meeting has %(available)s minutes, so %(left)s are left.")
            % {"available": self.available, "left": left}
        )

    @property
    def too_long(self) -> bool:
        """Whether the items need more time than the meeting has."""
        return self.available is not None and self.planned > self.available

    @property
    def overlaps(self) -> tuple[Slot, ...]:
        """The slots that begin before the one before them has ended."""
        return tuple(slot for slot in self.slots if slot.overlaps)


def timetable(items: Sequence[AgendaItem], starts_at: dt.time | None, ends_at: dt.time | None) -> Timetable:
    """Give every item its place in time.

    Args:
        items: in their order.
        starts_at: when the meeting begins, or None.
        ends_at: when it ends, or None.
    """
    slots: list[Slot] = []
    cursor = _minutes(starts_at)
    floor: int | None = None
    for number, item in enumerate(items):
        typed = _minutes(item.starts_at)
        start = typed if typed is not None else cursor
        overlaps = typed is not None and floor is not None and typed < floor
        following = items[number + 1] if number + 1 < len(items) else None
        minutes = item.minutes
        if minutes is None and following is not None and start is not None:
            until = _minutes(following.starts_at)
            minutes = until - start if until is not None and until > start else None
        end = start + minutes if start is not None and minutes is not None else None
        slots.append(
            Slot(
                item=item,
                start=_time(start),
                end=_time(end),
                minutes=minutes,
                open_ended=following is None and minutes is None,
                overlaps=overlaps,
            )
        )
        # Without a known end the next item begins only where it says so, and after this one has begun.
        cursor, floor = end, end if end is not None or start is None else start + 1
    begin, finish = _minutes(starts_at), _minutes(ends_at)
    return Timetable(
        slots=tuple(slots),
        planned=sum(slot.minutes or 0 for slot in slots),
        available=finish - begin if begin is not None and finish is not None else None,
    )
