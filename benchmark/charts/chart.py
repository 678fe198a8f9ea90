"""What every chart is: a sentence, a table and a picture of the same result."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from benchmark.charts.picture import Picture

_idents = itertools.count()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the value for machines, the text for readers.

    Attributes:
        value: a number, a text, or None for "no value".
        text: as shown; words with the reason where there is no value.
        missing: whether the text is such a reason.
        verdict: the outcome to show with word, shape and colour; empty for other cells.
    """

    value: float | str | None
    text: str
    missing: bool = False
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key for machines, its label for readers."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Table:
    """The figures in rows; the first column says of which year or thing a row is."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as a page, the API and an export show it."""

    kind: str
    title: str
    sentence: str
    table: Table
    picture: Picture
    source: str
    revision: int
    is_demo: bool
    notes: tuple[str, ...] = ()

    @property
    def figure(self) -> dict[str, Any]:
        """The picture as plotly JSON, without a template: the page brings the theme."""
        from benchmark.charts.plotly_figure import figure

        return figure(self.picture)

    def svg(self, *, narrow: bool = False, ident: str = "chart") -> str:
        """Return the picture as SVG for in a page; safe to print as it is."""
        from benchmark.charts.svg import render

        return render(self.picture, narrow=narrow, ident=ident)

    @property
    def wide_svg(self) -> str:
        """The picture for broad screens."""
        return self.svg(ident=f"k-chart-{next(_idents)}")

    @property
    def narrow_svg(self) -> str:
        """The picture for a phone: the same, drawn for 360 px."""
        return self.svg(narrow=True, ident=f"k-chart-{next(_idents)}")
