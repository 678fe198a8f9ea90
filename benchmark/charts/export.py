"""A chart to take away: CSV, XLSX and SVG of exactly what is shown, with source, version and group in it."""

from __future__ import annotations

import csv
import io

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from benchmark.charts.chart import Chart
from benchmark.charts.svg import render
from people import clock

FORMATS = ("csv", "xlsx", "svg")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


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
    if kind == "csv":
        response = HttpResponse(as_csv(chart), content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        response = HttpResponse(
            as_xlsx(chart), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )
    elif kind == "svg":
        response = HttpResponse(as_svg(chart), content_type="image/svg+xml")
        # A drawing opened by itself is a page of its own: it may run nothing.
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    else:
        raise ValueError(kind)
    name = slugify(chart.title)[:80] or chart.kind
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def as_csv(chart: Chart) -> str:
    """Return the table as CSV: decimal points, empty where there is no value with the reason in a column of its own."""
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow([*(safe(column.label) for column in chart.table.columns), _("Why there is no value")])
    for row in chart.table.rows:
        cells = [safe(cell.value) if isinstance(cell.value, str) else cell.value for cell in row]
        reasons = dict.fromkeys(cell.text for cell in row if cell.missing and cell.text != "–")
        write.writerow(["" if cell is None else cell for cell in cells] + [safe("; ".join(reasons))])
    write.writerow([])
    for line in colophon(chart):
        write.writerow([safe(line)])
    return out.getvalue()


def as_xlsx(chart: Chart) -> bytes:
    """Return the table as a workbook; texts stay texts, whatever they begin with."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    sheet = book.add_worksheet(_("Figures")[:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for at, column in enumerate(chart.table.columns):
        sheet.write_string(0, at, column.label, bold)
    for number, row in enumerate(chart.table.rows, 1):
        for at, cell in enumerate(row):
            if cell.value is None:
                sheet.write_string(number, at, "" if cell.text == "–" else cell.text)
            elif isinstance(cell.value, str):
                sheet.write_string(number, at, cell.text)
            else:
                sheet.write_number(number, at, cell.value)
    for number, line in enumerate(colophon(chart), len(chart.table.rows) + 2):
        sheet.write_string(number, 0, line)
    sheet.set_column(0, len(chart.table.columns) - 1, 16)
    sheet.freeze_panes(1, 1)
    book.close()
    return out.getvalue()


def as_svg(chart: Chart) -> str:
    """Return the picture with its own colours, title and source."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + render(chart.picture, alone=True)
