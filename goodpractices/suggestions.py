"""What the library would bring to somebody's attention, and what they do not want to see again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from goodpractices.models import Adoption, DismissedSuggestion, Experience, GoodPractice
from goodpractices.permissions import reach_of
from people import clock
from people.models import User

# After half a year of doing it there is something to tell.
DUE_AFTER = dt.timedelta(days=183)
_KEY = re.compile(r"(practice|peer|topic|experience):[0-9]{1,18}(:[0-9]{1,18})?")


def practices_for(user: Any, indicators: Collection[int], limit: int) -> list[tuple[GoodPractice, int]]:
    """Return practices of others about indicators, each with the indicator, that one's own does not do yet.

    Those of which most is certain come first. One query.
    """
    own = reach_of(user).own
    if not own or not indicators:
        return []
    done = Adoption.objects.filter(practice=OuterRef("pk"), municipality__in=own)
    found = (
        GoodPractice.objects.published_to(user)
        .filter(~Exists(done), indicators__in=indicators)
        .exclude(municipality__in=own)
        .select_related("municipality")
        .annotate(about=F("indicators"))
        .order_by(F("proven").desc(nulls_last=True), "-evidence", "-adopters", "-published_at", "pk")
    )
    each: dict[int, tuple[GoodPractice, int]] = {}
    for practice in found[: limit * 3]:
        each.setdefault(practice.pk, (practice, practice.about))
    return list(each.values())[:limit]


def experiences_due(user: Any, limit: int) -> list[Adoption]:
    """Return what one's own municipality has done for half a year without telling what came of it. One query."""
    own = reach_of(user).own
    if not own:
        return []
    told = Experience.objects.filter(practice=OuterRef("practice"), municipality=OuterRef("municipality"))
    due = Adoption.objects.filter(
        ~Exists(told),
        municipality__in=own,
        state__in=[Adoption.State.TRYING, Adoption.State.RUNNING],
        started_on__lte=clock.today() - DUE_AFTER,
        practice__in=GoodPractice.objects.published_to(user),
    )
    return list(due.select_related("practice").order_by("started_on", "pk")[:limit])


def dismissed(user: Any) -> set[str]:
    """Return the keys of what this person does not want to see again. One query."""
    return set(DismissedSuggestion.objects.filter(person=user).values_list("key", flat=True))


@transaction.atomic
def dismiss(*, by: User, key: str) -> bool:
    """Never show a suggestion to this person again; twice is once.

    Returns:
        whether the key is one of a suggestion; else nothing is kept.
    """
    if _KEY.fullmatch(key) is None:
        return False
    DismissedSuggestion.objects.get_or_create(person=by, key=key)
    return True
