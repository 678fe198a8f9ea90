"""Bringing in practices from a file. All rows become drafts, or none does and every reason is named."""

from __future__ import annotations

import re
from typing import IO, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from benchmark.models import Area, Indicator
from goodpractices import library
from goodpractices.forms import FigureForm, PracticeForm
from goodpractices.models import GoodPractice, OrganisationArea
from goodpractices.permissions import reach_of
from people import clock
from people.imports.outcome import ImportRefused
from people.models import User
from people.municipalities import by_code, by_name, clean_code
from people.names import key
from people.tables import Refusal, Table, TableRefused, read_table, text

MOST_ROWS: Final = 500
# Column in the file → field. The first seven must be there.
COLUMNS: Final = {
    "gemeente": "municipality",
    "titel": "title",
    "samenvatting": "summary",
    "situatie": "situation",
    "aanpak": "approach",
    "gebieden": "areas",
    "zichtbaar": "visibility",
    "resultaat": "result",
    "kosten": "cost",
    "wat_ging_mis": "went_wrong",
    "voorwaarden": "conditions",
    "omvang": "for_size",
    "budget": "budget",
    "formatie": "staff",
    "contact": "contact",
    "jaar": "year",
    "organisatiegebied": "organisation_area",
    "fase": "phase",
    "labels": "tags",
    "indicator": "indicator",
    "voor": "before",
    "jaar_voor": "before_year",
    "na": "after",
    "jaar_na": "after_year",
}
REQUIRED: Final = tuple(COLUMNS)[:7]
_FIGURE: Final = ("indicator", "before", "before_year", "after", "after_year")
_VISIBLE: Final = {"kring": "kring", "alle kringen": "participants", "iedereen": "public"}
_LABELS: Final = {field: column for column, field in COLUMNS.items()}


class _BadCell(Exception):  # noqa: N818 - it is an answer to a person
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def import_practices(*, source: IO[bytes], name: str, by: User) -> list[GoodPractice]:
    """Make a draft of every row of a file.

    Args:
        source: .csv, .csv.gz, .xlsx or .ods with the columns of `COLUMNS`.
        name: of the file.
        by: who brings it in; for their own municipality, the office for any.

    Returns:
        the drafts.

    Raises:
        ImportRefused: naming row, column, value and reason of everything that cannot be taken; then nothing was made.
    """
    try:
        table = read_table(source, name=name)
        places = _places(table)
        return _read(table, places, by)
    except TableRefused as refused:
        raise ImportRefused([refused.refusal]) from refused


def _places(table: Table) -> dict[str, int]:
    """Return field → place of its column; a missing, double or unknown one is refused by name."""
    found: dict[str, int] = {}
    refusals = []
    for place, title in enumerate(table.header):
        field = COLUMNS.get(title.strip().casefold())
        if field is None:
            reason = _("This column is not known. Known are: %(columns)s.") % {"columns": ", ".join(COLUMNS)}
            refusals.append(Refusal(reason, table.sheet, 1, title))
        elif field in found:
            reason = _("This column stands in the file more than once. Keep one of them.")
            refusals.append(Refusal(reason, table.sheet, 1, title))
        else:
            found[field] = place
    for title in REQUIRED:
        if COLUMNS[title] not in found:
            reason = _("This column is missing. The file has: %(columns)s.") % {"columns": ", ".join(table.header)}
            refusals.append(Refusal(reason, table.sheet, 1, title))
    if refusals:
        raise ImportRefused(refusals)
    return found


def _read(table: Table, places: dict[str, int], by: User) -> list[GoodPractice]:
    refusals: list[Refusal] = []
    made: list[GoodPractice] = []
    areas = {key(area.name): area.pk for area in Area.objects.filter(kind=Area.Kind.PERFORMANCE)}
    areas |= {key(area.slug): area.pk for area in Area.objects.filter(kind=Area.Kind.PERFORMANCE)}
    with transaction.atomic():
        for number, cells in table.rows:
            values = {field: text(cells[place]).strip() for field, place in places.items()}
            if number > MOST_ROWS + 1:
                reason = _("A file may hold at most %(most)s practices.") % {"most": MOST_ROWS}
                refusals.append(Refusal(reason, table.sheet, number))
                break
            try:
                made.append(_practice(values, areas, by))
            except _BadCell as bad:
                column = _LABELS.get(bad.field, bad.field)
                refusals.append(Refusal(str(bad), table.sheet, number, column, values.get(bad.field, "")))
            except _BadRow as bad:
                refusals += [
                    Refusal(reason, table.sheet, number, _LABELS.get(field, field), values.get(field, ""))
                    for field, reason in bad.reasons
                ]
        refusals += table.problems
        if not made and not refusals:
            refusals.append(Refusal(_("The file has no rows below its header."), table.sheet))
        if refusals:
            raise ImportRefused(refusals)
    return made


