"""Ground for imports: a few municipalities with a history, and one indicator of each kind."""

from __future__ import annotations

import pytest
from django.utils import translation

from benchmark.models import Area, Indicator
from tests.cast import municipality

PLACES = (
    ("GM0534", "Hillegom", {}),
    ("GM0473", "Zandvoort", {}),
    ("GM0373", "Bergen", {"province": "Noord-Holland"}),
    ("GM0893", "Bergen", {"province": "Limburg"}),
    ("GM0788", "Haaren", {"exists_until": 2021}),
    ("GM1992", "Voorne aan Zee", {"exists_from": 2023}),
)
INDICATORS = (
    ("wac_balie_gem", "Wachttijd balie", "minuten", "number", "down", 0, None),
    ("lev_binnen_termijn", "Binnen de termijn", "%", "percentage", "up", 0, 100),
    ("kto_balie", "Cijfer balie", "1-10", "grade", "up", 1, 10),
    ("saldo", "Saldo", "€", "money", "context", None, None),
)


@pytest.fixture(autouse=True)
def _english():
    """Sentences are compared in the language they are written in."""
    with translation.override("en"):
        yield


@pytest.fixture
def ground(db) -> None:
    """Six municipalities and four indicators."""
    for code, name, facts in PLACES:
        municipality(code, name, **facts)
    area = Area.objects.create(slug="wachttijden", name="Wachttijden")
    for code, name, unit, kind, direction, low, high in INDICATORS:
        Indicator.objects.create(
            code=code, name=name, unit=unit, kind=kind, direction=direction, minimum=low, maximum=high, area=area
        )
