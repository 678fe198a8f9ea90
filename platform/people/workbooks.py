"""Looking at a workbook before it is opened: what would cost memory, hide something or run is refused here.

The library that reads workbooks lays a sheet out as one rectangle, from its first to its last cell. Two cells in
opposite corners, 5 kB as a file, would therefore ask for half a terabyte and end the whole process. So every part of
the package is walked once as a stream: cells are counted, the rectangle is measured, and nothing is kept.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _

from people.refusals import Refusal, TableRefused

MAX_PARTS = 2000
MAX_UNPACKED_BYTES = 160 * 1024**2
# What a sheet may hold, empty cells inside its rectangle included; a cell costs the reader some 85 bytes.
MAX_CELLS = 1_000_000
MAX_CHARACTERS = 16 * 1024**2
MAX_CELL_CHARACTERS = 32_767  # as Excel has it
LONG_STRING = 256
CHUNK = 256 * 1024
ENCRYPTED = 0x1
# Parts that are no XML; all others must be, to the last byte.
OTHER_PARTS = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bin", ".vml", ".svm", "mimetype", ".rdf", ".pdf")
# Rules of later versions of Excel, below the cells of a sheet: their formulas have no outcome.
EXTENSIONS = "http://schemas.microsoft.com/"
CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def kind_of(stream: IO[bytes]) -> str:
    """Say what a zip holds ("xlsx" or "ods"), after looking through all of it; the stream is back at its beginning.

    Raises:
        TableRefused: it is damaged, locked, no workbook, holds macros, or would cost too much to open.
    """
    try:
        with zipfile.ZipFile(stream) as packed:
            kind = _kind(packed)
            if kind == "xlsx":
                _look_through_xlsx(packed)
            else:
                _look_through_ods(packed)
            return kind
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, KeyError, ParseError) as error:
        raise _damaged() from error
    except (RuntimeError, DefusedXmlException) as error:  # zipfile: "password required"
        raise _damaged() from error
    finally:
        stream.seek(0)


def _damaged() -> TableRefused:
    return TableRefused(Refusal(_("This workbook is damaged. Save it again and send that file.")))


def _kind(packed: zipfile.ZipFile) -> str:
    parts = packed.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise TableRefused(
            Refusal(
                _("This workbook would unpack to more than %(limit)s MB and was not opened. Save it as csv.gz.")
                % {"limit": MAX_UNPACKED_BYTES // 1024**2}
            )
        )
    names = {part.filename for part in parts}
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise TableRefused(Refusal(_("This file is locked with a password. Save it without one and send that file.")))
    if "xl/vbaProject.bin" in names:
        raise TableRefused(
            Refusal(_("This workbook holds macros (.xlsm) and was not opened. Save it as .xlsx and send that file."))
        )
    if "xl/workbook.bin" in names:
        raise TableRefused(Refusal(_("This is a binary workbook (.xlsb). Save it as .xlsx and send that file.")))
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    raise TableRefused(Refusal(_("This is a zip file, not a workbook. Unpack it and send the file inside.")))


@dataclass
class _Extent:
    """The rectangle of cells in one sheet, and what stands in it.

    Attributes:
        first_row … last_column: counted from 1; 0 while there is no cell.
        last_at: the cell that made it so large, as "XFD1048576".
        strings: cells whose text stands in the common list.
        without_value: the first formula that was saved without its outcome, as "B7".
    """

    sheet: str = ""
    first_row: int = 0
    last_row: int = 0
    first_column: int = 0
    last_column: int = 0
    last_at: str = ""
    strings: int = 0
    characters: int = 0
    without_value: str = ""
    columns: dict[str, int] = field(default_factory=dict)

    def grow(self, row: int, column: int) -> None:
        """Take a cell in.

        Raises:
            TableRefused: the rectangle is larger than the reader may lay out.
        """
        if self.first_row <= row <= self.last_row and self.first_column <= column <= self.last_column:
            return  # nearly every cell: this is asked a million times
        if not self.last_row:
            self.first_row, self.first_column = row, column
        self.first_row, self.first_column = min(row, self.first_row), min(column, self.first_column)
        self.last_row, self.last_column = max(row, self.last_row), max(column, self.last_column)
        size = (self.last_row - self.first_row + 1) * (self.last_column - self.first_column + 1)
        if size > MAX_CELLS:
            raise TableRefused(
                Refusal(
                    _(
                        "With this cell the sheet covers more than %(limit)s cells, and it was not opened. Remove "
                        "what stands far outside the table, or save the sheet as csv.gz."
                    )
                    % {"limit": MAX_CELLS},
                    sheet=self.sheet,
                    row=row,
                    column=letters(column),
                )
            )

    def hold(self, characters: int, row: int | None = None) -> None:
        """Count text.

        Raises:
            TableRefused: it is more than the reader may hold.
        """
        self.characters += characters
        if self.characters > MAX_CHARACTERS:
            raise TableRefused(
                Refusal(
                    _("The texts of this sheet are together longer than %(limit)s MB. Save it as csv.gz.")
                    % {"limit": MAX_CHARACTERS // 1024**2},
                    sheet=self.sheet,
                    row=row,
                )
            )


def letters(column: int) -> str:
    """Return the name of a column as a spreadsheet has it: 1 is A, 27 is AA."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _formula_without_value(sheet: str, row: int, column: int) -> TableRefused:
    return TableRefused(
        Refusal(
            _(
                "This formula was saved without its outcome, and formulas are not computed here. Open the file in "
                "a spreadsheet program, save it and send it again, or put the value itself there."
            ),
            sheet=sheet,
            row=row,
            column=letters(column),
        )
    )


