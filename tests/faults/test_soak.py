"""An hour of ordinary life (F-19): nothing grows. Only in `make faults`; `SOAK_MINUTES` says how long."""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
from typing import Any

import psutil

from tests.faults.conftest import Measured
from tests.faults.crowd import crowd_of
from tests.faults.rooms_site import Rooms
from tests.faults.services import connections_of
from tests.faults.test_rooms import PEOPLE

MINUTES = float(os.environ.get("SOAK_MINUTES", "60"))
SOCKETS = 300


def _figures(house: Rooms) -> list[dict[str, Any]]:
    """Return memory (MiB), open files and threads of each process."""
    found = []
    for site in house.sites:
        assert site.process is not None
        process = psutil.Process(site.process.pid)
        found.append(
            {
                "at": time.monotonic(),
                "rss": process.memory_info().rss / 2**20,
                "fds": process.num_fds(),
                "threads": process.num_threads(),
            }
        )
    return found


async def test_nothing_grows(house: Rooms, measured: Measured):
    chosen = [house.fresh_room() for _ in range(20)]
    names = [*PEOPLE, *(f"extra{n}" for n in range(4, 12))]
    tabs = [
        house.tab(names[n % len(names)], at=n % len(house.sites), room=chosen[n % len(chosen)]) for n in range(SOCKETS)
    ]
    marks: list[list[dict[str, Any]]] = []
    url = house.sites[0].extra["DATABASE_URL"]
    async with crowd_of(tabs, seconds=300) as crowd:
        end = time.monotonic() + MINUTES * 60
        warm = time.monotonic() + MINUTES * 60 / 6
        busy = asyncio.create_task(crowd.talk(10**9, 0.1))
        most = 0
        while time.monotonic() < end:
            await asyncio.sleep(1)
            coming = random.choice(tabs)
            if coming.socket is not None:
                await coming.socket.close()
            if time.monotonic() > warm and int(time.monotonic()) % 10 == 0:
                marks.append(_figures(house))
                most = max(most, await asyncio.to_thread(connections_of, url, url.rsplit("/", 1)[1]))
        busy.cancel()
        await asyncio.gather(busy, return_exceptions=True)
        await crowd.level(300)
    house.check(tabs)
    slopes = []
    for number in range(len(house.sites)):
        mine = [mark[number] for mark in marks]
        slope = statistics.linear_regression([m["at"] for m in mine], [m["rss"] for m in mine]).slope * 600
        slopes.append(slope)
        for name in ("fds", "threads"):
            first, last = mine[: len(mine) // 4], mine[-len(mine) // 4 :]
            assert statistics.mean(m[name] for m in last) <= statistics.mean(m[name] for m in first) + 10, name
    log = "".join(site.log.read_text(errors="replace") for site in house.sites)
    assert "never awaited" not in log
    assert max(slopes) <= 2, "MiB in ten minutes"
    measured("F-19", f"{MINUTES:.0f} minutes", sockets=SOCKETS, mib_per_10_min=max(slopes), connections=most)
