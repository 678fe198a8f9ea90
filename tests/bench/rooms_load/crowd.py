"""A thousand tabs in one room, and how fast what is said reaches all of them. Runs as a process of its own.

Deliveries are counted by a mark in the bytes, not by reading frames. Two reports: after connecting, and at the end.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import uvloop

from tests.bench.rooms_load.wire import Wire, masked

CONNECT_AT_ONCE = 25
TRIES = 5  # a server that cannot keep up sends people away; they come back, as a tab does
ACK_EVERY = 50  # events; and once a second


@dataclass
class Dialect:
    """How one kind of server is spoken to, and by which mark in its bytes a delivery is counted."""

    mark: bytes
    path: str
    room: int = 0
    epoch: str = ""

    def said(self, number: int, body: str) -> bytes:
        """Return the frame that says something in the room."""
        raise NotImplementedError

    def greeting(self) -> bytes | None:
        """Return what a tab says first, where it must."""
        return None

    def got(self, seq: int) -> bytes | None:
        """Return how a tab tells what it has, where it must."""
        return None


class Ours(Dialect):
    """The room protocol."""

    def said(self, number: int, body: str) -> bytes:
        """Return a `send`, with a client id of its own."""
        return masked(json.dumps({"t": "send", "room": self.room, "cid": str(uuid.uuid4()), "body": body}))

    def greeting(self) -> bytes:
        """Return a hello that asks for everything since the room began."""
        return masked(json.dumps({"t": "hello", "v": 1, "rooms": {str(self.room): {"epoch": self.epoch, "seq": 0}}}))

    def got(self, seq: int) -> bytes:
        """Return the cumulative receipt."""
        return masked(f'{{"t":"got","rooms":{{"{self.room}":{seq}}}}}')


class Tutorial(Dialect):
    """The consumer of the Channels tutorial."""

    def said(self, number: int, body: str) -> bytes:
        """Return a message as the tutorial's page sends it."""
        return masked(json.dumps({"message": body}))


class Bare(Dialect):
    """A server that sends back to everybody what it gets: as many bytes as one event of ours."""

    padding = 0

    def said(self, number: int, body: str) -> bytes:
        """Return text that is as long as one event."""
        return masked(json.dumps({"body": body, "as_large_as_ours": "x" * self.padding}))


EVENT_BYTES = 430
DIALECTS: dict[str, tuple[type[Dialect], bytes, str]] = {
    "ours": (Ours, b'{"seq":', "/ws/"),
    "tutorial": (Tutorial, b'"message": "', "/ws/chat/bench/"),
    "bare": (Bare, b'{"body":', "/"),
}


@dataclass
class Crowd:
    """The tabs, what each has, and when everybody had it."""

    dialect: Dialect
    wires: list[Wire] = field(default_factory=list)
    has: list[int] = field(default_factory=list)
    told: list[int] = field(default_factory=list)
    reached: list[int] = field(default_factory=list)
    bytes: int = 0
    greeted: int = 0
    delivered: int = 0
    last: float = 0.0
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def listener(self, at: int) -> Any:
        """Return what takes the bytes of tab `at`."""
        mark, overlap, rest = self.dialect.mark, len(self.dialect.mark) - 1, b""
        acks = self.dialect.got(0) is not None

        def take(data: bytes) -> None:
            nonlocal rest
            self.bytes += len(data)
            data = rest + data
            number = data.count(mark)
            rest = data[-overlap:]
            if not number:
                return
            before = self.has[at]
            now = self.has[at] = before + number
            self.delivered += number
            reached = self.reached
            for k in range(before, now):
                reached[k] += 1
            if reached[before] == len(self.wires):
                self.last = time.perf_counter()
                self.moved.set()
            if acks and now - self.told[at] >= ACK_EVERY:
                self.tell(at)

        return take

    def tell(self, at: int) -> None:
        """Tell the server what tab `at` has, where it wants to know."""
        frame = self.dialect.got(self.has[at])
        if frame is not None and self.has[at] > self.told[at]:
            self.told[at] = self.has[at]
            self.wires[at].write(frame)

    async def tell_all(self) -> None:
        """Once a second: tell for every tab."""
        while True:
            await asyncio.sleep(1)
            for at in range(len(self.wires)):
                self.tell(at)

    @property
    def complete(self) -> int:
        """How many messages everybody has."""
        number = 0
        while number < len(self.reached) and self.reached[number] >= len(self.wires):
            number += 1
        return number


