"""The door for programs: `Authorization: Bearer …` on addresses of the API, and on no others."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from people import tokens
from people.models import User

API = "/api/"
READING = {"GET", "HEAD", "OPTIONS"}


class BearerTokenMiddleware:
    """Let a personal token say who is asking, instead of the session.

    Whoever sends a token in a header was not sent by another site's page, so such a request needs no CSRF token; a
    request with a session keeps needing it, also when a wrong token came along.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 — Django's protocol
        header = request.headers.get("Authorization", "")
        scheme, _space, text = header.partition(" ")
        if not request.path_info.startswith(API) or scheme.lower() != "bearer":
            return self.get_response(request)
        return self._guarded(request, text.strip())

    def _guarded(self, request: HttpRequest, text: str) -> HttpResponse:
        token = tokens.recognise(text)
        if token is None:
            refusal = _problem(401, _("Unknown token"), _("This token is not known, has expired or was revoked."))
            refusal["WWW-Authenticate"] = 'Bearer error="invalid_token"'
            return refusal
        if wait := tokens.wait_for(token):
            refusal = _problem(
                429,
                _("Too many requests"),
                _("With one token you can ask %(most)s times a minute.") % {"most": tokens.A_MINUTE},
            )
            refusal["Retry-After"] = str(wait)
            return refusal
        if not token.may_write and request.method not in READING:
            return _problem(403, _("Read only"), _("This token may only read. Make one that may write as well."))
        person = token.user

        async def same_person() -> User:
            return person

        request.user = person
        request.auser = same_person
        vars(request)["_dont_enforce_csrf_checks"] = True  # Django's own flag
        return self.get_response(request)


def _problem(status: int, title: str, detail: str) -> JsonResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    answer = JsonResponse(body, status=status, content_type="application/problem+json")
    answer["Cache-Control"] = "private, no-store"
    return answer
