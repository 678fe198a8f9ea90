"""Real servers that get killed (rooms_site.py)."""

from tests.faults.rooms_site import room_template  # noqa: F401 - a fixture
