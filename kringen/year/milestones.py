"""The day a kring picks for itself inside a window of the year plan."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kringen.models import Kring, KringMilestone, Milestone
from kringen.year import dates


class DateRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """The kring cannot pick a day here; the text is the sentence to show."""


@transaction.atomic
def pick_date(*, kring: Kring, milestone: Milestone, day: dt.date | None) -> str:
    """Pick the kring's own day for a milestone, or with None leave it open again.

    Returns:
        A warning when the day lies outside what was announced (it is kept all the same), else an empty text.

    Raises:
        DateRefused: when the milestone has one day for everybody.
    """
    if milestone.precision == Milestone.Precision.EXACT:
        raise DateRefused(_("“%(milestone)s” is on one day for everybody.") % {"milestone": milestone})
    if day is None:
        KringMilestone.objects.filter(kring=kring, milestone=milestone).delete()
        return ""
    KringMilestone.objects.update_or_create(kring=kring, milestone=milestone, defaults={"date": day})
    if milestone.date_from <= day <= milestone.date_to:
        return ""
    return _("%(day)s lies outside the announced period of “%(milestone)s”: %(period)s. The day was kept.") % {
        "day": capfirst(dates.weekday_text(day)),
        "milestone": milestone,
        "period": dates.window_text(milestone.date_from, milestone.date_to),
    }
