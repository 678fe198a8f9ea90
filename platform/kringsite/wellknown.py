"""The files that machines look for at a fixed address: security.txt (RFC 9116) and robots.txt."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# Long enough for a scanner's yearly round to find it fresh, short enough to be looked after.
VALID = dt.timedelta(days=180)
CLOSED = ("/accounts/", "/api/", "/beheer/", "/doelen/", "/mensen/", "/voortgang/", "/zoeken/")


@require_safe
@cache_control(public=True, max_age=86400)
def security(request: HttpRequest) -> HttpResponse:
    """Say where to report a weakness. "Expires" moves along: a running site is looked after."""
    # RFC 9116 speaks of the real day, never of the demo's.
    midnight = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {(midnight + VALID).strftime('%Y-%m-%dT%H:%M:%SZ')}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86400)
def robots(request: HttpRequest) -> HttpResponse:
    """Keep search engines out of what is for members; a courtesy, the doors themselves are locked."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
