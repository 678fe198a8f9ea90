"""Tests with real servers and real kills: they need PostgreSQL and Redis (`make test-services`)."""

import os

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here, and leave it out where the services are not named."""
    for item in items:
        if "/faults/" in str(item.path):
            item.add_marker(pytest.mark.faults)
            item.add_marker(pytest.mark.timeout(300))
            if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
                item.add_marker(pytest.mark.skip(reason="needs DATABASE_URL and REDIS_URL: make test-services"))
