"""Rooms under faults: killed, deployed, doubled, over two processes. Nothing acknowledged is ever lost.

The short form, for every run; the checker is `Rooms.check` (rooms_site.py).
"""

from __future__ import annotations

import asyncio
import os
import random
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.faults.rooms_site import Rooms, Template, running_rooms
from tests.faults.tab import Tab

pytestmark = [pytest.mark.xdist_group("live"), pytest.mark.timeout(240)]

PEOPLE = ["participant", "colleague", "facilitator", "office", "extra0", "extra1", "extra2", "extra3"]


async def chat(
    rooms: Rooms, tabs: list[Tab], messages: int, meanwhile: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Let everybody write while something happens, then wait until all is acknowledged and everybody is level."""
    stop = asyncio.Event()
    running = [asyncio.create_task(tab.run(stop)) for tab in tabs]
    async with asyncio.timeout(120):
        while not all(tab.epoch and tab.seq is not None for tab in tabs):  # noqa: ASYNC110 - a tab has no event
            await asyncio.sleep(0.05)
        fault = asyncio.create_task(meanwhile()) if meanwhile else None
        for number in range(messages):
            await tabs[number % len(tabs)].send(f"bericht {number} {uuid.uuid4()}")
            await asyncio.sleep(random.uniform(0.005, 0.03))
        if fault:
            await fault
        for tab in tabs:
            await tab.settle(60)
        last = max(seq for tab in tabs for seq in tab.acked.values())
        while any((tab.seq or 0) < last for tab in tabs):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    stop.set()
    await asyncio.gather(*running)


async def test_killed_in_the_middle_of_a_burst_nothing_acknowledged_is_lost(room_template: Template, tmp_path: Path):
    with running_rooms(room_template, tmp_path / "killed") as rooms:

        async def kill_twice() -> None:
            for _ in range(2):
                await asyncio.sleep(random.uniform(0.3, 0.8))
                rooms.site.kill()
                await asyncio.to_thread(rooms.site.start)

        tabs = [rooms.tab(who) for who in PEOPLE]
        await chat(rooms, tabs, 96, kill_twice)
        assert rooms.check(tabs) >= 96
        assert sum(len(tab.acked) for tab in tabs) == 96
        assert all(tab.connections >= 2 for tab in tabs)


async def test_a_deployment_loses_nothing(room_template: Template, tmp_path: Path):
    with running_rooms(room_template, tmp_path / "deployed") as rooms:
        tabs = [rooms.tab(who) for who in PEOPLE[:4]]
        await chat(rooms, tabs, 24, lambda: asyncio.to_thread(rooms.site.restart))
        assert rooms.check(tabs) >= 24
        assert sum(len(tab.acked) for tab in tabs) == 24
        assert all(tab.connections >= 2 for tab in tabs)


async def test_everything_sent_three_times_is_there_once(room_template: Template, tmp_path: Path):
    with running_rooms(room_template, tmp_path / "tripled") as rooms:
        tabs = [rooms.tab(who, repeat=3) for who in PEOPLE]
        posts: list[tuple[int, dict]] = []

        async def also_by_http() -> None:
            for tab, who in zip(tabs, PEOPLE, strict=True):
                for cid, body in list(tab.outbox.items())[:2]:
                    path = f"/api/v1/rooms/{rooms.room}/messages"
                    posts.append(await asyncio.to_thread(rooms.http, path, who, {"cid": cid, "body": body}))

        await chat(rooms, tabs, 40, also_by_http)
        assert rooms.check(tabs) == 40
        assert {status for status, _ in posts} <= {200}
        assert sum(tab.duplicates for tab in tabs) > 0


@pytest.mark.parametrize("redis", ["", os.environ.get("REDIS_URL", "redis://127.0.0.1:1/0")], ids=["alone", "redis"])
async def test_two_processes_show_everybody_the_same(room_template: Template, tmp_path: Path, redis: str):
    """With a bell between them, without one, and (where no Redis runs) with one that nobody answers."""
    name = f"two{bool(redis):d}"
    with running_rooms(room_template, tmp_path / name, processes=2, REDIS_URL=redis) as rooms:
        tabs = [rooms.tab(who, at=number % 2) for number, who in enumerate(PEOPLE)]
        await chat(rooms, tabs, 64)
        assert rooms.check(tabs) == 64


async def test_one_process_dies_and_the_other_goes_on(room_template: Template, tmp_path: Path):
    with running_rooms(room_template, tmp_path / "half", processes=2) as rooms:

        async def kill_one() -> None:
            await asyncio.sleep(0.5)
            rooms.sites[1].kill()
            await asyncio.sleep(0.5)
            await asyncio.to_thread(rooms.sites[1].start)

        tabs = [rooms.tab(who, at=number % 2) for number, who in enumerate(PEOPLE)]
        await chat(rooms, tabs, 64, kill_one)
        assert rooms.check(tabs) == 64
        assert {tab.connections for tab in tabs[::2]} == {1}
