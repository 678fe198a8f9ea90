"""The picture as a plotly figure: plain JSON, built by hand so that no request waits for the library to load.

Colours stand in it for whoever draws the figure elsewhere; our own page replaces them by its theme, by `meta.role`.
Plotly reads tags, entities and TeX in every text, so each text is escaped.
"""

from __future__ import annotations

from typing import Any

from benchmark.charts.picture import Band, Line, Picture, end_label, spread

HEIGHT, TOP, BOTTOM, LEFT, RIGHT = 380, 36, 40, 64, 210
COLOURS = {"own": "#1b4f94", "median": "#6d7e95", "norm": "#845000", "goal": "#1a6b41", "band": "#dfe6ef"}
WIDTHS = {"own": 3.5, "median": 2, "norm": 2, "goal": 2}


def escaped(text: str) -> str:
    """Return a text that plotly prints as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("$", "&#36;")


def figure(picture: Picture) -> dict[str, Any]:
    """Return the plotly figure: `{"data": […], "layout": {…}}`, without a template."""
    data = [trace for band in picture.bands for trace in _band(band)]
    data += [_line(line) for line in sorted(picture.lines, key=lambda one: one.role == "own")]
    axis = picture.axis
    years = picture.years
    layout: dict[str, Any] = {
        "template": None,
        "title": {"text": escaped(picture.title)},
        "height": HEIGHT,
        "margin": {"l": LEFT, "r": RIGHT, "t": TOP, "b": BOTTOM},
        "showlegend": False,
        "hovermode": "x unified",
        "separators": ",.",
        "xaxis": {
            "tickformat": "d",
            "dtick": 1 if years is None else max(1, (years[1] - years[0]) // 12 + 1),
            "fixedrange": True,
            "showgrid": False,
            "range": None if years is None else [years[0] - 0.3, years[1] + 0.3],
        },
        "yaxis": {
            "range": [axis.low, axis.high],
            "tickvals": list(axis.ticks),
            "tickformat": f",.{axis.decimals}f",
            "fixedrange": True,
            "zeroline": axis.low <= 0,
            "title": {"text": ""},
        },
        "annotations": [_unit(picture), *_labels(picture), *_breaks(picture)],
        "shapes": [
            {
                "type": "line",
                "xref": "x",
                "yref": "paper",
                "x0": one.year,
                "x1": one.year,
                "y0": 0,
                "y1": 1,
                "line": {"dash": "dot", "width": 1, "color": "#595f69"},
            }
            for one in picture.breaks
        ],
        "meta": {"description": escaped(picture.description), "footer": escaped(picture.footer)},
    }
    return {"data": data, "layout": layout}


def _line(line: Line) -> dict[str, Any]:
    values = {point.year: point for point in line.points}
    years = range(min(values), max(values) + 1) if values else range(0)
    at = [values.get(year) for year in years]
    return {
        "type": "scatter",
        "mode": "lines+markers" if line.markers or any(len(run) == 1 for run in line.runs) else "lines",
        "name": escaped(line.name),
        "x": list(years),
        "y": [None if point is None else point.value for point in at],
        "text": [escaped(point.text) if point is not None else "" for point in at],
        "hovertemplate": "%{text}<extra></extra>",
        "connectgaps": False,
        "line": {"color": COLOURS[line.role], "width": WIDTHS[line.role], "dash": line.dash},
        "marker": {"color": COLOURS[line.role], "size": 9 if line.role == "own" else 6},
        "meta": {"role": line.role},
    }


def _band(band: Band) -> list[dict[str, Any]]:
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": escaped(band.name),
            "x": [span.year for span in run] + [span.year for span in reversed(run)],
            "y": [span.high for span in run] + [span.low for span in reversed(run)],
            "fill": "toself",
            "fillcolor": COLOURS["band"],
            "line": {"color": COLOURS["band"], "width": 12 if len(run) == 1 else 0},
            "hoverinfo": "skip",
            "meta": {"role": "band"},
        }
        for run in band.runs
    ]


def _unit(picture: Picture) -> dict[str, Any]:
    return {
        "text": escaped(picture.unit),
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
        "xshift": -LEFT + 4,
        "yshift": 10,
        "showarrow": False,
    }


def _labels(picture: Picture) -> list[dict[str, Any]]:
    axis = picture.axis
    room = HEIGHT - TOP - BOTTOM
    told = [(line, line.last) for line in picture.lines if line.last is not None]
    wanted = [room * ((last.value or 0.0) - axis.low) / (axis.high - axis.low) for _line, last in told]
    placed = spread(wanted, 18, 0, room)
    return [
        {
            "text": escaped(end_label(line)),
            "xref": "paper",
            "x": 1,
            "xanchor": "left",
            "xshift": 6,
            "yref": "y",
            "y": last.value,
            "yshift": round(place - want, 1),
            "showarrow": False,
            "font": {"color": COLOURS[line.role], "weight": 700 if line.role == "own" else 400},
            "name": line.role,
        }
        for (line, last), want, place in zip(told, wanted, placed, strict=True)
    ]


def _breaks(picture: Picture) -> list[dict[str, Any]]:
    return [
        {
            "text": escaped(one.text),
            "xref": "x",
            "x": one.year,
            "yref": "paper",
            "y": 1,
            "yanchor": "bottom",
            "showarrow": False,
        }
        for one in picture.breaks
    ]
