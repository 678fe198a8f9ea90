"""The benchmark in memory: the only way from rows to arrays.

One `Cube` belongs to one revision of the figures and is shared by all requests of a process. It holds every value of
every status and knows no reader; who may see what is decided afterwards, by a `Viewer` (`benchmark/permissions.py`).
An indicator is fetched in one query, the first time somebody asks for it. Every request compares the revision with
one cheap query, so an import is noticed by all processes without a restart.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Subquery

from benchmark.models import DataRevision, Dataset, Measurement
from people.models import Municipality, MunicipalityYear

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STATUSES = [choice.value for choice in Measurement.Status]
PUBLISHED = STATUSES.index(Measurement.Status.PUBLISHED)
ABSENT = -1
# An indicator takes about 0.1 MB; this many fit the whole catalogue.
KEEP = 400

_FIELDS = (
    "indicator_id",
    "report",
    "municipality_id",
    "year",
    "value",
    "status",
    "reason",
    "provisional",
    "dataset_id",
    "lower",
    "upper",
    "numerator",
    "denominator",
)


@dataclass(frozen=True, slots=True)
class Source:
    """A dataset as a reader must be told about it."""

    id: int
    name: str
    source: str
    licence: str
    is_demo: bool
    is_public: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality as the figures need it."""

    id: int
    code: str
    name: str
    province: str
    exists_from: int | None
    exists_until: int | None

    def existed_in(self, year: int) -> bool:
        """Say whether the municipality existed on 1 January of `year`."""
        return (self.exists_from is None or self.exists_from <= year) and (
            self.exists_until is None or year < self.exists_until
        )


