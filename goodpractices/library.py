"""What can be done with a good practice: write it, hand it in, review it, put it away.

    draft ──submit──▶ review ──publish──▶ published ──archive──▶ archived
      ▲                 │
      └─return_with_remark

Every verb checks who asks, runs in one transaction and returns the practice.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable
from typing import Any, TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from benchmark.models import Area, Indicator
from goodpractices import permissions, tags
from goodpractices.models import GoodPractice, Remark
from people.models import Municipality, User

State = GoodPractice.State
# Addresses that mean something else under /praktijken/.
_RESERVED = frozenset({"nieuw", "beoordelen", "mijn"})
_SLUG_LENGTH = 100
_ATTEMPTS = 5


class Text(TypedDict, total=False):
    """The fields that an author writes."""

    title: str
    summary: str
    situation: str
    approach: str
    result: str
    cost: str
    contact: str
    year: int | None
    organisation_area: str
    phase: int | None
    visibility: str
    areas: Iterable[Area]
    indicators: Iterable[Indicator]
    tags: Iterable[str]


class LibraryError(Exception):
    """Something that cannot be done now; the text is a sentence for the person who tried."""


class ChangedError(LibraryError):
    """Somebody else saved the practice in the meantime."""


def _slug(title: str) -> str:
    """Return a free address for a title; the number behind it counts practices of one title."""
    base = slugify(unicodedata.normalize("NFKD", title))[:_SLUG_LENGTH].strip("-") or "praktijk"
    if base in _RESERVED:
        base = f"praktijk-{base}"
    taken = set(GoodPractice.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)


def _fill(practice: GoodPractice, text: Text) -> None:
    """Save the written fields; the relations after the row."""
    relations = {"areas", "indicators", "tags"}
    for name, value in text.items():
        if name not in relations:
            setattr(practice, name, value)
    practice.save()
    if "areas" in text:
        practice.areas.set(text["areas"])
    if "indicators" in text:
        practice.indicators.set(text["indicators"])
    if "tags" in text:
        practice.tags.set(tags.existing_or_new(text["tags"]))


def create(
    *,
    by: User,
    municipality: Municipality,
    submission: uuid.UUID | None = None,
    is_demo: bool = False,
    **text: Unpack[Text],
) -> GoodPractice:
    """Write a new draft.

    Args:
        by: the author.
        municipality: whose practice it is; one's own, except for the office.
        submission: the id of the form; the same id again returns the practice that it made.
        is_demo: marks an example, wherever it is shown.
        **text: the written fields.

    Raises:
        PermissionDenied: for another municipality than one's own.
    """
    if not permissions.can_create_practice_for(by, municipality.pk):
        raise PermissionDenied
    for attempt in range(_ATTEMPTS):
        if submission is not None:
            made = GoodPractice.objects.filter(submission=submission, author=by).first()
            if made is not None:
                return made
        try:
            with transaction.atomic():
                practice = GoodPractice(
                    slug=_slug(text.get("title", "")),
                    municipality=municipality,
                    author=by,
                    submission=submission,
                    is_demo=is_demo,
                )
                _fill(practice, text)
                return practice
        except IntegrityError:
            # Sent twice at once, or the same title by two people: what is there now decides.
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError  # the loop returns or raises


def _locked(practice: GoodPractice) -> GoodPractice:
    """Return the practice as it is now, held until the transaction ends."""
    return GoodPractice.objects.select_for_update(of=("self",)).get(pk=practice.pk)


def _check(allowed: Any) -> None:
    if not allowed:
        raise PermissionDenied


@transaction.atomic
def edit(*, by: User, practice: GoodPractice, seen: int | None = None, **text: Unpack[Text]) -> GoodPractice:
    """Change the written fields.

    Args:
        by: who changes it.
        practice: the practice.
        seen: the revision that the form was made from; None does not check.
        **text: the fields that change.

    Raises:
        PermissionDenied: not one's own draft, nor in one's care as reviewer.
        ChangedError: somebody saved it after `seen`.
    """
    now = _locked(practice)
    _check(permissions.can_edit_practice(by, now))
    if seen is not None and seen != now.revision:
        raise ChangedError(
            _(
                "Somebody else saved this practice while you were writing. Your text is still in the form. "
                "Compare it with the version below, and save again to keep yours."
            )
        )
    _fill(now, text)
    return now


@transaction.atomic
def submit(*, by: User, practice: GoodPractice) -> GoodPractice:
    """Hand a draft in for review; handing in twice is once.

    Raises:
        PermissionDenied: not of one's own municipality.
        LibraryError: it is published or archived already.
    """
    now = _locked(practice)
    _check(permissions.can_submit_practice(by, now))
    if now.state == State.REVIEW:
        return now
    if now.state != State.DRAFT:
        raise LibraryError(_("This practice was handed in before. Only a draft can be handed in."))
    now.state = State.REVIEW
    now.save()
    return now


@transaction.atomic
def publish(*, by: User, practice: GoodPractice) -> GoodPractice:
    """Put a practice in the library; publishing twice is once.

    Raises:
        PermissionDenied: not the facilitator of its municipality's kring, nor the office.
        LibraryError: one's own text, or not handed in.
    """
    now = _locked(practice)
    _check(permissions.can_oversee_practice(by, now))
    if now.state == State.PUBLISHED:
        return now
    if not permissions.can_review_practice(by, now):
        raise LibraryError(_("You wrote this practice yourself. Ask a colleague to review it."))
    if now.state == State.DRAFT:
        raise LibraryError(_("This practice was not handed in yet. Its author does that."))
    now.state = State.PUBLISHED
    now.published_at = now.published_at or timezone.now()
    now.save()
    return now


@transaction.atomic
def return_with_remark(*, by: User, practice: GoodPractice, remark: str) -> GoodPractice:
    """Give a practice in review back to its municipality, with what should be better.

    Raises:
        PermissionDenied: not the facilitator of its municipality's kring, nor the office.
        LibraryError: without a remark, or not in review.
    """
    now = _locked(practice)
    _check(permissions.can_oversee_practice(by, now))
    if not permissions.can_review_practice(by, now):
        raise LibraryError(_("You wrote this practice yourself. Ask a colleague to review it."))
    if not remark.strip():
        raise LibraryError(_("Write what the author should change. The practice was not sent back."))
    if now.state != State.REVIEW:
        raise LibraryError(_("This practice is not in review any more. Nothing was changed."))
    Remark.objects.create(practice=now, author=by, text=remark.strip())
    now.state = State.DRAFT
    now.save()
    return now


@transaction.atomic
def archive(*, by: User, practice: GoodPractice) -> GoodPractice:
    """Take a published practice out of the library; its text is kept. Archiving twice is once.

    Raises:
        PermissionDenied: not the facilitator of its municipality's kring, nor the office.
        LibraryError: it was never published.
    """
    now = _locked(practice)
    _check(permissions.can_oversee_practice(by, now))
    if now.state == State.ARCHIVED:
        return now
    if now.state != State.PUBLISHED:
        raise LibraryError(_("Only a published practice can be archived."))
    now.state = State.ARCHIVED
    now.save()
    return now
