"""One search for the whole site (/zoeken/): practices and public pages, each in its own section.

Every section asks its own app what this reader may find, so a count never knows more than the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET
from wagtail.models import Page, Site, get_page_models

from goodpractices.fulltext import ranked
from goodpractices.highlights import marked
from goodpractices.presentation import hits
from goodpractices.search import Asked, find
from goodpractices.words import terms

_SHOWN = 5
_PAGES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A public page with the asked words marked."""

    title: SafeString
    address: str
    description: SafeString


def pages(query: str, request: HttpRequest | None = None) -> tuple[int, list[FoundPage]]:
    """Return how many public pages have all the words, and the best twenty.

    Pages stand in the full-text index as they were written; on SQLite nothing stems them, so the beginning of a word
    stands for its forms there.
    """
    words = terms(query)
    if not words:
        return 0, []
    kinds = ContentType.objects.get_for_models(*get_page_models(), for_concrete_models=True)
    order = {
        pk: place for place, (pk, _) in enumerate(ranked([kind.pk for kind in kinds.values()], words, prefix=True))
    }
    if not order:
        return 0, []
    site = Site.find_for_request(request) if request is not None else None
    public = Page.objects.live().public().exclude(depth=1)
    if site is not None:
        public = public.descendant_of(site.root_page, inclusive=True)
    visible = sorted(set(public.values_list("pk", flat=True)) & order.keys(), key=order.__getitem__)
    best = Page.objects.in_bulk(visible[:_PAGES_SHOWN])
    stems = frozenset(stem for word in words for stem in (*word.stems, *word.synonyms))
    found = [
        FoundPage(
            marked(page.title, stems), page.get_url(request) or "", marked(strip_tags(page.search_description), stems)
        )
        for page in (best[pk] for pk in visible[:_PAGES_SHOWN])
    ]
    return len(visible), found


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found, in sections with their counts."""
    asked = Asked.of(request.GET)
    context: dict[str, Any] = {"query": asked.query}
    if asked.query:
        # The sections ask for words only; filters belong to the library's own page.
        found = find(request.user, Asked(query=asked.query), page_size=_SHOWN)
        number, best = pages(asked.query, request)
        context |= {
            "found": found,
            "hits": hits(found),
            "pages": best,
            "number_of_pages": number,
            "total": found.total + number,
            "searchable": bool(terms(asked.query)),
        }
    return render(request, "kringsite/search.html", context)
