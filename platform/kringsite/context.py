"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from people import clock


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the site's name, whether this is the demo, and the day it is there."""
    return {"site_name": settings.WAGTAIL_SITE_NAME, "is_demo": settings.DEMO, "today": clock.today()}
