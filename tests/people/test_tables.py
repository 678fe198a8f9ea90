"""Every way in which a file is not what it should be."""

import gzip
import io
import zipfile

import pytest

from people import csv_files, workbooks
from people.tables import Refusal, TableRefused, read_table, text


def file(content: bytes, name: str = "cijfers.csv") -> io.BytesIO:
    made = io.BytesIO(content)
    made.name = name
    return made


def rows(content: bytes, name: str = "cijfers.csv"):
    table = read_table(file(content, name))
    return table, list(table.rows)


def refused(content: bytes, name: str = "cijfers.csv"):
    with pytest.raises(TableRefused) as caught:
        list(read_table(file(content, name)).rows)
    return caught.value.refusal


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "separator"),
    [
        (b"code,naam,jaar\nGM0534,Hillegom,2010\n", ","),
        (b"code;naam;jaar\r\nGM0534;Hillegom;2010\r\n", ";"),
        (b"code\tnaam\tjaar\nGM0534\tHillegom\t2010\n", "\t"),
        (b'code;naam;jaar\nGM0534;"Hillegom";2010\nGM1;"a,b,c,d";1\n', ";"),
    ],
)
def test_the_separator_is_found(content, separator):
    table, found = rows(content)
    assert (table.separator, table.header) == (separator, ("code", "naam", "jaar"))
    assert found[0] == (2, ["GM0534", "Hillegom", "2010"])


def test_a_byte_order_mark_is_no_part_of_the_first_column():
    table, _ = rows("\ufeffcode,naam\nGM1900,Súdwest-Fryslân\n".encode())
    assert (table.encoding, table.header) == ("utf-8-sig", ("code", "naam"))


def test_a_windows_file_is_read_and_says_so():
    table = read_table(io.BytesIO("code;naam\nGM0534;Hillegom\nGM1900;Súdwest-Fryslân – €\n".encode("cp1252")))
    assert [cells for _number, cells in table.rows] == [["GM0534", "Hillegom"], ["GM1900", "Súdwest-Fryslân – €"]]
    assert (table.encoding, table.separator) == ("cp1252", ";")


def test_two_encodings_in_one_file_are_refused_with_row_column_and_what_to_do():
    refusal = refused("code,naam\nGM1900,Súdwest\n".encode() + "GM1900,Súdwest-Fryslân\n".encode("latin-1"))
    assert (refusal.row, refusal.column, refusal.value) == (3, "naam", "Súdwest-Fryslân")
    assert "CSV UTF-8" in refusal.reason


def test_a_nul_byte_is_refused_with_its_place():
    refusal = refused(b"code,naam\nGM0534,Hil\0legom\n")
    assert (refusal.row, refusal.column) == (2, "naam")


