"""Files that are made to hurt, and a process that opens each of them in a child with little memory.

`python hostile.py DATABASE` makes a register, opens every file in a child of its own (512 MiB of address space,
20 seconds) and prints a JSON line each: name, refusal, seconds, peak memory, and whether any table changed.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HEAD = "gm_code,indicator,year,value\n"
SPACE = 512 * 1024**2
SECONDS = 20
MB = 1024**2


def xlsx(sheet: bytes | Callable[[], Iterator[bytes]], strings: bytes = b"", **more: bytes) -> bytes:
    """Return a workbook with this as the inside of its `sheetData`."""
    import xlsxwriter

    base, target = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(base) as book:
        book.add_worksheet("Cijfers").write(0, 0, "x")
    main = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with zipfile.ZipFile(base) as plain, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in plain.namelist():
            if name not in {"xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"}:
                packed.writestr(name, plain.read(name))
        packed.writestr("xl/sharedStrings.xml", b"<sst " + main + b">" + strings + b"</sst>")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(b"<worksheet " + main + b'><dimension ref="A1:D2"/><sheetData>')
            for piece in [sheet] if isinstance(sheet, bytes) else sheet():
                part.write(piece)
            part.write(b"</sheetData></worksheet>")
        for name, content in more.items():
            packed.writestr(name.replace("__", "/").replace("_bin", ".bin").replace("_xml", ".xml"), content)
    return target.getvalue()


def cell(at: str, text: str) -> bytes:
    """Return a cell with its own text."""
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


TITLES = b'<row r="1">' + b"".join(
    cell(f"{letter}1", title) for letter, title in zip("ABCD", ("gm_code", "indicator", "year", "value"), strict=True)
)
TITLES += b"</row>"


def ods(table: str) -> bytes:
    """Return an OpenDocument sheet with these rows."""
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Cijfers">{table}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return target.getvalue()


def zipped(name: str, megabytes: int) -> bytes:
    """Return a zip with a part of so many megabytes of zeros."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        with packed.open(name, "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(b"0" * MB)
    return target.getvalue()


def many_rows(rows: int, width: int) -> Callable[[], Iterator[bytes]]:
    """Return what writes full rows of numbers."""

    def pieces() -> Iterator[bytes]:
        yield TITLES
        one = "<c><v>1</v></c>" * width
        for start in range(2, rows, 10_000):
            yield "".join(f'<row r="{at}">{one}</row>' for at in range(start, start + 10_000)).encode()

    return pieces


def packed_lines(line: str, times: int) -> bytes:
    """Return a csv.gz with one line very often."""
    target = io.BytesIO()
    with gzip.open(target, "wb", compresslevel=1) as stream:
        stream.write(HEAD.encode())
        piece = line.encode() * 10_000
        for _ in range(times // 10_000):
            stream.write(piece)
    return target.getvalue()


def different_lines(times: int) -> bytes:
    """Return a csv.gz in which every cell is another wrong text."""
    target = io.BytesIO()
    with gzip.open(target, "wt", compresslevel=1, encoding="ascii") as stream:
        stream.write(HEAD)
        for start in range(0, times, 10_000):
            stream.write("".join(f"Plaats{at},soort{at},jaar{at},tekst{at}\n" for at in range(start, start + 10_000)))
    return target.getvalue()


ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "' + b"0" * 1000 + b'"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&b;</t></si></sst>'
)
LONG = b"<si><t>" + b"x" * 30_000 + b"</t></si>"

