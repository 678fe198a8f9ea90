"""What can be done with a good practice: write it, hand it in, review it, put it away.

    draft ──submit──▶ review ──publish──▶ published ──archive──▶ archived
      ▲                 │
      └─return_with_remark

Every verb checks who asks, runs in one transaction and returns the practice.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple, TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from benchmark.models import Area, Indicator
from goodpractices import notices, permissions, standing, tags, versions
from goodpractices.models import GoodPractice, Remark, ResultFigure
from people import clock
from people.models import Municipality, User
from people.names import key

State = GoodPractice.State
_TITLE_LENGTH, _PLACE_LENGTH = 70, 40
_ATTEMPTS = 5
# A practice that nobody named a date for is looked at again after two years.
REVIEW_AFTER = 2


class Text(TypedDict, total=False):
    """The fields that an author writes."""

    title: str
    summary: str
    situation: str
    approach: str
    result: str
    cost: str
    went_wrong: str
    conditions: str
    for_size: str
    budget: str
    staff: str
    contact: str
    year: int | None
    organisation_area: str
    phase: int | None
    visibility: str
    nup_subjects: list[str]
    review_on: dt.date | None
    areas: Iterable[Area]
    indicators: Iterable[Indicator]
    tags: Iterable[str]
    co_authors: Iterable[User]
    figures: Iterable[Figure]


class Figure(NamedTuple):
    """A figure of the result, before and after."""

    indicator: Indicator
    before: float
    after: float
    before_year: int | None = None
    after_year: int | None = None


class LibraryError(Exception):
    """Something that cannot be done now; the text is a sentence for the person who tried."""


class DuplicateError(LibraryError):
    """The municipality has a practice of this title already."""


class ChangedError(LibraryError):
    """Somebody else saved the practice in the meantime."""


def _slug(title: str, municipality: Municipality) -> str:
    """Return a free address for a title.

    The municipality is part of it: a number behind the title alone would tell that another municipality has a draft
    of that title. The number that is left counts only what the same municipality wrote, and put away.
    """
    about, place = _plain(title)[:_TITLE_LENGTH].strip("-"), _plain(municipality.name)[:_PLACE_LENGTH].strip("-")
    base = f"{about or 'praktijk'}-{place or municipality.code.lower()}"
    taken = set(GoodPractice.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)


def _plain(text: str) -> str:
    return slugify(unicodedata.normalize("NFKD", text))


def check_title(by: User, municipality: Municipality, title: str, but: GoodPractice | None = None) -> None:
    """Refuse a second practice of one title and one municipality; archived ones do not count.

    Raises:
        DuplicateError: naming the one that exists, if `by` may see it: the office is not told of somebody's draft.
    """
    others = GoodPractice.objects.visible_to(by).filter(municipality=municipality).exclude(state=State.ARCHIVED)
    if but is not None:
        others = others.exclude(pk=but.pk)
    wanted = key(title)
    for slug, known in others.values_list("slug", "title"):
        if wanted and key(known) == wanted:
            raise DuplicateError(
                _(
                    "%(municipality)s already has a practice with this title: /praktijken/%(slug)s/. "
                    "Change that one, or choose a title that tells them apart."
                )
                % {"municipality": municipality.name, "slug": slug}
            )


def fill(practice: GoodPractice, text: Text, by: User | None) -> None:
    """Save the written fields, the relations after the row, and keep the version that this makes."""
    relations = {"areas", "indicators", "tags", "co_authors", "figures"}
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
    if "co_authors" in text:
        # Whoever is not of the municipality is no co-author of it, whatever a form said.
        practice.co_authors.set(
            person for person in text["co_authors"] if person.municipality_id == practice.municipality_id
        )
    if "figures" in text:
        practice.figures.all().delete()
        ResultFigure.objects.bulk_create(
            ResultFigure(practice=practice, **figure._asdict()) for figure in text["figures"]
        )
        practice.indicators.add(*(figure.indicator for figure in text["figures"]))
    versions.keep(practice, by)
    standing.refresh([practice.pk])
    practice.refresh_from_db(fields=["revision", "evidence", "adopters", "proven"])


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
        DuplicateError: the municipality has a practice of this title already.
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
                check_title(by, municipality, text.get("title", ""))
                practice = GoodPractice(
                    slug=_slug(text.get("title", ""), municipality),
                    municipality=municipality,
                    author=by,
                    submission=submission,
                    is_demo=is_demo,
                )
                fill(practice, text, by)
                return practice
        except IntegrityError:
            # Sent twice at once, or the same title by two people: what is there now decides.
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError  # the loop returns or raises


def locked(practice: GoodPractice) -> GoodPractice:
    """Return the practice as it is now, held until the transaction ends."""
    return GoodPractice.objects.select_for_update(of=("self",)).get(pk=practice.pk)


def check(allowed: Any) -> None:
    """Refuse who may not.

    Raises:
        PermissionDenied: when not allowed.
    """
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
        DuplicateError: the municipality has another practice of this title.
    """
    now = locked(practice)
    check(permissions.can_edit_practice(by, now))
    if seen is not None and seen != now.revision:
        raise ChangedError(
            _(
                "Somebody else saved this practice while you were writing. Your text is still in the form. "
                "Compare it with the version below, and save again to keep yours."
            )
        )
    if "title" in text and key(text["title"]) != key(now.title):
        check_title(by, now.municipality, text["title"], but=now)
    fill(now, text, by)
    return now


