"""Reading a table from a file that somebody sends: csv, csv.gz, xlsx or ods.

The one reader of every import. It finds out what the file is by its content (never by its name alone), refuses
what it cannot read with a sentence that says where and what to do, and gives the rows one by one, so that 650,000
of them need no more memory than one. What it passes over (empty rows, footers such as "Bron: CBS") it counts.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import gzip
import io
import itertools
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

Cell = str | int | float | bool | dt.date | dt.time | dt.datetime | dt.timedelta
Row = tuple[int, list[Cell]]

# A packed file may not grow beyond this: 30 kB of zeros can hide gigabytes.
MAX_UNPACKED_BYTES = 1024**3
MAX_WORKBOOK_BYTES = 400 * 1024**2
MAX_WORKBOOK_PARTS = 2000

SEPARATORS = ",;\t"
FOOTERS = ("bron:", "bron ", "source:", "©", "* ", "toelichting:")
SAMPLE_ROWS = 50
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one cell, row or file was not taken. Row numbers count as a spreadsheet does: the header is row 1."""

    reason: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        where = []
        if self.sheet:
            where.append(_("sheet %(sheet)s") % {"sheet": self.sheet})
        if self.row is not None:
            where.append(_("row %(row)s") % {"row": self.row})
        if self.column:
            where.append(_("column %(column)s") % {"column": self.column})
        if self.value:
            where.append(_("value “%(value)s”") % {"value": self.value[:80]})
        return f"{', '.join(where)}: {self.reason}" if where else self.reason


class TableRefused(Exception):  # noqa: N818 — a refusal is an answer, not a fault
    """The file cannot be read as a table; `refusal` says where and why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


@dataclass
class Table:
    """One sheet with a header, and its rows as they come.

    Iterate once over `rows`: pairs of (row number, cells), every row as long as the header. Cells of a csv are text
    as it stands in the file; cells of a workbook keep their type (`text()` turns any cell into text). Afterwards
    `empty_rows` and `footers` say what was passed over, and `problems` names rows with more cells than the header:
    an import with problems changes nothing.
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
        try:
            with zipfile.ZipFile(stream) as packed:
                parts = packed.infolist()
        except (zipfile.BadZipFile, OSError) as error:
            raise TableRefused(Refusal(_("This workbook is damaged. Save it again and send that file."))) from error
        finally:
            stream.seek(0)
        if len(parts) > MAX_WORKBOOK_PARTS or sum(part.file_size for part in parts) > MAX_WORKBOOK_BYTES:
            raise TableRefused(
                Refusal(
                    _("This workbook would unpack to more than %(limit)s MB and was not opened. Save it as csv.gz.")
                    % {"limit": MAX_WORKBOOK_BYTES // 1024**2}
                )
            )
        names = {part.filename for part in parts}
        if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
            return "xlsx"
        if "content.xml" in names and "mimetype" in names:
            return "ods"
        raise TableRefused(Refusal(_("This is a zip file, not a workbook. Unpack it and send the file inside.")))
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
    encoding = _encoding(stream, name)
    stream.seek(0)
    lines = io.TextIOWrapper(stream, encoding=encoding, newline="")
    sample = _sample(lines)
    separator = _separator(sample)
    lines.seek(0)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    return _table(_checked(reader), sheet="", kind=kind, encoding=encoding, separator=separator)


def _encoding(stream: IO[bytes], name: str) -> str:
    """Read the whole file once: valid UTF-8 without NUL, or a refusal with row and column."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    total, first = 0, b""
    try:
        while chunk := stream.read(CHUNK):
            first = first or chunk[:3]
            total += len(chunk)
            if total > MAX_UNPACKED_BYTES:
                raise TableRefused(
                    Refusal(
                        _("The file %(name)s unpacks to more than %(limit)s MB. Split it and send the parts.")
                        % {"name": name, "limit": MAX_UNPACKED_BYTES // 1024**2}
                    )
                )
            if b"\0" in chunk:
                raise _bad_byte(stream, lambda line: line.index(b"\0") if b"\0" in line else None, nul=True)
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise _bad_byte(stream, _undecodable, nul=False) from None
    except (gzip.BadGzipFile, EOFError, OSError) as error:
        raise TableRefused(
            Refusal(_("The packed file %(name)s is damaged. Pack it again.") % {"name": name})
        ) from error
    if total == 0:
        raise TableRefused(Refusal(_("The file %(name)s is empty.") % {"name": name}))
    return "utf-8-sig" if first == codecs.BOM_UTF8 else "utf-8"


def _undecodable(line: bytes) -> int | None:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return None


def _bad_byte(stream: IO[bytes], find: Callable[[bytes], int | None], *, nul: bool) -> TableRefused:
    """Look up where the first unreadable byte stands; only done when there is one."""
    stream.seek(0)
    separator, header = ",", []
    for number, line in enumerate(stream, start=1):
        if number == 1:
            start = line.decode("cp1252", "replace").lstrip("\ufeffï»¿")
            separator = _separator([start])
            header = next(csv.reader([start], delimiter=separator), [])
        place = find(line)
        if place is None:
            continue
        before = next(csv.reader([line[:place].decode("cp1252", "replace")], delimiter=separator), [""])
        cells = next(csv.reader([line.decode("cp1252", "replace").replace("\0", "␀")], delimiter=separator), [""])
        column = max(len(before) - 1, 0)
        reason = (
            _("Here stands a NUL byte: this is not a text file, or it is damaged.")
            if nul
            else _("This text is not UTF-8 but an older encoding (such as Latin-1). Save it as “CSV UTF-8”.")
        )
        return TableRefused(
            Refusal(
                reason,
                row=number,
                column=header[column].strip() if column < len(header) else str(column + 1),
                value=cells[column].strip() if column < len(cells) else "",
            )
        )
    return TableRefused(Refusal(_("The text of this file is cut off in the middle of a character.")))


def _sample(lines: Iterable[str]) -> list[str]:
    return list(itertools.islice(lines, SAMPLE_ROWS))


def _separator(sample: list[str]) -> str:
    """Choose the separator that cuts the sample in most, equally long rows."""

    def width(separator: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=separator) if any(row)]
        except csv.Error:
            return (0, 0)
        common = max(set(widths), key=widths.count, default=1)
        return (widths.count(common) if common > 1 else 0, common)

    return max(SEPARATORS, key=width)


def _checked(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """Turn csv's own complaints (a quote that is never closed) into a refusal with the row."""
    number = 0
    try:
        for cells in reader:
            number += 1
            yield cells
    except csv.Error as error:
        raise TableRefused(
            Refusal(
                _("The quotation marks in or after this row do not match (%(error)s).") % {"error": error},
                row=number + 1,
            )
        ) from error


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
        rows = workbook.get_sheet_by_name(candidate)
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
            table.footers.append(text(filled[0]))
        elif len(cells) > width and any(text(cell) for cell in cells[width:]):
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