# name, file name, content, (row, column) it must point at, part of the sentence
FILES: list[tuple[str, str, Callable[[], bytes], tuple[int | None, str], str]] = [
    ("bomb-of-zeros", "a.xlsx", lambda: zipped("xl/worksheets/sheet1.xml", 500), (None, ""), "would unpack to more"),
    ("bomb-in-a-picture", "a.xlsx", lambda: zipped("xl/media/a.png", 300), (None, ""), "would unpack to more"),
    ("zip-in-a-zip", "a.zip", lambda: _zip({"b.zip": _zip({"c.csv": HEAD.encode()})}), (None, ""), "not a workbook"),
    ("gzip-in-a-gzip", "a.csv.gz", lambda: gzip.compress(gzip.compress(HEAD.encode())), (None, ""), "another packed"),
    ("gzip-bomb", "a.csv.gz", lambda: _gzip_of(b"0" * MB, 1200), (1, ""), "longer than"),
    ("gzip-of-rows", "a.csv.gz", lambda: packed_lines("GM0534,saldo,2008,1\n", 1_100_000), (1_000_002, ""), "at most"),
    ("rows-full-of-wrong-texts", "a.csv.gz", lambda: different_lines(400_000), (2, "year"), "four digits"),
    ("rows-too-long", "a.csv.gz", lambda: packed_lines("GM0534,saldo,2008,1,2\n", 900_000), (2, ""), "has 5 cells"),
    ("footers-only", "a.csv.gz", lambda: packed_lines("Bron: CBS,,,\n", 900_000), (None, ""), "no rows"),
    ("corner-to-corner", "a.xlsx", lambda: xlsx(TITLES + b'<row r="1048576">' + cell("XFD1048576", "1") + b"</row>"), (1_048_576, "XFD"), "covers more than"),
    ("million-rows", "a.xlsx", lambda: xlsx(many_rows(1_048_576, 4)), (250_001, "A"), "covers more than"),
    ("wide-row", "a.xlsx", lambda: xlsx(b'<row r="1">' + b"".join(cell(f"{a}{b}{c}1", "x") for a in "AB" for b in _letters() for c in _letters()) + b'</row><row r="2">' + cell("A2", "x") + b"</row>"), (1, ""), "columns"),
    ("long-strings-everywhere", "a.xlsx", lambda: xlsx(TITLES + b'<row r="2">' + b'<c t="s"><v>0</v></c>' * 4000 + b"</row>", LONG), (2, ""), "together longer"),
    ("cell-of-10-mb", "a.xlsx", lambda: xlsx(TITLES + b'<row r="2">' + cell("A2", "x" * 10 * MB) + b"</row>"), (2, "A"), "more than 32767"),
    ("cell-of-10-mb-in-csv", "a.csv", lambda: bytes(HEAD + "x" * 10 * MB + ",saldo,2008,1\n", "ascii"), (2, ""), "longer than"),
    ("cell-of-1-mb-in-csv", "a.csv", lambda: bytes(HEAD + "x" * 900_000 + ",saldo,2008,1\n", "ascii"), (2, ""), "A cell in this row"),
    ("hundred-thousand-columns", "a.csv", lambda: (HEAD.strip() + "," * 100_000 + "\n").encode() + b"GM0534\n", (2, "year"), "four digits"),
    ("named-columns", "a.csv", lambda: ",".join(f"k{at}" for at in range(5000)).encode() + b"\n1\n", (1, ""), "5000 columns"),
    ("xml-entities", "a.xlsx", lambda: xlsx(TITLES, xl__entities_xml=ENTITIES), (None, "xl/entities.xml"), "XML entities"),
    ("macros", "a.xlsm", lambda: xlsx(TITLES, xl__vbaProject_bin=b"\xd0\xcf\x11\xe0"), (None, ""), "holds macros"),
    ("macros-called-xlsx", "a.xlsx", lambda: xlsx(TITLES, xl__vbaProject_bin=b"\xd0\xcf"), (None, ""), "holds macros"),
    ("binary-workbook", "a.xlsb", lambda: _zip({"xl/workbook.bin": b"0"}), (None, ""), "binary workbook"),
    ("sheet-hidden-in-a-picture", "a.xlsx", lambda: _retarget(xlsx(b""), TITLES + b'<row r="1048576">' + cell("XFD1048576", "1") + b"</row>"), (1_048_576, "XFD"), "covers more than"),
    ("formula-without-outcome", "a.xlsx", lambda: xlsx(TITLES + b'<row r="2">' + cell("A2", "GM0534") + cell("B2", "saldo") + b'<c r="C2"><v>2008</v></c><c r="D2"><f>1+1</f></c></row>'), (2, "D"), "saved without its outcome"),
    ("locked-zip", "a.xlsx", lambda: _locked(xlsx(TITLES)), (None, ""), "locked with a password"),
    ("locked-ods", "a.ods", lambda: _zip({"mimetype": b"x", "content.xml": b"\x93\x01", "META-INF/manifest.xml": b"<m><encryption-data/></m>"}), (None, ""), "locked with a password"),
    ("cut-off-xlsx", "a.xlsx", lambda: xlsx(TITLES)[:-30], (None, ""), "damaged"),
    ("half-a-sheet", "a.xlsx", lambda: xlsx(TITLES + b"<row><c>"), (None, ""), "damaged"),
    ("ods-row-a-million-times", "a.ods", lambda: ods(_ods_row("gm_code") + _ods_row("1", rows=1_048_576, columns=1000)), (1_048_577, "ALL"), "covers more than"),
    ("ods-text-a-million-times", "a.ods", lambda: ods(_ods_row("x" * 1000, rows=900, columns=1000)), (1, ""), "together longer"),
    ("ods-with-entities", "a.ods", lambda: _zip({"mimetype": b"x", "content.xml": ENTITIES}), (None, "content.xml"), "XML entities"),
]  # fmt: skip


