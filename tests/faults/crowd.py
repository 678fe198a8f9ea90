"""Many tabs that write while something goes wrong, and how long things took them."""

from __future__ import annotations

import asyncio
import math
import random
import uuid
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.faults.tab import Tab

PATIENCE = 120  # seconds in which everybody must be level again
BACKLOG = 20  # messages of one tab without an answer: as many as the server takes at once


def p95(values: Iterable[float]) -> float:
    """Return the 95th percentile (nearest rank), in the unit of the values; 0 for none."""
    ordered = sorted(values)
    return ordered[math.ceil(0.95 * len(ordered)) - 1] if ordered else 0.0


@dataclass
class Crowd:
    """Tabs that are connected."""

    tabs: list[Tab]
    written: int = 0
    began: dict[str, float] = field(default_factory=dict)

    async def talk(self, messages: int, pause: float = 0.02, tabs: list[Tab] | None = None) -> None:
        """Write so many messages, one tab after another, with about `pause` seconds in between.

        A tab that waits for `BACKLOG` answers writes nothing more until it has some.
        """
        chosen = deque(tabs or self.tabs)
        left = messages
        while left:
            chosen.rotate(-1)
            if len(chosen[0].outbox) < BACKLOG:
                await chosen[0].send(f"bericht {self.written} {uuid.uuid4()}")
                self.written += 1
                left -= 1
            await asyncio.sleep(random.uniform(0.3, 1.7) * pause)

    async def talk_until(
        self, done: asyncio.Future[object] | asyncio.Task[object], pause: float = 0.05, tabs: list[Tab] | None = None
    ) -> None:
        """Write for as long as something goes on."""
        writing = asyncio.ensure_future(self.talk(10**9, pause, tabs))
        try:
            await done
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def level(self, seconds: float = PATIENCE) -> None:
        """Wait until everything is acknowledged and every tab has seen the end of its room."""
        async with asyncio.timeout(seconds):
            await asyncio.gather(*(tab.settle(seconds) for tab in self.tabs))
            heads: dict[int, int] = {}
            for tab in self.tabs:
                heads[tab.room] = max([heads.get(tab.room, 0), *tab.acked.values()])
            while any((tab.seq or 0) < heads[tab.room] for tab in self.tabs):  # noqa: ASYNC110 - a tab has no event
                await asyncio.sleep(0.02)

    def delays(self, since: float = 0, until: float = math.inf) -> list[float]:
        """Return how long each message sent between two moments took to the last tab of its room, in seconds."""
        found = []
        for tab in self.tabs:
            others = [other for other in self.tabs if other.room == tab.room]
            for cid, at in tab.sent_at.items():
                if since <= at <= until and cid in tab.acked:
                    found.append(max(other.seen_at.get(tab.acked[cid], at) for other in others) - at)
        return found

    def absences(self) -> list[float]:
        """Return how long each absence of each tab was, in seconds."""
        return [seconds for tab in self.tabs for seconds in tab.absences]


@asynccontextmanager
async def crowd_of(tabs: list[Tab], seconds: float = 60) -> AsyncIterator[Crowd]:
    """Connect tabs, wait until all have their snapshot, and disconnect them at the end."""
    stop = asyncio.Event()
    running = [asyncio.create_task(tab.run(stop)) for tab in tabs]
    try:
        async with asyncio.timeout(seconds):
            while not all(tab.epoch and tab.seq is not None for tab in tabs):  # noqa: ASYNC110 - a tab has no event
                await asyncio.sleep(0.02)
        yield Crowd(tabs)
    finally:
        stop.set()
        await asyncio.gather(*running)


async def chat(tabs: list[Tab], messages: int, meanwhile: Callable[[], Awaitable[object]] | None = None) -> Crowd:
    """Let everybody write while something happens, then wait until all is acknowledged and everybody is level."""
    async with crowd_of(tabs) as crowd:
        fault = asyncio.ensure_future(meanwhile()) if meanwhile else None
        await crowd.talk(messages)
        if fault:
            await fault
        await crowd.level()
    return crowd
