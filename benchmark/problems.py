"""Errors of the API as problem+json (RFC 9457): what is wrong, and what exists instead."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse


def problem(status: int, title: str, detail: str, **more: Any) -> HttpResponse:
    """Return a problem; `more` holds what exists, such as `available=[…]`."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json")