@dataclass(frozen=True, slots=True)
class Register:
    """All municipalities, in the order of every array's first axis.

    Attributes:
        places: M municipalities, by id.
        index: municipality id → place on the axis.
        by_code: CBS code → municipality id.
        years: the Y years for which inhabitants are known.
        inhabitants: M × Y, NaN where unknown.
    """

    places: tuple[Place, ...]
    index: dict[int, int]
    by_code: dict[str, int]
    years: NDArray[np.int64]
    inhabitants: NDArray[np.float64]

    def place(self, municipality_id: int) -> Place:
        """Return one municipality."""
        return self.places[self.index[municipality_id]]

    def mask(self, ids: Iterable[int]) -> NDArray[np.bool_]:
        """Return M truth values: which municipalities are in `ids`."""
        import numpy as np

        found = np.zeros(len(self.places), dtype=bool)
        for pk in ids:
            if pk in self.index:
                found[self.index[pk]] = True
        return found

    def inhabitants_in(self, years: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return inhabitants per municipality and year; the nearest known year where a year is not known.

        Of two equally near years the earlier counts, as in `people.sizes`.

        Args:
            years: Y years.

        Returns:
            M × Y inhabitants (NaN where nothing is known at all), and M × Y the years they are of.
        """
        import numpy as np

        shape = (len(self.places), len(years))
        if not len(self.years) or not len(years):
            return np.full(shape, np.nan), np.zeros(shape, dtype=np.int64)
        distance = np.abs(self.years[None, :] - years[:, None]).astype(float)  # Y × known years
        unknown = np.isnan(self.inhabitants)
        far = np.where(unknown[:, None, :], np.inf, distance[None, :, :])
        nearest = far.argmin(axis=2)
        return np.take_along_axis(self.inhabitants, nearest, axis=1), self.years[nearest]


@dataclass(frozen=True, slots=True)
class Slice:
    """One indicator: arrays of R reports × M municipalities × Y years.

    Attributes:
        reports: names of the reports; often just one, the empty name.
        years: the years in which anything is known.
        value: NaN where there is none.
        status: place in `STATUSES`, or `ABSENT` where nobody was asked.
        reason: place in `reasons`; 0 is the empty reason.
        provisional: whether a value may still change.
        dataset: id of the dataset, 0 where absent.
        lower, upper: bounds of the 95 % interval, None when no value of the indicator has them.
        numerator, denominator: likewise.
    """

    indicator_id: int
    reports: tuple[str, ...]
    years: NDArray[np.int64]
    value: NDArray[np.float64]
    status: NDArray[np.int8]
    reason: NDArray[np.int8]
    reasons: tuple[str, ...]
    provisional: NDArray[np.bool_]
    dataset: NDArray[np.int32]
    lower: NDArray[np.float64] | None
    upper: NDArray[np.float64] | None
    numerator: NDArray[np.float64] | None
    denominator: NDArray[np.float64] | None

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is known at all."""
        return self.value.size == 0

    def published(self, report: int) -> NDArray[np.float64]:
        """Return M × Y published values of one report; NaN for the rest."""
        import numpy as np

        return np.where(self.status[report] == PUBLISHED, self.value[report], np.nan)


class Cube:
    """The figures of one revision."""

    def __init__(self, *, revision: int, register: Register, sources: dict[int, Source]) -> None:
        self.revision = revision
        self.register = register
        self.sources = sources
        self._memory: dict[Hashable, Any] = {}
        self._provenance: dict[tuple[int, int], tuple[NDArray[np.bool_], tuple[Source, ...]]] = {}
        self._slices: OrderedDict[int, Slice] = OrderedDict()
        self._lock = threading.Lock()

    def slice(self, indicator_id: int) -> Slice:
        """Return one indicator's arrays."""
        return self.slices([indicator_id])[indicator_id]

    def slices(self, indicator_ids: Iterable[int]) -> dict[int, Slice]:
        """Return the arrays of several indicators; what is not in memory yet comes in one query."""
        wanted = list(dict.fromkeys(indicator_ids))
        with self._lock:
            found = {pk: self._slices[pk] for pk in wanted if pk in self._slices}
            for pk in found:
                self._slices.move_to_end(pk)
        missing = [pk for pk in wanted if pk not in found]
        if missing:
            loaded = _load(missing, self.register)
            found.update(loaded)
            with self._lock:
                self._slices.update(loaded)
                while len(self._slices) > max(KEEP, len(wanted)):
                    self._slices.popitem(last=False)
        return found

    def inhabitants_in(self, years: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return `Register.inhabitants_in`, remembered: many indicators share their years."""
        found = self.remembered(("inhabitants", years.tobytes()), lambda: self.register.inhabitants_in(years))
        return found[0], found[1]

    def public_mask(self, part: Slice, report: int) -> NDArray[np.bool_]:
        """Return M × Y truth values: which values come from open data, to be shown by name to everybody."""
        return self._provenance_of(part, report)[0]

    def sources_of(self, part: Slice, report: int) -> tuple[Source, ...]:
        """Return the datasets that one report of an indicator comes from."""
        return self._provenance_of(part, report)[1]

    def _provenance_of(self, part: Slice, report: int) -> tuple[NDArray[np.bool_], tuple[Source, ...]]:
        import numpy as np

        key = (part.indicator_id, report)
        if key not in self._provenance:
            used = np.unique(part.dataset[report]).tolist()
            sources = tuple(self.sources[pk] for pk in used if pk in self.sources)
            public = np.isin(part.dataset[report], [source.id for source in sources if source.is_public])
            self._provenance[key] = (public, sources)
        return self._provenance[key]

    def remembered(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what `make` returns for a key, made once per revision; only for what depends on no reader."""
        if key not in self._memory:
            self._memory[key] = make()
        return self._memory[key]


_kept: tuple[Any, Cube] | None = None


def current() -> Cube:
    """Return the cube of the figures as they are now.

    Costs one query while nothing changed. Inside a transaction nothing is kept: a revision that is rolled back must
    not leave its figures in memory under a number that comes again.
    """
    global _kept  # noqa: PLW0603 — one cube for the process is the point
    stamp = _stamp()
    if _kept is not None and _kept[0] == stamp and not connection.in_atomic_block:
        return _kept[1]
    sources = {row[0]: Source(*row[:6]) for row in stamp}
    cube = Cube(revision=(stamp[0][6] or 0) if stamp else 0, register=_load_register(), sources=sources)
    if not connection.in_atomic_block:
        _kept = (stamp, cube)
    return cube


def forget() -> None:
    """Empty the memory of this process (benchmarks measure a cold start with it)."""
    global _kept  # noqa: PLW0603
    _kept = None


def _stamp() -> list[tuple[Any, ...]]:
    """Return what must be equal for the cube to hold: the datasets, the revision and the size of the register.

    Without a dataset there is not one value, and nothing to keep; hence it hangs on the datasets.
    """

    def last(model: Any, field: str) -> Subquery:
        return Subquery(model.objects.order_by(f"-{field}").values(field)[:1])

    return list(
        Dataset.objects.order_by("pk").values_list(
            "pk",
            "name",
            "source",
            "licence",
            "is_demo",
            "is_public",
            last(DataRevision, "number"),
            last(Municipality, "pk"),
            last(MunicipalityYear, "pk"),
        )
    )


def _load_register() -> Register:
    import numpy as np

    places = tuple(
        Place(*row)
        for row in Municipality.objects.order_by("pk").values_list(
            "pk", "code", "name", "province", "exists_from", "exists_until"
        )
    )
    index = {place.id: at for at, place in enumerate(places)}
    known = list(
        MunicipalityYear.objects.filter(inhabitants__isnull=False)
        .order_by("year")
        .values_list("municipality_id", "year", "inhabitants")
    )
    years = sorted({year for _, year, _ in known})
    column = {year: at for at, year in enumerate(years)}
    inhabitants = np.full((len(places), len(years)), np.nan)
    for pk, year, count in known:
        if pk in index:
            inhabitants[index[pk], column[year]] = count
    return Register(
        places=places,
        index=index,
        by_code={place.code: place.id for place in places},
        years=np.array(years, dtype=np.int64),
        inhabitants=inhabitants,
    )


def _load(indicator_ids: list[int], register: Register) -> dict[int, Slice]:
    rows_of: dict[int, list[tuple[Any, ...]]] = {pk: [] for pk in indicator_ids}
    for row in Measurement.objects.filter(indicator_id__in=indicator_ids).values_list(*_FIELDS):
        if row[2] in register.index:  # one that came in after the register was read waits for the next revision
            rows_of[row[0]].append(row)
    return {pk: _arrange(pk, rows, register) for pk, rows in rows_of.items()}


def _arrange(indicator_id: int, rows: list[tuple[Any, ...]], register: Register) -> Slice:
    import numpy as np

    columns = list(zip(*rows, strict=True)) if rows else [()] * len(_FIELDS)
    _, report, municipality, year, value, status, reason, provisional, dataset, *optional = columns
    reports = tuple(sorted(set(report)))
    years = sorted(set(year))
    reasons = ("", *sorted(set(reason) - {""}))
    shape = (len(reports), len(register.places), len(years))
    at_report = {name: at for at, name in enumerate(reports)}
    at_year = {one: at for at, one in enumerate(years)}
    where = (
        np.array([at_report[one] for one in report], dtype=np.intp),
        np.array([register.index[one] for one in municipality], dtype=np.intp),
        np.array([at_year[one] for one in year], dtype=np.intp),
    )

    def filled(values: Any, empty: Any, dtype: Any) -> Any:
        array = np.full(shape, empty, dtype=dtype)
        if rows:
            array[where] = np.array(values, dtype=dtype)  # None becomes NaN
        return array

    at_status = {name: at for at, name in enumerate(STATUSES)}
    at_reason = {name: at for at, name in enumerate(reasons)}
    bounds = [filled(one, np.nan, np.float64) if any(v is not None for v in one) else None for one in optional]
    return Slice(
        indicator_id=indicator_id,
        reports=reports,
        years=np.array(years, dtype=np.int64),
        value=filled(value, np.nan, np.float64),
        status=filled([at_status[one] for one in status], ABSENT, np.int8),
        reason=filled([at_reason[one] for one in reason], 0, np.int8),
        reasons=reasons,
        provisional=filled(provisional, False, np.bool_),
        dataset=filled(dataset, 0, np.int32),
        lower=bounds[0],
        upper=bounds[1],
        numerator=bounds[2],
        denominator=bounds[3],
    )
