"""Finds practices: words, filters, counts, order and, after a typing error, what may have been meant.

The catalogue holds the words, the values and who may see what. A practice outside the reader's
reach takes part in nothing that is shown: no result, no count, no suggestion.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from django.http import QueryDict
from taggit.models import Tag

from benchmark.models import Area
from benchmark.phases import Phase
from goodpractices import catalogue
from goodpractices.catalogue import AREA, FACETS, MUNICIPALITY, ORGANISATION, PHASE, TAG, YEAR, Catalogue, Value
from goodpractices.models import GoodPractice, OrganisationArea
from goodpractices.permissions import reach_of
from goodpractices.words import MAX_QUERY, SHORTEST_SUGGESTION, Term, fold, terms
from people.models import Municipality

PAGE_SIZE: Final = 20
RELEVANCE: Final = "relevance"
NEWEST: Final = "newest"
_MAX_CHOSEN = 20  # values of one facet in one request
_SUGGEST_FROM = 78.0  # rapidfuzz score; below this a word is another word, not a typing error


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, as it came in the address.

    Attributes:
        query: the words, at most 200 characters.
        chosen: for each facet the chosen values as they stand in the address (slug, GM code, digit).
        sort: `relevance` or `newest`; relevance without words is newest.
        page: from 1.
    """

    query: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = RELEVANCE
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
            sort=NEWEST if given.get("sort") == NEWEST else RELEVANCE,
            page=int(page) if page.isascii() and page.isdigit() and page.strip("0") else 1,
        )


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
        suggestion: the question as it may have been meant, or empty.
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


@dataclass(frozen=True, slots=True)
class _Label:
    """How a value of a facet is written in an address and on the page, and where it comes in the list."""

    slug: str
    name: str
    order: int = 0


def _labels(library: Catalogue, visible: int) -> dict[str, dict[Value, _Label]]:
    """Return the labels of all facets; three queries. Names are not kept, so that a renaming is seen at once.

    Tags and municipalities are only those of practices that the reader can find: a label that stands on somebody's
    draft only must not be told from one that does not exist.
    """
    tags = list(library.counts(TAG, visible))
    municipalities = list(library.counts(MUNICIPALITY, visible))
    return {
        AREA: {
            pk: _Label(slug, name, place)
            for place, (pk, slug, name) in enumerate(Area.objects.values_list("pk", "slug", "name"))
        },
        ORGANISATION: {
            value: _Label(value, str(label), place) for place, (value, label) in enumerate(OrganisationArea.choices)
        },
        PHASE: {value: _Label(str(value), f"{value}. {label}", value) for value, label in Phase.choices},
        TAG: {
            pk: _Label(slug, name)
            for pk, slug, name in Tag.objects.filter(pk__in=tags).values_list("pk", "slug", "name")
        },
        MUNICIPALITY: {
            pk: _Label(code, name)
            for pk, code, name in Municipality.objects.filter(pk__in=municipalities).values_list("pk", "code", "name")
        },
    }


def _choices(
    library: Catalogue, among: int, facet: str, labels: Mapping[Value, _Label], chosen: frozenset[Value]
) -> tuple[Choice, ...]:
    """Return the values of a facet that occur, or are chosen: fixed lists in their own order, others by count."""
    counts = library.counts(facet, among)
    values = [value for value in {*counts, *chosen} if facet == YEAR or value in labels]

    def label(value: Value) -> _Label:
        return _Label(str(value), str(value), -int(value)) if facet == YEAR else labels[value]

    if facet in {TAG, MUNICIPALITY}:
        values.sort(key=lambda value: (-counts.get(value, 0), label(value).name.casefold(), label(value).slug))
    else:
        values.sort(key=lambda value: label(value).order)
    return tuple(
        Choice(label(value).slug, label(value).name, counts.get(value, 0), value in chosen) for value in values
    )


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


