"""No dependency older than what its known faults allow (the floors come from advisories, not from taste)."""

from importlib.metadata import version

import pytest
from packaging.version import Version

FLOOR = {
    "django": "5.2.14",  # request parsing under ASGI
    "daphne": "4.2.2",  # unbounded message size, header smuggling on upgrade
    "wagtail": "8.0.1",  # access control of pages, forms and documents
    "openpyxl": "3.1.5",
    "defusedxml": "0.7.1",
    "plotly": "7.1",  # links in text
    "nh3": "0.3.7",
    "channels": "4.3.2",
    "channels-redis": "4.3.0",
    "django-allauth": "65.3",
    "pillow": "11.3",
    "cryptography": "45",
}


@pytest.mark.parametrize(("name", "floor"), FLOOR.items())
def test_installed_version_is_at_least_the_floor(name, floor):
    assert Version(version(name)) >= Version(floor)
