"""The SQL of an import: the one place where figures are written past the ORM, because there are 650,000 of them.

SQLite gets many rows per statement; PostgreSQL gets its binary COPY. Both take the rows in groups of one shape (same
status, same reason, the same numbers present), so that what is equal in all of them is sent once.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from benchmark.imports.decimals import SIGNS
from benchmark.imports.staging import NUMBERS, REASONS, STATUSES, Staged
from benchmark.models import Measurement, MeasurementRevision

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TABLE = Measurement._meta.db_table  # noqa: SLF001 — documented
REVISIONS = MeasurementRevision._meta.db_table  # noqa: SLF001
COLUMNS = (
    "indicator_id",
    "municipality_id",
    "year",
    "report",
    "status",
    "provisional",
    "reason",
    "source",
    "censored",
    *NUMBERS,
    "batch_id",
    "dataset_id",
)
# What a batch may change of a value, in the order of `update`; `restore` puts the same back.
CHANGING = ("value", "status", "provisional", "reason", *NUMBERS[1:], "source", "censored", "dataset_id", "batch_id")
ROWS_PER_STATEMENT = 50
ROWS_AT_A_TIME = 20_000
COPY_HEADER = b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0)
COPY_END = struct.pack(">h", -1)


@dataclass(frozen=True)
class Shape:
    """What all rows of a group have in common."""

    status: str
    provisional: bool
    reason: str
    source: str
    censored: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Rows of one shape, with their foreign keys."""

    shape: Shape
    staged: Staged
    indicator_ids: NDArray[np.int64]
    municipality_ids: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.staged)


def groups(
    staged: Staged, *, indicator_ids: NDArray[np.int64], municipality_ids: NDArray[np.int64], sources: Sequence[str]
) -> Iterator[Group]:
    """Cut rows into groups of one shape; the order inside a group stays.

    Args:
        staged: the rows.
        indicator_ids: place → id in the database.
        municipality_ids: place → id in the database.
        sources: the texts behind `staged.source`.
    """
    import numpy as np

    present = {name: array for name in NUMBERS if (array := getattr(staged, name)) is not None}
    kind = staged.source.astype(np.int64)
    for part, size in ((staged.status, 8), (staged.provisional, 2), (staged.reason, 16)):
        kind = kind * size + part
    if staged.censored is not None:
        kind = kind * len(SIGNS) + staged.censored
    for array in present.values():
        kind = kind * 2 + ~np.isnan(array)
    for each in np.unique(kind):
        places = np.flatnonzero(kind == each)
        chosen, first = staged.take(places), int(places[0])
        shape = Shape(
            status=STATUSES[staged.status[first]],
            provisional=bool(staged.provisional[first]),
            reason=REASONS[staged.reason[first]],
            source=sources[staged.source[first]],
            censored="" if staged.censored is None else SIGNS[staged.censored[first]],
            numbers=tuple(name for name, array in present.items() if not np.isnan(array[first])),
        )
        yield Group(shape, chosen, indicator_ids[chosen.indicator], municipality_ids[chosen.municipality])


def insert(
    parts: Iterator[Group],
    *,
    reports: Sequence[str],
    batch_id: int,
    dataset_id: int,
    done: Callable[[int], None],
) -> None:
    """Write new values.

    Args:
        parts: the rows, by shape.
        reports: the texts behind `staged.report`.
        batch_id: the batch they belong to.
        dataset_id: their dataset.
        done: called with the number of rows written since the last call.
    """
    write = _copy if connection.vendor == "postgresql" else _insert
    for group in parts:
        write(group, reports, batch_id, dataset_id, done)


