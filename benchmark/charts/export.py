"""A chart to take away: CSV, XLSX, SVG and a data package of exactly what is shown.

Each carries source, version of the figures, what was chosen and the day it was taken.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from benchmark.charts.chart import Cell, Chart, Column
from benchmark.charts.statuses import letter
from people import clock

FORMATS = ("csv", "xlsx", "svg", "zip")
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
    "zip": "application/zip",
}
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
# A package must be the same whenever the same is asked; the file system's earliest day stands for "no day".
_NO_DAY = (1980, 1, 1, 0, 0, 0)


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_DANGEROUS) else text


def colophon(chart: Chart) -> list[str]:
    """Return the lines under an export: what it is, from where, of which version and when."""
    return [
        chart.title,
        chart.picture.footer,
        *chart.notes,
        _("Retrieved on %(date)s.") % {"date": clock.today().isoformat()},
    ]


def export(chart: Chart, kind: str) -> HttpResponse:
    """Return a chart as a download.

    Raises:
        ValueError: for a kind that is not in `FORMATS`.
    """
    makers = {"csv": as_csv, "xlsx": as_xlsx, "svg": as_svg, "zip": as_package}
    if kind not in makers:
        raise ValueError(kind)
    response = HttpResponse(makers[kind](chart), content_type=KINDS[kind])
    if kind == "svg":
        # A drawing opened by itself is a page of its own: it may run nothing.
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    response["Content-Disposition"] = f'attachment; filename="{name(chart)}.{kind}"'
    return response


def name(chart: Chart) -> str:
    """Return the name of a download, without its ending."""
    return slugify(chart.title)[:80].strip("-") or chart.kind


def _figures(chart: Chart, cell: int) -> bool:
    column = chart.table.columns[cell]
    return cell > 0 and not column.words and column.key not in {"n", "year"}


def status(chart: Chart, row: tuple[Cell, ...]) -> str:
    """Return the SDMX letter of a row: that of its first figure."""
    return next((found for at, cell in enumerate(row) if _figures(chart, at) and (found := letter(cell))), "")


def reasons(row: tuple[Cell, ...]) -> str:
    """Return why cells of a row are empty, each reason once."""
    return "; ".join(dict.fromkeys(cell.text for cell in row if cell.missing and cell.text != "–"))


def as_csv(chart: Chart) -> str:
    """Return the table as CSV: decimal points, empty where there is no value with the reason in a column of its own."""
    out = io.StringIO()
    write = csv.writer(out)
    heads = (safe(column.label) for column in chart.table.columns)
    write.writerow([*heads, _("Why there is no value"), _("Status (SDMX)")])
    for row in chart.table.all_rows:
        write.writerow([*_plain(row), safe(reasons(row)), status(chart, row)])
    write.writerow([])
    for line in colophon(chart):
        write.writerow([safe(line)])
    return out.getvalue()


def _plain(row: tuple[Cell, ...]) -> list[str | float]:
    cells = [safe(cell.value) if isinstance(cell.value, str) else cell.value for cell in row]
    return ["" if cell is None else cell for cell in cells]


def as_xlsx(chart: Chart) -> bytes:
    """Return the table as a workbook; texts stay texts, whatever they begin with."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    sheet = book.add_worksheet(_("Figures")[:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    last = len(chart.table.columns)
    for at, column in enumerate(chart.table.columns):
        sheet.write_string(0, at, column.label, bold)
    sheet.write_string(0, last, _("Status (SDMX)"), bold)
    for number, row in enumerate(chart.table.all_rows, 1):
        for at, cell in enumerate(row):
            if cell.value is None:
                sheet.write_string(number, at, "" if cell.text == "–" else cell.text)
            elif isinstance(cell.value, str):
                sheet.write_string(number, at, cell.text)
            else:
                sheet.write_number(number, at, cell.value)
        sheet.write_string(number, last, status(chart, row))
    for number, line in enumerate(colophon(chart), len(chart.table.all_rows) + 2):
        sheet.write_string(number, 0, line)
    sheet.set_column(0, last, 16)
    sheet.freeze_panes(1, 1)
    book.close()
    return out.getvalue()


def as_svg(chart: Chart) -> str:
    """Return the picture with its own colours, title and source."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + chart.picture.svg(alone=True)


# ---- data package ---------------------------------------------------------------------------------------------


def as_package(chart: Chart) -> bytes:
    """Return a Frictionless data package: the figures as CSV with machine names, and their descriptor."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for path, content in (
            ("datapackage.json", json.dumps(descriptor(chart), ensure_ascii=False, indent=2)),
            ("data.csv", _data(chart)),
            ("picture.svg", as_svg(chart)),
        ):
            package.writestr(zipfile.ZipInfo(path, _NO_DAY), content)
    return out.getvalue()


def descriptor(chart: Chart) -> dict[str, object]:
    """Return the descriptor: what each column is, where the figures come from, of which version and when taken."""
    fields: list[dict[str, object]] = [_field(chart, at, column) for at, column in enumerate(chart.table.columns)]
    fields += [
        {"name": "obs_status", "type": "string", "title": _("Status (SDMX)")},
        {"name": "reason", "type": "string", "title": _("Why there is no value")},
    ]
    return {
        "profile": "tabular-data-package",
        "name": name(chart),
        "title": chart.title,
        "description": chart.sentence,
        "version": str(chart.revision),
        "created": f"{clock.today().isoformat()}T00:00:00Z",
        "language": get_language() or "nl",
        "sources": [{"title": chart.source}],
        "notes": list(chart.notes),
        "resources": [
            {
                "name": "data",
                "path": "data.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {"fields": fields, "missingValues": [""]},
            },
            {"name": "picture", "path": "picture.svg", "format": "svg", "mediatype": "image/svg+xml"},
        ],
    }


def _field(chart: Chart, at: int, column: Column) -> dict[str, object]:
    values = [row[at].value for row in chart.table.all_rows if row[at].value is not None]
    kind = "string" if any(isinstance(value, str) for value in values) else "number"
    if kind == "number" and values and all(isinstance(value, int) for value in values):
        kind = "integer"
    return {"name": column.key, "type": kind, "title": column.label}


def _data(chart: Chart) -> str:
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow([*(column.key for column in chart.table.columns), "obs_status", "reason"])
    for row in chart.table.all_rows:
        write.writerow([*_plain(row), status(chart, row), safe(reasons(row))])
    return out.getvalue()
