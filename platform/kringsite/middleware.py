"""What must be true of every answer."""

from __future__ import annotations

from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise, answering with the bytes of a file instead of an iterator.

    Under ASGI Django would read WhiteNoise's iterator to its end anyway, one hop to a thread per piece, and warn about
    it on every file. The largest of our files is a few hundred kilobytes.
    """

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        """Answer with the file, a part of it, or "not changed"."""
        found = static_file.get_response(request.method, request.META)
        body = b""
        if found.file is not None:
            with found.file:
                body = found.file.read()
        response = HttpResponse(body, status=int(found.status))
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response


class ContentPolicyMiddleware(CSPMiddleware):
    """The content policy: strict on the site, with inline script only where Wagtail's editor needs it."""

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,  # noqa: FBT001, FBT002 - django-csp's signature
    ) -> PolicyParts:
        """Take the editor's policy under its address, the strict one everywhere else."""
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith(settings.EDITOR_PATH):
            parts.replace = {**(parts.replace or {}), **settings.EDITOR_POLICY}
            parts.nonce = None
        return parts


class PossibleAddressMiddleware:
    """Keep NUL characters in addresses from the database: PostgreSQL knows no text with one.

    No page has one in its path, so that is not there. What was asked of a page is asked without them; a program is
    told what is wrong.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer.

        Raises:
            Http404: the path of a page holds a NUL character.
        """
        asked = request.META.get("QUERY_STRING", "")
        if "\0" not in request.path_info and "%00" not in asked:
            return self.get_response(request)
        if request.path_info.startswith("/api/"):
            from kringsite.api import problem

            return problem(400, _("Not an address"), detail=_("The address holds a NUL character (%00). Leave it out."))
        if "\0" in request.path_info:
            raise Http404
        request.META["QUERY_STRING"] = asked.replace("%00", "")
        request.GET = QueryDict(request.META["QUERY_STRING"])
        return self.get_response(request)


class PrivateCacheMiddleware:
    """Keep every answer to a logged-in person out of every cache, shared or their own.

    A proxy that stores one member's page shows it to the next (Zulip, 2021); a page kept by the browser is still
    there after logging out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and mark the answer when it was for somebody."""
        response = self.get_response(request)
        if request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response
