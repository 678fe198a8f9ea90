"""From cells to values, with a refusal for each cell that is not what it should be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from people.imports.profiles import Profile
from people.municipalities import clean_code
from people.tables import Cell, Refusal, Table, text

FIRST_YEAR, LAST_YEAR = 1800, 2200
MOST_INHABITANTS = 5_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One row that could be read: its number in the file and its values by our names."""

    number: int
    values: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass
class Lines:
    """The rows of a table as values; what cannot be read is in `refusals` after iterating."""

    table: Table
    profile: Profile
    parsers: Mapping[str, Callable[[str], Any]]
    refusals: list[Refusal] = field(default_factory=list)
    count: int = 0

    def __iter__(self) -> Iterator[Line]:
        places = {name: self.table.column(self.profile.columns[name]) for name in self.parsers}
        for number, cells in self.table.rows:
            self.count += 1
            line = self._parsed(number, cells, places)
            if line is not None:
                yield line
        self.refusals += self.table.problems

    def _parsed(self, number: int, cells: list[Cell], places: dict[str, int]) -> Line | None:
        values, sound = {}, True
        for name, parse in self.parsers.items():
            raw = text(cells[places[name]])
            try:
                values[name] = parse(raw)
            except ValueError as error:
                self.refuse(number, name, raw, str(error))
                sound = False
        return Line(number, values) if sound else None

    def refuse(self, number: int, name: str, value: object, reason: str) -> None:
        """Refuse one cell, by our name of its column."""
        column = self.profile.columns.get(name, name)
        self.refusals.append(Refusal(reason, self.table.sheet, number, column, str(value)))


def code(raw: str) -> str:
    """Read a CBS code: GM0534, or 534 as a workbook may have made of it."""
    cleaned = clean_code(raw)
    if not re.fullmatch(r"GM\d{4}", cleaned):
        raise ValueError(_("A municipality's code is GM and four digits."))
    return cleaned


def whole(raw: str) -> int:
    """Read a whole number; "30.0", which pandas makes of 30 beside empty cells, counts as 30."""
    number = re.sub(r"[.,]0+$", "", raw)
    if not re.fullmatch(r"-?\d{1,12}", number):
        raise ValueError(_("This is not a whole number.") if raw else _("This cell is empty."))
    return int(number)


def year(raw: str) -> int:
    """Read a year."""
    number = whole(raw)
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise ValueError(_("This is not a year."))
    return number


def inhabitants(raw: str) -> int:
    """Read a number of inhabitants."""
    number = whole(raw)
    if not 0 < number <= MOST_INHABITANTS:
        raise ValueError(_("This cannot be a number of inhabitants."))
    return number


def urbanity(raw: str) -> int | None:
    """Read CBS's degree of urbanity, 1 (very) to 5 (not); empty is unknown."""
    if not raw:
        return None
    if raw not in {"1", "2", "3", "4", "5"}:
        raise ValueError(_("Urbanity goes from 1 to 5."))
    return int(raw)


def density(raw: str) -> int | None:
    """Read addresses per km²; empty is unknown."""
    if not raw:
        return None
    number = whole(raw)
    if number < 0:
        raise ValueError(_("This cannot be negative."))
    return number


def share(raw: str) -> Decimal:
    """Read a share between 0 and 1, with a decimal point or comma."""
    try:
        number = Decimal(raw.replace(",", "."))
    except InvalidOperation:
        raise ValueError(_("This is not a number.")) from None
    if not 0 <= number <= 1:
        raise ValueError(_("A share lies between 0 and 1."))
    return round(number, 6)


def name(raw: str) -> str:
    """Read a name."""
    if not raw:
        raise ValueError(_("The name is missing."))
    return raw
