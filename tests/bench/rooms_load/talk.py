"""People who write and read in rooms, and how long it takes until it is stored and until the last one has it.

Runs as a process of its own; the same work for every kind of server, which a module `speak_…` speaks to. Reports once
when everybody is in, and once per phase: `paced` writes at a fixed rate, whatever the server does; `pressed` keeps a
number of messages on their way.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import re
import sys
import time
from typing import Any, Protocol

import uvloop

from tests.bench.rooms_load.figures import milliseconds

AT_ONCE = 25  # handshakes
PATIENCE = 10  # seconds for what is still on its way after a phase
NUMBER = re.compile(rb"Bericht (\d+):")
BODY = "Bericht {}: bij ons duurt het aan de balie gemiddeld 9 minuten. Wat deden jullie eraan?"


class Person(Protocol):
    """Somebody in one room, at one server."""

    async def open(self) -> None:
        """Come in; returns when what is said from now on will be heard."""

    def say(self, number: int, text: str) -> None:
        """Write a message in the room; the server's receipt is told to `Talk.receipt`."""

    def close(self) -> None:
        """Leave."""


class Talk:
    """What was said, what was stored, and who heard it."""

    def __init__(self) -> None:
        self.people: list[Person] = []
        self.circles: list[int] = []
        self.sizes: dict[int, int] = {}
        self.sent: dict[int, float] = {}
        self.stored: dict[int, float] = {}
        self.heard: dict[int, int] = {}
        self.last: dict[int, float] = {}
        self.done = 0
        self.twice = 0
        self.refused = 0
        self.gaps = 0
        self.moved = asyncio.Event()
        self._seen: set[tuple[int, int]] = set()

    def receipt(self, number: int) -> None:
        """Note that the server said it has stored a message."""
        self.stored.setdefault(number, time.perf_counter())

    def hear(self, at: int, number: int) -> None:
        """Note that person `at` has a message."""
        if (at, number) in self._seen:
            self.twice += 1
            return
        self._seen.add((at, number))
        if number not in self.sent:
            return
        self.heard[number] = self.heard.get(number, 0) + 1
        if self.heard[number] == self.sizes[self.circles[number % len(self.people)]]:
            self.last[number] = time.perf_counter()
            self.done += 1
            self.moved.set()

    def say(self, number: int, at: float) -> None:
        """Let the person whose turn it is write message `number`, which was due at `at`."""
        self.sent[number] = at
        self.people[number % len(self.people)].say(number, BODY.format(number))

    async def settle(self, upto: int) -> None:
        """Wait until everybody has everything, or until patience is over."""
        until = time.perf_counter() + PATIENCE
        while (self.done < upto or len(self.stored) < upto) and time.perf_counter() < until:
            self.moved.clear()
            try:
                await asyncio.wait_for(self.moved.wait(), 0.2)
            except TimeoutError:
                continue

    async def paced(self, first: int, rate: float, seconds: float) -> int:
        """Write `rate` messages a second; return the number after the last."""
        began = time.perf_counter()
        number = first
        while number - first < rate * seconds:
            due = began + (number - first) / rate
            await asyncio.sleep(max(0, due - time.perf_counter()))
            self.say(number, due)
            number += 1
        return number

    async def pressed(self, first: int, window: int, seconds: float) -> int:
        """Keep `window` messages on their way; return the number after the last."""
        until, number, before = time.perf_counter() + seconds, first, self.done
        while time.perf_counter() < until:
            while (number - first) - (self.done - before) < window:
                self.say(number, time.perf_counter())
                number += 1
            self.moved.clear()
            try:
                await asyncio.wait_for(self.moved.wait(), 0.5)
            except TimeoutError:
                continue
        return number

    def report(self, numbers: range, began: float, cpu: float) -> dict[str, Any]:
        """Return what a phase came to."""
        stored = [self.stored[n] - self.sent[n] for n in numbers if n in self.stored]
        last = [self.last[n] - self.sent[n] for n in numbers if n in self.last]
        wanted = sum(self.sizes[self.circles[n % len(self.people)]] for n in numbers)
        end = max([self.last[n] for n in numbers if n in self.last], default=began)
        return {
            "sent": len(numbers),
            "stored": len(stored),
            "whole": len(last),
            "lost": wanted - sum(self.heard.get(n, 0) for n in numbers),
            "twice": self.twice,
            "gaps": self.gaps,
            "refused": self.refused,
            "seconds": end - began,
            "ack": {str(q): milliseconds(stored, q) for q in (0.5, 0.95, 0.99, 1)},
            "last": {str(q): milliseconds(last, q) for q in (0.5, 0.95, 0.99, 1)},
            "client": (time.process_time() - cpu) / max(0.001, time.perf_counter() - began),
        }


def _report(**figures: Any) -> None:
    print(json.dumps(figures), flush=True)
    sys.stdin.readline()


async def main() -> None:
    """Do the task that comes in on the first line."""
    task = json.loads(sys.stdin.readline())
    talk = Talk()
    speak = importlib.import_module(f"tests.bench.rooms_load.speak_{task['kind']}")
    for at, who in enumerate(task["people"]):
        talk.people.append(speak.Person(talk, at, task["port"], who))
        talk.circles.append(who["circle"])
        talk.sizes[who["circle"]] = talk.sizes.get(who["circle"], 0) + 1
    gate = asyncio.Semaphore(AT_ONCE)

    async def enter(person: Person) -> None:
        async with gate:
            await person.open()

    began = time.perf_counter()
    await asyncio.gather(*(enter(person) for person in talk.people))
    _report(inside=len(talk.people), seconds=time.perf_counter() - began)
    number = 0
    for phase in task["phases"]:
        cpu, began, first = time.process_time(), time.perf_counter(), number
        how = {"paced": talk.paced, "pressed": talk.pressed}[phase["how"]]
        number = await how(first, phase["pace"], phase["seconds"])
        await talk.settle(number)
        _report(phase=phase["how"], **talk.report(range(first, number), began, cpu))
    for person in talk.people:
        person.close()


if __name__ == "__main__":
    uvloop.run(main())
