"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from people import clock, notifications


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the site's name, whether this is the demo, and the day it is there."""
    return {"site_name": settings.WAGTAIL_SITE_NAME, "is_demo": settings.DEMO, "today": clock.today()}


def unread(request: HttpRequest) -> dict[str, Any]:
    """Return how many notifications the reader has not read, counted only where a page shows it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"unread_notifications": SimpleLazyObject(lambda: notifications.unread_count(user))}
