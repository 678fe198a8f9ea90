"""Anything at all through the socket (S-17): every frame has its answer, nobody else notices.

3,000 frames in every run; `make faults` sends 100,000.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import string
import uuid
from typing import Any

import psutil
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from kringen.live import acts, frames  # noqa: F401 - the acts declare their frames
from tests.faults.rooms_site import Rooms
from tests.faults.tab import Tab

FULL = os.environ.get("FAULTS") == "full"
FRAMES = 100_000 if FULL else 3_000
EACH = 40  # on one socket, at most
# What may end such a socket: bad frames, too many of them, too large, no access. Never a fault (1011), and never
# without a word (1006), but for what Daphne itself drops before we see it: a text that is no UTF-8.
CODES = {1000, 1009, 4400, 4403, 4408, 4429}
LOST = 1006

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("live"), pytest.mark.timeout(3600 if FULL else 240)]


def odd_value(chance: random.Random, depth: int = 0) -> Any:  # noqa: PLR0911 - a table
    """Return any JSON value, mostly of the kinds that make programs stumble."""
    kind = chance.randrange(9 if depth < 4 else 6)
    match kind:
        case 0:
            return chance.choice([None, True, False, "", 0, -1, 1, 2**31, 2**63, 2**64, -(2**63), 1e308, 0.1])
        case 1:
            return "".join(
                chance.choice(string.printable + "é€😀\ud800\u0000\u202e") for _ in range(chance.randrange(40))
            )
        case 2:
            return chance.choice(
                ["<script>", "%s", "{{7*7}}", "' OR 1=1 --", "x" * chance.choice([1, 8000, 8001, 20_000])]
            )
        case 3:
            return str(uuid.UUID(int=chance.getrandbits(128)))
        case 4 | 5:
            return chance.randrange(-5, 300)
        case 6:
            return [odd_value(chance, depth + 1) for _ in range(chance.randrange(4))]
        case _:
            names = ["t", "room", "cid", "body", "message", "rooms", "seq", "1", "7", "epoch"]
            return {chance.choice(names): odd_value(chance, depth + 1) for _ in range(chance.randrange(4))}


def right_value(chance: random.Random, name: str, rooms: list[int]) -> Any:  # noqa: PLR0911 - a table
    """Return a value of the right type for a key, with an id that may be anybody's."""
    match name:
        case "room":
            return chance.choice([*rooms, 99_999])
        case "cid":
            return str(uuid.UUID(int=chance.getrandbits(128)))
        case "rooms":
            return {str(room): chance.randrange(50) for room in rooms}
        case "body" | "question" | "reason":
            return chance.choice(["hallo", "*a*", "", "x" * 9000, "\ud800"])
        case "emoji":
            return chance.choice(["👍", "x", ""])
        case "on" | "multiple" | "mayChange":
            return chance.random() < 0.5
        case "v":
            return 1
        case "options":
            return chance.choice([[], [1], ["a", "b"]])
        case _:
            return chance.randrange(1, 200)


def frame_of(chance: random.Random, rooms: list[int]) -> str | bytes:
    """Return a frame: mostly well-formed, sometimes with something odd in it, sometimes nothing like a frame."""
    kind = chance.choice([name for name in frames.FRAMES if name != "hello"])
    must, may = frames.FRAMES[kind]
    frame: dict[str, Any] = {"t": kind, **{name: right_value(chance, name, rooms) for name in must}}
    if may and chance.random() < 0.3:
        name = chance.choice(list(may))
        frame[name] = right_value(chance, name, rooms)
    luck = chance.random()
    if luck < 0.1:
        frame[chance.choice([*must, "t", "extra"])] = odd_value(chance)
    elif luck < 0.12:
        return json.dumps(odd_value(chance))
    elif luck < 0.13:
        return chance.randbytes(chance.randrange(1, 200))
    elif luck < 0.14:
        return "[" * chance.randrange(1, 30_000)
    elif luck < 0.145:
        return json.dumps({**frame, "body": "x" * 40_000})
    text = json.dumps(frame, ensure_ascii=True)
    return text[: chance.randrange(1, len(text))] if chance.random() < 0.02 else text


def is_no_text(frame: str | bytes) -> bool:
    """Say whether a frame, sent as text, is none."""
    try:
        _text = frame.decode() if isinstance(frame, bytes) else frame
    except UnicodeDecodeError:
        return True
    return False


async def pester(live: Rooms, who: str, chance: random.Random, codes: dict[int | None, int], count: list[int]) -> None:
    """Send frames over one socket after another until enough were sent."""
    rooms = [live.room, live.world["other"], *live.world["rooms"][:3]]
    while count[0] < FRAMES:
        dropped = False
        with contextlib.suppress(OSError, InvalidStatus):
            async with connect(
                live.site.url.replace("http", "ws") + "/ws/",
                origin=live.site.url,
                additional_headers={"Cookie": f"sessionid={live.world['sessions'][who]}"},
                ping_interval=None,
                max_size=None,
                open_timeout=60,
            ) as made:
                if chance.random() < 0.9:
                    await made.send(json.dumps({"t": "hello", "v": 1, "rooms": {str(room): None for room in rooms}}))
                with contextlib.suppress(ConnectionClosed):
                    for _ in range(EACH):
                        frame = frame_of(chance, rooms)
                        as_text = isinstance(frame, str) or chance.random() < 0.3
                        dropped = dropped or (as_text and is_no_text(frame))
                        await made.send(frame, text=as_text)
                        count[0] += 1
                        if chance.random() < 0.3:
                            with contextlib.suppress(TimeoutError):
                                await asyncio.wait_for(made.recv(), 0.05)
                    await made.send('{"t":"ping"}')
                    async with asyncio.timeout(60):
                        while '"pong"' not in str(await made.recv()):
                            pass
                    await made.close()
            # Who writes on after the server closed gets a reset, and with it the close frame is lost (RFC 9293, 3.6.1).
            reset = isinstance(made.connection_exc, ConnectionError)
            if made.close_code != LOST or not (dropped or reset):
                codes[made.close_code] = codes.get(made.close_code, 0) + 1


async def test_any_frames_at_all_leave_the_room_as_it_was(live: Rooms):
    assert live.site.process is not None
    server = psutil.Process(live.site.process.pid)
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")  # noqa: T201 - shown when the test fails
    log_before = live.site.log.stat().st_size
    quiet = Tab(live.site.url, live.world["sessions"]["facilitator"], live.world["rooms"][50], seq=None)
    stop, codes, count = asyncio.Event(), {}, [0]
    listening = asyncio.create_task(quiet.run(stop))
    people = [f"extra{number}" for number in range(2, 10)]
    before = server.memory_info().rss
    await asyncio.gather(*(pester(live, who, random.Random(seed + n), codes, count) for n, who in enumerate(people)))
    grown = (server.memory_info().rss - before) / 2**20
    await quiet.send("nog steeds hier")
    await quiet.settle(30)
    stop.set()
    await listening
    written = live.site.log.read_bytes()[log_before:].decode(errors="replace")
    assert count[0] >= FRAMES
    assert "Traceback" not in written
    assert set(codes) <= CODES, codes
    assert {4400, 4429} <= set(codes), "nothing was bad enough: the frames are too tame"
    assert (quiet.connections, quiet.byes, quiet.outbox) == (1, [], {})
    assert grown <= (20 if FULL else 60), "MiB"
