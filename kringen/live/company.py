"""Who else is here and who is writing: volatile, told in passing, forgotten at once. Nothing of it is ever stored.

Between processes go numbers only (a room, a person); names are looked up where they are shown. Whoever does not want
to be seen (`User.shows_presence`) is never told of.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError

from kringen.conversation import reading
from kringen.live import bell, protocol
from kringen.live.database import run
from kringen.live.events import describe_person
from people.models import User

if TYPE_CHECKING:
    from kringen.live.hub import RoomHub

logger = logging.getLogger(__name__)

STAYS = 75.0  # seconds after the last sign of life; tabs give one every 30
GATHER = 0.3  # seconds in which people who come and go are told of together
TYPING_EVERY = 2.0


class Company:
    """Who is in which room, as far as this process knows."""

    def __init__(self, hub: RoomHub) -> None:
        self._hub = hub
        self._here: dict[int, dict[int, float]] = {}  # room → person → until
        self._tabs: dict[tuple[int, int], set[Any]] = {}  # (room, person) → sockets of this process
        self._telling: set[int] = set()
        self._typed: dict[tuple[int, int], float] = {}

    # ---- from a socket of this process ----

    def enter(self, socket: Any, user: User, room_id: int) -> None:
        """Note that somebody looks at a room, unless they do not want to be seen; tell them who else does."""
        if not user.shows_presence:
            self.leave(socket, room_id)
        else:
            self._tabs.setdefault((room_id, user.pk), set()).add(socket)
            self._spread({"type": "room.here", "room": room_id, "user": user.pk, "on": True})
        self._tell_soon(room_id)

    def leave(self, socket: Any, room_id: int) -> None:
        """Note that a tab looks elsewhere; a person is gone with the last of their tabs."""
        tabs = self._tabs.get((room_id, socket.user_id))
        if tabs is None:
            return
        tabs.discard(socket)
        if not tabs:
            del self._tabs[room_id, socket.user_id]
            self._spread({"type": "room.here", "room": room_id, "user": socket.user_id, "on": False})

    def typing(self, user: User, room_id: int, topic_id: int | None) -> None:
        """Tell the others that somebody writes, at most once in two seconds."""
        now = time.monotonic()
        if not user.shows_presence or now - self._typed.get((room_id, user.pk), -TYPING_EVERY) < TYPING_EVERY:
            return
        self._typed[room_id, user.pk] = now
        self._spread({"type": "room.typing", "room": room_id, "user": user.pk, "topic": topic_id or 0})

    def _spread(self, message: dict[str, Any]) -> None:
        self._hub.hear(message)
        if bell.shared_layer() is not None:
            self._hub.pass_on(bell.room_group(message["room"]), message)

    # ---- from this process or another ----

    def hear(self, message: dict[str, Any]) -> None:
        """Take what is told; anything not understood is left alone."""
        match message:
            case {"type": "room.here", "room": int(room_id), "user": int(user_id), "on": bool(on)}:
                self._note(room_id, user_id, on=on)
            case {"type": "room.typing", "room": int(room_id), "user": int(user_id), "topic": int(topic_id)}:
                if room_id in self._hub.rooms:
                    self._hub.begin(self._show_typing(room_id, user_id, topic_id))
            case {"type": "person.places", "user": int(user_id), "room": int(room_id)}:
                if user_id in self._hub.people:
                    self._hub.begin(self._show_places(user_id, room_id))

    def _note(self, room_id: int, user_id: int, *, on: bool) -> None:
        if room_id not in self._hub.rooms:
            self._here.pop(room_id, None)
            return
        here = self._here.setdefault(room_id, {})
        was = user_id in here
        if on or (room_id, user_id) in self._tabs:
            here[user_id] = time.monotonic() + STAYS
        else:
            here.pop(user_id, None)
        if was != (user_id in here):
            self._tell_soon(room_id)

    def sweep(self, now: float) -> None:
        """Forget who gave no sign of life for a while, and rooms that nobody here follows."""
        for room_id, here in tuple(self._here.items()):
            gone = [user_id for user_id, until in here.items() if until < now]
            for user_id in gone:
                del here[user_id]
            if room_id not in self._hub.rooms:
                del self._here[room_id]
            elif gone:
                self._tell_soon(room_id)
        self._typed = {key: at for key, at in self._typed.items() if now - at < TYPING_EVERY}

    # ---- to the sockets ----

    def _tell_soon(self, room_id: int) -> None:
        if room_id not in self._telling:
            self._telling.add(room_id)
            self._hub.begin(self._show_presence(room_id))

    async def _show_presence(self, room_id: int) -> None:
        await asyncio.sleep(GATHER)
        self._telling.discard(room_id)
        people = await self._people(list(self._here.get(room_id, ())))
        self._write(room_id, protocol.frame("presence", room=room_id, people=people))

    async def _show_typing(self, room_id: int, user_id: int, topic_id: int) -> None:
        for actor in await self._people([user_id]):
            text = protocol.frame("typing", room=room_id, topic=topic_id or None, actor=actor)
            self._write(room_id, text, but=user_id)

    async def _show_places(self, user_id: int, room_id: int) -> None:
        try:
            found = await run(reading.places, user_id, room_id)
        except DatabaseError:
            return  # the next reading tells again
        text = protocol.frame("read", room=room_id, **found)
        for tab in tuple(self._hub.people.get(user_id, ())):
            if not tab.blocked:
                tab.write(text)

    async def _people(self, ids: list[int]) -> list[dict[str, Any]]:
        if not ids:
            return []
        try:
            return await run(_people, ids)
        except DatabaseError:
            return []

    def _write(self, room_id: int, text: str, *, but: int | None = None) -> None:
        room = self._hub.rooms.get(room_id)
        for seat in tuple(room.seats) if room is not None else ():
            if seat.socket.user_id != but and not seat.socket.blocked:
                seat.socket.write(text)


def _people(ids: list[int]) -> list[dict[str, Any]]:
    found = User.objects.filter(pk__in=ids, is_active=True, shows_presence=True).select_related("municipality")
    return [person for person in map(describe_person, found.order_by("name", "pk")) if person is not None]
