"""A picture of marks on a plane, before it is drawn: dots, lines, blocks and areas in the units of the figures.

The trend has years and lines (`benchmark/charts/picture.py`); every other kind is a scene. The own SVG
(`scene_svg.py`) and plotly (`scene_plotly.py`) draw the same scene, so they cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """A point; `said` is what a reader hears at it.

    Attributes:
        role: whose it is: "own", "peer", "rest", "median" …; decides colour and size.
        hollow: drawn as a ring, for the earlier of two years.
    """

    x: float
    y: float
    role: str
    said: str = ""
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line between two points."""

    x1: float
    y1: float
    x2: float
    y2: float
    role: str
    dash: str = "solid"


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle: a band behind the dots, or a cell with words in it."""

    x1: float
    y1: float
    x2: float
    y2: float
    role: str
    text: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """An area of several rings (islands and holes), with a point inside it to speak from."""

    rings: tuple[Ring, ...]
    at: tuple[float, float]
    role: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a point, moved by some pixels.

    Attributes:
        anchor: "start", "middle" or "end".
        shift: pixels right and down.
    """

    x: float
    y: float
    text: str
    role: str
    anchor: str = "start"
    shift: tuple[float, float] = (0, 0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis with its words; `strong` for the own municipality."""

    at: float
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the key under the picture: which look means what."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a drawing of the plane needs.

    Attributes:
        title: subject with group, n and year.
        description: what a screen reader says; the sentence of the chart.
        unit: in words, with the direction; stands above the plane.
        footer: source, revision and what must be known.
        x: the ends of the horizontal axis.
        y: the ends of the vertical axis; the first is above.
        height: of the plane in pixels, wide and narrow.
        left: room for words left of the plane in pixels, wide and narrow.
        equal: whether both axes have the same scale (a map); what lies outside the axes is cut off.
        top_ticks: whether the words of the horizontal axis stand above, slanted (a heat map).
        narrow_x: the part of the horizontal axis that a phone shows, None for all of it.
    """

    title: str
    description: str
    unit: str
    footer: str
    x: tuple[float, float]
    y: tuple[float, float]
    height: tuple[int, int]
    left: tuple[int, int] = (24, 16)
    x_ticks: tuple[Tick, ...] = ()
    y_ticks: tuple[Tick, ...] = ()
    blocks: tuple[Block, ...] = ()
    shapes: tuple[Shape, ...] = ()
    rules: tuple[Rule, ...] = ()
    dots: tuple[Dot, ...] = ()
    labels: tuple[Label, ...] = ()
    keys: tuple[Key, ...] = ()
    equal: bool = False
    top_ticks: bool = False
    narrow_x: tuple[float, float] | None = None

    def for_phone(self) -> Scene:
        """Return the part that a phone shows."""
        if self.narrow_x is None:
            return self
        low, high = self.narrow_x
        return replace(
            self,
            x=self.narrow_x,
            x_ticks=tuple(tick for tick in self.x_ticks if low <= tick.at <= high),
            blocks=tuple(block for block in self.blocks if low <= block.x1 and block.x2 <= high),
        )

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to draw."""
        return not (self.blocks or self.shapes or self.dots)

    def figure(self) -> dict[str, Any]:
        """Return the plotly figure."""
        from benchmark.charts.scene_plotly import figure

        return figure(self)

    def svg(self, *, narrow: bool = False, ident: str = "chart", alone: bool = False) -> SafeString:
        """Return the drawing; see `benchmark.charts.svg.render` for the arguments."""
        from benchmark.charts.scene_svg import render

        return render(self, narrow=narrow, ident=ident, alone=alone)


def shortened(text: str, letters: int) -> str:
    """Return a text cut to at most so many letters."""
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"