@pytest.mark.parametrize("content", [b"", b"\n\n , \n", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_refused(content):
    assert refused(content, "leeg.csv" if content[:1] != b"\x1f" else "leeg.csv.gz").row is None


def test_a_csv_called_xlsx_is_refused_and_an_xlsx_called_csv_too():
    assert "cijfers.xlsx" in refused(b"code,naam\n1,2\n", "cijfers.xlsx").reason
    assert "cijfers.csv" in refused(workbook({"a": [["code"], ["1"]]}), "cijfers.csv").reason


def test_empty_rows_and_footers_are_counted_and_row_numbers_are_those_of_a_spreadsheet():
    content = b"\ncode,naam\n\nGM0534,Hillegom\n,\nGM0473,Zandvoort\nBron: CBS,\n"
    table, found = rows(content)
    assert found == [(4, ["GM0534", "Hillegom"]), (6, ["GM0473", "Zandvoort"])]
    assert (table.empty_rows, table.footers) == (3, ["Bron: CBS"])


def test_a_quoted_line_break_is_one_row():
    _, found = rows(b'code,naam\nGM0534,"Hille\ngom"\nGM0473,Zandvoort\n')
    assert found == [(2, ["GM0534", "Hille\ngom"]), (3, ["GM0473", "Zandvoort"])]


def test_a_quote_that_is_never_closed_is_refused():
    assert refused(b'code,naam\nGM0534,"Hillegom\n').row == 2


def test_a_row_longer_than_the_header_is_a_problem_and_a_shorter_one_is_filled_up():
    table, found = rows(b"code,naam\nGM0534,Hillegom,12\nGM0473\n")
    assert found == [(3, ["GM0473", ""])]
    assert [(each.row, each.value) for each in table.problems] == [(2, "12")]


def test_a_workbook_keeps_types_and_takes_the_first_sheet_with_rows():
    content = workbook({"leeg": [], "blad": [["code", "jaar"], ["0534", 2010], ["GM0473", 2010.5]]})
    table, found = rows(content, "cijfers.xlsx")
    assert (table.sheet, table.header, table.kind) == ("blad", ("code", "jaar"), "xlsx")
    assert [[text(cell) for cell in cells] for _, cells in found] == [["0534", "2010"], ["GM0473", "2010.5"]]


def test_a_formula_of_a_sparkline_is_not_asked_for_its_outcome():
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("blad")
        sheet.write_row(0, 0, ["code", "jaar"])
        sheet.write_row(1, 0, ["GM0534", 2010])
        sheet.add_sparkline("C2", {"range": "blad!A2:B2"})
    with zipfile.ZipFile(stream) as packed:
        assert b"<xm:f>" in packed.read("xl/worksheets/sheet1.xml")
    _, found = rows(stream.getvalue(), "cijfers.xlsx")
    assert [[text(cell) for cell in cells] for _, cells in found] == [["GM0534", "2010"]]


def test_a_formula_without_its_outcome_is_refused_also_in_the_last_cell():
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("blad")
        sheet.write_row(0, 0, ["code", "jaar"])
        sheet.write_string(1, 0, "GM0534")
        sheet.write_formula(1, 1, "=2009+1", value="")
    packed = zipfile.ZipFile(stream)
    emptied = io.BytesIO()
    with zipfile.ZipFile(emptied, "w") as target:
        for name in packed.namelist():
            target.writestr(name, packed.read(name).replace(b"<v></v>", b""))
    found = refused(emptied.getvalue(), "cijfers.xlsx")
    assert (found.sheet, found.row, found.column) == ("blad", 2, "B")
    assert "zonder uitkomst" in found.reason


def test_a_gzipped_csv_is_read():
    table, found = rows(gzip.compress(b"code,naam\nGM0534,Hillegom\n"), "cijfers.csv.gz")
    assert (table.kind, found) == ("csv.gz", [(2, ["GM0534", "Hillegom"])])


def test_a_damaged_gzip_is_refused():
    assert refused(gzip.compress(b"code,naam\n" * 1000)[:-20], "cijfers.csv.gz")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_UNPACKED_BYTES", 1000)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 100_000)
    assert len(stream.getvalue()) < 1000
    assert "csv.gz" in refused(stream.getvalue(), "bom.xlsx").reason
    monkeypatch.setattr(csv_files, "MAX_UNPACKED_BYTES", 1000)
    assert refused(gzip.compress(b"code,naam\n" * 1000), "bom.csv.gz")


@pytest.mark.parametrize(
    "start", [b"\xd0\xcf\x11\xe0" + b"0" * 50, b"%PDF-1.7 ....", b"PK\x03\x04 niets", "a,b".encode("utf-16")]
)
def test_other_kinds_of_file_are_refused_with_a_sentence(start):
    assert refused(start, "iets").reason.endswith(".")


def test_a_file_over_the_limit_is_refused(settings):
    settings.IMPORT_MAX_BYTES = 10
    assert refused(b"code,naam\nGM0534,Hillegom\n")


def test_a_column_that_is_missing_or_there_twice_is_refused():
    table, _ = rows(b"code,naam,Naam\n1,2,3\n")
    assert table.column("CODE") == 0
    for name in ("jaar", "naam"):
        with pytest.raises(TableRefused):
            table.column(name)


def test_a_refusal_says_where():
    assert str(Refusal("Geen jaar.", "blad 1", 7, "jaar", "20x0")).endswith("“20x0”: Geen jaar.")
