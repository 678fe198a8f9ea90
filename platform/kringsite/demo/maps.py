"""A map for the demo: a square per municipality, so that the map can be tried without anybody's outline file."""

from __future__ import annotations

import json
from itertools import groupby

from benchmark import outlines, talk
from benchmark.models import Indicator, Outline
from people.models import Municipality, User

YEAR = 2008
COLUMNS = 8
# Who of the demo's kring is willing to talk about which figure.
OFFERS = {
    "deelnemer@leiderdorp.example": ("wac_balie_gem", "wac_tel_gem"),
    "deelnemer@katwijk.example": ("wac_balie_gem",),
}


def load(*, by: User) -> None:
    """Bring in the squares and the offers to talk; what is there already stays."""
    if not Outline.objects.exists():
        outlines.keep(
            by=by,
            content=squares(),
            file_name="schematisch.geojson",
            year=YEAR,
            source="Schematische voorbeeldkaart: elk vierkant is een gemeente, geen echte grenzen",
        )
    for email, codes in OFFERS.items():
        person = User.objects.filter(email=email, municipality__isnull=False).first()
        if person is None or person.municipality is None:
            continue
        for indicator in Indicator.objects.filter(code__in=codes):
            talk.offer(by=person, indicator=indicator, municipality=person.municipality)


def squares() -> bytes:
    """Return a GeoJSON file with rows of squares, a block per province from north to south."""
    features = []
    row = 0
    places = sorted(Municipality.objects.all(), key=lambda one: (one.province, one.name))
    for _province, some in groupby(places, key=lambda one: one.province):
        for at, place in enumerate(some):
            x, y = at % COLUMNS, row - at // COLUMNS
            ring = [[x, y], [x + 0.9, y], [x + 0.9, y + 0.9], [x, y + 0.9], [x, y]]
            features.append(
                {
                    "type": "Feature",
                    "properties": {"gm_code": place.code},
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
            )
        row = min(feature["geometry"]["coordinates"][0][0][1] for feature in features) - 1.4  # type: ignore[index]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()