def _too_long(sheet: str, row: int | None, column: int) -> TableRefused:
    return TableRefused(
        Refusal(
            _("This cell holds more than %(limit)s characters. Shorten it.") % {"limit": MAX_CELL_CHARACTERS},
            sheet=sheet,
            row=row,
            column=letters(column),
        )
    )


# ---- xml --------------------------------------------------------------------------------------------------------
def _walk(packed: zipfile.ZipFile, part: zipfile.ZipInfo, **handlers: Any) -> None:
    """Send a part through the parser, a piece at a time. Entities and document types end it.

    Expat itself and not one of defusedxml's readers, because those build trees.

    Raises:
        TableRefused: it defines entities, or is no XML.
    """

    def stop(*_args: object) -> None:
        raise TableRefused(
            Refusal(
                _("This workbook defines XML entities, which no spreadsheet program does. It was not opened."),
                column=part.filename,
            )
        )

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = stop
    parser.EntityDeclHandler = stop
    parser.buffer_text = True
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    try:
        with packed.open(part) as source:
            while piece := source.read(CHUNK):
                parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise _damaged() from error


def _xml_parts(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the parts that must be XML; what calls itself a picture and is not one counts as well."""
    found = []
    for part in packed.infolist():
        if part.is_dir():
            continue
        if part.filename.lower().endswith(OTHER_PARTS):
            with packed.open(part) as source:
                start = source.read(4)
            if not start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and start[:2] not in {
                b"\xff\xfe",
                b"\xfe\xff",
            }:
                continue
        if part.file_size:
            found.append(part)
    return found


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


# ---- xlsx -------------------------------------------------------------------------------------------------------
def _look_through_xlsx(packed: zipfile.ZipFile) -> None:
    sheets = _sheet_names(packed)
    extents: list[tuple[zipfile.ZipInfo, _Extent]] = []
    lengths: list[int] = []
    for part in _xml_parts(packed):
        extent = _Extent(sheets.get(part.filename, ""))
        if "sharedstrings" in part.filename.lower():
            lengths += _string_lengths(packed, part)
        else:
            _measure_xlsx(packed, part, extent)
            extents.append((part, extent))
    longest = max(lengths, default=0)
    for part, extent in extents:
        if longest > LONG_STRING and extent.strings * longest > MAX_CHARACTERS:
            _weigh_strings(packed, part, extent, lengths)


def _sheet_names(packed: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet → its name, as far as the workbook says."""
    book = ElementTree.fromstring(packed.read("xl/workbook.xml"))
    try:
        links = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    except KeyError:
        return {}
    targets = {link.get("Id"): (link.get("Target") or "").lstrip("/") for link in links}
    names = {}
    for sheet in book.iter():
        if _local(sheet.tag.replace("}", " ")) != "sheet":
            continue
        place = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        target = targets.get(place, "")
        names[target if target.startswith("xl/") else f"xl/{target}"] = sheet.get("name") or ""
    return names


def _measure_xlsx(packed: zipfile.ZipFile, part: zipfile.ZipInfo, extent: _Extent) -> None:  # noqa: C901 — handlers that share their counts
    """Measure the cells of one part; called for every part, because only the reader decides which are sheets."""
    row = column = length = inline = 0
    formula = False
    known = extent.columns

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, formula, length
        kind = name.rpartition(" ")[2]
        if kind == "c":
            if formula:
                raise _formula_without_value(extent.sheet, row, column)
            at = attributes.get("r")
            found = CELL.fullmatch(at) if at else None
            if found is None:
                column += 1
            else:
                row = int(found[2])
                column = known.get(found[1]) or known.setdefault(found[1], _number(found[1]))
            length = 0
            extent.grow(row, column)
            if attributes.get("t") == "s":
                extent.strings += 1
        elif kind == "v":
            formula = False
        elif kind == "f":
            formula = not name.startswith(EXTENSIONS)
        elif kind == "row":
            row, column = int(attributes.get("r") or row + 1), 0

    def text(written: str) -> None:
        nonlocal inline, length
        inline += len(written)
        length += len(written)
        if length > MAX_CELL_CHARACTERS and row:
            raise _too_long(extent.sheet, row or None, column)

    _walk(packed, part, StartElementHandler=start, CharacterDataHandler=text)
    if formula and extent.last_row:
        raise _formula_without_value(extent.sheet, row, column)
    extent.hold(inline)


def _number(name: str) -> int:
    value = 0
    for letter in name:
        value = value * 26 + ord(letter) - ord("A") + 1
    return value


def _string_lengths(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> list[int]:
    """Return how long each text of the common list is."""
    lengths: list[int] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        if name.endswith(" si"):
            lengths.append(0)

    def text(written: str) -> None:
        if not lengths:
            return
        lengths[-1] += len(written)
        if lengths[-1] > MAX_CELL_CHARACTERS:
            raise _too_long("", None, 0)

    _walk(packed, part, StartElementHandler=start, CharacterDataHandler=text)
    if sum(lengths) > MAX_CHARACTERS:
        _Extent().hold(sum(lengths))
    return lengths


def _weigh_strings(packed: zipfile.ZipFile, part: zipfile.ZipInfo, extent: _Extent, lengths: list[int]) -> None:
    """Add up the texts of a sheet as the reader will hold them: one copy per cell."""
    shared = inside = False
    row = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal shared, inside, row
        kind = name.rpartition(" ")[2]
        if kind == "c":
            shared = attributes.get("t") == "s"
        elif kind == "row":
            row = int(attributes.get("r") or row + 1)
        inside = kind == "v"

    def text(written: str) -> None:
        if shared and inside and written.strip().isdigit() and int(written) < len(lengths):
            extent.hold(lengths[int(written)], row)

    _walk(packed, part, StartElementHandler=start, CharacterDataHandler=text)


# ---- ods --------------------------------------------------------------------------------------------------------
def _look_through_ods(packed: zipfile.ZipFile) -> None:
    if b"encryption-data" in _beginning(packed, "META-INF/manifest.xml"):
        raise TableRefused(Refusal(_("This file is locked with a password. Save it without one and send that file.")))
    for part in _xml_parts(packed):
        _measure_ods(packed, part)


def _beginning(packed: zipfile.ZipFile, name: str) -> bytes:
    try:
        with packed.open(name) as source:
            return source.read(MAX_CHARACTERS)
    except KeyError:
        return b""


def _measure_ods(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:  # noqa: C901 — handlers that share their counts
    """Measure the tables of one part. A cell or a row may say that it stands there a million times."""
    extent = _Extent()
    row = column = rows = columns = length = 0
    filled = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal extent, row, column, rows, columns, length, filled
        kind = name.rpartition(" ")[2]
        said = {_local(key): value for key, value in attributes.items()} if attributes else {}
        if kind == "table":
            extent, row, rows = _Extent(said.get("name", "")), 1, 0
        elif kind == "table-row":
            row, rows, column, columns = row + rows if rows else max(row, 1), _repeated(said, "rows"), 1, 0
        elif kind in {"table-cell", "covered-table-cell"}:
            column += columns
            columns, length = _repeated(said, "columns"), 0
            filled = "value-type" in said
            if "formula" in said and not {"value", "string-value", "boolean-value", "date-value"} & set(said):
                filled = True
            if filled:
                extent.grow(row, column)
                extent.grow(row + rows - 1, column + columns - 1)

    def text(written: str) -> None:
        nonlocal length
        if not columns:
            return
        length += len(written)
        if length > MAX_CELL_CHARACTERS:
            raise _too_long(extent.sheet, row, column)
        extent.grow(row, column)
        if written.strip():
            extent.grow(row + rows - 1, column + columns - 1)
        extent.hold(len(written) * max(rows, 1) * max(columns, 1), row)

    _walk(packed, part, StartElementHandler=start, CharacterDataHandler=text)


def _repeated(said: dict[str, str], what: str) -> int:
    return max(int(said.get(f"number-{what}-repeated", "1")), 1)
