"""Reading a table from a file that somebody sends: csv, csv.gz, xlsx or ods.

The one reader of every import. It finds out what the file is by its content (never by its name alone), refuses
what it cannot read with a sentence that says where and what to do, and gives the rows one by one, so that 650,000
of them need no more memory than one. What it passes over (empty rows, footers such as "Bron: CBS") it counts.
"""

from __future__ import annotations

import codecs
import datetime as dt
import gzip
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from people import csv_files, workbooks
from people.refusals import Refusal, TableRefused

__all__ = ["Cell", "Refusal", "Row", "Table", "TableRefused", "read_table", "text"]

Cell = str | int | float | bool | dt.date | dt.time | dt.datetime | dt.timedelta
Row = tuple[int, list[Cell]]

MAX_COLUMNS = 1000
# Of what is passed over or wrong this much is kept in words; the rest is counted.
KEPT = 200
# After so many rows of the wrong width the rest is not read.
MOST_PROBLEMS = 10_000

FOOTERS = ("bron:", "bron ", "source:", "©", "* ", "toelichting:")


@dataclass
class Table:
    """One sheet with a header, and its rows as they come.

    Iterate once over `rows`: pairs of (row number, cells), every row as long as the header. Cells of a csv are text
    as it stands in the file; cells of a workbook keep their type (`text()` turns any cell into text). Afterwards
    `empty_rows` and `footers` say what was passed over, and `problems` names rows with more cells than the header:
    an import with problems changes nothing. Of footers and problems the first 200 are kept in words, `footer_count`
    and `problem_count` count them all.
    """

    sheet: str
    header: tuple[str, ...]
    rows: Iterator[Row]
    kind: str
    encoding: str = ""
    separator: str = ""
    empty_rows: int = 0
    footers: list[str] = field(default_factory=list)
    problems: list[Refusal] = field(default_factory=list)
    footer_count: int = 0
    problem_count: int = 0

    def column(self, name: str) -> int:
        """Return the place (from 0) of a column, whatever its capitals.

        Raises:
            TableRefused: when it is not there, or there twice.
        """
        wanted = name.strip().casefold()
        places = [place for place, title in enumerate(self.header) if title.casefold() == wanted]
        if not places:
            raise TableRefused(
                Refusal(
                    _("This column is missing. The file has: %(columns)s.") % {"columns": ", ".join(self.header)},
                    sheet=self.sheet,
                    row=1,
                    column=name,
                )
            )
        if len(places) > 1:
            raise TableRefused(
                Refusal(
                    _("This column stands in the file more than once. Keep one of them."),
                    sheet=self.sheet,
                    row=1,
                    column=name,
                )
            )
        return places[0]

    def __contains__(self, name: str) -> bool:
        return name.strip().casefold() in {title.casefold() for title in self.header}