def _letters() -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _zip(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return target.getvalue()


def _gzip_of(piece: bytes, times: int) -> bytes:
    target = io.BytesIO()
    with gzip.open(target, "wb", compresslevel=1) as stream:
        for _ in range(times):
            stream.write(piece)
    return target.getvalue()


def _locked(content: bytes) -> bytes:
    """Set the bit that says "encrypted" in every entry."""
    changed = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + place] |= 1
            at = changed.find(mark, at + 4)
    return bytes(changed)


def _retarget(content: bytes, rows: bytes) -> bytes:
    """Let the workbook say that its sheet is a picture."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            parts[name] = packed.read(name).replace(b"worksheets/sheet1.xml", b"media/image1.png")
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/media/image1.png"] = sheet.replace(b"<sheetData>", b"<sheetData>" + rows)
    return _zip(parts)


def _ods_row(text: str, *, rows: int = 1, columns: int = 1) -> str:
    return (
        f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell office:value-type="string" '
        f'table:number-columns-repeated="{columns}"><text:p>{text}</text:p></table:table-cell></table:table-row>'
    )


def open_in_a_child(name: str, content: bytes) -> dict[str, object]:
    """Import a file in a fork with little memory; return what it said, how long it took and its peak."""
    reading, writing = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if not child:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_AS, (SPACE, SPACE))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        with os.fdopen(writing, "w") as told:
            told.write(json.dumps(_import(name, content)))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        answer = told.read()
    _pid, status, used = os.wait4(child, 0)
    found: dict[str, object] = json.loads(answer) if answer else {"died": status}
    return {
        **found,
        "seconds": round(time.monotonic() - began, 2),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 2),
        "megabytes": round(used.ru_maxrss / 1024),
    }


def _import(name: str, content: bytes) -> dict[str, object]:
    from django.db import connection

    from benchmark import imports

    connection.close()
    try:
        imports.run(io.BytesIO(content), name=name, profile="neutral")
    except imports.ImportRefused as refused:
        first = refused.refusals[0]
        return {"row": first.row, "column": first.column, "sheet": first.sheet, "reason": first.reason}
    except MemoryError:
        return {"reason": "MemoryError"}
    return {"reason": "was taken"}


def main() -> None:
    """Open every file."""
    from django.apps import apps
    from django.db import connection

    from benchmark.models import Area, Indicator
    from people.models import Municipality
    from tests.benchmark.imports.checking import checksum

    with connection.schema_editor() as editor:
        for label in ("contenttypes", "auth", "auditlog", "people", "benchmark"):
            for model in apps.get_app_config(label).get_models():
                editor.create_model(model)
    Municipality.objects.create(code="GM0534", name="Hillegom")
    area = Area.objects.create(slug="x", name="X")
    Indicator.objects.create(code="saldo", name="Saldo", unit="€", kind="money", direction="context", area=area)
    before = checksum()
    wanted = sys.argv[2:]
    for name, file_name, make, _where, _said in FILES:
        if wanted and name not in wanted:
            continue
        content = make()
        told = {"name": name, **open_in_a_child(file_name, content), "changed": checksum() != before}
        print(json.dumps(told), flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import django
    from django.conf import settings

    from kringsite.settings.base import sqlite

    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "auditlog", "people", "benchmark"],
        AUTH_USER_MODEL="people.User",
        DATABASES={"default": sqlite(sys.argv[1])},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        DEMO_TODAY=None,
        IMPORT_MAX_BYTES=200 * MB,
    )
    django.setup()
    main()
