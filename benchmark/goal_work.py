"""The work on a goal: dated remarks per stage, and saying that something was delivered. Never a typed percentage."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from benchmark import goal_states
from benchmark.models import Goal, GoalChange, GoalNote
from benchmark.permissions import can_edit_goal
from people import clock
from people.models import User


def add_note(  # noqa: PLR0913 — keyword-only, and a remark is all of these
    *, by: User, goal: Goal, stage: str, text: str, date: dt.date | None = None, submission: uuid.UUID | None = None
) -> GoalNote:
    """Write a remark in a stage of the work, and let the goal be in that stage; the same form twice writes one.

    Raises:
        PermissionDenied: when the person may not change the goal.
    """
    if not can_edit_goal(by, goal):
        raise PermissionDenied
    note = GoalNote(goal=goal, stage=stage, text=text, date=date or clock.today(), author=by, submission=submission)
    try:
        with transaction.atomic():
            note.save()
            if goal.stage != stage:
                goal.stage = stage
                goal.save(update_fields=["stage"])
    except IntegrityError:
        return GoalNote.objects.get(submission=submission, goal=goal)
    return note


def deliver(*, by: User, goal: Goal, on: dt.date | None) -> Goal:
    """Say when something that is there or not was delivered; None takes that back. What was said before is kept.

    Raises:
        PermissionDenied: when the person may not change the goal.
        ValueError: the goal follows from figures; nobody says by hand that it is reached.
    """
    if not can_edit_goal(by, goal):
        raise PermissionDenied
    if goal.kind != Goal.Kind.DELIVERABLE:
        raise ValueError("Progress of this goal follows from figures.")
    if goal.delivered_on != on:
        before = goal.delivered_on.isoformat() if goal.delivered_on else None
        goal.delivered_on = on
        with transaction.atomic():
            goal.save(update_fields=["delivered_on"])
            GoalChange.objects.create(goal=goal, by=by, before={"delivered_on": before})
        goal_states.begin(goal)
    return goal