class _BadRow(Exception):  # noqa: N818 - it is an answer to a person
    def __init__(self, reasons: list[tuple[str, str]]) -> None:
        super().__init__()
        self.reasons = reasons


def _practice(values: dict[str, str], areas: dict[str, int], by: User) -> GoodPractice:
    """Make the draft of one row, with the same form as on the page."""
    form = PracticeForm(_form_data(values, areas, by), reach=reach_of(by), by=by)
    figure = FigureForm(_figure_data(values), choices=Indicator.objects.all())
    errors = [
        (field if field != "__all__" else "title", str(reason))
        for each in (form, figure)
        for field, reasons in each.errors.items()
        for reason in reasons
    ]
    if errors:
        raise _BadRow([("before" if field == "title" and not form.errors else field, said) for field, said in errors])
    figures = [library.Figure(**figure.cleaned_data)] if figure.cleaned_data.get("indicator") else []
    return library.create(by=by, municipality=form.cleaned_data["municipality"], **form.text(), figures=figures)


def _form_data(values: dict[str, str], areas: dict[str, int], by: User) -> dict[str, Any]:
    """Return a row as the form of the page would send it."""
    chosen = []
    for written in filter(None, map(str.strip, re.split(r"[,;]", values.get("areas", "")))):
        if key(written) not in areas:
            known = ", ".join(Area.objects.filter(kind=Area.Kind.PERFORMANCE).values_list("name", flat=True))
            raise _BadCell(
                "areas",
                _("“%(area)s” is not a performance area. Choose from: %(areas)s.") % {"area": written, "areas": known},
            )
        chosen.append(areas[key(written)])
    visible = values.get("visibility", "").casefold()
    if visible not in _VISIBLE:
        raise _BadCell("visibility", _("Write one of: %(choices)s.") % {"choices": ", ".join(_VISIBLE)})
    organisation = values.get("organisation_area", "")
    if organisation:
        names = {key(str(label)): value for value, label in OrganisationArea.choices}
        names |= {key(value): value for value in OrganisationArea.values}
        if key(organisation) not in names:
            raise _BadCell(
                "organisation_area", _("Write one of: %(choices)s.") % {"choices": ", ".join(OrganisationArea.values)}
            )
        organisation = names[key(organisation)]
    plain = (
        "title",
        "summary",
        "situation",
        "approach",
        "result",
        "cost",
        "went_wrong",
        "conditions",
        "for_size",
        "budget",
        "staff",
        "contact",
        "year",
        "phase",
        "tags",
    )
    return {
        **{field: values.get(field, "") for field in plain},
        "municipality": _municipality(values.get("municipality", ""), by),
        "areas": chosen,
        "visibility": _VISIBLE[visible],
        "organisation_area": organisation,
    }


def _municipality(written: str, by: User) -> int:
    try:
        year = clock.today().year
        found = by_code(written) if clean_code(written).startswith("GM") else by_name(written, year)
    except LookupError as unknown:
        raise _BadCell("municipality", str(unknown)) from unknown
    reach = reach_of(by)
    if not reach.is_office and found.pk not in reach.own:
        raise _BadCell("municipality", _("This is not your municipality. You can only bring in practices of your own."))
    return found.pk


def _figure_data(values: dict[str, str]) -> dict[str, Any]:
    """Return the figure of a row as the form would send it."""
    given = {field: values.get(field, "") for field in _FIGURE}
    if code := given["indicator"]:
        found = Indicator.objects.filter(code=code).values_list("pk", flat=True).first()
        if found is None:
            raise _BadCell(
                "indicator", _("There is no indicator “%(code)s”. Use the code of its page.") % {"code": code}
            )
        given["indicator"] = str(found)
    return given
