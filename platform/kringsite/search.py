"""One search for the whole site (/zoeken/): practices, stories, other pages, meetings with minutes, and messages.

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

from cms.models import StoryPage
from goodpractices.fulltext import ranked
from goodpractices.highlights import marked
from goodpractices.presentation import hits
from goodpractices.search import Asked, find
from goodpractices.words import terms
from kringen.conversation import room_search
from kringsite.meeting_search import find_meetings

_SHOWN = 5
_PAGES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A public page with the asked words marked."""

    title: SafeString
    address: str
    description: SafeString


@dataclass(frozen=True, slots=True)
class FoundPages:
    """How many public pages have all the words, and the best of them."""

    number: int = 0
    best: tuple[FoundPage, ...] = ()


def pages(query: str, request: HttpRequest | None = None) -> tuple[FoundPages, FoundPages]:
    """Return the improvement stories and the other public pages that have all the words; at most twenty of each.

    Pages stand in the full-text index as they were written; on SQLite nothing stems them, so the beginning of a word
    stands for its forms there.
    """
    words = terms(query)
    if not words:
        return FoundPages(), FoundPages()
    kinds = ContentType.objects.get_for_models(*get_page_models(), for_concrete_models=True)
    order = {
        pk: place for place, (pk, _) in enumerate(ranked([kind.pk for kind in kinds.values()], words, prefix=True))
    }
    if not order:
        return FoundPages(), FoundPages()
    site = Site.find_for_request(request) if request is not None else None
    public = Page.objects.live().public().exclude(depth=1)
    if site is not None:
        public = public.descendant_of(site.root_page, inclusive=True)
    kind_of = dict(public.values_list("pk", "content_type_id"))
    visible = sorted(kind_of.keys() & order.keys(), key=order.__getitem__)
    story = kinds[StoryPage].pk
    parts = [[pk for pk in visible if (kind_of[pk] == story) is stories] for stories in (True, False)]
    best: dict[int, Page] = {
        **StoryPage.objects.in_bulk(parts[0][:_PAGES_SHOWN]),
        **Page.objects.in_bulk(parts[1][:_PAGES_SHOWN]),
    }
    stems = frozenset(stem for word in words for stem in (*word.stems, *word.synonyms))

    def shown(page: Page) -> FoundPage:
        described = marked(strip_tags(page.search_description or getattr(page, "intro", "")), stems)
        return FoundPage(marked(page.title, stems), page.get_url(request) or "", described)

    stories, others = (FoundPages(len(part), tuple(shown(best[pk]) for pk in part[:_PAGES_SHOWN])) for part in parts)
    return stories, others


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found, in sections with their counts."""
    asked = Asked.of(request.GET)
    context: dict[str, Any] = {"query": asked.query}
    if asked.query:
        # The sections ask for words only; filters belong to the library's own page.
        found = find(request.user, Asked(query=asked.query), page_size=_SHOWN)
        stories, others = pages(asked.query, request)
        number_of_meetings, meetings = find_meetings(request.user, asked.query, shown=_SHOWN)
        said = room_search.search(request.user, asked.query, shown=_SHOWN)
        context |= {
            "found": found,
            "hits": hits(found),
            "stories": stories.best,
            "number_of_stories": stories.number,
            "pages": others.best,
            "number_of_pages": others.number,
            "meetings": meetings,
            "number_of_meetings": number_of_meetings,
            "said": said,
            "total": found.total + stories.number + others.number + number_of_meetings + said.total,
            "searchable": bool(terms(asked.query)),
        }
    return render(request, "kringsite/search.html", context)
