"""From what was found to what the page shows: cards with highlights, facet links, page links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from goodpractices.catalogue import AREA, MUNICIPALITY, ORGANISATION, PHASE, TAG, YEAR
from goodpractices.highlights import marked, snippet
from goodpractices.models import GoodPractice
from goodpractices.search import RELEVANCE, Asked, Found

_NAMES: dict[str, str | Promise] = {
    AREA: _("Performance area"),
    ORGANISATION: _("Organisation area"),
    PHASE: _("Phase"),
    TAG: _("Tag"),
    MUNICIPALITY: _("Municipality"),
    YEAR: _("Year"),
}
_SHOWN = 8  # values of a facet before "more"
_AT_MOST = 60  # values of a facet on a page; all of them come with the API


@dataclass(frozen=True, slots=True)
class Hit:
    """A practice with the asked words marked; `passage` when they stand in the text only."""

    practice: GoodPractice
    title: SafeString
    summary: SafeString
    passage: SafeString | None


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A value of a facet as a link that chooses it, or takes the choice away; `unit` is said after the count."""

    label: str
    count: int
    unit: str
    chosen: bool
    address: str
    value: str


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """A facet: the first values, and the rest behind "more"."""

    facet: str
    name: str | Promise
    first: tuple[FacetLink, ...]
    more: tuple[FacetLink, ...]
    chosen: tuple[FacetLink, ...]


def _pairs(asked: Asked, *, chosen: dict[str, tuple[str, ...]] | None = None, **changes: Any) -> str:
    """Return the address that asks the same with changes; from page 1 unless a page is given."""
    pairs: list[tuple[str, str]] = []
    if asked.query:
        pairs.append(("q", asked.query))
    for facet, values in (asked.chosen if chosen is None else chosen).items():
        pairs += [(facet, value) for value in values]
    sort = changes.get("sort", asked.sort)
    if sort != RELEVANCE:
        pairs.append(("sort", sort))
    if changes.get("page", 1) > 1:
        pairs.append(("page", str(changes["page"])))
    return "?" + urlencode(pairs)


def in_order(ids: Iterable[int]) -> list[GoodPractice]:
    """Fetch the cards of practices in the order of their keys: three queries."""
    found = GoodPractice.objects.for_cards().in_bulk(list(ids))
    return [found[pk] for pk in ids if pk in found]


def hits(found: Found) -> list[Hit]:
    """Return the practices of this page with the asked words marked."""
    made = []
    for practice in in_order(found.ids):
        title, summary = marked(practice.title, found.stems), marked(practice.summary, found.stems)
        seen = "<mark>" in title or "<mark>" in summary
        texts = [practice.situation, practice.approach, practice.result, practice.cost]
        made.append(Hit(practice, title, summary, None if seen else snippet(texts, found.stems)))
    return made


def facet_groups(asked: Asked, found: Found) -> list[FacetGroup]:
    """Return the facets with links; a facet without values is left out."""
    groups = []
    one, many = ngettext("practice", "practices", 1), ngettext("practice", "practices", 2)
    for facet, name in _NAMES.items():
        links = []
        for choice in found.facets[facet][:_AT_MOST]:
            mine = asked.chosen.get(facet, ())
            values = tuple(value for value in mine if value != choice.value) if choice.chosen else (*mine, choice.value)
            chosen = {**asked.chosen, facet: values}
            links.append(
                FacetLink(
                    choice.label,
                    choice.count,
                    one if choice.count == 1 else many,
                    choice.chosen,
                    _pairs(asked, chosen=chosen),
                    choice.value,
                )
            )
        if links:
            # What is chosen must be seen, wherever it comes in the list.
            first = tuple(link for at, link in enumerate(links) if at < _SHOWN or link.chosen)
            more = tuple(link for at, link in enumerate(links) if at >= _SHOWN and not link.chosen)
            groups.append(FacetGroup(facet, name, first, more, tuple(link for link in links if link.chosen)))
    return groups


def pager(asked: Asked, found: Found) -> dict[str, Any]:
    """Return the addresses around this page: previous, next, the two orders, without filters, as was meant."""
    return {
        "previous": _pairs(asked, page=found.page - 1) if found.page > 1 else "",
        "next": _pairs(asked, page=found.page + 1) if found.page < found.pages else "",
        "relevance": _pairs(asked, sort=RELEVANCE),
        "newest": _pairs(asked, sort="newest"),
        "unfiltered": _pairs(asked, chosen={}),
        "meant": "?" + urlencode({"q": found.suggestion}) if found.suggestion else "",
    }
