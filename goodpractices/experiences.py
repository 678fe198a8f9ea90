"""Telling what came of it elsewhere. What failed is told, counted and shown like what worked."""

from __future__ import annotations

import uuid
from typing import TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from goodpractices import permissions, standing, versions
from goodpractices.models import Experience, GoodPractice
from people.models import Municipality, User


class ExperienceText(TypedDict, total=False):
    """What somebody tells."""

    context: str
    result: str
    went_wrong: str
    outcome: str
    again: str
    visibility: str


class ExperienceError(ValueError):
    """It cannot be told like this; the text is a sentence for the person who tried."""


@transaction.atomic
def tell(
    *,
    by: User,
    practice: GoodPractice,
    municipality: Municipality,
    submission: uuid.UUID | None = None,
    **text: Unpack[ExperienceText],
) -> Experience:
    """Tell the experience of a municipality with a practice; told again, it becomes the next version.

    Args:
        by: somebody of the municipality.
        practice: a published practice that this person can read.
        municipality: whose experience it is.
        submission: the id of the form; the same id again makes nothing new.
        **text: what they tell.

    Raises:
        PermissionDenied: for another municipality than one's own, or a practice one cannot read.
        ExperienceError: about one's own practice; that belongs in its text.
    """
    if not permissions.can_adopt_for(by, municipality.pk):
        raise PermissionDenied
    if not GoodPractice.objects.published_to(by).filter(pk=practice.pk).exists():
        raise PermissionDenied
    if practice.municipality_id == municipality.pk:
        raise ExperienceError(
            _(
                "This is the practice of your own municipality. Add what you learned to its result, or to what went wrong."
            )
        )
    if submission is not None and (made := Experience.objects.filter(submission=submission, author=by).first()):
        return made
    experience, new = Experience.objects.select_for_update(of=("self",)).get_or_create(
        practice=practice, municipality=municipality, defaults={**text, "author": by, "submission": submission}
    )
    if not new:
        for name, value in text.items():
            setattr(experience, name, value)
        experience.author = by
        experience.save()
    versions.keep_experience(experience, by)
    standing.refresh([practice.pk])
    return experience


@transaction.atomic
def withdraw(*, by: User, experience: Experience) -> None:
    """Take an experience back.

    Raises:
        PermissionDenied: of another municipality.
    """
    if not permissions.can_adopt_for(by, experience.municipality_id):
        raise PermissionDenied
    practice = experience.practice_id
    experience.delete()
    standing.refresh([practice])
