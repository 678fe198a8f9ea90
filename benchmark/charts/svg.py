"""The picture without JavaScript: a small SVG of our own, themed by classes, with a name and a description."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Protocol
from xml.sax.saxutils import escape

from django.utils.safestring import SafeString, mark_safe

from benchmark import notation
from benchmark.charts.picture import Line, Picture, end_label, rows_of, spread


@dataclass(frozen=True, slots=True)
class Frame:
    """The measures of one drawing, in pixels of its view box."""

    width: int
    height: int
    left: int
    right: int
    top: int = 30
    bottom: int = 30
    text: int = 14
    label_limit: int | None = None
    most_ticks: int = 14


WIDE = Frame(width=760, height=360, left=64, right=210)
# 360 px of screen less the page's margins: drawn at its real size, so 13 stays 13.
NARROW = Frame(width=328, height=290, left=44, right=100, text=13, label_limit=13, most_ticks=4)

DASHES = {"solid": "", "dash": "7 5", "dot": "2 4"}
# For a drawing that leaves the page and cannot ask it for its colours.
COLOURS = """
.k-svg{background:#fff;font-family:"Fira Sans",system-ui,sans-serif}
.k-svg text{fill:#20242b}.k-svg__muted{fill:#595f69!important}.k-svg__grid{stroke:#e2dacc}
.k-svg__band{fill:#dfe6ef;stroke:#dfe6ef}.k-svg__line{fill:none;stroke-width:2}
.k-svg__line--own{stroke:#1b4f94;stroke-width:3.5}.k-svg__line--median{stroke:#6d7e95}
.k-svg__line--norm{stroke:#845000}.k-svg__line--goal{stroke:#1a6b41}
.k-svg__line--start{stroke:#595f69}.k-svg__mark{stroke:#595f69}.k-svg__mark-label{paint-order:stroke;stroke:#fff;stroke-width:3px}
.k-svg__dot--own{fill:#1b4f94}.k-svg__dot--median{fill:#6d7e95}.k-svg__dot--norm{fill:#845000}.k-svg__dot--goal{fill:#1a6b41}
.k-svg__label--own{font-weight:700;fill:#1b4f94!important}.k-svg__break{stroke:#595f69;stroke-dasharray:3 3}
.k-svg__paper{fill:#fff}.k-svg__whisker{stroke-width:1.5}.k-svg__hatch-ground{fill:#fff}
.k-svg__hatch{stroke:#857d70;stroke-width:1.5}.k-svg__converted{opacity:.35}
.k-svg__line--peer{stroke:#6d7e95}.k-svg__line--rest{stroke:#bab3a6}
.k-svg__dot--peer{fill:#6d7e95}.k-svg__dot--rest{fill:#bab3a6}.k-svg__ring{fill:#fff;stroke-width:2}
.k-svg__ring--own{stroke:#1b4f94}.k-svg__ring--peer,.k-svg__ring--median{stroke:#6d7e95}.k-svg__ring--rest{stroke:#bab3a6}
.k-svg__fill{stroke:#fff;stroke-width:.7}.k-svg__fill--q1{fill:#e9eff8}.k-svg__fill--q2{fill:#b9cfe9}
.k-svg__fill--q3{fill:#7ba3d3}.k-svg__fill--q4{fill:#356fb2}.k-svg__fill--good{fill:#e5f2ea}
.k-svg__fill--warn{fill:#fbf0dc}.k-svg__fill--info{fill:#e9f0f4}.k-svg__fill--plain,.k-svg__fill--outside{fill:#f4efe6}
.k-svg__fill--missing,.k-svg__fill--outside{stroke:#857d70}.k-svg__fill--own{stroke:#20242b;stroke-width:2.5}
"""


class _Scale:
    """From years and values to places in the frame."""

    def __init__(self, picture: Picture, frame: Frame) -> None:
        first, last = picture.years or (0, 1)
        self.axis = picture.axis
        self.first, self.last, self.frame = first, last, frame

    def x(self, year: float) -> float:
        room = self.frame.width - self.frame.left - self.frame.right
        if self.last == self.first:
            return self.frame.left + room / 2
        return self.frame.left + room * (year - self.first) / (self.last - self.first)

    def y(self, value: float) -> float:
        room = self.frame.height - self.frame.top - self.frame.bottom
        return self.frame.top + room * (self.axis.high - value) / (self.axis.high - self.axis.low)


class Told(Protocol):
    """The words of a picture."""

    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def description(self) -> str: ...  # noqa: D102
    @property
    def footer(self) -> str: ...  # noqa: D102


def n(value: float) -> str:
    """Return a place in pixels, as short as it can be."""
    return f"{value:.1f}".removesuffix(".0")


def attribute(text: str) -> str:
    """Return a text that may stand in an attribute."""
    return escape(text, {'"': "&quot;", "'": "&#39;"})


def heading(  # noqa: PLR0913 — the frame of every drawing
    picture: Told, *, width: float, height: float, narrow: bool, ident: str, alone: bool
) -> list[str]:
    """Return the opening of a drawing: its box, name and description; alone also colours, title and footer."""
    head, foot = (_lines(picture.title, 96), _lines(picture.footer, 118)) if alone else ([], [])
    top = 20 * len(head) + 6 if alone else 0
    box = height + top + (15 * len(foot) + 12 if alone else 0)
    out = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="k-svg{" k-svg--narrow" if narrow else ""}" role="img"'
            f' viewBox="0 {-top} {n(width)} {n(box)}" width="{n(width)}" height="{n(box)}"'
            f' aria-labelledby="{attribute(ident)}-t" aria-describedby="{attribute(ident)}-d">'
        ),
        f'<title id="{attribute(ident)}-t">{escape(picture.title)}</title>',
        f'<desc id="{attribute(ident)}-d">{escape(picture.description)}</desc>',
    ]
    if alone:
        out.append(f"<style>{COLOURS}</style>")
        out.append(f'<rect class="k-svg__paper" y="{-top}" width="{n(width)}" height="{n(box)}"/>')
        out += [
            f'<text x="8" y="{-top + 18 + 20 * at}" font-size="15" font-weight="700">{escape(line)}</text>'
            for at, line in enumerate(head)
        ]
        out += [
            f'<text x="8" y="{n(height + 16 + 15 * at)}" font-size="11" class="k-svg__muted">{escape(line)}</text>'
            for at, line in enumerate(foot)
        ]
    return out


def _lines(text: str, letters: int) -> list[str]:
    return textwrap.wrap(text, letters) or [""]


def hatch(ident: str) -> str:
    """Return the pattern of what is missing or worked out; an area uses it by `fill="url(#ident)"`."""
    return (
        f'<defs><pattern id="{attribute(ident)}" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect class="k-svg__hatch-ground" width="6" height="6"/>'
        '<line class="k-svg__hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>'
    )


def render(picture: Picture, *, narrow: bool = False, ident: str = "chart", alone: bool = False) -> SafeString:
    """Return the picture as SVG; every word in it is escaped.

    Args:
        picture: what to draw.
        narrow: whether to draw for a phone.
        ident: unique in the page, for the title and description.
        alone: whether the drawing must carry its own colours, title and footer (a download).
    """
    frame = NARROW if narrow else WIDE
    scale = _Scale(picture, frame)
    out = heading(picture, width=frame.width, height=frame.height, narrow=narrow, ident=ident, alone=alone)
    if picture.converted:
        out.append(hatch(f"{ident}-h"))
    out.append(f'<text x="4" y="14" font-size="{frame.text - 1}" class="k-svg__muted">{escape(picture.unit)}</text>')
    if picture.years is not None:
        out += _axes(picture, frame, scale)
        out += _converted(picture, frame, scale, f"{ident}-h")
        out += _bands(picture, scale)
        for line in sorted(picture.lines, key=lambda one: one.role == "own"):
            out += _line(line, scale)
        out += _marks(picture, frame, scale)
        out += _labels(picture, frame, scale)
    out.append("</svg>")
    return mark_safe("".join(out))  # noqa: S308 — every text went through escape


def _axes(picture: Picture, frame: Frame, scale: _Scale) -> list[str]:
    out = []
    end = frame.width - frame.right
    for tick in scale.axis.ticks:
        y = n(scale.y(tick))
        out.append(f'<line class="k-svg__grid" x1="{frame.left}" x2="{end}" y1="{y}" y2="{y}"/>')
        out.append(
            f'<text x="{frame.left - 6}" y="{y}" dy="0.35em" text-anchor="end" font-size="{frame.text - 1}"'
            f' class="k-svg__muted">{escape(notation.number(tick, scale.axis.decimals))}</text>'
        )
    count = scale.last - scale.first
    every = max(1, -(-count // frame.most_ticks))
    out += [
        f'<text x="{n(scale.x(year))}" y="{frame.height - 8}" text-anchor="middle" font-size="{frame.text - 1}"'
        f' class="k-svg__muted">{year}</text>'
        for year in range(scale.last, scale.first - 1, -every)
    ]
    for one in picture.breaks:
        x = n(scale.x(one.year))
        out.append(
            f'<line class="k-svg__break" x1="{x}" x2="{x}" y1="{frame.top}" y2="{frame.height - frame.bottom}"/>'
            f'<text x="{x}" y="{frame.top - 4}" text-anchor="middle" font-size="{frame.text - 2}"'
            f' class="k-svg__muted">{escape(one.text)}</text>'
        )
    return out


def _bands(picture: Picture, scale: _Scale) -> list[str]:
    out = []
    for band in picture.bands:
        for run in band.runs:
            if len(run) == 1:
                x = n(scale.x(run[0].year))
                low, high = n(scale.y(run[0].low)), n(scale.y(run[0].high))
                out.append(f'<line class="k-svg__band" stroke-width="14" x1="{x}" x2="{x}" y1="{low}" y2="{high}"/>')
                continue
            there = [f"{n(scale.x(span.year))},{n(scale.y(span.high))}" for span in run]
            back = [f"{n(scale.x(span.year))},{n(scale.y(span.low))}" for span in reversed(run)]
            out.append(f'<polygon class="k-svg__band" points="{" ".join(there + back)}"/>')
    return out


def _converted(picture: Picture, frame: Frame, scale: _Scale, ident: str) -> list[str]:
    """Hatch the years that were worked out again for the boundaries of now."""
    half = (scale.x(1) - scale.x(0)) / 2 if scale.last > scale.first else 20.0
    out = []
    for year in picture.converted:
        left, right = max(scale.x(year) - half, frame.left), min(scale.x(year) + half, frame.width - frame.right)
        out.append(
            f'<rect class="k-svg__converted" fill="url(#{attribute(ident)})" x="{n(left)}" y="{frame.top}"'
            f' width="{n(right - left)}" height="{frame.height - frame.top - frame.bottom}"/>'
        )
    return out


def _line(line: Line, scale: _Scale) -> list[str]:
    out = []
    for point in line.points:
        if point.lower is None or point.upper is None or point.value is None:
            continue
        x, low, high = scale.x(point.year), n(scale.y(point.lower)), n(scale.y(point.upper))
        out += [
            f'<line class="k-svg__whisker k-svg__line--{line.role}" x1="{n(x1)}" x2="{n(x2)}" y1="{y1}" y2="{y2}"/>'
            for x1, x2, y1, y2 in ((x, x, low, high), (x - 4, x + 4, low, low), (x - 4, x + 4, high, high))
        ]
    dash = f' stroke-dasharray="{DASHES[line.dash]}"' if DASHES[line.dash] else ""
    for run in line.runs:
        places = [(scale.x(point.year), scale.y(point.value or 0.0)) for point in run]
        if len(places) > 1:
            path = " ".join(f"{n(x)},{n(y)}" for x, y in places)
            out.append(f'<polyline class="k-svg__line k-svg__line--{line.role}"{dash} points="{path}"/>')
        if line.markers or len(places) == 1:
            size = "4.5" if line.role == "own" else "3.5"
            out += [
                f'<circle class="k-svg__dot k-svg__dot--{line.role}" cx="{n(x)}" cy="{n(y)}" r="{size}"/>'
                for x, y in places
            ]
    return out


def _marks(picture: Picture, frame: Frame, scale: _Scale) -> list[str]:
    """Draw a line through each day on which something was done, with its number and, where there is room, a word."""
    left, right = frame.left, frame.width - frame.right
    foot = frame.height - frame.bottom
    texts = [mark.label if frame.label_limit is None else str(mark.number) for mark in picture.marks]
    places = [min(max(scale.x(mark.at), left), right) for mark in picture.marks]
    # Beside the line, on the side where it stays inside.
    wide = [0.6 * frame.text * len(text) + 6 for text in texts]
    begins = [x + 3 if x + room <= right else x - room for x, room in zip(places, wide, strict=True)]
    order = sorted(range(len(begins)), key=lambda at: begins[at])
    rows = dict(zip(order, rows_of([(begins[at], begins[at] + wide[at]) for at in order]), strict=True))
    out = []
    for at, (mark, text, x) in enumerate(zip(picture.marks, texts, places, strict=True)):
        y = foot - 6 - rows[at] * (frame.text + 3)
        out.append(
            f'<line class="k-svg__mark" x1="{n(x)}" x2="{n(x)}" y1="{frame.top}" y2="{foot}"/>'
            f'<text class="k-svg__mark-label" x="{n(begins[at])}" y="{n(y)}" font-size="{frame.text - 1}">'
            f"<title>{escape(mark.text)}</title>{escape(text)}</text>"
        )
    return out


def _labels(picture: Picture, frame: Frame, scale: _Scale) -> list[str]:
    ends = [(line, line.last) for line in picture.lines]
    told = [(line, last) for line, last in ends if last is not None and last.value is not None]
    if not told:
        return []
    wanted = [scale.y(last.value or 0.0) for _line, last in told]
    placed = spread(wanted, frame.text + 3, frame.top, frame.height - frame.bottom)
    x = frame.width - frame.right + 9
    return [
        f'<text x="{x}" y="{n(y)}" dy="0.35em" font-size="{frame.text}"'
        f' class="k-svg__label k-svg__label--{line.role}">{escape(end_label(line, frame.label_limit))}</text>'
        for (line, _last), y in zip(told, placed, strict=True)
    ]
