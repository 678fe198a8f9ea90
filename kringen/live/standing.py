"""Where a person stands at this moment: is the session alive, which rooms are theirs. Runs in the pool."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import parse_cookie

from kringen.live.log import Head
from kringen.models import Room
from people import second_factor
from people.models import User


def session_key(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Return the session that a handshake's cookie names, or None."""
    for name, value in headers:
        if name == b"cookie":
            found = parse_cookie(value.decode("latin1")).get(settings.SESSION_COOKIE_NAME)
            if found:
                return found
    return None


def person(key: str | None) -> User | None:
    """Return who a living session belongs to, or None.

    Logged in, active, password unchanged since, and with a second factor where their role needs one.
    """
    if not key:
        return None
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(SimpleNamespace(session=store))  # type: ignore[arg-type]  # it reads only the session
    if not isinstance(user, User) or not user.is_active or second_factor.is_missing(user):
        return None
    return user


def rooms_of(user: User, room_ids: Iterable[int]) -> dict[int, Head]:
    """Return the heads of those of the rooms that the person may read: one query."""
    ids = list(room_ids)
    if not ids:
        return {}
    rows = Room.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "seq", "epoch")
    return {pk: Head(seq, str(epoch)) for pk, seq, epoch in rows}


def look(key: str | None, user_id: int, room_ids: Iterable[int]) -> tuple[User | None, set[int]]:
    """Return whether the session still is this person's, and which of the rooms are still theirs."""
    user = person(key)
    if user is None or user.pk != user_id:
        return None, set()
    return user, set(rooms_of(user, room_ids))
