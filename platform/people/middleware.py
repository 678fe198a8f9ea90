"""What is true of a logged-in person on every request."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from people import roles, second_factor

Next = Callable[[HttpRequest], HttpResponse]

# What somebody who must set up a second factor may still reach (by name of the view, so that addresses may change).
OPEN_VIEWS = {"account_logout", "account_reauthenticate", "account_change_password", "people:language"}
OPEN_PATHS = ("/accounts/2fa/",)
ADMIN_PATH = "/beheer/"


class LanguageOfThePersonMiddleware:
    """Speak the language a person chose; strangers get theirs from a cookie, else Dutch (never from the browser)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 — Django's protocol
        chosen = request.user.language if request.user.is_authenticated else request.COOKIES.get("language")
        code = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        response.setdefault("Content-Language", code)
        return response


class SecondFactorMiddleware:
    """Send administrators and validators without a second factor to the page where they set one up.

    Until they have done so they reach nothing else: not the site, not Wagtail's admin, not the API.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 — Django's protocol
        if self._is_open(request.path_info) or not second_factor.is_missing(request.user):
            return self.get_response(request)
        response = self._refusal(request)
        response["Cache-Control"] = "private, no-store"
        return response

    @staticmethod
    def _refusal(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            problem = {"title": _("Set up a second factor first."), "status": 403}
            return JsonResponse(problem, status=403, content_type="application/problem+json")
        messages.warning(
            request, _("Your role needs a second step at log-in. Set up an authenticator app or a passkey to go on.")
        )
        return redirect("mfa_index")

    @staticmethod
    def _is_open(path: str) -> bool:
        allowed = (*OPEN_PATHS, settings.STATIC_URL)
        return path.startswith(allowed) or path in {reverse(view) for view in OPEN_VIEWS}


class AdminDoorMiddleware:
    """Before Wagtail's admin opens, make the groups that open it follow the roles of today.

    A role may end by its date, without anybody doing anything; Wagtail knows only groups.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 — Django's protocol
        if request.path_info.startswith(ADMIN_PATH) and request.user.is_authenticated:
            roles.sync_groups(user=request.user)
        return self.get_response(request)
