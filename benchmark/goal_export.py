"""Goals as a table to take away, as CSV or as a workbook. No text in it is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from benchmark.charts import goal as goal_chart
from benchmark.charts.export import KINDS, safe
from benchmark.goals import Standings
from benchmark.models import Goal
from people import clock

FORMATS = ("csv", "xlsx")
Value = str | float | int | None


def head() -> list[str]:
    """Return the names of the columns."""
    return [
        _("Municipality"),
        _("Indicator"),
        _("Goal"),
        _("Start"),
        _("Year of the start"),
        _("Target"),
        _("To be reached by"),
        _("How it stands"),
        _("Latest figure"),
        _("Year"),
        _("Owner"),
        _("Kind"),
        _("Stage"),
        _("Needed a year"),
    ]


def rows(found: Sequence[Standings]) -> list[list[Value]]:
    """Return a row per goal, texts as they were written."""
    told: list[list[Value]] = []
    for one in found:
        goal, state = one.goal, one.state
        told.append(
            [
                goal.municipality.name,
                goal.indicator.name,
                goal.title,
                goal.baseline_value,
                goal.baseline_year,
                None if goal.kind == Goal.Kind.DELIVERABLE else goal.target_value,
                goal.target_date.isoformat(),
                goal_chart.standing(state.standing),
                state.value,
                state.year,
                str(goal.owner or ""),
                goal.get_kind_display(),
                goal.get_stage_display(),
                None if state.needed_per_year is None else round(state.needed_per_year, goal.indicator.decimals + 1),
            ]
        )
    return told


def response(found: Sequence[Standings], kind: str, *, title: str = "") -> HttpResponse:
    """Return goals as a download.

    Args:
        found: the goals, with how they stand for this reader.
        kind: one of `FORMATS`.
        title: what they are, for the name of the file; by default improvement goals.

    Raises:
        KeyError: for another kind.
    """
    name = slugify(title or _("improvement goals"))
    made = {"csv": as_csv, "xlsx": as_xlsx}[kind](found)
    answer = HttpResponse(made, content_type=KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}-{clock.today().isoformat()}.{kind}"'
    return answer


def as_csv(found: Sequence[Standings]) -> bytes:
    """Return the table as CSV, in the shape that a spreadsheet opens at once."""
    out = io.StringIO()
    write = csv.writer(out, delimiter=";", lineterminator="\r\n")
    write.writerow(head())
    for row in rows(found):
        write.writerow([safe(value) if isinstance(value, str) else value for value in row])
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(found: Sequence[Standings]) -> bytes:
    """Return the table as a workbook; texts stay texts, whatever they begin with."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    sheet = book.add_worksheet(_("Improvement goals")[:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for at, label in enumerate(head()):
        sheet.write_string(0, at, label, bold)
    for number, row in enumerate(rows(found), 1):
        for at, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, at, value)
            elif value is not None:
                sheet.write_number(number, at, value)
    sheet.set_column(0, len(head()) - 1, 18)
    sheet.set_column(1, 2, 40)
    sheet.freeze_panes(1, 1)
    book.close()
    return out.getvalue()