def _insert(group: Group, reports: Sequence[str], batch_id: int, dataset_id: int, done: Callable[[int], None]) -> None:
    """SQLite: fifty rows a statement; what they share stands there as ?1 … ?7 and is bound once."""
    shape = group.shape
    shared = [shape.status, shape.provisional, shape.reason, shape.source, shape.censored, batch_id, dataset_id]
    common = ("status", "provisional", "reason", "source", "censored", "batch_id", "dataset_id")
    columns = (*COLUMNS[:4], *shape.numbers, *common)
    width = 4 + len(shape.numbers)

    def statement(rows: int) -> str:
        places = iter(range(len(shared) + 1, len(shared) + 1 + rows * width))
        same = ",".join(f"?{place}" for place in range(1, len(shared) + 1))
        values = ",".join(f"({','.join(f'?{next(places)}' for _ in range(width))},{same})" for _ in range(rows))
        return f'INSERT INTO "{TABLE}" ({",".join(columns)}) VALUES {values}'  # noqa: S608 — names of our own columns

    full, step = statement(ROWS_PER_STATEMENT), ROWS_PER_STATEMENT * width
    connection.ensure_connection()
    # Django's cursor would look for %s in every statement, which costs as much as the insert itself.
    with connection.wrap_database_errors, closing(connection.connection.cursor()) as cursor:
        for start in range(0, len(group), ROWS_AT_A_TIME):
            part = slice(start, start + ROWS_AT_A_TIME)
            varying = [
                group.indicator_ids[part].tolist(),
                group.municipality_ids[part].tolist(),
                group.staged.year[part].tolist(),
                [reports[place] for place in group.staged.report[part].tolist()],
                *(_whole(name, getattr(group.staged, name)[part]) for name in shape.numbers),
            ]
            flat: list[Any] = [None] * (len(varying[0]) * width)
            for place, values in enumerate(varying):
                flat[place::width] = values
            for at in range(0, len(flat), step):
                piece = flat[at : at + step]
                cursor.execute(full if len(piece) == step else statement(len(piece) // width), shared + piece)
            done(len(varying[0]))


def _whole(name: str, array: NDArray[np.float64]) -> list[Any]:
    return array.astype(int).tolist() if name == "n" else array.tolist()


def _copy(group: Group, reports: Sequence[str], batch_id: int, dataset_id: int, done: Callable[[int], None]) -> None:
    """PostgreSQL: the binary COPY format, laid out by NumPy; every row of a shape and report is equally long."""
    import numpy as np

    shape = group.shape
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{TABLE}" ({",".join(COLUMNS)}) FROM STDIN (FORMAT BINARY)') as copy,
    ):
        copy.write(COPY_HEADER)
        for report in np.unique(group.staged.report):
            chosen = np.flatnonzero(group.staged.report == report)
            staged = group.staged.take(chosen)
            fields: list[tuple[str, str, Any]] = [
                ("indicator_id", ">i8", group.indicator_ids[chosen]),
                ("municipality_id", ">i8", group.municipality_ids[chosen]),
                ("year", ">i2", staged.year),
                *(
                    (name, f"S{len(text.encode())}", text.encode())
                    for name, text in (("report", reports[report]), ("status", shape.status))
                ),
                ("provisional", "?", shape.provisional),
                *(
                    (name, f"S{len(text.encode())}", text.encode())
                    for name, text in (
                        ("reason", shape.reason),
                        ("source", shape.source),
                        ("censored", shape.censored),
                    )
                ),
                *(
                    (name, ">i4" if name == "n" else ">f8", getattr(staged, name))
                    if name in shape.numbers
                    else (name, "", None)
                    for name in NUMBERS
                ),
                ("batch_id", ">i8", batch_id),
                ("dataset_id", ">i8", dataset_id),
            ]
            layout: list[tuple[str, str]] = [("fields", ">i2")]
            for name, kind, _values in fields:
                layout.append((f"{name}_length", ">i4"))
                if kind and kind != "S0":
                    layout.append((name, kind))
            rows = np.zeros(len(chosen), dtype=np.dtype(layout))
            rows["fields"] = len(fields)
            for name, kind, values in fields:
                rows[f"{name}_length"] = np.dtype(kind).itemsize if kind and kind != "S0" else 0 if kind else -1
                if kind and kind != "S0":
                    rows[name] = values
            for start in range(0, len(rows), ROWS_AT_A_TIME):
                piece = rows[start : start + ROWS_AT_A_TIME]
                copy.write(piece.tobytes())
                done(len(piece))
        copy.write(COPY_END)


def update(rows: Sequence[tuple[Any, ...]]) -> None:
    """Change values that exist: tuples of `CHANGING`, then the id."""
    assignments = ",".join(f'"{name}"=%s' for name in CHANGING)
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE "{TABLE}" SET {assignments} WHERE id=%s', rows)  # noqa: S608


def delete_made_by(batch_id: int) -> int:
    """Delete the values that a batch brought in as new; those it changed have a revision and stay."""
    made = f'batch_id=%s AND id NOT IN (SELECT measurement_id FROM "{REVISIONS}" WHERE batch_id=%s)'  # noqa: S608
    with connection.cursor() as cursor:
        # the steps of their status go with them; the ORM, which would see to that, is not asked here
        cursor.execute(
            f'DELETE FROM "{REVISIONS}" WHERE measurement_id IN (SELECT id FROM "{TABLE}" WHERE {made})',  # noqa: S608
            [batch_id, batch_id],
        )
        cursor.execute(f'DELETE FROM "{TABLE}" WHERE {made}', [batch_id, batch_id])  # noqa: S608
        return int(cursor.rowcount)
