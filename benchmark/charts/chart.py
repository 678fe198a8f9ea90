"""What every chart is: a sentence, a table and a picture of the same result."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Any

from benchmark.charts.picture import Picture
from benchmark.charts.scene import Scene

_idents = itertools.count()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the value for machines, the text for readers.

    Attributes:
        value: a number, a text, or None for "no value".
        text: as shown; words with the reason where there is no value.
        missing: whether the text is such a reason.
        verdict: the outcome to show with word, shape and colour; empty for other cells.
        why: the code of the reason why there is no value.
        provisional: whether the value may still change.
    """

    value: float | str | None
    text: str
    missing: bool = False
    verdict: str = ""
    why: str = ""
    provisional: bool = False

    @property
    def is_text(self) -> bool:
        """Whether the cell holds words instead of a figure."""
        return isinstance(self.value, str)

    @property
    def machine(self) -> str:
        """The value for a script that orders the table, with a decimal point; empty for none."""
        return "" if self.value is None else str(self.value)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key for machines, its label for readers; `words` where the cells hold words, not figures."""

    key: str
    label: str
    words: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The figures in rows; the first column says of which year or thing a row is.

    Attributes:
        foot: rows that stay below however the others are ordered: the figures of the group, norms, goals.
        sort: the key of the column by which the rows are ordered, with a minus before it for the other way round;
            empty for the order of the chart.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    foot: tuple[tuple[Cell, ...], ...] = ()
    sort: str = ""

    @property
    def all_rows(self) -> tuple[tuple[Cell, ...], ...]:
        """All rows, for exports."""
        return self.rows + self.foot

    def sorted_by(self, key: str) -> Table:
        """Return the table in the order of one of its columns; unchanged for a key it has not.

        Rows without a value come last, whichever way round.
        """
        at = next((at for at, column in enumerate(self.columns) if column.key == key.removeprefix("-")), None)
        if at is None:
            return self
        known = [row for row in self.rows if row[at].value is not None]
        known.sort(key=lambda row: _order(row[at]), reverse=key.startswith("-"))
        rest = [row for row in self.rows if row[at].value is None]
        return replace(self, rows=(*known, *rest), sort=key)


def _order(cell: Cell) -> tuple[bool, float, str]:
    words = isinstance(cell.value, str)
    return (words, 0.0 if words else float(cell.value or 0.0), cell.text.casefold() if words else "")


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as a page, the API and an export show it."""

    kind: str
    title: str
    sentence: str
    table: Table
    picture: Picture | Scene
    source: str
    revision: int
    is_demo: bool
    notes: tuple[str, ...] = ()

    @property
    def figure(self) -> dict[str, Any]:
        """The picture as plotly JSON, without a template: the page brings the theme."""
        return self.picture.figure()

    def svg(self, *, narrow: bool = False, ident: str = "chart") -> str:
        """Return the picture as SVG for in a page; safe to print as it is."""
        return self.picture.svg(narrow=narrow, ident=ident)

    @property
    def wide_svg(self) -> str:
        """The picture for broad screens."""
        return self.svg(ident=f"k-chart-{next(_idents)}")

    @property
    def narrow_svg(self) -> str:
        """The picture for a phone: the same, drawn for 360 px."""
        return self.svg(narrow=True, ident=f"k-chart-{next(_idents)}")
