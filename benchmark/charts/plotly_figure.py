"""The picture as a plotly figure: plain JSON, built by hand so that no request waits for the library to load.

Colours stand in it for whoever draws the figure elsewhere; our own page replaces them by its theme, by `meta.role`.
Plotly reads tags, entities and TeX in every text, so each text is escaped.
"""

from __future__ import annotations

from typing import Any

from benchmark.charts.picture import Band, Line, Mark, Picture, Point, end_label, rows_of, spread

HEIGHT, TOP, BOTTOM, LEFT, RIGHT = 380, 36, 40, 64, 210
# As wide as the drawing of the server; the page may stretch it.
WIDTH = 760
COLOURS = {
    "own": "#1b4f94",
    "median": "#6d7e95",
    "peer": "#6d7e95",
    "rest": "#bab3a6",
    "norm": "#845000",
    "goal": "#1a6b41",
    "start": "#595f69",
    "band": "#dfe6ef",
}
WIDTHS = {"own": 3.5, "peer": 1.5, "median": 2, "norm": 2, "goal": 2, "start": 1.5}


def escaped(text: str) -> str:
    """Return a text that plotly prints as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("$", "&#36;")


def figure(picture: Picture) -> dict[str, Any]:
    """Return the plotly figure: `{"data": […], "layout": {…}}`, without a template."""
    data = [trace for band in picture.bands for trace in _band(band)]
    data += [trace for line in sorted(picture.lines, key=lambda one: one.role == "own") for trace in _line(line)]
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
        "annotations": [_unit(picture), *_labels(picture), *_breaks(picture), *_marks(picture)],
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
        ]
        + [
            {
                "type": "rect",
                "xref": "x",
                "yref": "paper",
                "x0": year - 0.5,
                "x1": year + 0.5,
                "y0": 0,
                "y1": 1,
                "fillcolor": "rgba(133,125,112,0.12)",
                "line": {"dash": "dot", "width": 1, "color": "#857d70"},
                "layer": "below",
                "name": "converted",
            }
            for year in picture.converted
        ]
        + [
            {
                "type": "line",
                "xref": "x",
                "yref": "paper",
                "x0": mark.at,
                "x1": mark.at,
                "y0": 0,
                "y1": 1,
                "line": {"width": 1, "color": "#595f69"},
                "name": "mark",
            }
            for mark in picture.marks
        ],
        "meta": {
            "description": escaped(picture.description),
            "footer": escaped(picture.footer),
            "walk": _walk(data, picture.marks),
        },
    }
    return {"data": data, "layout": layout}


def _line(line: Line) -> list[dict[str, Any]]:
    """Return a trace per piece of a line: one, unless a break cuts it."""
    values = {point.year: point for point in line.points}
    if not values:
        return []
    first, last = min(values), max(values)
    starts = [first, *sorted(year for year in line.cuts if first < year <= last)]
    ends = [*(year - 1 for year in starts[1:]), last]
    return [
        _piece(line, [(year, values.get(year)) for year in range(start, end + 1)])
        for start, end in zip(starts, ends, strict=True)
    ]


def _piece(line: Line, at: list[tuple[int, Point | None]]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers" if line.markers or any(len(run) == 1 for run in line.runs) else "lines",
        "name": escaped(line.name),
        "x": [year for year, _point in at],
        "y": [None if point is None else point.value for _year, point in at],
        "text": [escaped(point.text) if point is not None else "" for _year, point in at],
        "hovertemplate": "%{text}<extra></extra>",
        "connectgaps": False,
        **_interval([point for _year, point in at]),
        "line": {"color": COLOURS[line.role], "width": WIDTHS[line.role], "dash": line.dash},
        "marker": {"color": COLOURS[line.role], "size": 9 if line.role == "own" else 6},
        "meta": {"role": line.role},
    }


def _interval(points: list[Point | None]) -> dict[str, Any]:
    """Return the whiskers of the 95 % interval, nothing where no value has one."""

    def away(point: Point | None, end: float | None) -> float:
        return 0.0 if point is None or point.value is None or end is None else abs(end - point.value)

    up = [away(point, point.upper if point else None) for point in points]
    down = [away(point, point.lower if point else None) for point in points]
    if not any(up) and not any(down):
        return {}
    return {"error_y": {"type": "data", "symmetric": False, "array": up, "arrayminus": down, "width": 4}}


def _walk(data: list[dict[str, Any]], marks: tuple[Mark, ...]) -> list[dict[str, Any]]:
    """Return what a reader hears year by year, the own value first, with the points that belong to it."""
    lines = [(curve, trace) for curve, trace in enumerate(data) if "text" in trace]
    found = []
    for year in sorted({year for _curve, trace in lines for year in trace["x"]} | {mark.year for mark in marks}):
        here = [(curve, trace, trace["x"].index(year)) for curve, trace in lines if year in trace["x"]]
        words = [trace["text"][at] for _curve, trace, at in reversed(here) if trace["text"][at]]
        words += [escaped(mark.text) for mark in marks if mark.year == year]
        points = [[curve, at] for curve, trace, at in here if trace["y"][at] is not None]
        found.append({"said": f"{year}. " + ". ".join(words), "points": points})
    return found


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


def _marks(picture: Picture) -> list[dict[str, Any]]:
    """Return a number and a word beside each day on which something was done; those that would collide go higher."""
    first, last = picture.years or (0, 1)
    room = WIDTH - LEFT - RIGHT
    places = [room * (mark.at - first + 0.3) / (last - first + 0.6) for mark in picture.marks]
    wide = [8 * len(mark.label) + 6 for mark in picture.marks]
    begins = [x if x + more <= room else x - more for x, more in zip(places, wide, strict=True)]
    order = sorted(range(len(begins)), key=lambda at: begins[at])
    rows = dict(zip(order, rows_of([(begins[at], begins[at] + wide[at]) for at in order]), strict=True))
    return [
        {
            "text": escaped(mark.label),
            "hovertext": escaped(mark.text),
            "xref": "x",
            "x": mark.at,
            "xanchor": "left" if begins[at] == places[at] else "right",
            "yref": "paper",
            "y": 0,
            "yanchor": "bottom",
            "yshift": 16 * rows[at],
            "showarrow": False,
            "name": "mark",
        }
        for at, mark in enumerate(picture.marks)
    ]
