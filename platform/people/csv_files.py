"""Text files with separators: which encoding, which separator, and is every row of a size to be read."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import itertools
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from people.refusals import Refusal, TableRefused

# A packed file may not grow beyond this: 30 kB of zeros can hide gigabytes.
MAX_UNPACKED_BYTES = 1024**3
MAX_ROW_BYTES = 1024**2
SEPARATORS = ",;\t"
SAMPLE_ROWS = 50
CHUNK = 1024 * 1024
PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ")
# What spreadsheet programs on Windows write when they do not say "UTF-8".
WINDOWS = "cp1252"
CONTROL = bytes(set(range(32)) - {9, 10, 12, 13}) + b"\x7f"


@dataclass(frozen=True, slots=True)
class Found:
    """How a file is written."""

    encoding: str
    separator: str


def look_through(stream: IO[bytes], name: str) -> Found:
    """Read the whole file once in pieces and say how it is written.

    Raises:
        TableRefused: it is no text, or a row is too long to be one; says which row and column.
    """
    try:
        encoding = _encoding(stream, name)
        stream.seek(0)
        # detached, or closing the wrapper would close the stream
        lines = io.TextIOWrapper(stream, encoding=encoding, newline="")
        sample = list(itertools.islice(lines, SAMPLE_ROWS))
        lines.detach()
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise TableRefused(
            Refusal(_("The packed file %(name)s is damaged. Pack it again.") % {"name": name})
        ) from error
    return Found(encoding, _separator(sample))


def rows(stream: IO[bytes], found: Found) -> Iterator[list[str]]:
    """Yield the rows; csv's own complaints become refusals with the row.

    Raises:
        TableRefused: a quotation mark is never closed, or a cell is too long.
    """
    stream.seek(0)
    lines = io.TextIOWrapper(stream, encoding=found.encoding, newline="")
    number = 0
    try:
        for cells in csv.reader(lines, delimiter=found.separator, strict=True):
            number += 1
            yield cells
    except csv.Error as error:
        if "field limit" in str(error):
            reason = _("A cell in this row holds more than %(limit)s characters. Is a quotation mark left open?") % {
                "limit": csv.field_size_limit()
            }
        else:
            reason = _("The quotation marks in or after this row do not match (%(error)s).") % {"error": error}
        raise TableRefused(Refusal(reason, row=number + 1)) from error


def _encoding(stream: IO[bytes], name: str) -> str:
    """Say which encoding the whole file has: UTF-8, or else that of Windows in Western Europe."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    total, first, row, length = 0, b"", 1, 0
    is_utf8 = True
    while chunk := stream.read(CHUNK):
        first = first or chunk[:8]
        total += len(chunk)
        _must_be_text(first, total, name)
        row, length = _row_length(chunk, row, length)
        if len(chunk.translate(None, CONTROL)) != len(chunk):
            raise _bad_byte(stream, _control)
        is_utf8 = is_utf8 and _decodes(decoder, chunk)
    if total == 0:
        raise TableRefused(Refusal(_("The file %(name)s is empty.") % {"name": name}))
    if is_utf8 and _decodes(decoder, b"", final=True):
        return "utf-8-sig" if first.startswith(codecs.BOM_UTF8) else "utf-8"
    _must_be_windows(stream)
    return WINDOWS


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _must_be_text(first: bytes, total: int, name: str) -> None:
    """Refuse a packed file inside a packed file, and one that goes on for ever.

    Raises:
        TableRefused: it is one of the two.
    """
    if first.startswith(PACKED):
        raise TableRefused(Refusal(_("In this packed file there is another packed file. Unpack it first.")))
    if total > MAX_UNPACKED_BYTES:
        raise TableRefused(
            Refusal(
                _("The file %(name)s unpacks to more than %(limit)s MB. Split it and send the parts.")
                % {"name": name, "limit": MAX_UNPACKED_BYTES // 1024**2}
            )
        )


def _row_length(chunk: bytes, row: int, length: int) -> tuple[int, int]:
    """Return the row the piece ends in and how long that is by now.

    Raises:
        TableRefused: it is longer than a row of a table is.
    """
    end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
    if end < 0:
        length += len(chunk)
    else:
        row += chunk.count(b"\n") or chunk.count(b"\r")
        length = len(chunk) - end
    if length > MAX_ROW_BYTES:
        reason = _("This row is longer than %(limit)s MB: this is not a table, or a quotation mark is left open.")
        raise TableRefused(Refusal(reason % {"limit": MAX_ROW_BYTES // 1024**2}, row=row))
    return row, length


def _must_be_windows(stream: IO[bytes]) -> None:
    """Refuse what is neither: two encodings in one file, or bytes that no Windows letter has."""
    stream.seek(0)
    has_utf8 = False
    for line in stream:
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            try:
                line.decode(WINDOWS)
            except UnicodeDecodeError:
                raise _bad_byte(stream, _not_windows) from None
        else:
            has_utf8 = True
    if has_utf8:
        raise _bad_byte(stream, _not_utf8)


Finder = Callable[[bytes], "tuple[int, str] | None"]


def _control(line: bytes) -> tuple[int, str] | None:
    for place, byte in enumerate(line):
        if byte == 0:
            return place, _("Here stands a NUL byte: this is not a text file, or it is damaged.")
        if byte in CONTROL:
            return place, _("Here stands a control character: this is not a text file, or it is damaged.")
    return None


def _not_utf8(line: bytes) -> tuple[int, str] | None:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start, _(
            "This row is not UTF-8 but others are: two encodings in one file. Save it as “CSV UTF-8”."
        )
    return None


def _not_windows(line: bytes) -> tuple[int, str] | None:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        try:
            line.decode(WINDOWS)
        except UnicodeDecodeError as error:
            return error.start, _(
                "This text is not UTF-8 and not of Windows either. Save it as “CSV UTF-8” and send that file."
            )
    return None


def _bad_byte(stream: IO[bytes], find: Finder) -> TableRefused:
    """Look up where the first unreadable byte stands; only done when there is one."""
    stream.seek(0)
    separator, header = ",", []
    for number, line in enumerate(stream, start=1):
        if number == 1:
            start = line.decode(WINDOWS, "replace").lstrip("\ufeffï»¿")
            separator = _separator([start])
            header = next(csv.reader([start], delimiter=separator), [])
        found = find(line)
        if found is None:
            continue
        place, reason = found
        before = next(csv.reader([line[:place].decode(WINDOWS, "replace")], delimiter=separator), [""])
        shown = line.decode(WINDOWS, "replace").replace("\0", "␀")
        cells = next(csv.reader([shown], delimiter=separator), [""])
        column = max(len(before) - 1, 0)
        return TableRefused(
            Refusal(
                reason,
                row=number,
                column=header[column].strip() if column < len(header) else str(column + 1),
                value=cells[column].strip() if column < len(cells) else "",
            )
        )
    return TableRefused(Refusal(_("The text of this file is cut off in the middle of a character.")))


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