def _report(**figures: Any) -> None:
    print(json.dumps(figures), flush=True)
    sys.stdin.readline()


async def _connect(crowd: Crowd, port: int, origins: list[dict[str, str]]) -> float:
    loop = asyncio.get_running_loop()
    gate = asyncio.Semaphore(CONNECT_AT_ONCE)
    hello = crowd.dialect.greeting()

    async def knock(headers: dict[str, str]) -> tuple[Wire, bytes]:
        _transport, wire = await loop.create_connection(
            lambda: Wire(port, crowd.dialect.path, headers), "127.0.0.1", port
        )
        await wire.open
        answer: asyncio.Future[bytes] = loop.create_future()
        heard = b""

        def wait(data: bytes) -> None:
            nonlocal heard
            heard += data
            if not answer.done() and (b'"welcome"' in heard or b'"bye"' in heard):
                answer.set_result(heard)

        if hello is None:
            return wire, b""
        wire.take = wait
        wire.write(hello)
        return wire, await answer

    async def one(headers: dict[str, str]) -> Wire:
        answer = b""
        for _ in range(TRIES):
            async with gate:
                wire, answer = await knock(headers)
            if b'"bye"' not in answer and b'"gone"' not in answer:
                return wire
            await asyncio.sleep(1)
        raise RuntimeError(f"not let in: {answer[:300]!r}")

    began = time.perf_counter()
    crowd.wires = list(await asyncio.gather(*(one(headers) for headers in origins)))
    return time.perf_counter() - began


async def main() -> None:
    """Do the task that comes in on the first line."""
    task = json.loads(sys.stdin.readline())
    kind, mark, path = DIALECTS[task["dialect"]]
    dialect = kind(mark=mark, path=path, room=task.get("room", 0), epoch=task.get("epoch", ""))
    messages, window = task["messages"], task["window"]
    body = "Bij ons duurt het aan de balie gemiddeld 9 minuten, in {} was dat nog 12. Wat deden jullie eraan?"
    if isinstance(dialect, Bare):
        dialect.padding = EVENT_BYTES - len(json.dumps({"body": body, "as_large_as_ours": ""}))
    crowd = Crowd(dialect)
    took = await _connect(crowd, task["port"], task["headers"])
    number = len(crowd.wires)
    crowd.has, crowd.told, crowd.reached = [0] * number, [0] * number, [0] * (messages + 1)
    for at, wire in enumerate(crowd.wires):
        wire.take = crowd.listener(at)
    await asyncio.sleep(1)
    _report(connected=number, seconds=took)

    telling = asyncio.create_task(crowd.tell_all())
    cpu, began = time.process_time(), time.perf_counter()
    sent = done = 0
    while done < messages and time.perf_counter() - began < task["seconds"]:
        while sent < messages and sent - done < window:
            crowd.wires[(sent * 7) % number].write(dialect.said(sent, body.format(1000 + sent)))
            sent += 1
        crowd.moved.clear()
        try:
            await asyncio.wait_for(crowd.moved.wait(), 1)
        except TimeoutError:
            continue
        done = crowd.complete
    elapsed = (crowd.last if done == messages else time.perf_counter()) - began
    telling.cancel()
    _report(
        delivered=crowd.delivered,
        expected=messages * number,
        complete=done,
        seconds=elapsed,
        bytes=crowd.bytes,
        client=(time.process_time() - cpu) / elapsed,
        closed=sum(wire.lost for wire in crowd.wires),
    )
    for wire in crowd.wires:
        if wire.transport is not None:
            wire.transport.abort()


if __name__ == "__main__":
    uvloop.run(main())
