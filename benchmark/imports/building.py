"""Making a profile out of what somebody says about the columns of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify

from benchmark.imports import own_profiles, profiles
from benchmark.imports.profiles import FIELDS
from benchmark.models import ImportProfile
from people.tables import Table, text

if TYPE_CHECKING:
    from people.models import Municipality, User

SAMPLES = 50
WIDE, IGNORE = "wide", ""


@dataclass(frozen=True)
class Said:
    """What one column is.

    Attributes:
        title: its name in the file.
        what: a field of a profile, "wide" for the values of one indicator, or "" to pass over.
        indicator: code of the indicator of a wide column.
        decimal: "comma", "point" or "" to see it from the column.
        factor: what its numbers are multiplied by.
        sentinels: numbers that mean "missing".
    """

    title: str
    what: str = IGNORE
    indicator: str = ""
    decimal: str = ""
    factor: float = 1.0
    sentinels: tuple[float, ...] = ()


@dataclass(frozen=True)
class Sample:
    """A column as it stands in the file, and what it probably is."""

    title: str
    texts: list[str]
    guess: str
    decimal: str


def samples(table: Table) -> list[Sample]:
    """Return the columns of a table with their first texts."""
    columns: list[list[str]] = [[] for _title in table.header]
    for _at, (_number, cells) in zip(range(SAMPLES), table.rows, strict=False):
        for column, cell in zip(columns, cells, strict=True):
            column.append(text(cell))
    neutral = profiles.load("neutral")
    found = []
    for title, texts in zip(table.header, columns, strict=True):
        known = {name.casefold(): key for key, names in neutral.columns.items() for name in names}
        found.append(Sample(title, texts, known.get(title.casefold(), IGNORE), _decimal(texts)))
    return found


def _decimal(texts: list[str]) -> str:
    """Guess the mark of the decimals: the last mark of the texts that have one, as far as they agree."""
    marks = {"comma" if one.rfind(",") > one.rfind(".") else "point" for one in texts if "," in one or "." in one}
    return marks.pop() if len(marks) == 1 else ""


def describe(
    *, title: str, columns: list[Said], fixed: dict[str, str], dataset: profiles.DatasetInfo | None = None
) -> dict[str, Any]:
    """Return the TOML document of a profile.

    Args:
        title: its name for people.
        columns: what each column of the file is.
        fixed: field → what every row says, where there is no column.
        dataset: where the values belong; by default that of the municipalities' own figures.

    Raises:
        ValueError: two columns are the same field.
    """
    target = dataset or profiles.load("neutral").dataset
    told: dict[str, Any] = {
        "title": title,
        "dataset": {"slug": target.slug, "name": target.name, "source": target.source, "is_public": target.is_public},
        "columns": {},
        "ignore": [column.title for column in columns if column.what == IGNORE and column.title],
    }
    for column in columns:
        if column.what in FIELDS:
            if column.what in told["columns"]:
                raise ValueError(column.what)
            told["columns"][column.what] = [column.title]
    if fixed:
        told["fixed"] = fixed
    wide = [{"column": each.title, "indicator": each.indicator} for each in columns if each.what == WIDE]
    if wide:
        told["values"] = wide
    styles = {each.title: _style(each) for each in columns if _style(each)}
    if styles:
        told["numbers"] = styles
    return told


def _style(column: Said) -> dict[str, Any]:
    style: dict[str, Any] = {}
    if column.what == IGNORE:
        return style
    if column.decimal:
        style["decimal"] = column.decimal
    if column.factor != 1:
        style["factor"] = column.factor
    if column.sentinels:
        style["sentinels"] = list(column.sentinels)
    return style


def save(*, told: dict[str, Any], municipality: Municipality | None, by: User) -> ImportProfile:
    """Keep a profile; one of the same name of the same municipality is replaced.

    Raises:
        ValueError: it is no profile.
    """
    profiles.parse("new", told)
    base = slugify(told["title"])[:32] or "profiel"
    place = f"-{municipality.code.lower()}" if municipality else ""
    name = f"{base}{place}"
    if name in profiles.names():
        name = f"{name}-eigen"
    row, _made = ImportProfile.objects.update_or_create(
        name=name,
        defaults={
            "title": told["title"],
            "municipality": municipality,
            "toml": own_profiles.as_toml(told),
            "made_by": by,
        },
    )
    return row
