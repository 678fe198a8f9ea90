"""The library in memory, as bit sets: which practices carry which value, who may see them, and how many that makes.

Counting six facets over 10,000 practices costs six grouped queries, 10 ms each or more. Here each value of each facet
is one whole number whose bit *i* says whether practice *i* has it; a count is an `&` and a `bit_count`, in about a
microsecond, and exact under every combination of filters.

A `Catalogue` never changes. Every change of a practice gives the library a new revision (`indexing.py`); the first
reader after that fetches only the rows with a later revision and swaps in a new catalogue. One cheap query per request
tells whether that is needed, so any number of processes stay right.
"""

from __future__ import annotations

import datetime as dt
import math
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Count, Subquery, Sum
from django.db.models.functions import Coalesce
from taggit.models import TaggedItem

from goodpractices.models import GoodPractice, LibraryRevision
from goodpractices.permissions import Reach
from goodpractices.postings import Postings
from people import clock, sizes
from people.models import MunicipalityYear

AREA: Final = "area"
ORGANISATION: Final = "organisation"
PHASE: Final = "phase"
TAG: Final = "tag"
MUNICIPALITY: Final = "municipality"
YEAR: Final = "year"
SIZE: Final = "size"
EVIDENCE: Final = "evidence"
FACETS: Final = (AREA, ORGANISATION, PHASE, TAG, MUNICIPALITY, SIZE, EVIDENCE, YEAR)

Value = int | str
Key = tuple[str, Value]

_STATE: Final = "state"
_VISIBILITY: Final = "visibility"
_MANY: Final = 200  # positions that may be left unused before all is put in order again
_LONG_AGO: Final = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class _Row:
    """One practice: its key, its revision, what it is ordered by, every value it carries, and its words."""

    pk: int
    revision: int
    published_at: dt.datetime
    keys: frozenset[Key]
    adopters: int = 0
    proven: float | None = None
    stems: str = field(default="", compare=False, repr=False)

    def without_words(self) -> _Row:
        """Return the row as it is kept, once its words stand in the postings."""
        return replace(self, stems="")