def find(user: Any, asked: Asked, *, page_size: int = PAGE_SIZE) -> Found:
    """Search the library as a person may see it.

    The number of queries does not depend on the number of practices: one for the revision and three for labels; the
    first typing error after a change reads the words once.

    Args:
        user: the reader; anonymous reads what is public.
        asked: words, filters, order and page.
        page_size: practices per page.
    """
    library = catalogue.current()
    visible = library.reached(reach_of(user))
    asked_terms = terms(asked.query)
    matched, some_words, suggestion = (
        _matching(library, visible, asked_terms) if asked_terms else (0 if asked.query else visible, False, "")
    )

    labels = _labels(library, visible)
    chosen = _chosen_values(asked, labels)
    sets = {facet: library.having(facet, values) for facet, values in chosen.items()}
    result = matched
    for carried in sets.values():
        result &= carried
    facets = {}
    for facet in FACETS:
        among = matched
        for other, carried in sets.items():
            if other != facet:
                among &= carried
        facets[facet] = _choices(library, among, facet, labels.get(facet, {}), chosen.get(facet, frozenset()))

    total = result.bit_count()
    pages = max(1, -(-total // page_size))
    page = min(asked.page, pages)
    return Found(
        total=total,
        ids=_slice(library, result, asked_terms if asked.sort == RELEVANCE else (), page, page_size),
        page=page,
        pages=pages,
        facets=facets,
        stems=frozenset(stem for term in asked_terms for stem in (*term.stems, *term.synonyms)),
        too_common=bool(asked.query and not asked_terms),
        some_words=some_words,
        suggestion=suggestion,
    )


def _matching(library: Catalogue, visible: int, asked_terms: Sequence[Term]) -> tuple[int, bool, str]:
    """Return the visible hits, whether they have only some of the words, and a correction if none has them all."""
    size = len(library.rows)
    every = library.postings.matching(asked_terms, size, every=True) & visible
    if every:
        return every, False, ""
    some = library.postings.matching(asked_terms, size, every=False) & visible if len(asked_terms) > 1 else 0
    return some, bool(some), _suggestion(library, visible, asked_terms)


def _slice(library: Catalogue, result: int, asked_terms: Sequence[Term], page: int, size: int) -> tuple[int, ...]:
    """Return the primary keys of one page of a set: by relevance where there are words, else the newest first."""
    if not result:
        return ()
    member = library.members(result)
    ordered: Iterable[int]
    if asked_terms:
        ordered = library.postings.ranked(asked_terms, member)
    else:
        ordered = (at for at in library.newest if member[at])
    first = (page - 1) * size
    return tuple(library.rows[at].pk for at in islice(ordered, first, first + size))


# ---- typing errors ------------------------------------------------------------------------------------------
_vocabulary_lock = threading.Lock()
_vocabulary: tuple[Catalogue, dict[str, int]] | None = None


def _vocabulary_of(library: Catalogue) -> dict[str, int]:
    """Return each word of the library with the set of practices it stands in; made once per revision when needed."""
    global _vocabulary  # noqa: PLW0603 - the one copy of this process
    known = _vocabulary
    if known is not None and known[0] is library:
        return known[1]
    with _vocabulary_lock:
        found: dict[str, int] = {}
        published = GoodPractice.objects.filter(state=GoodPractice.State.PUBLISHED)
        for pk, words in published.values_list("pk", "words").iterator(chunk_size=2000):
            position = library.positions.get(pk)
            if position is not None:
                mark = 1 << position
                for word in words.split():
                    found[word] = found.get(word, 0) | mark
        _vocabulary = (library, found)
        return found


def _suggestion(library: Catalogue, visible: int, asked_terms: Sequence[Term]) -> str:
    """Return the question with unknown words replaced by the nearest word that the reader can find; else nothing."""
    from rapidfuzz import fuzz, process

    vocabulary = _vocabulary_of(library)
    reachable = [word for word, places in vocabulary.items() if places & visible]
    by_fold = {word: fold(word) for word in reachable}
    size = len(library.rows)
    corrected: list[str] = []
    changed = False
    for term in asked_terms:
        if len(term.word) < SHORTEST_SUGGESTION or library.postings.having(term, size) & visible:
            corrected.append(term.word)
            continue
        near = process.extract(term.word, by_fold, scorer=fuzz.ratio, score_cutoff=_SUGGEST_FROM, limit=5)
        if not near:
            corrected.append(term.word)
            continue
        best = max(near, key=lambda hit: (round(hit[1]), (vocabulary[hit[2]] & visible).bit_count(), hit[2]))
        corrected.append(best[2])
        changed = True
    if not changed:
        return ""
    suggestion = " ".join(corrected)
    return suggestion if library.postings.matching(terms(suggestion), size, every=True) & visible else ""
