"""Finds practices: words, filters, counts, order and, after a typing error, what may have been meant.

The catalogue holds the words, the values and who may see what. A practice outside the reader's
reach takes part in nothing that is shown: no result, no count, no suggestion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from taggit.models import Tag

from benchmark.models import Area
from benchmark.phases import Phase
from goodpractices import catalogue, meaning, spelling
from goodpractices.catalogue import (
    AREA,
    EVIDENCE,
    FACETS,
    MUNICIPALITY,
    ORGANISATION,
    PHASE,
    SIZE,
    TAG,
    YEAR,
    Catalogue,
    Value,
)
from goodpractices.models import Evidence, OrganisationArea, TagRedirect
from goodpractices.permissions import reach_of
from goodpractices.words import MAX_QUERY, Term, terms
from people import sizes
from people.models import Municipality

PAGE_SIZE: Final = 20
RELEVANCE: Final = "relevance"
NEWEST: Final = "newest"
ADOPTED: Final = "adopted"
EFFECT: Final = "effect"
SORTS: Final = (RELEVANCE, NEWEST, ADOPTED, EFFECT)
_FEWEST_ALIKE = 2  # words that two practices must share at least
_MAX_CHOSEN = 20  # values of one facet in one request


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, as it came in the address.

    Attributes:
        query: the words, at most 200 characters.
        chosen: for each facet the chosen values as they stand in the address (slug, GM code, digit).
        sort: `relevance`, `newest`, `adopted` (most first) or `effect` (best first); relevance without words is newest.
        like: only of municipalities like the reader's own: two thirds to one and a half times its inhabitants.
        page: from 1.
    """

    query: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = RELEVANCE
    like: bool = False
    page: int = 1

    @classmethod
    def of(cls, given: QueryDict) -> Asked:
        """Read the address; what makes no sense is left out."""
        page = given.get("page", "1")[:9]
        chosen = {
            facet: tuple(dict.fromkeys(value[:100] for value in given.getlist(facet)[:_MAX_CHOSEN] if value.strip()))
            for facet in FACETS
        }
        return cls(
            query=" ".join(given.get("q", "").replace("\x00", " ").split())[:MAX_QUERY],
            chosen={facet: values for facet, values in chosen.items() if values},
            sort=sort if (sort := given.get("sort", "")) in SORTS else RELEVANCE,
            like=given.get("like") == "1",
            page=int(page) if page.isascii() and page.isdigit() and page.strip("0") else 1,
        )

    def address(self) -> str:
        """Return the part of an address after the question mark that asks this; the same question, the same text."""
        pairs: list[tuple[str, str]] = [("q", self.query)] if self.query else []
        pairs += [(facet, value) for facet in FACETS for value in self.chosen.get(facet, ())]
        pairs += [("like", "1")] if self.like else []
        pairs += [("sort", self.sort)] if self.sort != RELEVANCE else []
        pairs += [("page", str(self.page))] if self.page > 1 else []
        return urlencode(pairs)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: as in the address, as shown, how many practices, and whether it is chosen."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The answer.

    Attributes:
        total: the number of practices found.
        ids: the primary keys on this page, in order.
        page: this page's number, never beyond the last.
        pages: the number of pages, at least 1.
        facets: for each facet its values with counts: what choosing that value as well would give.
        stems: stems of the words asked for, for highlights.
        too_common: words were given, but none that can be looked up.
        some_words: no practice has all the words; these have at least one.
        suggestion: the question as it may have been meant, or empty; what was found is found with it.
        moved: the same question with the tags that others were merged into; None when nothing moved.
    """

    total: int
    ids: tuple[int, ...]
    page: int
    pages: int
    facets: Mapping[str, tuple[Choice, ...]]
    stems: frozenset[str] = frozenset()
    too_common: bool = False
    some_words: bool = False
    suggestion: str = ""
    moved: Asked | None = None


@dataclass(frozen=True, slots=True)
class _Label:
    """How a value of a facet is written in an address and on the page, and where it comes in the list."""

    slug: str
    name: str
    order: int = 0

    @property
    def folded(self) -> str:
        """The name as it is sorted by."""
        return self.name.casefold()


def _labels(library: Catalogue, visible: int) -> dict[str, dict[Value, _Label]]:
    """Return the labels of all facets; three queries. Names are not kept, so that a renaming is seen at once.

    Tags and municipalities are only those of practices that the reader can find: a label that stands on somebody's
    draft only must not be told from one that does not exist.
    """
    tags = library.carried(TAG, visible)
    municipalities = library.carried(MUNICIPALITY, visible)
    return {
        AREA: {
            pk: _Label(slug, name, place)
            for place, (pk, slug, name) in enumerate(Area.objects.values_list("pk", "slug", "name"))
        },
        ORGANISATION: {
            value: _Label(value, str(label), place) for place, (value, label) in enumerate(OrganisationArea.choices)
        },
        PHASE: {value: _Label(str(value), f"{value}. {label}", value) for value, label in Phase.choices},
        SIZE: {at: _Label(str(at), sizes.label(at), at) for at in range(len(sizes.LABELS))},
        EVIDENCE: {value: _Label(str(value), str(label), -value) for value, label in Evidence.choices},
        TAG: {
            pk: _Label(slug, name)
            for pk, slug, name in Tag.objects.order_by().values_list("pk", "slug", "name")
            if pk in tags
        },
        MUNICIPALITY: {
            pk: _Label(code, name)
            for pk, code, name in Municipality.objects.order_by().values_list("pk", "code", "name")
            if pk in municipalities
        },
    }


def _choices(
    library: Catalogue, among: int, facet: str, labels: Mapping[Value, _Label], chosen: frozenset[Value]
) -> tuple[Choice, ...]:
    """Return the values of a facet that occur, or are chosen: fixed lists in their own order, others by count."""
    counts = library.counts(facet, among)
    known = [
        (counts.get(value, 0), label, value)
        for value in {*counts, *chosen}
        if (label := _Label(str(value), str(value), -int(value)) if facet == YEAR else labels.get(value))
    ]
    if facet in {TAG, MUNICIPALITY}:
        known.sort(key=lambda one: (-one[0], one[1].folded, one[1].slug))
    else:
        known.sort(key=lambda one: one[1].order)
    return tuple(Choice(label.slug, label.name, count, value in chosen) for count, label, value in known)


def _chosen_values(asked: Asked, labels: Mapping[str, Mapping[Value, _Label]]) -> dict[str, frozenset[Value]]:
    """Return the chosen values as the catalogue knows them; values that do not exist choose nothing."""
    values: dict[str, frozenset[Value]] = {}
    for facet, given in asked.chosen.items():
        if facet == YEAR:
            found: set[Value] = {int(text) for text in given if text.isascii() and text.isdigit()}
        else:
            wanted = {text.casefold() for text in given}
            found = {value for value, label in labels[facet].items() if label.slug.casefold() in wanted}
        values[facet] = frozenset(found)
    return values


@dataclass(frozen=True, slots=True)
class _Matched:
    """What the words give: the set, the words that gave it, and how that came about."""

    found: int
    terms: tuple[Term, ...] = ()
    some_words: bool = False
    suggestion: str = ""


def _like(user: Any, library: Catalogue) -> frozenset[int]:
    """Return the municipalities like the reader's own; none when the reader has no municipality or no size is known."""
    own = getattr(user, "municipality_id", None)
    people = library.inhabitants.get(own, 0) if own else 0
    if not people:
        return frozenset()
    return frozenset(
        pk for pk, number in library.inhabitants.items() if people * 2 <= number * 3 and number * 2 <= people * 3
    )


