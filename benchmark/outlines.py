"""Outline files: GeoJSON in, checked, brought to a plane and simplified; never taken for more than data.

Neighbours share a border, and must still share it when points are left out. So rings are cut where three areas meet,
and each piece is simplified by itself: the same piece gives the same points from both sides.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from benchmark.models import Outline
from benchmark.permissions import can_keep_outlines
from people.models import Municipality, User

MOST_BYTES = 40 * 1024 * 1024
MOST_FEATURES = 600
MOST_POINTS = 2_000_000
# The longest side of the plane; finer than any screen shows.
SIDE = 1500
# Points nearer than this to the line between their neighbours are left out.
TOLERANCE = 1.1
SMALLEST_RING = 4
CODE_NAMES = ("gm_code", "statcode", "gemeentecode", "code", "gmcode", "identificatie")

Point = tuple[int, int]
Piece = list[Point]


class OutlineRefused(ValueError):  # noqa: N818 — it is an answer to a person
    """The file cannot be used; the text says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Plane:
    """Outlines on a plane of whole numbers, y downwards."""

    width: int
    height: int
    areas: dict[str, list[list[Point]]]

    @property
    def points(self) -> int:
        """How many points there are in all."""
        return sum(len(ring) for rings in self.areas.values() for ring in rings)


@transaction.atomic
def keep(*, by: User, content: bytes, file_name: str, year: int, source: str) -> Outline:
    """Keep an outline file; one of the same year takes the place of the other.

    Raises:
        PermissionDenied: for everybody but the office.
        OutlineRefused: when the file cannot be used; nothing is kept then.
    """
    if not can_keep_outlines(by):
        raise PermissionDenied
    plane = read(content)
    known = set(Municipality.objects.filter(code__in=plane.areas).values_list("code", flat=True))
    if not known:
        raise OutlineRefused(
            _("None of the %(n)s areas is a municipality of this site. The first code is “%(code)s”.")
            % {"n": len(plane.areas), "code": next(iter(plane.areas))}
        )
    outline, _made = Outline.objects.update_or_create(
        year=year,
        defaults={
            "source": source,
            "file_name": file_name[:200],
            "sha256": hashlib.sha256(content).hexdigest(),
            "width": plane.width,
            "height": plane.height,
            "areas": plane.areas,
            "count": len(plane.areas),
            "points": plane.points,
            "uploaded_by": by,
        },
    )
    return outline


@transaction.atomic
def drop(*, by: User, outline: Outline) -> None:
    """Throw an outline file away.

    Raises:
        PermissionDenied: for everybody but the office.
    """
    if not can_keep_outlines(by):
        raise PermissionDenied
    outline.delete()


def for_year(year: int) -> Outline | None:
    """Return the outlines of a year, else of the nearest year that has some; one query, parsed once per process."""
    found = list(Outline.objects.values_list("pk", "year", "sha256"))
    if not found:
        return None
    pk, _year, sha = min(found, key=lambda one: (abs(one[1] - year), one[1]))
    return _loaded(pk, sha)


@lru_cache(maxsize=4)
def _loaded(pk: int, sha: str) -> Outline:
    return Outline.objects.get(pk=pk)


# ---- reading --------------------------------------------------------------------------------------------------


def read(content: bytes) -> Plane:
    """Return the outlines of a GeoJSON file.

    Args:
        content: a FeatureCollection of (multi)polygons, in degrees or in metres (RD), with the CBS code as a property.

    Raises:
        OutlineRefused: with the feature and what is wrong with it.
    """
    if len(content) > MOST_BYTES:
        raise OutlineRefused(
            _("The file is larger than %(limit)s MB. Choose a simplified outline file.") % {"limit": MOST_BYTES >> 20}
        )
    try:
        found = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise OutlineRefused(_("This is not a GeoJSON file: it cannot be read as JSON.")) from error
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection":
        raise OutlineRefused(_("This is not a GeoJSON file: it has no FeatureCollection with features."))
    if not 0 < len(features) <= MOST_FEATURES:
        raise OutlineRefused(
            _("The file has %(n)s areas; between 1 and %(most)s are expected.")
            % {"n": len(features), "most": MOST_FEATURES}
        )
    rings: dict[str, list[list[tuple[float, float]]]] = {}
    count = 0
    for number, feature in enumerate(features, 1):
        code = _code(feature, number)
        if code in rings:
            raise OutlineRefused(_("Area %(n)s: the code %(code)s came before.") % {"n": number, "code": code})
        rings[code] = _rings(feature, number)
        count += sum(len(ring) for ring in rings[code])
        if count > MOST_POINTS:
            raise OutlineRefused(
                _("The file has more than %(n)s points. Choose a simplified one.") % {"n": MOST_POINTS}
            )
    return _simplified(_on_plane(rings))


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _code(feature: Any, number: int) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    values = {str(name).lower(): value for name, value in properties.items()} if isinstance(properties, dict) else {}
    for name in CODE_NAMES:
        text = str(values.get(name, "")).strip().upper()
        if text.isdigit() and len(text) <= 4:  # noqa: PLR2004 — digits of a CBS code
            text = f"GM{text:0>4}"
        if text.startswith("GM") and text[2:].isdigit() and len(text) == 6:  # noqa: PLR2004
            return text
    raise OutlineRefused(
        _("Area %(n)s has no municipality code such as GM0534 in one of its properties (%(names)s).")
        % {"n": number, "names": ", ".join(CODE_NAMES)}
    )