def text(cell: Cell | None) -> str:
    """Return a cell as the text a person would have typed: stripped, and 12.0 from a workbook as "12"."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def read_table(source: Path | str | IO[bytes], *, name: str = "", sheet: str | None = None) -> Table:
    """Open a file and return its table.

    Args:
        source: a path, or an uploaded file (seekable, binary).
        name: the file's name as the sender knows it; by default that of `source`.
        sheet: which sheet of a workbook; by default the first that has rows.

    Raises:
        TableRefused: when this is not a readable csv, csv.gz, xlsx or ods.
    """
    if isinstance(source, (str, Path)):
        path = Path(source)
        try:
            stream: IO[bytes] = path.open("rb")
        except OSError as error:
            raise TableRefused(
                Refusal(_("The file %(name)s cannot be opened (%(error)s).") % {"name": path, "error": error.strerror})
            ) from error
        return _read(stream, name or path.name, sheet)
    source.seek(0)
    return _read(source, name or Path(str(getattr(source, "name", "") or _("file"))).name, sheet)


def _read(stream: IO[bytes], name: str, sheet: str | None) -> Table:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    shown = get_valid_filename(name) if name else _("file")
    if size == 0:
        raise TableRefused(Refusal(_("The file %(name)s is empty.") % {"name": shown}))
    if size > settings.IMPORT_MAX_BYTES:
        raise TableRefused(
            Refusal(
                _("The file %(name)s is larger than %(limit)s MB. Split it and send the parts.")
                % {"name": shown, "limit": settings.IMPORT_MAX_BYTES // 1024**2}
            )
        )
    start = stream.read(8)
    stream.seek(0)
    kind = _kind(start, stream)
    _name_must_fit(shown, kind)
    if kind == "csv":
        return _read_csv(stream, shown, kind)
    if kind == "csv.gz":
        return _read_csv(cast("IO[bytes]", gzip.GzipFile(fileobj=stream)), shown, kind)
    return _read_workbook(stream, shown, kind, sheet)


def _kind(start: bytes, stream: IO[bytes]) -> str:
    """Say what a file is by its first bytes, and for a zip by what it holds."""
    if start.startswith(b"\x1f\x8b"):
        return "csv.gz"
    if start.startswith(b"PK"):
        return workbooks.kind_of(stream)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableRefused(Refusal(_("This is an old or protected Excel file (.xls). Save it as .xlsx and send that.")))
    if start.startswith((b"%PDF", b"<!DOCTYP", b"<html", b"<?xml")):
        raise TableRefused(Refusal(_("This is not a table. Send a .csv, .csv.gz, .xlsx or .ods file.")))
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise TableRefused(Refusal(_("This text is saved as UTF-16. Save it as “CSV UTF-8” and send that file.")))
    return "csv"


def _name_must_fit(name: str, kind: str) -> None:
    """Refuse a file that says it is something else: somebody saved or renamed it wrongly and should know."""
    ending = next((end for end in (".csv.gz", ".csv", ".xlsx", ".ods", ".gz") if name.lower().endswith(end)), "")
    if not ending or ending == f".{kind}" or (ending == ".gz" and kind == "csv.gz"):
        return
    raise TableRefused(
        Refusal(
            _("The file is called %(name)s but its content is %(kind)s. Give it the right name or save it again.")
            % {"name": name, "kind": kind}
        )
    )


# ---- csv ----------------------------------------------------------------------------------------------------
def _read_csv(stream: IO[bytes], name: str, kind: str) -> Table:
    found = csv_files.look_through(stream, name)
    lines = csv_files.rows(stream, found)
    return _table(lines, sheet="", kind=kind, encoding=found.encoding, separator=found.separator)


# ---- workbooks ----------------------------------------------------------------------------------------------
def _read_workbook(stream: IO[bytes], name: str, kind: str, sheet: str | None) -> Table:
    import python_calamine

    try:
        workbook = python_calamine.load_workbook(stream)
        names = workbook.sheet_names
    except Exception as error:  # the reader is a compiled library: its faults have no common class
        raise TableRefused(Refusal(_("This workbook is damaged. Save it again and send that file."))) from error
    if sheet is not None and sheet not in names:
        raise TableRefused(
            Refusal(_("This sheet is not there. The workbook has: %(sheets)s.") % {"sheets": ", ".join(names)}, sheet)
        )
    for candidate in [sheet] if sheet else names:
        try:
            rows = workbook.get_sheet_by_name(candidate)
        except Exception as error:
            raise TableRefused(Refusal(_("This sheet is damaged. Save the workbook again."), candidate)) from error
        if rows.total_height:
            return _table(rows.iter_rows(), sheet=candidate, kind=kind)
    raise TableRefused(Refusal(_("The workbook %(name)s has no rows.") % {"name": name}, sheet=sheet or ""))


# ---- both ---------------------------------------------------------------------------------------------------
def _table(raw: Iterable[list[Any]], *, sheet: str, kind: str, encoding: str = "", separator: str = "") -> Table:
    """Take the first row that is not empty as the header, and give the others on demand."""
    rows = enumerate(raw, start=1)
    for number, cells in rows:  # noqa: B007 — read after the loop
        header = [text(cell) for cell in cells]
        while header and not header[-1]:
            header.pop()
        if header:
            break
    else:
        raise TableRefused(Refusal(_("The file has no rows."), sheet=sheet))
    if len(header) > MAX_COLUMNS:
        reason = _("The first row has %(columns)s columns; at most %(limit)s are read. Send the columns that matter.")
        raise TableRefused(Refusal(reason % {"columns": len(header), "limit": MAX_COLUMNS}, sheet=sheet, row=number))
    table = Table(sheet=sheet, header=tuple(header), rows=iter(()), kind=kind, encoding=encoding)
    table.separator, table.empty_rows = separator, number - 1
    table.rows = _body(rows, table)
    return table


def _body(rows: Iterator[tuple[int, list[Cell]]], table: Table) -> Iterator[Row]:
    width = len(table.header)
    for number, cells in rows:
        # nearly every row of a large file leaves here: as wide as the header, filled at both ends
        if len(cells) == width and cells[0] != "" and cells[-1] != "":
            yield number, cells
            continue
        filled = [cell for cell in cells if text(cell)]
        if not filled:
            table.empty_rows += 1
        elif width > 1 and len(filled) == 1 and text(filled[0]).casefold().startswith(FOOTERS):
            table.footer_count += 1
            if table.footer_count <= KEPT:
                table.footers.append(text(filled[0]))
        elif len(cells) > width and any(text(cell) for cell in cells[width:]):
            table.problem_count += 1
            if table.problem_count > MOST_PROBLEMS:
                return
            if table.problem_count > KEPT:
                continue
            table.problems.append(
                Refusal(
                    _("This row has %(cells)s cells and the header %(columns)s. Is a value with a comma not quoted?")
                    % {"cells": len(cells), "columns": width},
                    sheet=table.sheet,
                    row=number,
                    value=text(cells[width]),
                )
            )
        else:
            yield number, [*cells[:width], *[""] * (width - len(cells))]
