"""The picture without JavaScript: a small SVG of our own, themed by classes, with a name and a description."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from django.utils.safestring import SafeString, mark_safe

from benchmark import notation
from benchmark.charts.picture import Line, Picture, end_label, spread


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
.k-svg__dot--own{fill:#1b4f94}.k-svg__dot--median{fill:#6d7e95}.k-svg__dot--norm{fill:#845000}.k-svg__dot--goal{fill:#1a6b41}
.k-svg__label--own{font-weight:700;fill:#1b4f94!important}.k-svg__break{stroke:#595f69;stroke-dasharray:3 3}
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


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;", "'": "&#39;"})


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
    width, height = frame.width, frame.height
    top, box = 0, height
    if alone:
        top, box = -34, height + 34 + 34
    out = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="k-svg{" k-svg--narrow" if narrow else ""}" role="img"'
            f' viewBox="0 {top} {width} {box}" width="{width}" height="{box}"'
            f' aria-labelledby="{_attribute(ident)}-t" aria-describedby="{_attribute(ident)}-d">'
        ),
        f'<title id="{_attribute(ident)}-t">{escape(picture.title)}</title>',
        f'<desc id="{_attribute(ident)}-d">{escape(picture.description)}</desc>',
    ]
    if alone:
        out.append(f"<style>{COLOURS}</style>")
        out.append(f'<text x="8" y="-12" font-size="15" font-weight="700">{escape(picture.title)}</text>')
        out.append(f'<text x="8" y="{height + 22}" font-size="11" class="k-svg__muted">{escape(picture.footer)}</text>')
    out.append(f'<text x="4" y="14" font-size="{frame.text - 1}" class="k-svg__muted">{escape(picture.unit)}</text>')
    if picture.years is not None:
        out += _axes(picture, frame, scale)
        out += _bands(picture, scale)
        for line in sorted(picture.lines, key=lambda one: one.role == "own"):
            out += _line(line, scale)
        out += _labels(picture, frame, scale)
    out.append("</svg>")
    return mark_safe("".join(out))  # noqa: S308 — every text went through escape


def _axes(picture: Picture, frame: Frame, scale: _Scale) -> list[str]:
    out = []
    end = frame.width - frame.right
    for tick in scale.axis.ticks:
        y = _n(scale.y(tick))
        out.append(f'<line class="k-svg__grid" x1="{frame.left}" x2="{end}" y1="{y}" y2="{y}"/>')
        out.append(
            f'<text x="{frame.left - 6}" y="{y}" dy="0.35em" text-anchor="end" font-size="{frame.text - 1}"'
            f' class="k-svg__muted">{escape(notation.number(tick, scale.axis.decimals))}</text>'
        )
    count = scale.last - scale.first
    every = max(1, -(-count // frame.most_ticks))
    out += [
        f'<text x="{_n(scale.x(year))}" y="{frame.height - 8}" text-anchor="middle" font-size="{frame.text - 1}"'
        f' class="k-svg__muted">{year}</text>'
        for year in range(scale.last, scale.first - 1, -every)
    ]
    for one in picture.breaks:
        x = _n(scale.x(one.year))
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
                x = _n(scale.x(run[0].year))
                low, high = _n(scale.y(run[0].low)), _n(scale.y(run[0].high))
                out.append(f'<line class="k-svg__band" stroke-width="14" x1="{x}" x2="{x}" y1="{low}" y2="{high}"/>')
                continue
            there = [f"{_n(scale.x(span.year))},{_n(scale.y(span.high))}" for span in run]
            back = [f"{_n(scale.x(span.year))},{_n(scale.y(span.low))}" for span in reversed(run)]
            out.append(f'<polygon class="k-svg__band" points="{" ".join(there + back)}"/>')
    return out


def _line(line: Line, scale: _Scale) -> list[str]:
    out = []
    dash = f' stroke-dasharray="{DASHES[line.dash]}"' if DASHES[line.dash] else ""
    for run in line.runs:
        places = [(scale.x(point.year), scale.y(point.value or 0.0)) for point in run]
        if len(places) > 1:
            path = " ".join(f"{_n(x)},{_n(y)}" for x, y in places)
            out.append(f'<polyline class="k-svg__line k-svg__line--{line.role}"{dash} points="{path}"/>')
        if line.markers or len(places) == 1:
            size = "4.5" if line.role == "own" else "3.5"
            out += [
                f'<circle class="k-svg__dot k-svg__dot--{line.role}" cx="{_n(x)}" cy="{_n(y)}" r="{size}"/>'
                for x, y in places
            ]
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
        f'<text x="{x}" y="{_n(y)}" dy="0.35em" font-size="{frame.text}"'
        f' class="k-svg__label k-svg__label--{line.role}">{escape(end_label(line, frame.label_limit))}</text>'
        for (line, _last), y in zip(told, placed, strict=True)
    ]
