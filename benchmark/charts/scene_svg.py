"""A scene as SVG: themed by classes, with a name and a description, and every word escaped."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from django.utils.safestring import SafeString, mark_safe

from benchmark.charts import svg
from benchmark.charts.scene import Block, Dot, Label, Ring, Scene, Shape, shortened
from benchmark.charts.svg import DASHES, attribute, heading, n

WIDTHS = (760, 328)
RIGHT = (24, 14)
TEXT = (14, 13)
TOP, BOTTOM, KEY = 30, 30, 22
# Slanted words above the columns of a heat map need this much.
SLANTED = (118, 96)
SIZES = {"own": 7.5, "median": 5.5, "peer": 5.5, "rest": 4.0}


@dataclass(frozen=True, slots=True)
class _Place:
    """From the units of a scene to pixels of its view box."""

    scene: Scene
    left: float
    top: float
    width: float
    height: float

    def x(self, value: float) -> float:
        low, high = self.scene.x
        return self.left + self.width * (value - low) / (high - low)

    def y(self, value: float) -> float:
        first, last = self.scene.y
        return self.top + self.height * (value - first) / (last - first)


def render(scene: Scene, *, narrow: bool = False, ident: str = "chart", alone: bool = False) -> SafeString:
    """Return the scene as SVG; every word in it is escaped.

    Args:
        scene: what to draw.
        narrow: whether to draw for a phone.
        ident: unique in the page, for the title, the description and the hatch.
        alone: whether the drawing must carry its own colours, title and footer (a download).
    """
    if narrow:
        scene = scene.for_phone()
    at = int(narrow)
    width, text = WIDTHS[at], TEXT[at]
    top = TOP + (SLANTED[at] if scene.top_ticks else 0)
    place = _place(scene, at, top)
    under = 8 if scene.top_ticks or not scene.x_ticks else BOTTOM
    columns = 1 if narrow else 2
    key = -(-len(scene.keys) // columns) * KEY + (8 if scene.keys else 0)
    height = top + place.height + under + key
    out = heading(scene, width=width, height=height, narrow=narrow, ident=ident, alone=alone)
    hatch = f"{ident}-h"
    out.append(svg.hatch(hatch))
    out.append(
        f'<text x="4" y="14" font-size="{text - 1}" class="k-svg__muted">'
        f"{escape(shortened(scene.unit, 48) if narrow else scene.unit)}</text>"
    )
    if not scene.is_empty:
        out += _ticks(scene, place, at, text)
        out += [_block(one, place, text, hatch) for one in scene.blocks]
        if scene.shapes:
            out += _clipped(scene, place, hatch, f"{ident}-c")
        out += [
            f'<line class="k-svg__line k-svg__line--{one.role}"{_dash(one.dash)} x1="{n(place.x(one.x1))}"'
            f' y1="{n(place.y(one.y1))}" x2="{n(place.x(one.x2))}" y2="{n(place.y(one.y2))}"/>'
            for one in scene.rules
        ]
        order = {"rest": 0, "peer": 1, "median": 2, "own": 3}
        out += [_dot(one, place) for one in sorted(scene.dots, key=lambda one: order.get(one.role, 1))]
        out += [_label(one, place, text, width) for one in scene.labels]
        out += _keys(scene, top + place.height + under + 10, columns, hatch)
    out.append("</svg>")
    return mark_safe("".join(out))  # noqa: S308 — every text went through escape


def _place(scene: Scene, at: int, top: float) -> _Place:
    left, room, height = scene.left[at], WIDTHS[at] - scene.left[at] - RIGHT[at], float(scene.height[at])
    width = float(room)
    if scene.equal:
        wide, tall = scene.x[1] - scene.x[0], abs(scene.y[1] - scene.y[0])
        height = min(height, room * tall / wide)
        width = height * wide / tall
    return _Place(scene, left + (room - width) / 2, top, width, height)


def _dash(name: str) -> str:
    return f' stroke-dasharray="{DASHES[name]}"' if DASHES[name] else ""


def _ticks(scene: Scene, place: _Place, at: int, text: int) -> list[str]:
    out = []
    bottom = place.top + place.height
    for tick in scene.x_ticks:
        x = place.x(tick.at)
        look = "k-svg__label--own" if tick.strong else "k-svg__muted"
        if scene.top_ticks:
            words = escape(shortened(tick.text, 20 if at == 0 else 14))
            out.append(
                f'<text font-size="{text - 1}" class="{look}"'
                f' transform="translate({n(x + 3)} {n(place.top - 7)}) rotate(-58)">{words}</text>'
            )
            continue
        out.append(
            f'<line class="k-svg__grid" x1="{n(x)}" x2="{n(x)}" y1="{n(place.top)}" y2="{n(bottom)}"/>'
            f'<text x="{n(x)}" y="{n(bottom + 20)}" text-anchor="middle" font-size="{text - 1}"'
            f' class="{look}">{escape(tick.text)}</text>'
        )
    letters = int(scene.left[at] / (text * 0.53))
    for tick in scene.y_ticks:
        look = "k-svg__label--own" if tick.strong else "k-svg__muted"
        out.append(
            f'<text x="{scene.left[at] - 8}" y="{n(place.y(tick.at))}" dy="0.35em" text-anchor="end"'
            f' font-size="{text - 1}" class="{look}">{escape(shortened(tick.text, letters))}</text>'
        )
    return out


def _fill(role: str, hatch: str) -> str:
    """Return the look of a filled mark; what is missing is hatched and never a colour of the scale."""
    own = " k-svg__fill--own" if role.endswith(" own") else ""
    name = role.removesuffix(" own")
    style = f' fill="url(#{attribute(hatch)})"' if name == "missing" else ""
    return f'class="k-svg__fill k-svg__fill--{name}{own}"{style}'


def _block(one: Block, place: _Place, text: int, hatch: str) -> str:
    x, y = sorted((place.x(one.x1), place.x(one.x2))), sorted((place.y(one.y1), place.y(one.y2)))
    look = 'class="k-svg__band"' if one.role == "band" else _fill(one.role, hatch)
    drawn = f'<rect {look} x="{n(x[0])}" y="{n(y[0])}" width="{n(x[1] - x[0])}" height="{n(y[1] - y[0])}"/>'
    if one.text:
        room = int((x[1] - x[0]) / (text * 0.5))
        size = text - 1 if len(one.text) <= room else text - 3
        drawn += (
            f'<text x="{n(sum(x) / 2)}" y="{n(sum(y) / 2)}" dy="0.35em" text-anchor="middle" font-size="{size}">'
            f"{escape(one.text)}</text>"
        )
    return drawn


def _shape(one: Shape, place: _Place, hatch: str) -> str:
    def path(ring: Ring) -> str:
        return "M" + "L".join(f"{n(place.x(x))} {n(place.y(y))}" for x, y in ring) + "Z"

    return f'<path {_fill(one.role, hatch)} fill-rule="evenodd" d="{"".join(path(ring) for ring in one.rings)}"/>'


def _clipped(scene: Scene, place: _Place, hatch: str, ident: str) -> list[str]:
    """Return the areas, cut off at the edge of the plane; the own one on top."""
    ordered = sorted(scene.shapes, key=lambda one: "own" in one.role)
    edge = f'x="{n(place.left)}" y="{n(place.top)}" width="{n(place.width)}" height="{n(place.height)}"'
    return [
        f'<clipPath id="{attribute(ident)}"><rect {edge}/></clipPath><g clip-path="url(#{attribute(ident)})">',
        *(_shape(one, place, hatch) for one in ordered),
        "</g>",
    ]


def _dot(one: Dot, place: _Place) -> str:
    look = "k-svg__ring" if one.hollow else "k-svg__dot"
    x, y, size = place.x(one.x), place.y(one.y), SIZES.get(one.role, 4.5)
    return f'<circle class="{look} {look}--{one.role}" cx="{n(x)}" cy="{n(y)}" r="{size}"/>'


def _label(one: Label, place: _Place, text: int, width: int) -> str:
    x, y = place.x(one.x) + one.shift[0], place.y(one.y) + one.shift[1]
    # Words that would leave the drawing lean the other way.
    room = len(one.text) * text * 0.55
    anchor = one.anchor
    if anchor == "middle":
        x = min(max(x, room / 2 + 4), width - room / 2 - 4)
    elif anchor == "start" and x + room > width:
        anchor, x = "end", x - 2 * one.shift[0]
    return (
        f'<text x="{n(x)}" y="{n(y)}" dy="0.35em" text-anchor="{anchor}" font-size="{text}"'
        f' class="k-svg__label k-svg__label--{one.role}">{escape(one.text)}</text>'
    )


def _keys(scene: Scene, top: float, columns: int, hatch: str) -> list[str]:
    out = []
    column, text = (WIDTHS[0] / 2, TEXT[0]) if columns > 1 else (float(WIDTHS[1]), TEXT[1])
    for at, key in enumerate(scene.keys):
        x, y = 4 + (at % columns) * column, top + (at // columns) * KEY
        if key.role.startswith(("dot ", "ring ")):
            kind, role = key.role.split(" ", 1)
            look = f"k-svg__{kind} k-svg__{kind}--{role}"
            out.append(f'<circle class="{look}" cx="{n(x + 8)}" cy="{n(y)}" r="{SIZES.get(role, 4.5)}"/>')
        elif key.role == "band":
            out.append(f'<rect class="k-svg__band" x="{n(x)}" y="{n(y - 7)}" width="16" height="14"/>')
        elif key.role.startswith("line "):
            out.append(
                f'<line class="k-svg__line k-svg__line--{key.role.removeprefix("line ")}"'
                f' x1="{n(x)}" x2="{n(x + 16)}" y1="{n(y)}" y2="{n(y)}"/>'
            )
        else:
            out.append(f'<rect {_fill(key.role, hatch)} x="{n(x)}" y="{n(y - 7)}" width="16" height="14"/>')
        words = escape(shortened(key.text, int((column - 30) / ((text - 1) * 0.5))))
        out.append(
            f'<text x="{n(x + 24)}" y="{n(y)}" dy="0.35em" font-size="{text - 1}" class="k-svg__muted">{words}</text>'
        )
    return out
