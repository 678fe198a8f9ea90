"""One hub per process: it hears the bells, reads each room's new events once, and hands them to its sockets.

A socket has a `Seat` in every room it follows. A seat knows up to where it was served (`cursor`). Seats that are up
to date all get the same frame, encoded once, written straight to the socket. A seat that is behind (it just came,
was paused, or asked for a gap) is served from the recent past or the log until it has caught up; both ways meet in
the cursor, so nothing is skipped and nothing comes twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Coroutine
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from kringen.live import bell, log, protocol
from kringen.live.database import run
from kringen.live.log import Head, Item
from kringen.live.protocol import Batch, Window

logger = logging.getLogger(__name__)

TAIL = 1.0  # seconds between two looks at the log
RECENT_EVENTS = 200
RECENT_BYTES = 256 * 1024
READ_EVENTS = 500
# A log-out tells us while its session still exists; look again when it is surely gone.
RECHECKS = (0.0, 0.3, 1.0)


class Listener(Protocol):
    """What the hub needs of a socket."""

    user_id: int
    window: Window

    @property
    def blocked(self) -> bool:
        """Say whether no events may be written now."""

    def write(self, text: str) -> None:
        """Write a frame, at once and without waiting."""

    def tick(self, now: float) -> None:
        """Do what is due: heartbeat, silence, pause."""

    def resync(self, room_id: int) -> None:
        """Start a room anew with a snapshot."""

    async def recheck(self) -> None:
        """Look again whether the person may be here, and close if not."""


class Seat:
    """The place of one socket in one room."""

    __slots__ = ("catching", "cursor", "ready", "room", "socket")

    def __init__(self, room: LocalRoom, socket: Listener) -> None:
        self.room = room
        self.socket = socket
        self.cursor = 0
        self.ready = False
        self.catching: asyncio.Task[None] | None = None

    def offer(self, batch: Batch) -> None:
        """Take a batch if it is the next one and the socket may be written to; else catch up later."""
        if not self.ready or batch.last <= self.cursor:
            return
        socket = self.socket
        if batch.first == self.cursor + 1 and not socket.blocked:
            self.cursor = batch.last
            socket.window.sent(self.room.id, batch)
            socket.write(batch.text)
        else:
            self.catch_up()

    def start(self, cursor: int) -> None:
        """Serve this seat everything above `cursor`, from now on."""
        self.cursor = cursor
        self.ready = True
        self.catch_up()

    def catch_up(self) -> None:
        """Begin to serve what was missed, unless that is going on already or the socket is blocked."""
        if self.catching is None and self.ready and self.cursor < self.room.seq and not self.socket.blocked:
            self.catching = self.room.hub.spawn(self._catch_up())

    async def _catch_up(self) -> None:
        try:
            while self.cursor < self.room.seq and self._open():
                at = self.cursor
                items = self.room.recent_after(at)
                if items is None:
                    items = await run(log.after, self.room.id, at, protocol.WINDOW_EVENTS)
                    if self._moved(at):
                        continue
                    items = [item for item in items if item.seq <= self.room.seq]
                if not items or items[0].seq != at + 1:
                    logger.error("The log of room %s has a hole after %s", self.room.id, at)
                    return
                for batch in protocol.batches(self.room.id, items):
                    if not self._open():
                        break
                    self.cursor = batch.last
                    self.socket.window.sent(self.room.id, batch)
                    self.socket.write(batch.text)
        except Exception:
            logger.exception("Room %s: catching up failed, the next look tries again", self.room.id)
        finally:
            self.catching = None

    def _open(self) -> bool:
        """Say whether this seat may be served now."""
        return self.ready and not self.socket.blocked

    def _moved(self, at: int) -> bool:
        """Say whether the seat was set elsewhere, or left, while the log was read."""
        return self.cursor != at or not self.ready

    def leave(self) -> None:
        """Give up the seat."""
        self.ready = False
        self.room.remove(self)


class LocalRoom:
    """A room as this process knows it: how far its log was handed out, and who sits here."""

    __slots__ = ("_recent", "_recent_size", "epoch", "hub", "id", "pump", "seats", "seq", "waiting", "wanted")

    def __init__(self, hub: RoomHub, room_id: int, head: Head) -> None:
        self.hub = hub
        self.id = room_id
        self.epoch = head.epoch
        self.seq = head.seq
        self.wanted = head.seq
        self.seats: set[Seat] = set()
        self.waiting: set[asyncio.Event] = set()
        self.pump: asyncio.Task[None] | None = None
        self._recent: deque[Item] = deque()
        self._recent_size = 0

    def seat(self, socket: Listener) -> Seat:
        """Give a socket a seat; it is served from `Seat.start` on."""
        seat = Seat(self, socket)
        self.seats.add(seat)
        return seat

    def remove(self, seat: Seat) -> None:
        """Take a seat away, and the room when nobody is left in it."""
        self.seats.discard(seat)
        self.close_if_empty()

    def close_if_empty(self) -> None:
        """Stop following the room when nobody here does."""
        if not self.seats and not self.waiting:
            self.hub.drop(self)

    def deliver(self, items: list[Item]) -> None:
        """Hand out new events, in order; this never waits."""
        for item in items:
            if item.blanks:  # what was deleted may not come out of the recent past
                self._recent.clear()
                self._recent_size = 0
            self._recent.append(item)
            self._recent_size += item.size
        while len(self._recent) > RECENT_EVENTS or self._recent_size > RECENT_BYTES:
            self._recent_size -= self._recent.popleft().size
        for batch in protocol.batches(self.id, items):
            self.seq = batch.last
            for seat in tuple(self.seats):
                seat.offer(batch)
        for event in self.waiting:
            event.set()

    def recent_after(self, seq: int) -> list[Item] | None:
        """Return the events above `seq` from memory, or None when they do not reach back that far."""
        if not self._recent or self._recent[0].seq > seq + 1:
            return None
        return [item for item in self._recent if item.seq > seq]

    def restart(self, head: Head) -> None:
        """Begin another life of the room (it was restored): everybody gets a snapshot."""
        self.epoch, self.seq, self.wanted = head.epoch, head.seq, head.seq
        self._recent.clear()
        self._recent_size = 0
        for seat in tuple(self.seats):
            seat.ready = False
            seat.socket.resync(self.id)


class RoomHub:
    """Everything live of one process (strictly: of one event loop)."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.rooms: dict[int, LocalRoom] = {}
        self.sockets: set[Listener] = set()
        self.people: dict[int, set[Listener]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._ticker: asyncio.Task[None] | None = None
        self._outside = Outside(self)

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

    # ---- bells ----

    def hear(self, message: dict[str, Any]) -> None:
        """Take a bell, from this process or another; anything not understood is left alone."""
        match message:
            case {"type": "room.bell", "room": int(room_id), "seq": int(seq)}:
                self._bell(room_id, seq)
            case {"type": "person.recheck", "user": int(user_id)}:
                if user_id in self.people:
                    self.begin(self._recheck(user_id))

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
                room.deliver(items)
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
                self._outside.reconcile()
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


class Outside:
    """The hub's ear and mouth towards other processes: one subscription per room and per person here."""

    def __init__(self, hub: RoomHub) -> None:
        self._hub = hub
        self._channel: str | None = None
        self._subscribed: set[str] = set()
        self._listening: asyncio.Task[None] | None = None
        self._arranging: asyncio.Task[None] | None = None
        self._ringing: asyncio.Task[None] | None = None
        self._bells: dict[str, dict[str, Any]] = {}

    def ring(self, group: str, message: dict[str, Any]) -> None:
        """Ring at the others, soon."""
        self._bells[group] = message
        if self._ringing is None:
            self._ringing = self._hub.spawn(self._ring())

    async def _ring(self) -> None:
        layer = bell.shared_layer()
        try:
            while self._bells:
                group = next(iter(self._bells))
                message = self._bells.pop(group)
                if layer is None:
                    continue
                try:
                    await asyncio.wait_for(layer.group_send(group, message), bell.PATIENCE)
                except Exception:  # noqa: BLE001 — the others look at the log every second
                    logger.info("The bell for %s was not passed on", group)
        finally:
            self._ringing = None

    def reconcile(self) -> None:
        """See to it that the bells of exactly those rooms and people are heard that are here."""
        if self._arranging is None and bell.shared_layer() is not None and self._wanted() != self._subscribed:
            self._arranging = self._hub.spawn(self._arrange())

    def _wanted(self) -> set[str]:
        return {bell.room_group(pk) for pk in self._hub.rooms} | {bell.person_group(pk) for pk in self._hub.people}

    async def _arrange(self) -> None:
        layer = bell.shared_layer()
        if layer is None:
            return
        try:
            if self._channel is None:
                channel: str = await asyncio.wait_for(layer.new_channel(), 2)
                self._channel = channel
                self._listening = self._hub.spawn(self._listen(layer, channel))
            wanted = self._wanted()
            for group in wanted - self._subscribed:
                await asyncio.wait_for(layer.group_add(group, self._channel), 2)
                self._subscribed.add(group)
            for group in self._subscribed - wanted:
                await asyncio.wait_for(layer.group_discard(group, self._channel), 2)
                self._subscribed.discard(group)
        except Exception:  # noqa: BLE001 — no bells then; the next second tries again
            logger.warning("The bells of other processes cannot be heard now")
        finally:
            self._arranging = None

    async def _listen(self, layer: Any, channel: str) -> None:
        while True:
            try:
                self._hub.hear(await layer.receive(channel))
            except asyncio.CancelledError:
                raise
            except Exception:  # noqa: BLE001 — a broken connection heals itself or the tail stands in
                await asyncio.sleep(TAIL)

    async def stop(self) -> None:
        """End the subscription."""
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await self._listening
        self._listening, self._channel = None, None
        self._subscribed.clear()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, RoomHub] = WeakKeyDictionary()


def current() -> RoomHub:
    """Return the hub of the running loop."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = RoomHub(loop)
    return hub
