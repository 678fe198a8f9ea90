"""From rows to arrays: the queries behind the cube.

Most values are published, final, and have no interval. What all have is fetched narrow, four columns a row; what
only some have (another status, a reason, an interval) comes in a second query. Fetching everything of everything took
twice as long and six times the memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from django.db import connection
from django.db.models import F, Q, QuerySet

from benchmark.models import Measurement
from benchmark.register import Register
from benchmark.slices import ABSENT, PUBLISHED, STATUSES, Slice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROWS_AT_A_TIME = 20_000
# Two numbers travel as one; a year and a dataset fit in what is left.
_YEARS, _DATASETS = 10_000, 1_000_000
_PLAIN = Q(status=Measurement.Status.PUBLISHED, reason="", provisional=False, lower__isnull=True, upper__isnull=True)
_DETAILS = ("indicator_id", "report", "municipality_id", "year", "status", "reason", "provisional", "lower", "upper")


def load(indicator_ids: Sequence[int], register: Register) -> dict[int, Slice]:
    """Return the arrays of some indicators; two queries however many."""
    rows = Measurement.objects.filter(indicator_id__in=indicator_ids)
    return patched(dict.fromkeys(indicator_ids), rows, register=register)


def patched(
    old: dict[int, Slice | None],
    rows: QuerySet[Measurement],
    *,
    register: Register,
    old_register: Register | None = None,
) -> dict[int, Slice]:
    """Return slices in which some rows are as the database has them now.

    Args:
        old: indicator → its slice so far, None to begin with nothing.
        rows: the values to put in; those of other indicators are left out.
        register: the first axis.
        old_register: the first axis of the old slices, where it may differ.
    """
    import numpy as np

    wanted = rows.filter(indicator_id__in=list(old)).order_by()
    plain = wanted.values_list(
        F("indicator_id") * _DATASETS + F("dataset_id"), F("municipality_id") * _YEARS + F("year"), "report", "value"
    )
    names: dict[str, int] = {}
    parts: list[tuple[NDArray[Any], ...]] = []
    for columns in _columns(plain):
        for name in set(columns[2]) - names.keys():
            names[name] = len(names)
        parts.append(
            (
                np.array(columns[0], dtype=np.int64),
                np.array(columns[1], dtype=np.int64),
                np.fromiter(map(names.__getitem__, columns[2]), dtype=np.int16, count=len(columns[2])),
                np.array(columns[3], dtype=np.float64),  # None becomes NaN
            )
        )
    empty = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int16), np.empty(0))
    columns_of = (np.concatenate(list(one)) for one in zip(*parts, strict=True)) if parts else empty
    what, where, report, value = (cast("NDArray[Any]", one) for one in columns_of)
    at_place = _at_place(register, where // _YEARS)
    inside = at_place >= 0  # one that came in after the register was read waits for the next revision
    what, where, report, value, at_place = (one[inside] for one in (what, where, report, value, at_place))
    order = np.argsort(what // _DATASETS, kind="stable")
    indicators = (what // _DATASETS)[order]
    details = _details(wanted, register)
    labels = {at: name for name, at in names.items()}
    found = {}
    for pk, before in old.items():
        mine = order[np.searchsorted(indicators, pk) : np.searchsorted(indicators, pk, side="right")]
        base = _base(
            pk,
            before,
            reports={labels[at] for at in np.unique(report[mine]).tolist()},
            years=np.unique(where[mine] % _YEARS),
            reasons={row[5] for row in details.get(pk, ())},
            moved=(old_register or register, register),
        )
        at = np.array([base.reports.index(labels[n]) if labels[n] in base.reports else 0 for n in range(len(labels))])
        cell = (
            at[report[mine]] if len(at) else report[mine],
            at_place[mine],
            np.searchsorted(base.years, where[mine] % _YEARS),
        )
        _fill(base, cell, np.asarray(value[mine], dtype=np.float64), what[mine] % _DATASETS)
        found[pk] = _detailed(base, details.get(pk, []), register)
    return found


def fractions(indicator_id: int, part: Slice, register: Register) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return numerators and denominators in the shape of a slice, NaN where there is none; one query."""
    import numpy as np

    above, below = np.full(part.value.shape, np.nan), np.full(part.value.shape, np.nan)
    rows = Measurement.objects.filter(
        indicator_id=indicator_id, numerator__isnull=False, denominator__isnull=False
    ).order_by()
    at_year = {year: at for at, year in enumerate(part.years.tolist())}
    at_report = {name: at for at, name in enumerate(part.reports)}
    for report, pk, year, numerator, denominator in rows.values_list(
        "report", "municipality_id", "year", "numerator", "denominator"
    ):
        if pk in register.index and year in at_year and report in at_report:
            cell = at_report[report], register.index[pk], at_year[year]
            above[cell], below[cell] = numerator, denominator
    return above, below


