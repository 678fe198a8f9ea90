"""What the views of the library share: who asks, the practice they may open, and doing something with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from goodpractices.library import LibraryError
from goodpractices.models import GoodPractice
from people.models import User


def person_of(request: HttpRequest) -> User:
    """Return who is logged in; only for views behind `login_required`."""
    return cast("User", request.user)


def fetch(request: HttpRequest, slug: str) -> GoodPractice:
    """Fetch a practice that this person may open, or answer 404."""
    return get_object_or_404(GoodPractice.objects.visible_to(request.user).for_cards(), slug=slug)


def done(request: HttpRequest, slug: str, verb: Callable[..., GoodPractice], text: str, **more: Any) -> HttpResponse:
    """Run a verb on a practice and show it again, with what was done or why it was not.

    Args:
        request: from who does it.
        slug: which practice.
        verb: takes `by` and `practice`.
        text: what to say, with the title as `%(title)s`.
        **more: what the verb takes besides.
    """
    practice = fetch(request, slug)
    try:
        verb(by=person_of(request), practice=practice, **more)
    except LibraryError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, text % {"title": practice.title})
    return redirect("goodpractices:detail", slug=slug)
