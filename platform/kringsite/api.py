"""The API: one NinjaAPI that the rooms of the house hang their routers on. Every error is a problem (RFC 9457)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from benchmark.api import router as figures
from goodpractices.api import router as practices
from kringen.api import router as circles
from kringen.conversation.room_api import router as rooms

api = NinjaAPI(title="Kringen", version="1", urls_namespace="api", docs_url=None)
api.add_router("", rooms)
api.add_router("", figures)
api.add_router("", practices)
api.add_router("", circles)


def problem(status: int, title: str, **more: Any) -> HttpResponse:
    """Return an error with its status, a title and whatever helps to mend it."""
    body = {"type": "about:blank", "title": title, "status": status, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


@api.exception_handler(AuthenticationError)
def not_logged_in(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """Nobody is logged in."""
    return problem(401, "Unauthorized")


@api.exception_handler(Http404)
def not_there(_request: HttpRequest, _error: Http404) -> HttpResponse:
    """It does not exist, or the asker may not know that it does."""
    return problem(404, "Not Found")


@api.exception_handler(HttpError)
def refused(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """A view said no."""
    return problem(error.status_code, str(error))


@api.exception_handler(ValidationError)
def not_understood(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Something asked or sent has the wrong form; `errors` names each place, without repeating what was sent."""
    faults = [{"where": list(fault.get("loc", ())), "message": fault.get("msg", "")} for fault in error.errors]
    return problem(422, "Unprocessable Content", errors=faults)