@dataclass(frozen=True)
class Catalogue:
    """The whole library at one revision.

    Attributes:
        revision: the number it is true for.
        rows: the practices by position; the position is the bit. A position that was left after a change is in no set.
        positions: from primary key to position.
        bits: for each value of each facet the set of positions that carry it.
        by_facet: the same by facet, so that counting one does not walk along the others.
        newest: all positions in use, the latest published first.
        adopted: the same, the most adopted first.
        proven: the same, the best effect first: that of which most is certain; what cannot be said yet comes last.
        register: the number of the register's last change; the size classes are of then.
        inhabitants: of each municipality, where known.
        postings: the words.
    """

    revision: int = 0
    rows: tuple[_Row, ...] = ()
    positions: Mapping[int, int] = field(default_factory=dict)
    bits: Mapping[Key, int] = field(default_factory=dict)
    by_facet: Mapping[str, tuple[tuple[Value, int], ...]] = field(default_factory=dict)
    newest: tuple[int, ...] = ()
    adopted: tuple[int, ...] = ()
    proven: tuple[int, ...] = ()
    register: int = -1
    inhabitants: Mapping[int, int] = field(default_factory=dict)
    postings: Postings = field(default_factory=Postings)

    def having(self, facet: str, values: Iterable[Value]) -> int:
        """Return the set of practices with one of the values of a facet."""
        found = 0
        for value in values:
            found |= self.bits.get((facet, value), 0)
        return found

    def reached(self, reach: Reach) -> int:
        """Return the set that a person finds in the library: the same rule as `Reach.published`."""
        level = GoodPractice.Visibility
        allowed = self.having(_VISIBILITY, [level.PUBLIC])
        if reach.takes_part:
            allowed |= self.having(_VISIBILITY, [level.PARTICIPANTS])
        kring = self.having(_VISIBILITY, [level.KRING])
        if reach.is_office:
            allowed |= kring
        else:
            allowed |= kring & self.having(MUNICIPALITY, reach.circle | reach.own | reach.reviews)
        allowed |= self.having(MUNICIPALITY, reach.own)
        return allowed & self.having(_STATE, [GoodPractice.State.PUBLISHED])

    def counts(self, facet: str, among: int) -> dict[Value, int]:
        """Return how many of a set carry each value of a facet, without the zeros."""
        return {
            value: number
            for value, carried in self.by_facet.get(facet, ())
            if (number := (carried & among).bit_count())
        }

    def carried(self, facet: str, among: int) -> set[Value]:
        """Return the values of a facet that anything of a set carries."""
        return {value for value, carriers in self.by_facet.get(facet, ()) if carriers & among}

    def set_of(self, ids: Iterable[int]) -> int:
        """Return the set of practices with these primary keys."""
        marks = bytearray((len(self.rows) + 7) // 8)
        for pk in ids:
            position = self.positions.get(pk)
            if position is not None:
                marks[position >> 3] |= 1 << (position & 7)
        return int.from_bytes(marks, "little")

    def members(self, among: int) -> bytes:
        """Return a set as one byte per position, for walking along an order."""
        digits = f"{among:0{max(len(self.rows), 1)}b}"
        return digits[::-1].encode().translate(_ZERO_ONE)


_ZERO_ONE: Final = bytes.maketrans(b"01", b"\x00\x01")
_lock = threading.Lock()
_current = Catalogue()


def _pairs(through: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """Group (practice, value) pairs by practice."""
    found: dict[int, list[int]] = defaultdict(list)
    for pk, value in through:
        found[pk].append(value)
    return found


def _rows_after(revision: int, inhabitants: Mapping[int, int]) -> list[_Row]:
    """Fetch the practices that changed after a revision: three queries."""
    changed = GoodPractice.objects.filter(revision__gt=revision)
    kind = ContentType.objects.get_for_model(GoodPractice)
    links = GoodPractice.areas.through.objects.all()
    tagged = TaggedItem.objects.filter(content_type=kind)
    if revision:
        links = links.filter(goodpractice__in=changed)
        tagged = tagged.filter(object_id__in=changed.values("pk"))
    areas = _pairs(links.values_list("goodpractice_id", "area_id"))
    tags = _pairs(tagged.values_list("object_id", "tag_id"))
    rows = []
    for (
        pk,
        number,
        published_at,
        state,
        visibility,
        municipality,
        organisation,
        phase,
        year,
        evidence,
        adopters,
        proven,
        stems,
    ) in changed.values_list(
        "pk",
        "revision",
        "published_at",
        "state",
        "visibility",
        "municipality_id",
        "organisation_area",
        "phase",
        "year",
        "evidence",
        "adopters",
        "proven",
        "stems",
    ):
        keys: set[Key] = {
            (_STATE, state),
            (_VISIBILITY, visibility),
            (MUNICIPALITY, municipality),
            (EVIDENCE, evidence),
        }
        if municipality in inhabitants:
            keys.add((SIZE, sizes.size_class(inhabitants[municipality])))
        keys.update((AREA, area) for area in areas.get(pk, ()))
        keys.update((TAG, tag) for tag in tags.get(pk, ()))
        if organisation:
            keys.add((ORGANISATION, organisation))
        if phase:
            keys.add((PHASE, phase))
        if year:
            keys.add((YEAR, year))
        rows.append(_Row(pk, number, published_at or _LONG_AGO, frozenset(keys), adopters, proven, stems))
    return rows


def _merge(old: Catalogue, changed: list[_Row], revision: int) -> Catalogue:
    """Return a new catalogue with changed rows at new positions; all others stay where they were."""
    rows: list[_Row] = list(old.rows)
    positions = dict(old.positions)
    width = (len(rows) + len(changed) + 7) // 8
    marks: dict[Key, bytearray] = {}

    def of(key: Key) -> bytearray:
        found = marks.get(key)
        if found is None:
            found = marks[key] = bytearray(old.bits.get(key, 0).to_bytes(width, "little"))
        return found

    for row in changed:
        left = positions.get(row.pk)
        if left is not None:
            for key in rows[left].keys:
                of(key)[left >> 3] &= ~(1 << (left & 7))
        position = positions[row.pk] = len(rows)
        rows.append(row.without_words())
        for key in row.keys:
            of(key)[position >> 3] |= 1 << (position & 7)
        old.postings.add(position, row.stems)
    bits = {**old.bits, **{key: int.from_bytes(found, "little") for key, found in marks.items()}}
    bits = {key: carried for key, carried in bits.items() if carried}
    by_facet: dict[str, list[tuple[Value, int]]] = defaultdict(list)
    for (name, value), carried in bits.items():
        by_facet[name].append((value, carried))
    newest = sorted(positions.values(), key=lambda at: (rows[at].published_at, rows[at].pk), reverse=True)
    # Sorting keeps the order of equals: among equally adopted practices the newest comes first.
    adopted = sorted(newest, key=lambda at: -rows[at].adopters)
    proven = sorted(newest, key=lambda at: -_or_last(rows[at].proven))
    return Catalogue(
        revision=revision,
        rows=tuple(rows),
        positions=positions,
        bits=bits,
        by_facet={name: tuple(each) for name, each in by_facet.items()},
        newest=tuple(newest),
        adopted=tuple(adopted),
        proven=tuple(proven),
        register=old.register,
        inhabitants=old.inhabitants,
        postings=old.postings,
    )


def _or_last(value: float | None) -> float:
    return -math.inf if value is None else value


def _agrees(catalogue: Catalogue) -> bool:
    """Check number and sum of revisions against the database: false after a deletion or a rollback."""
    truth = GoodPractice.objects.filter(revision__gt=0).aggregate(number=Count("pk"), total=Sum("revision"))
    held = sum(catalogue.rows[at].revision for at in catalogue.newest)
    return (truth["number"], truth["total"] or 0) == (len(catalogue.newest), held)


def _last(model: Any, field: str) -> Coalesce:
    """Return the highest number of a model, in the query that it is part of; -1 when there is none."""
    return Coalesce(Subquery(model.objects.order_by(f"-{field}").values(field)[:1]), -1, output_field=BigIntegerField())


def current() -> Catalogue:
    """Return the catalogue of this moment. One query, and three more after something changed."""
    number, register = _stamp()
    known = _current
    if (known.revision, known.register) == (number, register):
        return known
    return _brought_up(number, register)


def _stamp() -> tuple[int, int]:
    """Return the revision of the library and of the register."""
    asked = LibraryRevision.objects.filter(pk=1).values_list("number", _last(MunicipalityYear, "pk"))
    return asked.first() or (0, -1)


def _brought_up(number: int, register: int) -> Catalogue:
    """Return the catalogue at these revisions, and keep it as the one of this process."""
    global _current  # noqa: PLW0603 - the one copy of this process
    with _lock:
        known = _current
        if (known.revision, known.register) == (number, register):
            return known
        # Should anything fail below, the words that were added already must not stay: the next reader starts afresh.
        _current = Catalogue()
        _current = _renewed(known, number, register)
        return _current


def _renewed(known: Catalogue, number: int, register: int) -> Catalogue:
    """Return the catalogue at a revision: the known one with what changed, or all of it when that cannot be right."""
    if known.register == register:
        changed = _rows_after(known.revision, known.inhabitants) if 0 < known.revision < number else []
        left = len(known.rows) - len(known.newest)
        if changed and len(changed) + left <= _MANY + len(known.newest) // 4:
            fresh = _merge(known, changed, number)
            if _agrees(fresh):
                return fresh
    now = sizes.sizes_in(clock.today().year)
    empty = Catalogue(register=register, inhabitants={pk: size.inhabitants for pk, size in now.items()})
    return _merge(empty, _rows_after(0, empty.inhabitants), number)