def _rings(feature: Any, number: int) -> list[list[tuple[float, float]]]:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise OutlineRefused(_("Area %(n)s is not a polygon but “%(kind)s”.") % {"n": number, "kind": kind})
    polygons = [geometry.get("coordinates")] if kind == "Polygon" else geometry.get("coordinates")
    try:
        found = [[_point(point) for point in ring] for polygon in polygons for ring in polygon]
    except (TypeError, ValueError, IndexError) as error:
        raise OutlineRefused(_("Area %(n)s has a point that is not two numbers.") % {"n": number}) from error
    if not found or any(len(ring) < SMALLEST_RING for ring in found):
        raise OutlineRefused(_("Area %(n)s has a ring of fewer than 4 points.") % {"n": number})
    return found


def _point(point: Any) -> tuple[float, float]:
    x, y = point[0], point[1]
    if isinstance(x, bool) or isinstance(y, bool) or not isinstance(x, int | float) or not isinstance(y, int | float):
        raise TypeError(point)
    if not (math.isfinite(x) and math.isfinite(y)) or max(abs(x), abs(y)) > 1e7:  # noqa: PLR2004 — no place on earth
        raise ValueError(point)
    return float(x), float(y)


# ---- to the plane ---------------------------------------------------------------------------------------------


def _on_plane(rings: dict[str, list[list[tuple[float, float]]]]) -> Plane:
    """Return the rings in whole numbers, north above; degrees are narrowed by the cosine of their latitude."""
    xs = [point[0] for some in rings.values() for ring in some for point in ring]
    ys = [point[1] for some in rings.values() for ring in some for point in ring]
    west, east, south, north = min(xs), max(xs), min(ys), max(ys)
    degrees = west >= -180 and east <= 180 and south >= -90 and north <= 90  # noqa: PLR2004
    narrow = math.cos(math.radians((south + north) / 2)) if degrees else 1.0
    wide, tall = (east - west) * narrow, north - south
    if wide <= 0 or tall <= 0:
        raise OutlineRefused(_("All points of the file lie on one line."))
    scale = SIDE / max(wide, tall)
    areas = {
        code: [[(round((x - west) * narrow * scale), round((north - y) * scale)) for x, y in ring] for ring in some]
        for code, some in rings.items()
    }
    return Plane(math.ceil(wide * scale), math.ceil(tall * scale), areas)


def _simplified(plane: Plane) -> Plane:
    areas = {code: [cleaned for ring in rings if (cleaned := _clean(ring))] for code, rings in plane.areas.items()}
    joints = _joints(ring for rings in areas.values() for ring in rings)
    thinned = {}
    for code, rings in areas.items():
        found = [thin for ring in rings if len(thin := _thin_ring(ring, joints)) >= SMALLEST_RING - 1]
        # An area too small for the plane stays as the points it has: it must not vanish from the map.
        thinned[code] = found or [max(rings, key=len)] if rings else [_speck(plane, plane.areas[code])]
    return Plane(plane.width, plane.height, thinned)


def _speck(plane: Plane, rings: list[Piece]) -> Piece:
    x, y = rings[0][0]
    return [(x, y), (x + 1, y), (x, y + 1)]


def _clean(ring: Piece) -> Piece:
    """Return a ring without its closing point and without points that fell together; empty for a speck."""
    out: Piece = []
    for point in ring:
        if not out or point != out[-1]:
            out.append(point)
    while len(out) > 1 and out[0] == out[-1]:
        out.pop()
    return out if len(out) >= SMALLEST_RING - 1 else []


def _joints(rings: Iterable[Piece]) -> set[Point]:
    """Return the points where borders meet: those with more than two different neighbours."""
    beside: dict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for at, point in enumerate(ring):
            beside[point].update((ring[at - 1], ring[(at + 1) % len(ring)]))
    return {point for point, others in beside.items() if len(others) > 2}  # noqa: PLR2004


def _thin_ring(ring: Piece, joints: set[Point]) -> Piece:
    starts = [at for at, point in enumerate(ring) if point in joints]
    if not starts:
        # An island: turn it to a start that does not depend on who drew it.
        starts = [ring.index(min(ring))]
    turned = ring[starts[0] :] + ring[: starts[0]]
    cuts = [at - starts[0] for at in starts] + [len(ring)]
    closed = [*turned, turned[0]]
    out: Piece = []
    for begin, end in itertools.pairwise(cuts):
        out += _thin_piece(closed[begin : end + 1])[:-1]
    return out


def _thin_piece(piece: Piece) -> Piece:
    """Return a piece of border with fewer points; the same from both sides."""
    if piece[0] == piece[-1] and len(piece) > SMALLEST_RING:
        half = len(piece) // 2
        return _thin_piece(piece[: half + 1])[:-1] + _thin_piece(piece[half:])
    backwards = piece[0] > piece[-1]
    thin = _douglas_peucker(piece[::-1] if backwards else piece)
    return thin[::-1] if backwards else thin


def _douglas_peucker(piece: Piece) -> Piece:
    keep_at = {0, len(piece) - 1}
    todo = [(0, len(piece) - 1)]
    while todo:
        first, last = todo.pop()
        (x1, y1), (x2, y2) = piece[first], piece[last]
        length = math.hypot(x2 - x1, y2 - y1)
        best, at = TOLERANCE, -1
        for middle in range(first + 1, last):
            x, y = piece[middle]
            away = abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length if length else math.hypot(x - x1, y - y1)
            if away > best:
                best, at = away, middle
        if at >= 0:
            keep_at.add(at)
            todo += [(first, at), (at, last)]
    return [piece[at] for at in sorted(keep_at)]
