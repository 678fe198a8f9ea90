"""What a client may say: every kind of frame, checked to the last key. Pure functions, no sockets, no database."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

MAX_DEPTH = 6
MAX_ROOMS = 200  # in one hello
MAX_ID = 2**63 - 1


class BadFrameError(ValueError):
    """A frame that is not understood; `fatal` when it is not even JSON and no honest client can have sent it."""

    def __init__(self, why: str, frame: dict[str, Any] | None = None, *, fatal: bool = False) -> None:
        super().__init__(why)
        self.frame = frame or {}
        self.fatal = fatal


def is_id(value: Any) -> bool:
    """Say whether a value can be the id of something."""
    return type(value) is int and 0 < value <= MAX_ID


def is_seq(value: Any) -> bool:
    """Say whether a value can be a number in a log, or 0 before the first."""
    return type(value) is int and 0 <= value <= MAX_ID


def is_text(value: Any) -> bool:
    """Say whether a value is a text."""
    return isinstance(value, str)


def is_flag(value: Any) -> bool:
    """Say whether a value is true or false."""
    return isinstance(value, bool)


def is_client_id(value: Any) -> bool:
    """Say whether a value is a client's id of an act."""
    return client_id(value) is not None


def is_id_or_none(value: Any) -> bool:
    """Say whether a value is an id or null."""
    return value is None or is_id(value)


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def room_key(value: str) -> int | None:
    """Return the room that a key of a JSON object names, or None."""
    if value.isascii() and value.isdecimal() and len(value) <= len(str(MAX_ID)):
        number = int(value)
        return number if 0 < number <= MAX_ID else None
    return None


def _is_seq_map(value: Any) -> bool:
    return isinstance(value, dict) and all(room_key(key) and is_seq(seq) for key, seq in value.items())


def _is_place(value: Any) -> bool:
    if value is None:
        return True
    return (
        isinstance(value, dict)
        and set(value) == {"epoch", "seq"}
        and isinstance(value["epoch"], str)
        and is_seq(value["seq"])
    )


def _is_places(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) <= MAX_ROOMS
        and all(room_key(key) and _is_place(place) for key, place in value.items())
    )


Check = Callable[[Any], bool]
Shape = dict[str, Check]

# Of each frame a client may send: what it must hold, and what it may hold. Acts (kringen/live/acts) add themselves.
FRAMES: dict[str, tuple[Shape, Shape]] = {
    "hello": ({"v": lambda v: type(v) is int, "rooms": _is_places}, {"caps": _is_names}),
    "got": ({"rooms": _is_seq_map}, {}),
    "hb": ({}, {"heads": _is_seq_map, "rooms": _is_seq_map}),
    "ping": ({}, {}),
    "need": ({"room": is_id, "after": is_seq}, {}),
    "snapshot": ({"room": is_id}, {}),
    "read": ({"room": is_id, "seq": is_seq}, {"topic": is_id_or_none}),
    "typing": ({"room": is_id}, {"on": is_flag, "topic": is_id_or_none}),
    "presence": ({}, {"room": is_id, "state": is_text}),
}

ACTS: set[str] = set()


def declare_act(name: str, must: Shape, may: Shape) -> None:
    """Add a kind of frame that is answered with an ack or a nack.

    Raises:
        ValueError: there is one of that name already.
    """
    if name in FRAMES:
        raise ValueError(f"There is a frame {name!r} already.")
    FRAMES[name] = ({"room": is_id, "cid": is_client_id, **must}, may)
    ACTS.add(name)


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


def _shown(name: str) -> str:
    """Return the beginning of a client's own word, fit to be sent back."""
    return name[:40].encode(errors="replace").decode()


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
            raise BadFrameError(f"unknown key: {_shown(name)}", frame)
        if not check(value):
            raise BadFrameError(f"not understood: {name[:40]}", frame)
    missing = must.keys() - frame.keys()
    if missing:
        raise BadFrameError(f"missing: {min(missing)}", frame)
    return frame
