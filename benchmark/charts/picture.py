"""A picture before it is drawn: lines, bands and words in the reader's language, with the axis they share.

Plotly and the own SVG draw the same picture, so they cannot differ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmark import notation

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Point:
    """A value in a year; `text` is what is said at the point. None is a gap, never a zero.

    Attributes:
        lower, upper: the ends of the 95 % interval around the value, None where it is not known.
    """

    year: int
    value: float | None
    text: str = ""
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line through years.

    Attributes:
        role: whose it is: "own", "median", "peer", "norm", "goal" or "start"; decides colour and weight.
        name: in full.
        points: one per year, ascending.
        dash: "solid", "dash" or "dot"; tells reports and lines apart without colour.
        markers: whether points are marked.
        decimals: of the label at the end.
        cuts: years before which the line is cut, because the series means something else from then on.
    """

    role: str
    name: str
    points: tuple[Point, ...]
    dash: str = "solid"
    markers: bool = False
    decimals: int = 1
    cuts: frozenset[int] = frozenset()

    @property
    def last(self) -> Point | None:
        """The last point that has a value."""
        return next((point for point in reversed(self.points) if point.value is not None), None)

    @property
    def runs(self) -> list[list[Point]]:
        """The pieces to draw: never across a year that is missing or a break."""
        pieces: list[list[Point]] = []
        for point in self.points:
            if point.value is None:
                continue
            if pieces and pieces[-1][-1].year == point.year - 1 and point.year not in self.cuts:
                pieces[-1].append(point)
            else:
                pieces.append([point])
        return pieces


@dataclass(frozen=True, slots=True)
class Span:
    """From where to where the middle half of a group lies in one year."""

    year: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Band:
    """The middle half of a group through the years."""

    name: str
    spans: tuple[Span, ...]

    @property
    def runs(self) -> list[list[Span]]:
        """The pieces to draw, never across a missing year."""
        pieces: list[list[Span]] = []
        for span in self.spans:
            if pieces and pieces[-1][-1].year == span.year - 1:
                pieces[-1].append(span)
            else:
                pieces.append([span])
        return pieces


@dataclass(frozen=True, slots=True)
class Break:
    """A year from which the series means something else."""

    year: int
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on which something was begun or should be done.

    Attributes:
        at: the day as a year with its part; the figure of a year stands in the middle of it.
        number: under which the sentence and the table tell of it.
        word: what it is, in a word.
        day: the day, in words.
        text: what it is in full, with its day.
    """

    at: float
    number: int
    word: str
    day: str
    text: str

    @property
    def year(self) -> int:
        """The year of the day."""
        return math.floor(self.at + 0.5)

    @property
    def label(self) -> str:
        """What stands beside it, where there is room."""
        return f"{self.number} {self.word}"


@dataclass(frozen=True, slots=True)
class Axis:
    """The vertical axis: its ends and the values that get a tick."""

    low: float
    high: float
    ticks: tuple[float, ...]
    decimals: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything a drawing needs.

    Attributes:
        title: subject with group, n and years.
        description: what a screen reader says; the sentence of the chart.
        unit: in words, with the direction.
        footer: source, revision and what must be known.
        from_zero: whether the axis must hold zero; if not, `unit` says so.
        converted: the years that were worked out again for other boundaries; they are hatched.
        marks: days on which something was done, ascending.
    """

    title: str
    description: str
    unit: str
    footer: str
    lines: tuple[Line, ...]
    bands: tuple[Band, ...] = ()
    breaks: tuple[Break, ...] = ()
    from_zero: bool = True
    decimals: int = 1
    converted: tuple[int, ...] = ()
    marks: tuple[Mark, ...] = ()

    def figure(self) -> dict[str, Any]:
        """Return the plotly figure."""
        from benchmark.charts.plotly_figure import figure

        return figure(self)

    def svg(self, *, narrow: bool = False, ident: str = "chart", alone: bool = False) -> SafeString:
        """Return the drawing; see `benchmark.charts.svg.render` for the arguments."""
        from benchmark.charts.svg import render

        return render(self, narrow=narrow, ident=ident, alone=alone)

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and last year, None when there is nothing to draw."""
        found = [point.year for line in self.lines for point in line.points if point.value is not None]
        found += [span.year for band in self.bands for span in band.spans]
        if found:
            found += [mark.year for mark in self.marks]
        return (min(found), max(found)) if found else None

    @property
    def axis(self) -> Axis:
        """The vertical axis, with round ticks."""
        points = [point for line in self.lines for point in line.points if point.value is not None]
        found = [value for point in points for value in (point.value, point.lower, point.upper) if value is not None]
        found += [value for band in self.bands for span in band.spans for value in (span.low, span.high)]
        return axis(found or [0.0, 1.0], from_zero=self.from_zero)


def axis(values: list[float], *, from_zero: bool) -> Axis:
    """Return an axis with about five round ticks around the values."""
    low, high = min(values), max(values)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high <= low:
        low, high = (low - 1, high + 1) if low else (0.0, 1.0)
    raw = (high - low) / 4
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(round(at * step, 10) for at in range(first, last + 1))
    decimals = next((n for n in range(4) if all(abs(round(tick, n) - tick) < step / 1000 for tick in ticks)), 4)
    return Axis(ticks[0], ticks[-1], ticks, decimals)


def end_label(line: Line, limit: int | None = None) -> str:
    """Return what stands at the end of a line: its name and last value, the name cut to fit in `limit` letters."""
    last = line.last
    if last is None:
        return ""
    name, value = line.name, notation.number(last.value, line.decimals)
    room = None if limit is None else max(4, limit - len(value) - 1)
    if room is not None and len(name) > room:
        name = name[: room - 1].rstrip() + "…"
    return f"{name} {value}"


def rows_of(places: list[tuple[float, float]]) -> list[int]:
    """Return in which row each label goes, 0 the first, so that none covers another.

    Args:
        places: where each begins and ends, in pixels, by their beginning.
    """
    ends: list[float] = []
    found = []
    for begin, end in places:
        row = next((at for at, free in enumerate(ends) if free <= begin), len(ends))
        ends[row : row + 1] = [end]
        found.append(row)
    return found


def spread(places: list[float], distance: float, low: float, high: float) -> list[float]:
    """Move labels apart so that none covers another, keeping their order.

    Args:
        places: wanted places, in pixels.
        distance: the least distance between two.
        low: the least place.
        high: the greatest place.

    Returns:
        The places, in the order of the input.
    """
    order = sorted(range(len(places)), key=lambda at: places[at])
    placed: dict[int, float] = {}
    before = low - distance
    for at in order:
        before = max(places[at], before + distance)
        placed[at] = before
    after = high + distance
    for at in reversed(order):
        after = min(placed[at], after - distance)
        placed[at] = after
    return [placed[at] for at in range(len(places))]
