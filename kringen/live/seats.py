"""Who sits in a room of this process, and up to where each was served.

A seat knows up to where it was served (`cursor`). Seats that are up to date all get the same frame, encoded once,
written straight to the socket. A seat that is behind (it just came, was paused, or asked for a gap) is served from
the recent past or the log until it has caught up; both ways meet in the cursor, so nothing is skipped and nothing
comes twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

from kringen.live import log, protocol
from kringen.live.database import run
from kringen.live.events import Item
from kringen.live.log import Head
from kringen.live.protocol import Batch, Window

if TYPE_CHECKING:
    from kringen.live.hub import RoomHub

logger = logging.getLogger(__name__)

RECENT_EVENTS = 200
RECENT_BYTES = 256 * 1024


class Listener(Protocol):
    """What the hub needs of a socket."""

    user_id: int
    window: Window

    @property
    def blocked(self) -> bool:
        """Say whether no events may be written now."""

    def write(self, text: str) -> None:
        """Write a frame, at once and without waiting."""

    def write_frame(self, text: str, frame: bytes) -> None:
        """Write a frame that was built already, for many sockets at once."""

    def tick(self, now: float) -> None:
        """Do what is due: heartbeat, silence, pause."""

    def resync(self, room_id: int) -> None:
        """Start a room anew with a snapshot."""

    def goodbye(self, code: int, **fields: Any) -> None:
        """Say why, then close."""

    async def recheck(self) -> bool:
        """Look again whether the person may be here, and close if not; return whether it could look."""


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
            socket.write_frame(batch.text, batch.frame)
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
                    self.socket.write_frame(batch.text, batch.frame)
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
