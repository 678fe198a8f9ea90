"""Keeping the tags in order: merging two that mean the same, synonyms, lists per area, and suggestions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from taggit.models import Tag, TaggedItem

from benchmark.models import Area
from goodpractices import catalogue, indexing, permissions, tags
from goodpractices.catalogue import TAG
from goodpractices.models import AreaTag, GoodPractice, TagRedirect, TagSynonym
from goodpractices.permissions import reach_of
from goodpractices.words import fold, stems, tokens
from people.models import User
from people.names import key

MOST_SUGGESTED = 8


class VocabularyError(ValueError):
    """It cannot be done; the text is a sentence for the person who tried."""


def _check(by: User) -> None:
    if not permissions.can_keep_tags(by):
        raise PermissionDenied


@transaction.atomic
def merge(*, by: User, tag: Tag, into: Tag) -> int:
    """Make one tag of two: everything that had `tag` has `into`, and whoever writes or opens the old one gets the new.

    Args:
        by: somebody of the office.
        tag: the one that goes.
        into: the one that stays.

    Returns:
        how many practices that `by` can find were given the other tag; those of others' drafts go along untold.

    Raises:
        PermissionDenied: not of the office.
        VocabularyError: a tag cannot be merged into itself.
    """
    _check(by)
    if tag.pk == into.pk:
        raise VocabularyError(_("These are one and the same tag. Choose another one to keep."))
    library = catalogue.current()
    told = library.counts(TAG, library.reached(reach_of(by))).get(tag.pk, 0)
    carried = list(TaggedItem.objects.select_for_update().filter(tag=tag).values_list("content_type", "object_id"))
    practices = GoodPractice.objects.filter(tags=tag)
    touched = list(practices.values_list("pk", flat=True))
    has = set(TaggedItem.objects.filter(tag=into).values_list("content_type", "object_id"))
    TaggedItem.objects.bulk_create(
        TaggedItem(content_type_id=kind, object_id=pk, tag=into) for kind, pk in carried if (kind, pk) not in has
    )
    listed = set(AreaTag.objects.filter(tag=into).values_list("area", flat=True))
    AreaTag.objects.filter(tag=tag).exclude(area__in=listed).update(tag=into)
    TagSynonym.objects.filter(tag=tag).update(tag=into)
    TagRedirect.objects.filter(tag=tag).update(tag=into)
    TagSynonym.objects.update_or_create(key=key(tag.name), defaults={"name": tag.name, "tag": into})
    if tag.slug != into.slug:
        TagRedirect.objects.update_or_create(slug=tag.slug, defaults={"tag": into})
    tag.delete()
    TagRedirect.objects.filter(slug=into.slug).delete()
    for pk in touched:
        indexing.index(pk)
    return told


@transaction.atomic
def add_synonym(*, by: User, tag: Tag, name: str) -> TagSynonym:
    """Let another word mean a tag.

    Raises:
        PermissionDenied: not of the office.
        VocabularyError: not a word for a tag, or a tag of its own (merge those), or taken.
    """
    _check(by)
    try:
        tidy = tags.clean(name)
    except ValidationError as refused:
        raise VocabularyError(" ".join(refused.messages)) from refused
    spelling = key(tidy)
    own = next((other for other in Tag.objects.all() if key(other.name) == spelling), None)
    if own is not None and own.pk != tag.pk and own.pk not in {kept.tag.pk for kept in overview(by)}:
        # It stands on drafts only: refusing it would tell what somebody is writing.
        merge(by=by, tag=own, into=tag)
    elif own is not None:
        raise VocabularyError(_("“%(name)s” is a tag of its own. Merge the two instead.") % {"name": tidy})
    taken = TagSynonym.objects.filter(key=spelling).exclude(tag=tag).select_related("tag").first()
    if taken is not None:
        raise VocabularyError(_("“%(name)s” already means the tag “%(tag)s”.") % {"name": tidy, "tag": taken.tag.name})
    made, _new = TagSynonym.objects.update_or_create(key=spelling, defaults={"name": tidy, "tag": tag})
    for pk in GoodPractice.objects.filter(tags=tag).values_list("pk", flat=True):
        indexing.index(pk)
    return made


@transaction.atomic
def set_area_list(*, by: User, area: Area, names: Iterable[str]) -> list[Tag]:
    """Put tags on the list of an area, instead of what was on it; tags that do not exist are made.

    Raises:
        PermissionDenied: not of the office.
        ValidationError: for a tag that is not allowed.
    """
    _check(by)
    chosen = tags.existing_or_new(names)
    AreaTag.objects.filter(area=area).delete()
    AreaTag.objects.bulk_create(AreaTag(area=area, tag=tag) for tag in chosen)
    return chosen


@dataclass(frozen=True, slots=True)
class KeptTag:
    """A tag as the office keeps it: with the other words for it, and how many practices it may find carry it."""

    tag: Tag
    used: int
    synonyms: tuple[str, ...]


def overview(user: Any) -> list[KeptTag]:
    """Return the tags by name; two queries.

    What stands only on practices that this person cannot find is left out and not counted: a tag on somebody's draft
    would tell what is being written.
    """
    library = catalogue.current()
    used = library.counts(TAG, library.reached(reach_of(user)))
    kept = Q(pk__in=list(used)) | Q(listed_for__isnull=False) | Q(synonyms__isnull=False) | Q(redirects__isnull=False)
    found = Tag.objects.filter(kept).distinct().prefetch_related("synonyms").order_by("name")
    return [KeptTag(tag, used.get(tag.pk, 0), tuple(one.name for one in tag.synonyms.all())) for tag in found]


def suggest(user: Any, *, typed: str = "", text: str = "", areas: Iterable[int] = ()) -> list[str]:
    """Suggest tags: those of the area's list and those in use that fit what is typed or told.

    Nothing is suggested that stands only on practices this person cannot find.

    Args:
        user: who writes.
        typed: the beginning of a tag.
        text: title and sentence of the practice.
        areas: its performance areas.
    """
    library = catalogue.current()
    used = library.counts(TAG, library.reached(reach_of(user)))
    listed = set(AreaTag.objects.filter(area__in=list(areas)).values_list("tag", flat=True))
    known = Tag.objects.filter(Q(pk__in=listed) | Q(pk__in=list(used))).prefetch_related("synonyms")
    beginning = fold(typed).strip()
    told = {stem for word in tokens(text) for stem in stems(word)}
    found: list[tuple[float, str]] = []
    for tag in known:
        names = [tag.name, *(synonym.name for synonym in tag.synonyms.all())]
        if beginning:
            fits = 2.0 if any(fold(name).startswith(beginning) for name in names) else 0.0
        else:
            own = [{stem for word in tokens(name) for stem in stems(word)} for name in names]
            fits = 2.0 if any(words and words <= told | words and words & told for words in own) else 0.0
            fits = fits or (1.0 if tag.pk in listed else 0.0)
        if fits:
            found.append((fits + (0.5 if tag.pk in listed else 0.0) + min(used.get(tag.pk, 0), 400) / 1000, tag.name))
    found.sort(key=lambda one: (-one[0], one[1].casefold()))
    return [name for _, name in found[:MOST_SUGGESTED]]
