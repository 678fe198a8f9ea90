"""Keeping a question to the library, and hearing when there is something new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from goodpractices import notices
from goodpractices.models import GoodPractice, SavedSearch
from goodpractices.search import Asked, every_id
from people.models import User

MOST = 20


class SavedSearchError(ValueError):
    """It cannot be kept; the text is a sentence for the person who tried."""


@transaction.atomic
def save(*, by: User, asked: Asked, name: str = "", by_mail: bool = False) -> SavedSearch:
    """Keep a question; the same question again changes its name and whether a mail comes.

    Raises:
        SavedSearchError: an empty question, or too many.
    """
    address = replace(asked, page=1).address()
    if not asked.query and not asked.chosen and not asked.like:
        raise SavedSearchError(_("Search for something or choose a filter first; then there is a question to keep."))
    if by.saved_searches.exclude(address=address).count() >= MOST:
        raise SavedSearchError(_("You keep twenty searches already. Remove one first."))
    saved, _new = SavedSearch.objects.update_or_create(
        user=by,
        address=address,
        defaults={"name": name.strip()[:120] or asked.query[:120] or _("My search"), "by_mail": by_mail},
    )
    return saved


@transaction.atomic
def remove(*, by: User, saved: SavedSearch) -> None:
    """Keep a question no longer.

    Raises:
        PermissionDenied: of somebody else.
    """
    if saved.user_id != by.pk:
        raise PermissionDenied
    saved.delete()


def new_since(user: User, saved: SavedSearch, since: dt.datetime) -> int:
    """Return how many practices were published after a moment that this question finds for this person."""
    found = every_id(user, Asked.of(QueryDict(saved.address)))
    fresh = GoodPractice.objects.filter(published_at__gt=since, state=GoodPractice.State.PUBLISHED)
    return len(found & set(fresh.values_list("pk", flat=True)))


def with_news(user: User) -> list[tuple[SavedSearch, int]]:
    """Return the questions a person keeps, each with the number of new answers since they last looked."""
    return [(saved, new_since(user, saved, saved.seen_at)) for saved in user.saved_searches.all()]


def look(*, by: User, saved: SavedSearch) -> str:
    """Note that a person looks at the answers now, and return their address."""
    SavedSearch.objects.filter(pk=saved.pk, user=by).update(seen_at=timezone.now())
    return f"{reverse('goodpractices:library')}?{saved.address}"


def mail_news(searches: Iterable[SavedSearch] | None = None) -> int:
    """Send a mail to who asked for it and has something new; once per new thing. Returns how many mails."""
    told = 0
    wanted = SavedSearch.objects.filter(Q(by_mail=True), user__is_active=True).select_related("user")
    for saved in wanted if searches is None else searches:
        since = max(filter(None, (saved.seen_at, saved.mailed_at)))
        if not new_since(saved.user, saved, since):
            continue
        with transaction.atomic():
            notices.tell_after_commit([saved.user], what="saved-search", address=reverse("goodpractices:searches"))
            SavedSearch.objects.filter(pk=saved.pk).update(mailed_at=timezone.now(), name=F("name"))
        told += 1
    return told