def can_compare(user: Any) -> bool:
    """Say whether there are municipalities like this reader's own to look among."""
    return bool(getattr(user, "municipality_id", None))


def _redirected(asked: Asked, labels: Mapping[Value, _Label]) -> Asked:
    """Replace the addresses of tags that were merged by those that stayed; one query, only when one is not known."""
    given = asked.chosen.get(TAG, ())
    known = {label.slug.casefold() for label in labels.values()}
    lost = [slug for slug in given if slug.casefold() not in known]
    if not lost:
        return asked
    moved = dict(TagRedirect.objects.filter(slug__in=lost).values_list("slug", "tag__slug"))
    # Only to what this reader can find: the tag that stayed may stand on a draft only.
    moved = {old: new for old, new in moved.items() if new.casefold() in known}
    if not moved:
        return asked
    return replace(asked, chosen={**asked.chosen, TAG: tuple(dict.fromkeys(moved.get(slug, slug) for slug in given))})


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a question finds, before anything of it is counted or shown.

    Attributes:
        asked: the question, with the tags that others were merged into.
        among: what the words find for this reader.
        sets: for each facet with a choice the practices that carry what was chosen; `result` is in all of them.
    """

    library: Catalogue
    asked: Asked
    matched: _Matched
    labels: dict[str, dict[Value, _Label]]
    chosen: dict[str, frozenset[Value]]
    among: int
    sets: dict[str, int]
    result: int


def _answer(user: Any, asked: Asked) -> _Answer:
    library = catalogue.current()
    visible = library.reached(reach_of(user))
    matched = _matching(library, visible, asked)
    labels = _labels(library, visible)
    asked = _redirected(asked, labels[TAG])
    chosen = _chosen_values(asked, labels)
    sets = {facet: library.having(facet, values) for facet, values in chosen.items()}
    among = matched.found
    if asked.like:
        among &= library.having(MUNICIPALITY, _like(user, library))
    result = among
    for carried in sets.values():
        result &= carried
    return _Answer(library, asked, matched, labels, chosen, among, sets, result)


def find(user: Any, asked: Asked, *, page_size: int = PAGE_SIZE) -> Found:
    """Search the library as a person may see it.

    The number of queries does not depend on the number of practices: one for the revision and three for labels; the
    first typing error after a change reads the words once.

    Args:
        user: the reader; anonymous reads what is public.
        asked: words, filters, order and page.
        page_size: practices per page.
    """
    answer = _answer(user, asked)
    facets = {}
    for facet in FACETS:
        others = answer.among
        for other, carried in answer.sets.items():
            if other != facet:
                others &= carried
        facets[facet] = _choices(
            answer.library, others, facet, answer.labels.get(facet, {}), answer.chosen.get(facet, frozenset())
        )
    matched = answer.matched
    total = answer.result.bit_count()
    pages = max(1, -(-total // page_size))
    page = min(asked.page, pages)
    return Found(
        total=total,
        ids=_slice(answer.library, answer.result, matched.terms, replace(asked, page=page), page_size),
        page=page,
        pages=pages,
        facets=facets,
        stems=frozenset(stem for term in matched.terms for stem in answer.library.postings.forms(term)),
        too_common=bool(asked.query and not terms(asked.query)),
        some_words=matched.some_words,
        suggestion=matched.suggestion,
        moved=answer.asked if answer.asked is not asked else None,
    )


def every_id(user: Any, asked: Asked) -> set[int]:
    """Return the primary keys of all practices that a question finds for a person."""
    answer = _answer(user, asked)
    member = answer.library.members(answer.result)
    return {answer.library.rows[at].pk for at in answer.library.newest if member[at]} if answer.result else set()


def similar(user: Any, text: str, *, but: int | None = None, limit: int = 3) -> tuple[int, ...]:
    """Return the practices that are most about the same as a text: those with at least half of its words.

    Args:
        user: the reader; what they cannot find is not among them.
        text: title and sentence of what somebody writes.
        but: the practice that is being written.
        limit: how many at most.
    """
    told = terms(text)
    if len(told) < _FEWEST_ALIKE:
        return ()
    library = catalogue.current()
    visible = library.reached(reach_of(user))
    if but is not None and but in library.positions:
        visible &= ~(1 << library.positions[but])
    size = len(library.rows)
    sets = [library.postings.having(term, size) & visible for term in told]
    found = 0
    for one in sets:
        found |= one
    ordered = library.postings.ranked(told, library.members(found), limit * 10) if found else []
    near = (at for at in ordered if sum(one >> at & 1 for one in sets) * 2 >= max(len(told), _FEWEST_ALIKE * 2))
    return tuple(library.rows[at].pk for at in islice(near, limit))


def _matching(library: Catalogue, visible: int, asked: Asked) -> _Matched:
    """Return what the words find among what is visible: all of them, else as they may have been meant, else some."""
    asked_terms = terms(asked.query)
    if not asked_terms:
        return _Matched(0 if asked.query else visible)
    size = len(library.rows)
    every = library.postings.matching(asked_terms, size, every=True) & visible
    if every:
        return _Matched(every, asked_terms)
    suggestion = spelling.meant(library, visible, asked_terms)
    if suggestion:
        meant = terms(suggestion)
        return _Matched(library.postings.matching(meant, size, every=True) & visible, meant, suggestion=suggestion)
    some = library.postings.matching(asked_terms, size, every=False) & visible if len(asked_terms) > 1 else 0
    return _Matched(some, asked_terms, some_words=bool(some))


def _slice(library: Catalogue, result: int, asked_terms: Sequence[Term], asked: Asked, size: int) -> tuple[int, ...]:
    """Return the primary keys of one page of a set, in the order that was asked for."""
    if not result:
        return ()
    member = library.members(result)
    first = (asked.page - 1) * size
    ordered: Iterable[int]
    if asked.sort == RELEVANCE and asked_terms:
        best = library.postings.ranked(asked_terms, member, max(first + size, meaning.BEST))
        ordered = meaning.reordered(asked.query, best, library)
    else:
        orders = {ADOPTED: library.adopted, EFFECT: library.proven}
        ordered = (at for at in orders.get(asked.sort, library.newest) if member[at])
    return tuple(library.rows[at].pk for at in islice(ordered, first, first + size))
