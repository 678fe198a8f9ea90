"""Saying that a municipality does what a practice describes: how far, since when, and why it stopped."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from benchmark.models import Goal
from goodpractices import permissions, standing
from goodpractices.models import Adoption, GoodPractice
from people import clock
from people.models import Municipality, User

State = Adoption.State


class AdoptionError(ValueError):
    """It cannot be recorded like this.

    Attributes:
        field: which answer is wrong; empty when it is not one answer.
    """

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


def began(practice: GoodPractice) -> dt.date:
    """Return the first day of a practice: of its year, or the day on which it came into the library."""
    if practice.year:
        return dt.date(practice.year, 1, 1)
    published = (practice.published_at or practice.created_at).date()
    return min(published, clock.today())


def _check(practice: GoodPractice, state: str, started_on: dt.date | None, stopped_on: dt.date | None) -> None:
    """Refuse what cannot be, with a sentence per answer."""
    today = clock.today()
    if state == State.CONSIDERING:
        return
    if started_on is None:
        raise AdoptionError(_("Say since when. The month will do: take its first day."), "started_on")
    if started_on > today:
        raise AdoptionError(
            _("%(day)s is still to come. Choose “considering it” until you start.") % {"day": _day(started_on)},
            "started_on",
        )
    if started_on < began(practice):
        raise AdoptionError(
            _(
                "You started on %(day)s, before this practice existed (%(began)s). Check the date. "
                "If you were earlier, add your own practice."
            )
            % {"day": _day(started_on), "began": _day(began(practice))},
            "started_on",
        )
    if state == State.STOPPED and stopped_on is not None and not started_on <= stopped_on <= today:
        raise AdoptionError(_("You cannot have stopped before you started, or after today."), "stopped_on")


def _day(day: dt.date) -> str:
    from django.utils.formats import date_format

    return date_format(day, "j F Y")


@transaction.atomic
def adopt(  # noqa: PLR0913 - keyword-only, and an adoption is all of these
    *,
    by: User,
    practice: GoodPractice,
    municipality: Municipality,
    state: str,
    degree: str = Adoption.Degree.WHOLE,
    started_on: dt.date | None = None,
    stopped_on: dt.date | None = None,
    stopped_why: str = "",
    goal: Goal | None = None,
    may_be_asked: bool = True,
) -> Adoption:
    """Record how far a municipality is with a practice; recording it again changes what was recorded.

    Args:
        by: somebody of the municipality.
        practice: a published practice of another municipality, that this person can read.
        municipality: whose adoption it is.
        state: considering, trying, running or stopped.
        degree: how much of it.
        started_on: the first day; needed unless they only consider it.
        stopped_on: the last day, today when it is left out; only with `stopped`.
        stopped_why: needed with `stopped`: who follows learns most from it.
        goal: the municipality's own goal that it serves.
        may_be_asked: whether colleagues elsewhere may ask them.

    Raises:
        PermissionDenied: for another municipality than one's own, or a practice one cannot read.
        AdoptionError: with the sentence to show.
    """
    if not permissions.can_adopt_for(by, municipality.pk):
        raise PermissionDenied
    if not GoodPractice.objects.published_to(by).filter(pk=practice.pk).exists():
        raise PermissionDenied
    if practice.municipality_id == municipality.pk:
        raise AdoptionError(_("This is your own practice. Others can say that they do it too."))
    _check(practice, state, started_on, stopped_on)
    if state == State.STOPPED and not stopped_why.strip():
        raise AdoptionError(_("Say why you stopped. Who follows learns most from that."), "stopped_why")
    if goal is not None and goal.municipality_id != municipality.pk:
        raise AdoptionError(_("This goal is not a goal of your municipality. Choose one of your own."), "goal")
    stopped = state == State.STOPPED
    adoption, _new = Adoption.objects.update_or_create(
        practice=practice,
        municipality=municipality,
        defaults={
            "state": state,
            "degree": degree,
            "started_on": None if state == State.CONSIDERING else started_on,
            "stopped_on": (stopped_on or clock.today()) if stopped else None,
            "stopped_why": stopped_why.strip() if stopped else "",
            "goal": goal,
            "may_be_asked": may_be_asked,
            "author": by,
        },
    )
    standing.refresh([practice.pk])
    return adoption


@transaction.atomic
def withdraw(*, by: User, adoption: Adoption) -> None:
    """Take back an adoption that was recorded by mistake; who stopped records that instead.

    Raises:
        PermissionDenied: of another municipality.
    """
    if not permissions.can_adopt_for(by, adoption.municipality_id):
        raise PermissionDenied
    practice = adoption.practice_id
    adoption.delete()
    standing.refresh([practice])
