"""Fixtures that every test may ask for."""

import pytest
from django.core.cache import cache

from tests.cast import Cast, make_cast
from tests.faults.rooms_site import room_template  # noqa: F401 - a fixture of the whole suite
from tests.fulltext import django_db_setup  # noqa: F401 - the real full-text table on SQLite
from tests.servers import own_site, site, site_template  # noqa: F401 - fixtures of the whole suite


@pytest.fixture
def cast(db) -> Cast:
    """The fixed cast: who is who in every test (tests/cast.py)."""
    return make_cast()


@pytest.fixture(autouse=True)
def forget_attempts() -> None:
    """Start every test with an empty cache: allauth counts logins there."""
    cache.clear()
