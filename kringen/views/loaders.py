"""Fetch and authorise in one step: what a person may not see does not exist for them.

The order matters: first the login, then the kring (404 for strangers, whatever they send), then the method, then
what the person may do there (403 with a reason: they know the kring exists).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from kringen.conversation.room_permissions import can_talk_in
from kringen.models import Kring, Meeting, Message, Room
from people.requests import PersonRequest

View = Callable[..., HttpResponseBase]


def in_kring(*methods: str) -> Callable[[View], View]:
    """Turn `view(request, kring, …)` into a view of an address with a kring's slug, for these methods."""

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def wrapped(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
            kring = get_object_or_404(Kring.objects.visible_to(request.user).select_related("cycle"), slug=slug)
            meeting = _meeting(request, kring, kwargs)
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, *([kring] if meeting is None else [meeting]), **kwargs)

        return wrapped

    return decorate


def _meeting(request: HttpRequest, kring: Kring, kwargs: dict[str, Any]) -> Meeting | None:
    """Load the meeting that the address names by its number, if it names one."""
    if "number" not in kwargs:
        return None
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), kring=kring, number=kwargs.pop("number"))
    meeting.kring = kring
    return meeting


def need(allowed: bool) -> None:  # noqa: FBT001 — reads as a sentence: need(can_edit_agenda(…))
    """Refuse, with words, what a person who may look in may not do.

    Raises:
        PermissionDenied: always, when not `allowed`.
    """
    if not allowed:
        raise PermissionDenied(_("You may look at this, but not change it. Ask the facilitator of the kring."))


def entered(request: PersonRequest, kring: Kring) -> None:
    """Answer 404 to who may see the kring but does not talk there (the steering group).

    Raises:
        Http404: the reader is neither in the kring nor of the office.
    """
    if not can_talk_in(request.user, kring):
        raise Http404


def room_in(request: PersonRequest, kring: Kring, room_id: int) -> Room:
    """Return a room of this kring that the reader may enter; anything else does not exist."""
    return get_object_or_404(
        Room.objects.visible_to(request.user).filter(kring=kring).select_related("kring"), pk=room_id
    )


def message_in(room: Room, message_id: int) -> Message:
    """Return a message of this room that still stands; anything else does not exist."""
    message = get_object_or_404(
        room.messages.filter(deleted_at__isnull=True).select_related("sender__municipality"), pk=message_id
    )
    message.room = room
    return message


def number_of(text: str) -> int | None:
    """Return the id that a form sent back: None for nothing, 0 (which nothing has) for anything that is no id."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0  # noqa: PLR2004 — fits a big integer
