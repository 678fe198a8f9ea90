"""Where a person stands at this moment: is the session alive, which rooms are theirs. Runs in the pool.

A thousand sockets that are each looked at every 15 seconds would cost a third of a processor. So the heartbeat asks
for `marks` first, of all sockets that are due in the same few queries: a mark is made of everything that a look
depends on, and only whose mark is another than last time is looked at.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.http import parse_cookie
from django.utils import timezone

from kringen.live.log import Head
from kringen.models import Room
from people import second_factor
from people.models import Role, User

# All of a person but when they last logged in.
_PERSON = tuple(field.attname for field in User._meta.concrete_fields if field.attname != "last_login")  # noqa: SLF001


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


def marks(asked: Sequence[tuple[str | None, int, tuple[int, ...]]]) -> list[bytes | None]:
    """Return a mark for each session, person and rooms that are asked about; five queries however many there are.

    Two marks are equal when `look` would answer the same. None says that the session or the person is gone.
    """
    people = {user_id for _key, user_id, _rooms in asked}
    sessions = dict(
        Session.objects.filter(
            session_key__in={key for key, _user, _rooms in asked if key}, expire_date__gt=timezone.now()
        ).values_list("session_key", "session_data")
    )
    persons = {row[0]: row for row in User.objects.filter(pk__in=people).values_list("pk", *_PERSON)}
    roles: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    held = Role.objects.current().filter(user__in=people).order_by("user", "role", "scope_type", "scope_id")
    for user_id, *role in held.values_list("user_id", "role", "scope_type_id", "scope_id"):
        roles[user_id].append(tuple(role))
    secured = second_factor.people_with_one(people)
    krings = dict(Room.objects.filter(pk__in={pk for one in asked for pk in one[2]}).values_list("pk", "kring_id"))
    return [
        _digest(sessions[key], persons[user_id], roles[user_id], user_id in secured, [krings.get(pk) for pk in rooms])
        if key in sessions and user_id in persons
        else None
        for key, user_id, rooms in asked
    ]


def _digest(*parts: Any) -> bytes:
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).digest()
