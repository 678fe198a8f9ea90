"""One year on the map: four classes by the quarters of the group, hatched where there is no value, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark import notation
from benchmark.charts import distribution, trend, wording
from benchmark.charts.chart import Chart
from benchmark.charts.scene import Key, Scene, Shape
from benchmark.models import MissingReason, Outline
from benchmark.snapshots import Member, Snapshot, by_place

# A small group is shown with at least this part of the country around it, so that one sees where it lies.
LEAST_SHOWN = 0.2


def chart(shot: Snapshot, outline: Outline | None) -> Chart:
    """Return the map of one year; without outlines the table and the sentence still stand."""
    said = " ".join(sentences(shot, outline))
    return Chart(
        kind="map",
        title=title(shot),
        sentence=said,
        table=distribution.table(shot),
        picture=scene(shot, outline, description=said),
        source=shot.result.source,
        revision=shot.result.revision,
        is_demo=shot.result.is_demo,
        notes=notes(shot, outline),
    )


def title(shot: Snapshot) -> str:
    """Return subject, group with n, and year."""
    return _("%(indicator)s in %(year)s on the map: %(group)s") % {
        "indicator": shot.indicator.name,
        "year": shot.year,
        "group": shot.result.group.described(shot.row.n),
    }


def notes(shot: Snapshot, outline: Outline | None) -> tuple[str, ...]:
    """Return what a reader must know beside the map."""
    found = list(trend.notes(shot.result, gaps=False))
    if outline is None:
        return (*found, _("There are no outlines yet. The programme office can bring in a file of them."))
    found.append(
        _("Boundaries of %(year)s. Source of the outlines: %(source)s.")
        % {"year": outline.year, "source": outline.source}
    )
    lost = [one.place.name for one in shot.members if one.value is not None and one.place.code not in outline.areas]
    if lost:
        found.append(
            ngettext(
                "Not on this map, because its boundaries are others: %(names)s.",
                "Not on this map, because their boundaries are others: %(names)s.",
                len(lost),
            )
            % {"names": ", ".join(lost)}
        )
    return tuple(found)


def sentences(shot: Snapshot, outline: Outline | None) -> list[str]:
    """Return what the map says: the spread, and how many areas are hatched for which reason."""
    said = distribution.sentences(shot)
    if outline is None:
        return said
    looks = _looks(shot, outline)
    shown = sum(role.startswith("q") for role, _why in looks.values())
    said.append(
        ngettext("The map colours %(n)s municipality.", "The map colours %(n)s municipalities.", shown) % {"n": shown}
    )
    reasons = Counter(why for role, why in looks.values() if role.startswith("missing"))
    for why, n in reasons.most_common():
        said.append(_("Hatched: %(n)s (%(reason)s).") % {"n": n, "reason": wording.reason(why)})
    return said


def _looks(shot: Snapshot, outline: Outline) -> dict[str, tuple[str, str]]:
    """Return the look and the missing reason of every area of the outlines, by CBS code."""
    own = shot.own
    known: dict[str, Member] = {one.place.code: one for one in by_place(shot.members).values()}
    if own is not None:
        known[own.place.code] = own
    found = {}
    for code in outline.areas:
        one = known.get(code)
        mark = " own" if own is not None and code == own.place.code else ""
        if one is None:
            why = MissingReason.CONFIDENTIAL.value if shot.hidden and shot.result.group.key == "all" else ""
            found[code] = ("missing" if why else "outside", why)
        elif one.value is None or not one.quarter:
            found[code] = ("missing" + mark, one.reason or "too-few")
        else:
            found[code] = (f"q{one.quarter}{mark}", "")
    return found


def scene(shot: Snapshot, outline: Outline | None, *, description: str) -> Scene:
    """Return the map."""
    row, places = shot.row, shot.indicator.decimals
    unit = f"{notation.unit_in_words(shot.indicator.unit)} · {wording.direction(shot.indicator).rstrip('.').lower()}"
    if outline is None:
        return Scene(
            title(shot), description, unit, trend.footer(shot.result), x=(0.0, 1.0), y=(0.0, 1.0), height=(40, 40)
        )
    known = {one.place.code: one for one in shot.members}
    if shot.own is not None:
        known[shot.own.place.code] = shot.own
    looks = _looks(shot, outline)
    x, y = _view(shot, outline, looks)
    shapes = shapes_in(
        outline, x, y, {code: (role, _said(known.get(code), why, shot)) for code, (role, why) in looks.items()}
    )

    def number(value: float | None) -> str:
        return notation.number(value, places)

    keys = []
    if row.p25 is not None and row.median is not None and row.p75 is not None:
        keys = [
            Key("q1", _("up to %(value)s (lowest quarter)") % {"value": number(row.p25)}),
            Key("q2", _("up to %(value)s") % {"value": number(row.median)}),
            Key("q3", _("up to %(value)s") % {"value": number(row.p75)}),
            Key("q4", _("above %(value)s (highest quarter)") % {"value": number(row.p75)}),
        ]
    roles = {role.removesuffix(" own") for role, _why in looks.values()}
    if "missing" in roles:
        keys.append(Key("missing", _("no value to show (the table says why)")))
    if "outside" in roles:
        keys.append(Key("outside", _("not in this group")))
    if shot.own is not None:
        keys.append(Key("plain own", shot.own.place.name))
    return Scene(
        title=title(shot),
        description=description,
        unit=unit,
        footer=" · ".join([trend.footer(shot.result), _("outlines: %(source)s") % {"source": outline.source}]),
        x=x,
        y=y,
        height=(560, 420),
        left=(10, 6),
        shapes=shapes,
        keys=tuple(keys),
        equal=True,
    )


Span = tuple[float, float]


def _view(shot: Snapshot, outline: Outline, looks: dict[str, tuple[str, str]]) -> tuple[Span, Span]:
    """Return the part of the plane to show: all of it for everybody, else the surroundings of the group."""
    if shot.result.group.key == "all":
        return around(outline, ())
    return around(outline, [code for code, (role, _why) in looks.items() if role != "outside"])


def around(outline: Outline, codes: Iterable[str]) -> tuple[Span, Span]:
    """Return the part of the plane where some municipalities lie, with room around it; without any all of it."""
    points = [point for code in codes for ring in outline.areas.get(code, ()) for point in ring]
    if not points:
        return (0.0, float(outline.width)), (0.0, float(outline.height))

    def span(at: int, end: int) -> Span:
        low, high = min(point[at] for point in points), max(point[at] for point in points)
        half = max((high - low) * 0.6, end * LEAST_SHOWN / 2)
        return max(0.0, (low + high) / 2 - half), min(float(end), (low + high) / 2 + half)

    return span(0, outline.width), span(1, outline.height)


def shapes_in(outline: Outline, x: Span, y: Span, looks: Mapping[str, tuple[str, str]]) -> tuple[Shape, ...]:
    """Return the areas that lie in view, each with its look and what is said of it; an area without is outside."""
    return tuple(
        Shape(
            tuple(tuple((float(left), float(down)) for left, down in ring) for ring in rings),
            _inside(rings),
            *looks.get(code, ("outside", "")),
        )
        for code, rings in outline.areas.items()
        if _touches(rings, x, y)
    )


def _touches(rings: list[list[list[int]]], x: Span, y: Span) -> bool:
    """Say whether an area lies in view with any of its box."""
    xs, ys = [point[0] for ring in rings for point in ring], [point[1] for ring in rings for point in ring]
    return min(xs) <= x[1] and max(xs) >= x[0] and min(ys) <= y[1] and max(ys) >= y[0]


def _inside(rings: list[list[list[int]]]) -> tuple[float, float]:
    """Return a point to speak from: the middle of the box of the longest ring."""
    ring = max(rings, key=len)
    xs, ys = [point[0] for point in ring], [point[1] for point in ring]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _said(one: Member | None, why: str, shot: Snapshot) -> str:
    if one is None:
        return ""
    if one.value is None:
        return f"{one.place.name}: {wording.reason(why or one.reason)}"
    where = wording.quarter_of(one.quarter, shot.indicator)
    text = f"{one.place.name}: {wording.amount(one.value, shot.indicator)}"
    return f"{text}, {where}" if where else text