@transaction.atomic
def submit(*, by: User, practice: GoodPractice) -> GoodPractice:
    """Hand a draft in for review; handing in twice is once.

    Raises:
        PermissionDenied: not of one's own municipality.
        LibraryError: it is published or archived already.
    """
    now = locked(practice)
    check(permissions.can_submit_practice(by, now))
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
    now = locked(practice)
    check(permissions.can_oversee_practice(by, now))
    if now.state == State.PUBLISHED:
        return now
    if not permissions.can_review_practice(by, now):
        raise LibraryError(_("You wrote this practice yourself. Ask a colleague to review it."))
    if now.state == State.DRAFT:
        raise LibraryError(_("This practice was not handed in yet. Its author does that."))
    now.state = State.PUBLISHED
    now.published_at = now.published_at or timezone.now()
    if now.review_on is None or now.is_due:
        now.review_on = _years_on(clock.today(), REVIEW_AFTER)
    now.save()
    notices.tell_after_commit(
        [person for person in notices.writers_of(now) if person != by],
        what="published",
        address=reverse("goodpractices:detail", args=[now.slug]),
    )
    return now


@transaction.atomic
def return_with_remark(*, by: User, practice: GoodPractice, remark: str) -> GoodPractice:
    """Give a practice in review back to its municipality, with what should be better.

    Raises:
        PermissionDenied: not the facilitator of its municipality's kring, nor the office.
        LibraryError: without a remark, or not in review.
    """
    now = locked(practice)
    check(permissions.can_oversee_practice(by, now))
    if not permissions.can_review_practice(by, now):
        raise LibraryError(_("You wrote this practice yourself. Ask a colleague to review it."))
    if not remark.strip():
        raise LibraryError(_("Write what the author should change. The practice was not sent back."))
    if now.state != State.REVIEW:
        raise LibraryError(_("This practice is not in review any more. Nothing was changed."))
    Remark.objects.create(practice=now, author=by, text=remark.strip())
    now.state = State.DRAFT
    now.save()
    notices.tell_after_commit(notices.writers_of(now), what="returned", address=reverse("goodpractices:own"))
    return now


def _years_on(day: dt.date, years: int) -> dt.date:
    """Return the same day some years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@transaction.atomic
def still_right(*, by: User, practice: GoodPractice) -> GoodPractice:
    """Say that a published practice was read again and is still right: it is due again in two years.

    Raises:
        PermissionDenied: neither of its municipality nor in whose care it is.
        LibraryError: it is not in the library.
    """
    now = locked(practice)
    check(permissions.can_submit_practice(by, now) or permissions.can_oversee_practice(by, now))
    if now.state != State.PUBLISHED:
        raise LibraryError(_("This practice is not in the library. Only what is published can be confirmed."))
    now.review_on = _years_on(clock.today(), REVIEW_AFTER)
    now.reminded_at = None
    now.save()
    return now


@transaction.atomic
def archive(*, by: User, practice: GoodPractice) -> GoodPractice:
    """Take a published practice out of the library; its text is kept. Archiving twice is once.

    Raises:
        PermissionDenied: not the facilitator of its municipality's kring, nor the office.
        LibraryError: it was never published.
    """
    now = locked(practice)
    check(permissions.can_oversee_practice(by, now))
    if now.state == State.ARCHIVED:
        return now
    if now.state != State.PUBLISHED:
        raise LibraryError(_("Only a published practice can be archived."))
    now.state = State.ARCHIVED
    now.save()
    return now
