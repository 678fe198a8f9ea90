"""Fixtures that every test may ask for."""

import pytest

from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db) -> Cast:
    """The fixed cast: who is who in every test (tests/cast.py)."""
    return make_cast()