def _columns(rows: QuerySet[Any, Any]) -> Iterable[tuple[tuple[Any, ...], ...]]:
    """Yield the columns of some thousand rows at a time, as the driver gives them."""
    sql, params = rows.query.sql_with_params()
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while part := cursor.fetchmany(ROWS_AT_A_TIME):
            yield tuple(zip(*part, strict=True))


def _at_place(register: Register, ids: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the places of municipalities on the axis, -1 for who is not on it."""
    import numpy as np

    known = np.array([place.id for place in register.places], dtype=np.int64)
    if not len(known):
        return np.full(len(ids), -1, dtype=np.intp)
    at = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    return np.where(known[at] == ids, at, -1)


def _details(rows: QuerySet[Measurement], register: Register) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows.filter(~_PLAIN).values_list(*_DETAILS).iterator(chunk_size=ROWS_AT_A_TIME):
        if row[2] in register.index:
            found.setdefault(row[0], []).append(row)
    return found


def _base(  # noqa: PLR0913 — an empty array and what it must have room for
    indicator_id: int,
    old: Slice | None,
    *,
    reports: set[str],
    years: NDArray[np.int64],
    reasons: set[str],
    moved: tuple[Register, Register],
) -> Slice:
    """Return a slice with room for new reports, years and municipalities, holding what the old one held."""
    import numpy as np

    all_reports = tuple(sorted(reports | set(old.reports if old else ())))
    all_years = np.union1d(years, old.years) if old else years
    all_reasons = (old.reasons if old else ("",)) + tuple(sorted(reasons - set(old.reasons if old else ("",))))
    shape = (len(all_reports), len(moved[1].places), len(all_years))
    made = Slice(
        indicator_id=indicator_id,
        reports=all_reports,
        years=all_years.astype(np.int64),
        value=np.full(shape, np.nan),
        status=np.full(shape, ABSENT, dtype=np.int8),
        reason=np.zeros(shape, dtype=np.int8),
        reasons=all_reasons,
        provisional=np.zeros(shape, dtype=np.bool_),
        dataset=np.zeros(shape, dtype=np.int32),
    )
    if old is None or old.is_empty:
        return made
    before, now = moved
    kept = [(at, now.index[place.id]) for at, place in enumerate(before.places) if place.id in now.index]
    target = np.ix_(
        np.array([all_reports.index(name) for name in old.reports], dtype=np.intp),
        np.array([new for _, new in kept], dtype=np.intp),
        np.searchsorted(all_years, old.years),
    )
    source = [at for at, _ in kept]
    for name in ("value", "status", "reason", "provisional", "dataset"):
        getattr(made, name)[target] = getattr(old, name)[:, source]
    if old.lower is None or old.upper is None:
        return made
    made = made.with_bounds()
    for name in ("lower", "upper"):
        getattr(made, name)[target] = getattr(old, name)[:, source]
    return made


def _fill(base: Slice, cell: tuple[NDArray[Any], ...], value: NDArray[np.float64], dataset: NDArray[np.int64]) -> None:
    """Put in what every row has; whatever a cell held before is gone."""
    import numpy as np

    base.value[cell] = value
    base.dataset[cell] = dataset
    base.status[cell] = PUBLISHED
    base.reason[cell] = 0
    base.provisional[cell] = False
    for bound in (base.lower, base.upper):
        if bound is not None:
            bound[cell] = np.nan


def _detailed(base: Slice, rows: Sequence[tuple[Any, ...]], register: Register) -> Slice:
    """Put in what only some rows have."""
    import numpy as np

    at_report = {name: at for at, name in enumerate(base.reports)}
    at_year = {one: at for at, one in enumerate(base.years.tolist())}
    # a row that came in between the two queries waits for the next revision
    rows = [row for row in rows if row[1] in at_report and row[3] in at_year]
    if not rows:
        return base
    _, report, place, year, status, reason, provisional, lower, upper = zip(*rows, strict=True)
    at_reason = {name: at for at, name in enumerate(base.reasons)}
    at_status = {name: at for at, name in enumerate(STATUSES)}
    cell = (
        np.array([at_report[one] for one in report], dtype=np.intp),
        np.array([register.index[one] for one in place], dtype=np.intp),
        np.array([at_year[one] for one in year], dtype=np.intp),
    )
    base.status[cell] = [at_status[one] for one in status]
    base.reason[cell] = [at_reason[one] for one in reason]
    base.provisional[cell] = provisional
    if any(one is not None for one in (*lower, *upper)):
        base = base if base.lower is not None else base.with_bounds()
        for array, values in ((base.lower, lower), (base.upper, upper)):
            if array is not None:
                array[cell] = np.array(values, dtype=np.float64)
    return base
