"""The wire: which frames exist, what they may hold, and how much of them. Pure functions, no sockets, no database."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from kringen.live.log import Item, encode

VERSION = 1
MAX_FRAME = 32 * 1024  # bytes, inbound
MAX_DEPTH = 6
MAX_ROOMS = 200  # in one hello
MAX_ID = 2**63 - 1

BATCH_EVENTS = 100
BATCH_BYTES = 24 * 1024
REPLAY_EVENTS = 500  # more than this is a snapshot
WINDOW_EVENTS = 200
WINDOW_BYTES = 256 * 1024

HEARTBEAT = 15.0  # seconds
SILENCE = 45.0
PAUSE = 20.0

ACTS = frozenset({"send", "edit", "delete", "react"})


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


class BadFrameError(ValueError):
    """A frame that is not understood; `fatal` when it is not even JSON and no honest client can have sent it."""

    def __init__(self, why: str, frame: dict[str, Any] | None = None, *, fatal: bool = False) -> None:
        super().__init__(why)
        self.frame = frame or {}
        self.fatal = fatal


def _is_id(value: Any) -> bool:
    return type(value) is int and 0 < value <= MAX_ID


def _is_seq(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_ID


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_client_id(value: Any) -> bool:
    return client_id(value) is not None


def _is_id_or_none(value: Any) -> bool:
    return value is None or _is_id(value)


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def room_key(value: str) -> int | None:
    """Return the room that a key of a JSON object names, or None."""
    if value.isascii() and value.isdecimal() and len(value) <= len(str(MAX_ID)):
        number = int(value)
        return number if 0 < number <= MAX_ID else None
    return None


def _is_seq_map(value: Any) -> bool:
    return isinstance(value, dict) and all(room_key(key) and _is_seq(seq) for key, seq in value.items())


def _is_place(value: Any) -> bool:
    if value is None:
        return True
    return (
        isinstance(value, dict)
        and set(value) == {"epoch", "seq"}
        and isinstance(value["epoch"], str)
        and _is_seq(value["seq"])
    )


def _is_places(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) <= MAX_ROOMS
        and all(room_key(key) and _is_place(place) for key, place in value.items())
    )


Check = Callable[[Any], bool]
_ON_MESSAGE: dict[str, Check] = {"room": _is_id, "cid": _is_client_id, "message": _is_id}

# Of each frame a client may send: what it must hold, and what it may hold.
FRAMES: dict[str, tuple[dict[str, Check], dict[str, Check]]] = {
    "hello": ({"v": lambda v: type(v) is int, "rooms": _is_places}, {"caps": _is_names}),
    "got": ({"rooms": _is_seq_map}, {}),
    "hb": ({}, {"heads": _is_seq_map, "rooms": _is_seq_map}),
    "ping": ({}, {}),
    "need": ({"room": _is_id, "after": _is_seq}, {}),
    "snapshot": ({"room": _is_id}, {}),
    "read": ({"room": _is_id, "seq": _is_seq}, {}),
    "typing": ({"room": _is_id}, {"on": _is_flag, "topic": _is_id}),
    "presence": ({}, {"room": _is_id, "state": _is_text}),
    "send": (
        {"room": _is_id, "cid": _is_client_id, "body": _is_text},
        {"topic": _is_id_or_none, "replyTo": _is_id_or_none},
    ),
    "edit": ({**_ON_MESSAGE, "body": _is_text}, {}),
    "delete": (_ON_MESSAGE, {}),
    "react": ({**_ON_MESSAGE, "emoji": _is_text, "on": _is_flag}, {}),
}


def client_id(value: Any) -> UUID | None:
    """Return the id a client gave to an act, or None when it is no UUID in its usual spelling."""
    if not isinstance(value, str):
        return None
    try:
        parsed = UUID(value)
    except ValueError:
        return None
    return parsed if str(parsed) == value.lower() else None


def _depth(value: Any, left: int = MAX_DEPTH) -> bool:
    """Say whether a value is nested no deeper than allowed."""
    if isinstance(value, (dict, list)):
        inner = value.values() if isinstance(value, dict) else value
        return left > 0 and all(_depth(child, left - 1) for child in inner)
    return True


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def parse(text: str) -> dict[str, Any]:
    """Return an inbound frame, checked to the last key.

    Raises:
        BadFrameError: it is not JSON (fatal), not an object, too deep, of no known kind, lacks a key, has one that
            is not known, or holds something of the wrong type.
    """
    try:
        frame = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadFrameError("not JSON", fatal=True) from error
    if not isinstance(frame, dict):
        raise BadFrameError("not an object", fatal=True)
    if not _depth(frame):
        raise BadFrameError("too deep")
    kind = frame.get("t")
    if not isinstance(kind, str) or kind not in FRAMES:
        raise BadFrameError("unknown kind of frame")
    must, may = FRAMES[kind]
    for name, value in frame.items():
        if name == "t":
            continue
        check = must.get(name) or may.get(name)
        if check is None:
            raise BadFrameError(f"unknown key: {name[:40]}", frame)
        if not check(value):
            raise BadFrameError(f"not understood: {name[:40]}", frame)
    missing = must.keys() - frame.keys()
    if missing:
        raise BadFrameError(f"missing: {min(missing)}", frame)
    return frame


def frame(kind: str, **fields: Any) -> str:
    """Return an outbound frame."""
    return encode({"t": kind, **fields})


class Batch(NamedTuple):
    """A frame with consecutive events, written once and sent to many."""

    first: int
    last: int
    text: str
    size: int  # bytes of its events


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
    return Batch(items[0].seq, items[-1].seq, text, sum(item.size for item in items))


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
