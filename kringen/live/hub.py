"""One hub per process: it hears the bells, reads each room's new events once, and hands them to its seats.

It also keeps the clock: once a second it looks at the log without waiting for a bell, and lets every socket do what
is due (heartbeat, silence, pause). How a seat is served stands in `seats.py`, how other processes are heard in
`outside.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Coroutine
from typing import Any
from weakref import WeakKeyDictionary

from kringen.live import bell, log
from kringen.live.company import Company
from kringen.live.database import run
from kringen.live.lines import Lines
from kringen.live.log import Head
from kringen.live.outside import Outside
from kringen.live.protocol import Close
from kringen.live.rechecks import Rechecks
from kringen.live.seats import Listener, LocalRoom

logger = logging.getLogger(__name__)

TAIL = 1.0  # seconds between two looks at the log
READ_EVENTS = 500
CROWD = 0.003  # seconds: who is written to for longer than this is a crowd
BREATH = 3  # times as long as it was written to, a crowd is left alone
LONGEST_BREATH = 0.05  # seconds between two frames to a crowd
LAST_WORDS = 1.0  # seconds for the goodbyes to go out when the server stops
# A log-out tells us while its session still exists; look again when it is surely gone.
RECHECKS = (0.0, 0.3, 1.0)


class RoomHub:
    """Everything live of one process (strictly: of one event loop)."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.rooms: dict[int, LocalRoom] = {}
        self.sockets: set[Listener] = set()
        self.people: dict[int, set[Listener]] = {}
        self.closing = False
        self.served = 0  # sockets whose application still runs
        self._tasks: set[asyncio.Task[Any]] = set()
        self._ticker: asyncio.Task[None] | None = None
        self._outside = Outside(self)
        self.company = Company(self)
        self.rechecks = Rechecks()
        self.lines = Lines(self)

    # ---- who is here ----

    def enter(self, socket: Listener) -> None:
        """Add a socket."""
        self.sockets.add(socket)
        self.people.setdefault(socket.user_id, set()).add(socket)
        self._awake()

    def leave(self, socket: Listener) -> None:
        """Remove a socket."""
        self.sockets.discard(socket)
        mine = self.people.get(socket.user_id)
        if mine is not None:
            mine.discard(socket)
            if not mine:
                del self.people[socket.user_id]

    def follow(self, room_id: int, head: Head) -> LocalRoom:
        """Return the room as this process follows it, starting at `head` when nobody did yet."""
        room = self.rooms.get(room_id)
        if room is None:
            room = self.rooms[room_id] = LocalRoom(self, room_id, head)
            self._awake()
        elif head.epoch != room.epoch:
            room.restart(head)
        elif head.seq > room.seq:
            self._bell(room_id, head.seq)
        return room

    def drop(self, room: LocalRoom) -> None:
        """Stop following a room."""
        if self.rooms.get(room.id) is room:
            del self.rooms[room.id]

    async def wait_beyond(self, room_id: int, seq: int, seconds: float) -> None:
        """Return when the room's log reaches beyond `seq`, or after some seconds (for the long poll)."""
        head = (await run(log.heads, [room_id])).get(room_id)
        if head is None or head.seq > seq:
            return
        room = self.follow(room_id, head)
        event = asyncio.Event()
        room.waiting.add(event)
        try:
            if room.seq <= seq:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), seconds)
        finally:
            room.waiting.discard(event)
            room.close_if_empty()

    async def farewell(self) -> None:
        """Say goodbye to everybody, each with a moment of their own to come back, and wait until that is said."""
        self.closing = True
        for socket in tuple(self.sockets):
            socket.goodbye(Close.RESTART, retry_ms=random.randrange(15_000))  # noqa: S311 - spreads, hides nothing
        for room in self.rooms.values():
            for event in room.waiting:
                event.set()
        until = self.loop.time() + LAST_WORDS
        while self.served and self.loop.time() < until:  # noqa: ASYNC110 - once in the life of a server
            await asyncio.sleep(0.02)

    # ---- bells ----

    def hear(self, message: dict[str, Any]) -> None:
        """Take a bell, from this process or another; anything not understood is left alone."""
        match message:
            case {"type": "room.bell", "room": int(room_id), "seq": int(seq)}:
                self._bell(room_id, seq)
            case {"type": "person.recheck", "user": int(user_id)}:
                if user_id in self.people:
                    self.begin(self._recheck(user_id))
            case _:
                self.company.hear(message)

    def pass_on(self, group: str, message: dict[str, Any]) -> None:
        """Ring at the other processes; of several bells for one door only the last is rung."""
        self._outside.ring(group, message)
        self._awake()

    def _bell(self, room_id: int, seq: int) -> None:
        room = self.rooms.get(room_id)
        if room is None:
            return
        room.wanted = max(room.wanted, seq)
        if room.wanted > room.seq and room.pump is None:
            room.pump = self.spawn(self._pump(room))

    async def _pump(self, room: LocalRoom) -> None:
        try:
            while room.wanted > room.seq and self.rooms.get(room.id) is room:
                at = room.seq
                items = await run(log.after, room.id, at, READ_EVENTS)
                if room.seq != at:  # the room was restarted meanwhile
                    continue
                if not items:
                    room.wanted = at
                    return
                began = self.loop.time()
                room.deliver(items)
                spent = self.loop.time() - began
                if spent > CROWD:
                    # What is said meanwhile goes out in one frame. A crowd is so written to less often, and the threads
                    # that store get the larger part of the processor; without it half as many messages come through.
                    await asyncio.sleep(min(BREATH * spent, LONGEST_BREATH))
        except Exception:
            logger.exception("Room %s could not be read, the next look tries again", room.id)
            room.wanted = room.seq
        finally:
            room.pump = None

    async def _recheck(self, user_id: int) -> None:
        for moment in RECHECKS:
            await asyncio.sleep(moment)
            for socket in tuple(self.people.get(user_id, ())):
                await socket.recheck()

    # ---- the tail and the clock ----

    def _awake(self) -> None:
        if self._ticker is None:
            bell.attach(self)
            self._ticker = self.spawn(self._tick())

    async def _tick(self) -> None:
        """Once a second: look at the log without waiting for bells, and let every socket do what is due."""
        try:
            idle = 0
            while idle < 30:  # noqa: PLR2004 — half a minute with nobody here, then sleep until somebody comes
                idle = 0 if self.rooms or self.sockets else idle + 1
                await asyncio.sleep(TAIL)
                now = time.monotonic()
                for socket in tuple(self.sockets):
                    socket.tick(now)
                self.begin(self.rechecks.work_off())
                self._outside.reconcile()
                self.company.sweep(now)
                try:
                    await self._look()
                except Exception:  # noqa: BLE001 — the database is away: sockets stay, the next look tries again
                    logger.warning("The log could not be looked at")
        finally:
            self._ticker = None
            await self._outside.stop()
            bell.detach(self)

    async def _look(self) -> None:
        if not self.rooms:
            return
        heads = await run(log.heads, list(self.rooms))
        for room in tuple(self.rooms.values()):
            head = heads.get(room.id)
            if head is None:
                for seat in tuple(room.seats):
                    self.begin(seat.socket.recheck())
            elif head.epoch != room.epoch or head.seq < room.seq - READ_EVENTS:
                room.restart(head)
            else:
                self._bell(room.id, head.seq)
                for seat in tuple(room.seats):
                    seat.catch_up()

    def begin(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something beside that nobody waits for."""
        _task = self.spawn(work)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run something beside; kept until it is done, as the loop itself does not."""
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, RoomHub] = WeakKeyDictionary()


def current() -> RoomHub:
    """Return the hub of the running loop."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = RoomHub(loop)
    return hub
