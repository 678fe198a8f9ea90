"""Bad input: each file is refused with sheet, row, column, value and reason, and nothing changed."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from benchmark import imports
from benchmark.imports import profiles
from benchmark.models import Measurement
from people.models import Municipality

from . import hostile
from .checking import checksum, file_of

pytestmark = pytest.mark.django_db

HEAD = "gm_code,indicator,year,value\n"
GOOD = "GM0534,wac_balie_gem,2008,12\n"


def workbook(*rows: tuple[object, ...], sheet: str = "Cijfers") -> bytes:
    """Return a workbook with one sheet; formulas are written without a result."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        for at, row in enumerate([("gm_code", "indicator", "year", "value"), *rows]):
            page.write_row(at, 0, row)
    return target.getvalue()


def bomb() -> bytes:
    """Return a small workbook that would unpack to half a gigabyte."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(500):
                part.write(b"0" * 1024**2)
    return target.getvalue()


# name, content, file name, row, column, value, part of the reason
FILES = [
    ("text in a number", HEAD + GOOD + "GM0473,wac_balie_gem,2008,twaalf\n", "", 3, "value", "twaalf", "text where a number belongs"),
    ("percentage of 140", HEAD + "GM0473,lev_binnen_termijn,2008,140\n", "", 2, "value", "140", "A percentage lies between 0 and 100."),
    ("negative percentage", HEAD + "GM0473,lev_binnen_termijn,2008,-1\n", "", 2, "value", "-1", "A percentage lies between 0 and 100."),
    ("grade of 11", HEAD + GOOD + "GM0473,kto_balie,2008,11\n", "", 3, "value", "11", "A grade lies between 1 and 10."),
    ("grade of 0", HEAD + "GM0473,kto_balie,2008,0\n", "", 2, "value", "0", "A grade lies between 1 and 10."),
    ("negative minutes", HEAD + "GM0473,wac_balie_gem,2008,-3\n", "", 2, "value", "-3", "“Wachttijd balie” cannot be less than 0."),
    ("unknown code", HEAD + GOOD + "GM0535,wac_balie_gem,2008,1\n", "", 3, "gm_code", "GM0535", "Did you mean “GM0534”?"),
    ("crippled code", HEAD + "GM05O4,wac_balie_gem,2008,1\n", "", 2, "gm_code", "GM05O4", "A code is GM and four digits"),
    ("no code", HEAD + ",wac_balie_gem,2008,1\n", "", 2, "gm_code", "", "The code of the municipality is missing."),
    ("unknown name", HEAD + "Hilligom,wac_balie_gem,2008,1\n", "", 2, "gm_code", "Hilligom", "Did you mean “Hillegom”?"),
    ("ambiguous name", HEAD + "Bergen,wac_balie_gem,2008,1\n", "", 2, "gm_code", "Bergen", "Bergen (GM0373, Noord-Holland); Bergen (GM0893, Limburg)"),
    ("ended municipality", HEAD + "GM0788,wac_balie_gem,2022,1\n", "", 2, "gm_code", "GM0788", "did not exist in 2022"),
    ("future municipality", HEAD + "GM1992,wac_balie_gem,2008,1\n", "", 2, "gm_code", "GM1992", "did not exist in 2008"),
    ("unknown indicator", HEAD + "GM0534,wac_bali_gem,2008,1\n", "", 2, "indicator", "wac_bali_gem", "Did you mean “wac_balie_gem”?"),
    ("no indicator", HEAD + "GM0534,,2008,1\n", "", 2, "indicator", "", "The code of the indicator is missing."),
    ("duplicate", HEAD + GOOD + "GM0473,wac_balie_gem,2008,1\n" + GOOD, "", 4, "gm_code", "GM0534 wac_balie_gem 2008", "as row 2"),
    ("year in words", HEAD + "GM0534,wac_balie_gem,vorig jaar,1\n", "", 2, "year", "vorig jaar", "four digits"),
    ("year 208", HEAD + "GM0534,wac_balie_gem,208,1\n", "", 2, "year", "208", "four digits"),
    ("year 9999", HEAD + "GM0534,wac_balie_gem,9999,1\n", "", 2, "year", "9999", "A year lies between 1980"),
    ("both decimals", "gm_code;indicator;year;value\nGM0534;saldo;2008;1,5\nGM0473;saldo;2008;2.5\n", "", 3, "value", "2.5", "a comma (row 2: “1,5”) and with a point (row 3: “2.5”)"),
    ("thousands", "gm_code;indicator;year;value\nGM0534;saldo;2008;1.234,5\n", "", 2, "value", "1.234,5", "Thousands may not be separated"),
    ("censored denominator", "gm_code,indicator,year,value,denominator\nGM0534,saldo,2008,1,<=5\n", "", 2, "denominator", "<=5", "This is a bound, not a value."),
    ("bound of a bound", HEAD + "GM0534,wac_balie_gem,2008,<=>5\n", "", 2, "value", "<=>5", "text where a number belongs"),
    ("error of a spreadsheet", HEAD + "GM0534,saldo,2008,#DIV/0!\n", "", 2, "value", "#DIV/0!", "an error of the spreadsheet"),
    ("NaN", HEAD + "GM0534,wac_balie_gem,2008,NaN\n", "", 2, "value", "NaN", "not finite"),
    ("Inf", HEAD + "GM0534,wac_balie_gem,2008,-Inf\n", "", 2, "value", "-Inf", "not finite"),
    ("1e400", HEAD + "GM0534,wac_balie_gem,2008,1e400\n", "", 2, "value", "1e400", "not finite or too large"),
    ("four hundred nines", HEAD + f"GM0534,saldo,2008,{'9' * 400}\n", "", 2, "value", "9" * 400, "not finite or too large"),
    ("underscores", HEAD + "GM0534,saldo,2008,1_000\n", "", 2, "value", "1_000", "text where a number belongs"),
    ("Arabic digits", HEAD + "GM0534,saldo,2008,١٢\n", "", 2, "value", "١٢", "text where a number belongs"),
    ("formula", HEAD + "GM0534,saldo,2008,=1+1\n", "", 2, "value", "=1+1", "formulas are not computed"),
    ("percent sign", HEAD + "GM0534,lev_binnen_termijn,2008,12%\n", "", 2, "value", "12%", "without the percent sign"),
    ("date", HEAD + "GM0534,saldo,2008,2008-05-07\n", "", 2, "value", "2008-05-07", "Here stands a date"),
    ("value and reason", "gm_code,indicator,year,value,reason\nGM0534,saldo,2008,1,break\n", "", 2, "reason", "break", "Keep one of the two"),
    ("unknown reason", "gm_code,indicator,year,value,reason\nGM0534,saldo,2008,,onbekend\n", "", 2, "reason", "onbekend", "Known are: not-delivered"),
    ("unknown status", "gm_code,indicator,year,value,status\nGM0534,saldo,2008,1,publishd\n", "", 2, "status", "publishd", "Did you mean “published”?"),
    ("shouted report", "gm_code,indicator,year,value,report\nGM0534,saldo,2008,1,JAARREKENING 2008\n", "", 2, "report", "JAARREKENING 2008", "short word in small letters"),
    ("half an answer", "gm_code,indicator,year,value,n\nGM0534,saldo,2008,1,2.5\n", "", 2, "n", "2.5", "whole number"),
    ("zero denominator", "gm_code,indicator,year,value,denominator\nGM0534,saldo,2008,1,0\n", "", 2, "denominator", "0", "more than 0"),
    ("bounds crossed", "gm_code,indicator,year,value,lower,upper\nGM0534,saldo,2008,5,6,4\n", "", 2, "lower", "6", "above the upper bound"),
    ("outside its bounds", "gm_code,indicator,year,value,lower,upper\nGM0534,saldo,2008,9,4,6\n", "", 2, "upper", "6", "outside its own bounds"),
    ("missing column", "gm_code,indicator,year\nGM0534,saldo,2008\n", "", 1, "value", "", "This column is missing."),
    ("misspelled column", "gm_code,indicator,year,valeu\nGM0534,saldo,2008,1\n", "", 1, "value", "", "Is it the column “valeu”?"),
    ("unknown column", "gm_code,indicator,year,value,statuss\nGM0534,saldo,2008,1,draft\n", "", 1, "statuss", "", "Did you mean “status”?"),
    ("column twice", "gm_code,indicator,year,value,value\nGM0534,saldo,2008,1,2\n", "", 1, "value", "", "more than once"),
    ("row too long", HEAD + "GM0534,saldo,2008,1,5\n", "", 2, "", "5", "not quoted?"),
    ("open quote", HEAD + 'GM0534,saldo,2008,"1\n', "", 2, "", "", "quotation marks"),
    ("empty file", "", "leeg.csv", None, "", "", "is empty"),
    ("only a header", HEAD, "", None, "", "", "a header but no rows"),
    ("two encodings", (HEAD + "Súdwest,saldo,2007,1\n").encode() + "Súdwest,saldo,2008,1\n".encode("latin-1"), "", 3, "gm_code", "Súdwest", "two encodings in one file"),
    ("no encoding", (HEAD + GOOD).encode() + b"S\xfa\x81dwest,saldo,2008,1\n", "", 3, "gm_code", "Sú�dwest", "not of Windows either"),
    ("control character", (HEAD + "GM0534,saldo,2008,1\x07\n").encode(), "", 2, "value", "1\x07", "control character"),
    ("utf-16", (HEAD + GOOD).encode("utf-16"), "", None, "", "", "UTF-16"),
    ("NUL", (HEAD + "GM0534,saldo,2008,1\0\n").encode(), "", 2, "value", "1␀", "NUL"),
    ("csv called xlsx", HEAD + GOOD, "cijfers.xlsx", None, "", "", "called cijfers.xlsx but its content is csv"),
    ("xlsx called csv", workbook(("GM0534", "saldo", 2008, 1)), "cijfers.csv", None, "", "", "its content is xlsx"),
    ("damaged workbook", workbook(("GM0534", "saldo", 2008, 1))[:400], "cijfers.xlsx", None, "", "", "damaged"),
    ("damaged gzip", gzip.compress((HEAD + GOOD * 1).encode())[:-9], "cijfers.csv.gz", None, "", "", "damaged"),
    ("zip bomb", bomb(), "cijfers.xlsx", None, "", "", "was not opened"),
    ("old Excel", b"\xd0\xcf\x11\xe0" + b"0" * 600, "cijfers.xls", None, "", "", "old or protected"),
    ("web page", b"<html><body>404</body></html>", "cijfers.csv", None, "", "", "not a table"),
    ("text in a workbook", workbook(("GM0534", "saldo", 2008, "n.v.t.")), "cijfers.xlsx", 2, "value", "n.v.t.", "text where a number belongs"),
    ("year with decimals in a workbook", workbook(("GM0534", "saldo", 2008.5, 1)), "cijfers.xlsx", 2, "year", "2008.5", "four digits"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "name", "row", "column", "value", "reason"), [f[1:] for f in FILES], ids=[f[0] for f in FILES]
)
def test_a_bad_file_is_refused_and_nothing_changes(  # noqa: PLR0917 — a row of the table
    ground, content, name, row, column, value, reason
):
    imports.run(file_of(HEAD + "GM0373,saldo,2007,1\n"))
    before = checksum()
    with pytest.raises(imports.ImportRefused) as refused:
        imports.run(file_of(content), name=name or "cijfers.csv", profile="neutral")
    first = refused.value.refusals[0]
    assert (first.row, first.column, first.value) == (row, column, value)
    assert reason in first.reason
    assert first.sheet == ("Cijfers" if name.endswith("xlsx") and row else "")
    assert checksum() == before


def test_the_list_is_as_long_as_promised():
    assert len(FILES) + len(hostile.FILES) >= 90


def test_all_refusals_are_listed_in_the_order_of_the_file(ground):
    with pytest.raises(imports.ImportRefused) as refused:
        imports.run(file_of(HEAD + "GM9999,saldo,2008,1\nGM0534,saldo,200,x\nGM0473,nergens,2008,1\n"))
    assert [(each.row, each.column) for each in refused.value.refusals] == [
        (2, "gm_code"),
        (3, "year"),
        (3, "value"),
        (4, "indicator"),
    ]
    assert refused.value.headline == "Nothing was imported and nothing changed: 4 refusals."


def test_a_hundred_refusals_are_listed_and_the_rest_counted(ground):
    rows = "".join(f"GM0534,saldo,{1990 + at % 20},tekst{at}\n" for at in range(250))
    with pytest.raises(imports.ImportRefused) as refused:
        imports.run(file_of(HEAD + rows))
    assert (len(refused.value.refusals), refused.value.total, refused.value.more) == (100, 250, 150)


def test_without_municipalities_the_command_to_run_is_named(ground):
    Municipality.objects.all().delete()
    with pytest.raises(imports.ImportRefused, match=r"manage\.py import_municipalities FILE"):
        imports.run(file_of(HEAD + GOOD))


def test_an_unknown_profile_or_dataset_is_answered_with_those_there_are(ground):
    with pytest.raises(imports.ImportRefused, match="There are: neutral, iv3"):
        imports.run(file_of(HEAD + GOOD), profile="iv4")
    with pytest.raises(imports.ImportRefused, match="There are: gemeenten, iv3"):
        imports.run(file_of(HEAD + GOOD), dataset="elders")


def test_a_value_in_a_workbook_arrives_as_number(ground):
    content = workbook(("GM0534", "saldo", 2008, 12.5), ("Zandvoort", "saldo", "2008", None))
    summary = imports.run(file_of(content), name="cijfers.xlsx")
    assert (summary.sheet, summary.created) == ("Cijfers", 2)
    assert dict(Measurement.objects.values_list("municipality__code", "value")) == {"GM0534": 12.5, "GM0473": None}


def test_profiles_are_found_by_their_columns():
    assert profiles.suggest(("gm_code", "indicator", "year", "value")) == "neutral"
    assert profiles.suggest(("jaar", "verslagsoort", "gm_code", "inwoners", "indicator", "waarde_x1000_euro")) == "iv3"
    assert profiles.suggest(("wat", "anders")) == "neutral"


def test_a_profile_with_an_unknown_field_is_a_mistake_of_its_maker():
    told = {"title": "x", "dataset": {"slug": "x", "name": "x", "source": "x"}, "columns": {"amount": ["bedrag"]}}
    with pytest.raises(ValueError, match="unknown fields"):
        profiles.parse("x", told)


def test_what_the_hostile_files_are_made_of_is_a_good_workbook(ground):
    row = b"".join(hostile.cell(at, text) for at, text in (("A2", "GM0534"), ("B2", "saldo")))
    row += b'<c r="C2"><v>2008</v></c><c r="D2"><f>6*7</f><v>42</v></c>'
    summary = imports.run(file_of(hostile.xlsx(hostile.TITLES + b'<row r="2">' + row + b"</row>")), name="a.xlsx")
    assert (summary.created, Measurement.objects.get().value) == (1, 42.0)
