"""Keeps what is derived from a practice in step: its stems, its entry in the full-text index, the library's revision.

It listens to the saves of its own model, as the search library itself does, because a practice that is saved by a
command, the shell or a fixture must be found as well. `reindex_all` does the same in bulk.
"""

from __future__ import annotations

import time
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.db.models.signals import m2m_changed, post_delete, post_save
from taggit.models import TaggedItem
from wagtail.search.backends import get_search_backend

from goodpractices.models import GoodPractice, LibraryRevision
from goodpractices.words import stem_text, surface_words

_TITLE_WEIGHT = 4
_SUMMARY_WEIGHT = 2
_BATCH = 500


def _with_words(practices: models.QuerySet[GoodPractice]) -> list[GoodPractice]:
    """Fetch along what the index needs of them."""
    found = list(practices)
    models.prefetch_related_objects([tag for practice in found for tag in practice.shown_tags], "synonyms")
    return found


def bump() -> int:
    """Give the library its next revision number and return it (ms since 1970, or one more than the last).

    Being a time, a number is not used again after a transaction was rolled back, so memory that was filled inside it
    can be recognised as out of date. The row stays locked until the transaction ends: numbers appear in order.
    """
    row, _ = LibraryRevision.objects.get_or_create(pk=1)
    LibraryRevision.objects.filter(pk=1).update(number=F("number") + 1)
    row.refresh_from_db()
    number = max(row.number, time.time_ns() // 1_000_000)
    if number != row.number:
        LibraryRevision.objects.filter(pk=1).update(number=number)
    return number


def _derive(practice: GoodPractice) -> None:
    """Fill the derived texts; a word in the title weighs more because it stands in the index more often."""
    areas = [f"{area.name} {area.synonyms}" for area in practice.shown_areas]
    labels = [
        *areas,
        *(tag.name for tag in practice.shown_tags),
        str(practice.get_organisation_area_display() or ""),
        practice.municipality.name,
        *practice.nup_labels,
    ]
    # Other words for its tags are found, and not suggested or shown.
    labels_too = [synonym.name for tag in practice.shown_tags for synonym in tag.synonyms.all()]
    body = [
        practice.situation,
        practice.approach,
        practice.result,
        practice.went_wrong,
        practice.cost,
        practice.conditions,
        practice.for_size,
        practice.budget,
        practice.staff,
    ]
    practice.stems = "\n".join(
        [
            *[stem_text(practice.title)] * _TITLE_WEIGHT,
            *[stem_text(text) for text in (practice.summary, *labels, *labels_too)] * _SUMMARY_WEIGHT,
            *(stem_text(text) for text in body),
        ]
    )
    practice.words = surface_words([practice.title, practice.summary, *labels, *body])


def _write(practices: models.QuerySet[GoodPractice]) -> None:
    """Write the derived fields and the index entries of practices."""
    chosen = _with_words(practices)
    if not chosen:
        return
    number = bump()
    for practice in chosen:
        _derive(practice)
        practice.revision = number
    GoodPractice.objects.bulk_update(chosen, ["stems", "words", "revision"], batch_size=100)
    get_search_backend().add_bulk(GoodPractice, chosen)


def index(pk: int) -> None:
    """Bring one practice up to date; nothing happens when it is gone."""
    with transaction.atomic():
        _write(GoodPractice.objects.filter(pk=pk).for_cards())


def reindex_all() -> int:
    """Bring every practice up to date, in batches, and return their number."""
    ids = list(GoodPractice.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), _BATCH):
        with transaction.atomic():
            _write(GoodPractice.objects.filter(pk__in=ids[start : start + _BATCH]).for_cards())
    return len(ids)


def _saved(instance: GoodPractice, *, raw: bool = False, **_: Any) -> None:
    if not raw:
        index(instance.pk)
        instance.refresh_from_db(fields=["stems", "words", "revision"])


def _related(instance: Any, action: str, *, reverse: bool = False, **_: Any) -> None:
    if isinstance(instance, GoodPractice) and not reverse and action in {"post_add", "post_remove", "post_clear"}:
        index(instance.pk)
        instance.refresh_from_db(fields=["stems", "words", "revision"])


def _deleted(instance: GoodPractice, **_: Any) -> None:
    with transaction.atomic():
        get_search_backend().delete(instance)
        bump()


def listen() -> None:
    """Start listening; called once when the app is ready."""
    post_save.connect(_saved, sender=GoodPractice, dispatch_uid="practice-saved")
    post_delete.connect(_deleted, sender=GoodPractice, dispatch_uid="practice-deleted")
    m2m_changed.connect(_related, sender=GoodPractice.areas.through, dispatch_uid="practice-areas")
    m2m_changed.connect(_related, sender=TaggedItem, dispatch_uid="practice-tags")
