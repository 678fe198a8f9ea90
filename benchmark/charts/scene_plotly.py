"""A scene as a plotly figure: plain JSON of scatter traces, which the small bundle of plotly draws without more.

`layout.meta.walk` holds what a reader hears, in order, with the points that belong to it: `[{"said", "points":
[[curve, point]]}]`. Colours stand in the figure for whoever draws it elsewhere; our own page replaces them by `meta.role`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from benchmark.charts.plotly_figure import COLOURS, escaped
from benchmark.charts.scene import Dot, Rule, Scene, Shape, Tick

SIZES = {"own": 15, "median": 11, "peer": 11, "rest": 8}
FILLS = {
    "q1": "#e9eff8",
    "q2": "#b9cfe9",
    "q3": "#7ba3d3",
    "q4": "#356fb2",
    "good": "#e5f2ea",
    "warn": "#fbf0dc",
    "info": "#e9f0f4",
    "plain": "#f4efe6",
    "missing": "#ffffff",
    "outside": "#f4efe6",
    "band": "#dfe6ef",
}
DASHES = {"solid": "solid", "dash": "dash", "dot": "dot"}


def figure(scene: Scene) -> dict[str, Any]:
    """Return the plotly figure: `{"data": […], "layout": {…}}`, without a template."""
    data: list[dict[str, Any]] = []
    said: list[dict[str, Any]] = []
    for role, shapes in _grouped(scene.shapes):
        data += _areas(role, shapes, said, len(data))
    for rule in scene.rules:
        data.append(_rule(rule))
    for (role, hollow), dots in _by_look(scene.dots):
        said += [
            {"said": escaped(dot.said), "curve": len(data), "point": at, "x": dot.x, "y": dot.y}
            for at, dot in enumerate(dots)
            if dot.said
        ]
        data.append(_dots(role, dots, hollow=hollow))
    cells = [block for block in scene.blocks if block.said]
    if cells:
        said += [
            {"said": escaped(cell.said), "curve": len(data), "point": at, "x": _middle(cell)[0], "y": _middle(cell)[1]}
            for at, cell in enumerate(cells)
        ]
        data.append(_cells(cells))
    said.sort(key=lambda one: (one["y"], one["x"]) if cells or scene.equal else (one["x"], one["y"]))
    return {"data": data, "layout": _layout(scene, said)}


def _layout(scene: Scene, said: list[dict[str, Any]]) -> dict[str, Any]:
    top = 36 + (118 if scene.top_ticks else 0)
    return {
        "template": None,
        "title": {"text": escaped(scene.title)},
        "height": top + scene.height[0] + 40,
        "margin": {"l": scene.left[0], "r": 24, "t": top, "b": 40},
        "showlegend": False,
        "hovermode": "closest",
        "separators": ",.",
        "xaxis": {
            **_axis(scene.x_ticks),
            "range": list(scene.x),
            "side": "top" if scene.top_ticks else "bottom",
            "tickangle": -58 if scene.top_ticks else 0,
        },
        "yaxis": {
            **_axis(scene.y_ticks),
            "range": [scene.y[1], scene.y[0]],
            "showgrid": False,
            **({"scaleanchor": "x", "scaleratio": 1} if scene.equal else {}),
        },
        "annotations": [
            {
                "text": escaped(scene.unit),
                "xref": "paper",
                "yref": "paper",
                "x": 0,
                "y": 1,
                "xanchor": "left",
                "yanchor": "bottom",
                "xshift": -scene.left[0] + 4,
                "yshift": top - 26,
                "showarrow": False,
            },
            *(
                {
                    "text": escaped(label.text),
                    "x": label.x,
                    "y": label.y,
                    "xanchor": {"start": "left", "middle": "center", "end": "right"}[label.anchor],
                    "yanchor": "middle",
                    "xshift": label.shift[0],
                    "yshift": -label.shift[1],
                    "showarrow": False,
                    "font": {"color": COLOURS.get(label.role, "#20242b")},
                    "name": label.role,
                }
                for label in scene.labels
            ),
            *(
                {
                    "text": escaped(block.text),
                    "x": _middle(block)[0],
                    "y": _middle(block)[1],
                    "xanchor": "center",
                    "yanchor": "middle",
                    "showarrow": False,
                    "name": "cell",
                }
                for block in scene.blocks
                if block.text
            ),
        ],
        "shapes": [
            {
                "type": "rect",
                "xref": "x",
                "yref": "y",
                "x0": block.x1,
                "x1": block.x2,
                "y0": block.y1,
                "y1": block.y2,
                "fillcolor": FILLS.get(block.role.removesuffix(" own"), "#f4efe6"),
                "line": {"width": 0},
                "layer": "below",
                "name": block.role,
            }
            for block in scene.blocks
        ],
        "meta": {
            "description": escaped(scene.description),
            "left": list(scene.left),
            "narrowX": None if scene.narrow_x is None else list(scene.narrow_x),
            "footer": escaped(scene.footer),
            "walk": [{"said": one["said"], "points": [[one["curve"], one["point"]]]} for one in said],
            "keys": [{"role": key.role, "text": escaped(key.text)} for key in scene.keys],
        },
    }


def _axis(ticks: tuple[Tick, ...]) -> dict[str, Any]:
    return {
        "tickvals": [tick.at for tick in ticks],
        "ticktext": [escaped(tick.text) for tick in ticks],
        "fixedrange": True,
        "zeroline": False,
        "showline": False,
        "visible": bool(ticks),
    }


def _middle(block: Any) -> tuple[float, float]:
    return (block.x1 + block.x2) / 2, (block.y1 + block.y2) / 2


def _grouped(shapes: tuple[Shape, ...]) -> list[tuple[str, list[Shape]]]:
    found: dict[str, list[Shape]] = defaultdict(list)
    for shape in shapes:
        found[shape.role].append(shape)
    return sorted(found.items(), key=lambda one: "own" in one[0])


def _by_look(dots: tuple[Dot, ...]) -> list[tuple[tuple[str, bool], list[Dot]]]:
    found: dict[tuple[str, bool], list[Dot]] = defaultdict(list)
    for dot in dots:
        found[dot.role, dot.hollow].append(dot)
    order = {"rest": 0, "peer": 1, "median": 2, "own": 3}
    return sorted(found.items(), key=lambda one: order.get(one[0][0], 1))


def _areas(role: str, shapes: list[Shape], said: list[dict[str, Any]], curve: int) -> list[dict[str, Any]]:
    """Return two traces: the areas of one look, and the points that speak for them."""
    x: list[float | None] = []
    y: list[float | None] = []
    for shape in shapes:
        for ring in shape.rings:
            x += [*(point[0] for point in ring), ring[0][0], None]
            y += [*(point[1] for point in ring), ring[0][1], None]
    name = role.removesuffix(" own")
    said += [
        {"said": escaped(shape.said), "curve": curve + 1, "point": at, "x": shape.at[0], "y": shape.at[1]}
        for at, shape in enumerate(shapes)
        if shape.said
    ]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": x[:-1],
            "y": y[:-1],
            "fill": "toself",
            "fillcolor": FILLS.get(name, "#f4efe6"),
            **({"fillpattern": {"shape": "/", "size": 6, "solidity": 0.2}} if name == "missing" else {}),
            "line": {"color": COLOURS["own"] if "own" in role else "#ffffff", "width": 2.5 if "own" in role else 0.5},
            "hoverinfo": "skip",
            "meta": {"role": f"fill {role}"},
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": [shape.at[0] for shape in shapes],
            "y": [shape.at[1] for shape in shapes],
            "text": [escaped(shape.said) for shape in shapes],
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {"size": 14, "opacity": 0},
            "meta": {"role": "voice"},
        },
    ]


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [rule.x1, rule.x2],
        "y": [rule.y1, rule.y2],
        "line": {"color": COLOURS.get(rule.role, "#bab3a6"), "width": 2, "dash": DASHES[rule.dash]},
        "hoverinfo": "skip",
        "meta": {"role": rule.role},
    }


def _dots(role: str, dots: list[Dot], *, hollow: bool) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [dot.x for dot in dots],
        "y": [dot.y for dot in dots],
        "text": [escaped(dot.said) for dot in dots],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "color": COLOURS.get(role, "#bab3a6"),
            "size": SIZES.get(role, 9),
            "symbol": "circle-open" if hollow else "circle",
            "line": {"width": 2 if hollow else 0},
        },
        "meta": {"role": role},
    }


def _cells(cells: list[Any]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [_middle(cell)[0] for cell in cells],
        "y": [_middle(cell)[1] for cell in cells],
        "text": [escaped(cell.said) for cell in cells],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": 24, "opacity": 0, "symbol": "square"},
        "meta": {"role": "voice"},
    }
