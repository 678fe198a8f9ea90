"""The wire: what goes out and how much of it, how fast a client may talk, how a socket ends. Pure, no sockets."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from kringen.live import straight
from kringen.live.events import Item, encode
from kringen.live.frames import MAX_ID

VERSION = 1
MAX_FRAME = 32 * 1024  # bytes, inbound

BATCH_EVENTS = 100
BATCH_BYTES = 24 * 1024
REPLAY_EVENTS = 500  # more than this is a snapshot
WINDOW_EVENTS = 200
WINDOW_BYTES = 256 * 1024

HEARTBEAT = 15.0  # seconds
SILENCE = 45.0
PAUSE = 20.0


class Close:
    """Close codes of section 1.7; the text of a reason never arrives, so a `bye` goes first."""

    LEFT = 1000
    RESTART = 1012
    TOO_LARGE = 1009
    FULL = 1013
    BAD_FRAME = 4400
    SESSION_OVER = 4401
    NO_ACCESS = 4403
    SLOW = 4408
    TOO_MANY = 4409
    TOO_OLD = 4426
    RATE = 4429


def frame(kind: str, **fields: Any) -> str:
    """Return an outbound frame."""
    return encode({"t": kind, **fields})


class Batch(NamedTuple):
    """A frame with consecutive events, written once and sent to many."""

    first: int
    last: int
    text: str
    size: int  # bytes of its events
    frame: bytes  # the text as it goes over the wire


def batches(room_id: int, items: Iterable[Item]) -> Iterator[Batch]:
    """Divide events over `ev` frames: at most 100 and about 24 KiB in each, at least one."""
    held: list[Item] = []
    size = 0
    for item in items:
        if held and (len(held) == BATCH_EVENTS or size + item.size > BATCH_BYTES):
            yield _batch(room_id, held)
            held, size = [], 0
        held.append(item)
        size += item.size
    if held:
        yield _batch(room_id, held)


def _batch(room_id: int, items: list[Item]) -> Batch:
    text = f'{{"t":"ev","room":{room_id},"from":{items[0].seq},"ev":[{",".join(item.text for item in items)}]}}'
    return Batch(items[0].seq, items[-1].seq, text, sum(item.size for item in items), straight.wire(text))


class Window:
    """What was sent to one socket and not yet acknowledged, over all its rooms."""

    __slots__ = ("_open", "events", "size")

    def __init__(self) -> None:
        self._open: dict[int, deque[tuple[int, int, int]]] = {}
        self.events = 0
        self.size = 0

    @property
    def full(self) -> bool:
        """Say whether nothing more may be sent before the client acknowledges."""
        return self.events > WINDOW_EVENTS or self.size > WINDOW_BYTES

    def sent(self, room_id: int, batch: Batch) -> None:
        """Count a batch."""
        number = batch.last - batch.first + 1
        self._open.setdefault(room_id, deque()).append((batch.last, number, batch.size))
        self.events += number
        self.size += batch.size

    def got(self, room_id: int, seq: int) -> None:
        """Take off what the client has up to and including `seq`."""
        waiting = self._open.get(room_id)
        while waiting and waiting[0][0] <= seq:
            _last, number, size = waiting.popleft()
            self.events -= number
            self.size -= size

    def forget(self, room_id: int) -> None:
        """Take off everything of a room: it starts anew there."""
        self.got(room_id, MAX_ID)


class Bucket:
    """So many frames a second, and so many at once. Being over it three times over ends the socket.

    A client that sent a burst before it could hear the first refusal is not hostile: one second, or one burst, over
    the limit is one violation.
    """

    __slots__ = ("_last", "_level", "_refused", "_struck", "burst", "rate", "strikes")

    def __init__(self, rate: float, burst: int, now: float | None = None) -> None:
        self.rate = rate
        self.burst = burst
        self._level = float(burst)
        self._last = time.monotonic() if now is None else now
        self._struck = self._last
        self._refused = 0
        self.strikes = 0

    def take(self, now: float | None = None) -> bool:
        """Take one; False when there is none, which may count as a violation (`strikes`)."""
        now = time.monotonic() if now is None else now
        self._level = min(self.burst, self._level + (now - self._last) * self.rate)
        self._last = now
        if self._level >= 1:
            self._level -= 1
            if self.strikes and now - self._struck > 2 * self.burst / self.rate:
                self.strikes = 0
            return True
        self._refused += 1
        if self._refused >= self.burst or now - self._struck >= 1:
            self.strikes += 1
            self._refused = 0
            self._struck = now
        return False

    @property
    def wait_ms(self) -> int:
        """Milliseconds until there is one again."""
        return max(1, int((1 - self._level) / self.rate * 1000) + 1)
