"""From what was found to what the page shows: cards with highlights, facet links, page links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from goodpractices import effect_words, standing
from goodpractices.catalogue import AREA, EVIDENCE, MUNICIPALITY, ORGANISATION, PHASE, SIZE, TAG, YEAR
from goodpractices.highlights import marked, snippet
from goodpractices.models import Adoption, Experience, GoodPractice
from goodpractices.search import ADOPTED, EFFECT, NEWEST, RELEVANCE, Asked, Found

_NAMES: dict[str, str | Promise] = {
    AREA: _("Performance area"),
    ORGANISATION: _("Organisation area"),
    PHASE: _("Phase"),
    TAG: _("Tag"),
    EVIDENCE: _("Evidence"),
    MUNICIPALITY: _("Municipality"),
    SIZE: _("Size of the municipality"),
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


_SORTS: dict[str, str | Promise] = {
    RELEVANCE: _("best match"),
    NEWEST: _("newest first"),
    ADOPTED: _("most adopted first"),
    EFFECT: _("best effect first"),
}


def _pairs(asked: Asked, **changes: Any) -> str:
    """Return the address that asks the same with changes; from page 1 unless a page is given."""
    return "?" + replace(asked, **({"page": 1} | changes)).address()


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
    """Return the addresses around this page: previous, next, the orders, without filters, as was meant."""
    # Without words there is no best match: then the newest come first, and that is what the page calls it.
    orders = [key for key in _SORTS if asked.query or key != RELEVANCE]
    now = asked.sort if asked.sort in orders else NEWEST
    return {
        "previous": _pairs(asked, page=found.page - 1) if found.page > 1 else "",
        "next": _pairs(asked, page=found.page + 1) if found.page < found.pages else "",
        "sorts": [(_SORTS[key], _pairs(asked, sort=key), key == now) for key in orders],
        "unfiltered": _pairs(asked, chosen={}, like=False),
        "like": _pairs(asked, like=not asked.like),
        "question": replace(asked, page=1).address(),
        "meant": "?" + urlencode({"q": found.suggestion}) if found.suggestion else "",
    }


def by_province(adoptions: list[Adoption]) -> list[tuple[str, list[Adoption]]]:
    """Return the adopters by province, both by name; the map has a page of its own."""
    found: dict[str, list[Adoption]] = {}
    for adoption in adoptions:
        found.setdefault(adoption.municipality.province, []).append(adoption)
    return sorted(found.items())


def experience_counts(practice: GoodPractice) -> dict[str, int]:
    """Return how many experiences there are of each outcome, of all: what failed counts for every reader."""
    counted = Experience.objects.filter(practice=practice).values_list("outcome").annotate(n=Count("pk")).order_by()
    return dict(counted)


def effect_charts(practice: GoodPractice) -> list[effect_words.EffectCard]:
    """Return what can be said of the effect on each indicator of a practice."""
    known = standing.findings(practice, practice.indicators.all())
    return [effect_words.card(finding) for finding in known]
