"""Practices for the tests of the library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from benchmark.models import Area
from goodpractices.models import GoodPractice
from tests.cast import Cast

Make = Callable[..., GoodPractice]


@pytest.fixture
def make(cast: Cast) -> Make:
    """Make a practice of Hillegom that is published to everybody, unless the fields say otherwise."""
    number = 0

    def _make(title: str = "Avondopenstelling op afspraak", **fields: Any) -> GoodPractice:
        nonlocal number
        number += 1
        areas = fields.pop("areas", [cast.area])
        tags = fields.pop("tags", [])
        values: dict[str, Any] = {
            "slug": f"praktijk-{number}",
            "title": title,
            "municipality": cast.hillegom,
            "summary": "Inwoners kunnen ook na werktijd terecht.",
            "situation": "Overdag stond er een rij.",
            "approach": "Wij openden een avond in de week.",
            "state": GoodPractice.State.PUBLISHED,
            "visibility": GoodPractice.Visibility.PUBLIC,
            "published_at": timezone.now(),
        }
        practice = GoodPractice.objects.create(**(values | fields))
        practice.areas.set(areas)
        practice.tags.set(tags)
        return practice

    return _make


@pytest.fixture
def availability(db) -> Area:
    """The area with two names."""
    return Area.objects.create(slug="beschikbaarheid", name="Beschikbaarheid", synonyms="Toegankelijkheid")
