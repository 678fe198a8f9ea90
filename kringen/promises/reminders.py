"""Reminders of promises: one in the week before the date and one when it has passed, each date once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Q, QuerySet

from kringen.meetings import outcome_notices
from kringen.models import Action
from people import clock

BEFORE = dt.timedelta(days=7)


def send() -> tuple[int, int]:
    """Remind the owners of open promises; return how many were told before their date, and how many after.

    A promise that gets another date is told of again. A run that was missed is caught up with the next day.
    """
    today = clock.today()
    owned = Action.objects.open().filter(owner__is_active=True)
    near = owned.filter(due_on__gte=today, due_on__lte=today + BEFORE)
    late = owned.filter(due_on__lt=today)
    return _tell(near, "told_before", outcome_notices.DUE), _tell(late, "told_after", outcome_notices.LATE)


def _tell(some: QuerySet[Action], field: str, kind: str) -> int:
    told = 0
    fresh = Q(**{f"{field}__isnull": True}) | ~Q(**{field: F("due_on")})
    for action in some.filter(fresh):
        with transaction.atomic():
            # Taken first: a second run at the same time finds nothing left to tell.
            if Action.objects.filter(fresh, pk=action.pk, due_on=action.due_on).update(**{field: action.due_on}):
                outcome_notices.tell_action(action, kind)
                told += 1
    return told
