"""The benchmark in memory: the only way from rows to calculations.

One `Cube` belongs to one revision of the figures and is shared by all requests of a process. It holds every value of
every status and knows no reader; who may see what is decided afterwards, by a `Viewer` (`benchmark/permissions.py`).
An indicator is fetched the first time somebody asks for it. Every request compares the revision with one cheap query,
so an import is noticed by all processes without a restart; what did not change is taken over from the cube before,
and of an import only its own rows are read.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Subquery

from benchmark import boundaries, cube_rows
from benchmark import register as registers
from benchmark.models import DataRevision, Dataset, FiguresChange, Indicator, Measurement
from benchmark.register import Place, Register
from benchmark.slices import ABSENT, PUBLISHED, STATUSES, Slice, Source
from people.models import Municipality, MunicipalityYear, RegisterRevision, Succession

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["ABSENT", "PUBLISHED", "STATUSES", "Cube", "Place", "Register", "Slice", "Source", "current", "forget"]

# An indicator takes about 0.15 MB; this many fit the whole catalogue.
KEEP = 400
# Statistics of groups that are kept with a cube; each takes about 2 kB.
KEEP_REMEMBERED = 8_000
# More indicators than this in one query of rows would be more memory than all their arrays.
AT_A_TIME = 24


class Cube:
    """The figures of one revision."""

    def __init__(self, *, revision: int, register: Register, sources: dict[int, Source]) -> None:
        self.revision = revision
        self.register = register
        self.sources = sources
        self._memory: OrderedDict[Hashable, Any] = OrderedDict()
        self._provenance: dict[tuple[int, int, bool], tuple[NDArray[np.bool_], tuple[Source, ...]]] = {}
        self._slices: OrderedDict[int, Slice] = OrderedDict()
        self._lock = threading.Lock()
        self._loading = threading.Lock()

    def slice(self, indicator_id: int) -> Slice:
        """Return one indicator's arrays."""
        return self.slices([indicator_id])[indicator_id]

    def slices(self, indicator_ids: Iterable[int]) -> dict[int, Slice]:
        """Return the arrays of several indicators; what is not in memory yet comes in two queries per two dozen."""
        wanted = list(dict.fromkeys(indicator_ids))
        found = self._held(wanted)
        if len(found) == len(wanted):
            return found
        with self._loading:  # who comes second waits for the first instead of asking the same again
            found = self._held(wanted)
            missing = [pk for pk in wanted if pk not in found]
            for start in range(0, len(missing), AT_A_TIME):
                found.update(cube_rows.load(missing[start : start + AT_A_TIME], self.register))
            self._hold({pk: found[pk] for pk in missing}, room=len(wanted))
        return found

    def hold(self, parts: dict[int, Slice]) -> None:
        """Put arrays in that were made elsewhere: the figures of an earlier revision."""
        self._hold(parts, room=len(parts))

    def _held(self, wanted: list[int]) -> dict[int, Slice]:
        with self._lock:
            found = {pk: self._slices[pk] for pk in wanted if pk in self._slices}
            for pk in found:
                self._slices.move_to_end(pk)
        return found

    def _hold(self, parts: dict[int, Slice], *, room: int) -> None:
        with self._lock:
            self._slices.update(parts)
            while len(self._slices) > max(KEEP, room):
                self._slices.popitem(last=False)

    def in_boundaries_of(self, indicator: Indicator, now: int) -> Slice:
        """Return an indicator's arrays for the municipalities of the year `now`; computed once per revision."""

        def make() -> Slice:
            part = self.slice(indicator.pk)
            fractions = None
            if not part.is_empty and not indicator.adds_up:
                fractions = cube_rows.fractions(indicator.pk, part, self.register)
            return boundaries.converted(
                part,
                register=self.register,
                now=now,
                adds_up=indicator.adds_up,
                fractions=fractions,
                open_datasets=frozenset(source.id for source in self.sources.values() if source.is_public),
            )

        found: Slice = self.remembered(("boundaries", indicator.pk, now), make)
        return found

    def inhabitants_in(
        self, years: NDArray[np.int64], now: int | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return inhabitants per municipality and year, and of which year they are; many indicators share them.

        Args:
            years: Y years.
            now: the year whose boundaries count; None for those of each year.
        """

        def make() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
            import numpy as np

            known, used = self.register.inhabitants.nearest(years)
            if now is None:
                return known, used
            columns = []
            for at, year in enumerate(years.tolist()):
                there = np.where(self.register.existing(years)[:, at], known[:, at], np.nan)
                moved = boundaries.conversion(self.register, year=year, now=now).counts(there)
                columns.append(np.where(np.isnan(moved), known[:, at], moved))
            return np.stack(columns, axis=1) if columns else known, used

        found = self.remembered(("inhabitants", years.tobytes(), now), make)
        return found[0], found[1]

    def public_mask(self, part: Slice, report: int) -> NDArray[np.bool_]:
        """Return M × Y truth values: which values come from open data, to be shown by name to everybody."""
        return self._provenance_of(part, report)[0]

    def sources_of(self, part: Slice, report: int) -> tuple[Source, ...]:
        """Return the datasets that one report of an indicator comes from."""
        return self._provenance_of(part, report)[1]

    def _provenance_of(self, part: Slice, report: int) -> tuple[NDArray[np.bool_], tuple[Source, ...]]:
        import numpy as np

        key = (part.indicator_id, report, part.converted is not None)
        if key not in self._provenance:
            used = np.unique(part.dataset[report]).tolist()
            sources = tuple(self.sources[pk] for pk in used if pk in self.sources)
            public = np.isin(part.dataset[report], [source.id for source in sources if source.is_public])
            self._provenance[key] = (public, sources)
        return self._provenance[key]

    def remembered(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what `make` returns for a key, made once per revision; only for what depends on no reader."""
        try:
            return self._memory[key]
        except KeyError:
            made = make()
        with self._lock:
            self._memory[key] = made
            while len(self._memory) > KEEP_REMEMBERED:
                self._memory.popitem(last=False)
        return made

    def forget_figures(self) -> None:
        """Forget what was computed, not what was read (benchmarks measure computing with it)."""
        with self._lock:
            for key in [key for key in self._memory if isinstance(key, tuple) and key[0] in {"figures", "decided"}]:
                del self._memory[key]

    def take_over(self, old: Cube) -> None:
        """Take over the arrays of an older cube, as far as they still hold, and read again what changed.

        Nothing is read for indicators that were not in memory; they wait until somebody asks.
        """
        with old._lock:
            held = dict(old._slices)
        if not held:
            return
        changed = FiguresChange.between(old.revision, self.revision)
        if changed is None:
            return
        kept = {pk: part for pk, part in held.items() if pk not in changed.indicators}
        if changed.batches:
            rows = Measurement.objects.filter(batch__in=changed.batches)
            touched = kept.keys() & set(rows.order_by().values_list("indicator_id", flat=True).distinct())
        else:
            rows, touched = Measurement.objects.none(), set()
        moved = old.register.index != self.register.index
        again: dict[int, Slice | None] = {pk: part for pk, part in kept.items() if moved or pk in touched}
        if again:
            kept |= cube_rows.patched(again, rows, register=self.register, old_register=old.register)
        self._hold(kept, room=len(kept))


_kept: tuple[Any, Cube] | None = None
_renewing = threading.Lock()


def current() -> Cube:
    """Return the cube of the figures as they are now.

    Costs one query while nothing changed. Inside a transaction nothing is kept: a revision that is rolled back must
    not leave its figures in memory under a number that comes again.
    """
    global _kept  # noqa: PLW0603 — one cube for the process is the point
    stamp = _stamp()
    held = _kept
    if held is not None and held[0] == stamp and not connection.in_atomic_block:
        return held[1]
    if connection.in_atomic_block:
        return _made(stamp)
    with _renewing:
        held = _kept
        if held is not None and held[0] == stamp:
            return held[1]
        cube = _made(stamp)
        if held is not None:
            cube.take_over(held[1])
        _kept = (stamp, cube)
    return cube


def _made(stamp: list[tuple[Any, ...]]) -> Cube:
    sources = {row[0]: Source(*row[:6]) for row in stamp}
    return Cube(revision=(stamp[0][6] or 0) if stamp else 0, register=registers.load(), sources=sources)


def forget() -> None:
    """Empty the memory of this process (benchmarks measure a cold start with it)."""
    global _kept  # noqa: PLW0603
    _kept = None


def _stamp() -> list[tuple[Any, ...]]:
    """Return what must be equal for the cube to hold: the datasets, the revision and the register.

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
            last(RegisterRevision, "number"),
            last(Municipality, "pk"),
            last(MunicipalityYear, "pk"),
            last(Succession, "pk"),
        )
    )
