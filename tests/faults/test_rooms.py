"""Servers that are killed, deployed or set to another time, and acts that are doubled (F-01, F-02, F-12, F-13).

Nothing acknowledged is ever lost; the checker is `Rooms.check` (rooms_site.py).
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from pathlib import Path

import pytest

from tests.faults.conftest import Measured, limit, size
from tests.faults.crowd import Crowd, chat, crowd_of, p95
from tests.faults.front import Front
from tests.faults.rooms_site import Rooms, Template, running_rooms
from tests.faults.services import port_opens
from tests.faults.tab import Tab

PEOPLE = ["participant", "colleague", "facilitator", "office", "extra0", "extra1", "extra2", "extra3"]
FAKE_TIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


def tabs_in(rooms: Rooms, number: int, in_rooms: int, **more: object) -> list[Tab]:
    """Return so many tabs, over so many fresh rooms and over the processes."""
    chosen = [rooms.fresh_room() for _ in range(in_rooms)]
    return [
        rooms.tab(PEOPLE[n % len(PEOPLE)], at=n // in_rooms % len(rooms.sites), room=chosen[n % in_rooms], **more)
        for n in range(number)
    ]


async def test_killed_at_random_moments_nothing_acknowledged_is_lost(house: Rooms, measured: Measured):
    """F-01: SIGKILL in the middle of a burst, now one process, now the other."""
    back: list[float] = []

    async def kill() -> None:
        for _ in range(size(2, 10)):
            await asyncio.sleep(random.uniform(0.3, 2.0))
            site = random.choice(house.sites)
            site.kill()
            site.launch()
            opened = await port_opens(site)
            while any(tab.socket is None for tab in tabs):  # noqa: ASYNC110 - a tab has no event
                await asyncio.sleep(0.02)
            back.append(time.monotonic() - opened)

    tabs = tabs_in(house, size(16, 200), size(4, 40))
    async with crowd_of(tabs) as crowd:
        await crowd.talk_until(asyncio.ensure_future(kill()), pause=0.02)
        await crowd.level()
    assert house.check(tabs) == crowd.written
    assert sum(len(tab.acked) for tab in tabs) == crowd.written
    assert p95(back) <= limit(3)
    measured("F-01", "kill -9 in a burst", kills=len(back), messages=crowd.written, lost=0, back_p95=p95(back))


async def test_a_deployment_says_goodbye_first(house: Rooms, measured: Measured):
    """F-02: two processes behind nginx are restarted one after another; every tab hears 1012 before it is cut off."""
    rounds = size(1, 5)
    with Front(house.sites) as front:

        async def deploy() -> None:
            for _ in range(rounds):
                for site in house.sites:
                    await asyncio.to_thread(site.restart)
                    while any(tab.socket is None for tab in tabs):  # noqa: ASYNC110 - a tab has no event
                        await asyncio.sleep(0.02)

        tabs = tabs_in(house, size(8, 100), size(2, 20))
        for tab in tabs:
            tab.origin, tab.url = tab.url, front.url
        async with crowd_of(tabs) as crowd:
            await crowd.talk_until(asyncio.ensure_future(deploy()), pause=0.03)
            await crowd.level()
    assert house.check(tabs) == crowd.written
    for tab in tabs:
        assert len(tab.byes) == tab.connections - 1 >= 1, "a connection ended without a goodbye"
        assert set(tab.byes) == {1012}
    assert max(crowd.absences()) <= limit(2)
    measured(
        "F-02",
        "SIGTERM, two processes behind nginx",
        restarts=2 * rounds,
        goodbyes=sum(len(tab.byes) for tab in tabs),
        lost=0,
        away_max=max(crowd.absences()),
    )


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
async def test_either_server_keeps_its_limits_says_goodbye_and_ends(
    room_template: Template, tmp_path: Path, server: str
):
    limits = {"LIVE_SOCKETS_PER_PERSON": "1", "LIVE_SOCKETS_PER_PROCESS": "4"}
    with running_rooms(room_template, tmp_path / server, **limits) as rooms:
        site = rooms.site
        if server != "daphne":
            site.kill()
            site.server = server
            site.start()
        tabs = [rooms.tab(who) for who in PEOPLE[:4]]
        async with crowd_of(tabs) as crowd:
            for who, code in {"participant": 4409, "extra4": 1013}.items():
                one_more = await rooms.tab(who).open()
                assert json.loads(await one_more.recv())["code"] == code
                await one_more.wait_closed()
                assert one_more.close_code == code
            began = time.monotonic()
            await asyncio.to_thread(site.stop)
            assert time.monotonic() - began < limit(5)
            assert site.process is not None
            assert site.process.returncode in {0, -15}
            assert [(tab.byes, tab.closes) for tab in crowd.tabs] == [([1012], [1012])] * 4


async def test_everything_sent_three_times_is_there_once(house: Rooms, measured: Measured):
    """F-13: every send three times, over two sockets of the sender and over HTTP."""
    writers, number = size(8, 40), size(10, 500)
    tabs = tabs_in(house, writers, size(2, 20), repeat=3)
    twins = [house.tab(PEOPLE[n % len(PEOPLE)], at=(n + 1) % 2, room=tab.room) for n, tab in enumerate(tabs)]
    statuses: set[int] = set()

    async def again(tab: Tab, twin: Tab, who: str) -> None:
        """Send what the tab wrote over its twin and over HTTP as well."""
        for cid, body in list(tab.bodies.items()):
            twin.outbox[cid] = twin.bodies[cid] = body
            await twin._say(cid)  # noqa: SLF001 - the same person, another socket
            await asyncio.sleep(0.25)
            if random.random() < 0.2:
                path = f"/api/v1/rooms/{tab.room}/messages"
                statuses.add((await asyncio.to_thread(house.http, path, who, {"cid": cid, "body": body}))[0])

    async with crowd_of(tabs + twins) as crowd:
        await crowd.talk(writers * number, size(60, 20) / 1000, tabs)
        await asyncio.gather(
            *(again(tab, twin, PEOPLE[n % len(PEOPLE)]) for n, (tab, twin) in enumerate(zip(tabs, twins, strict=True)))
        )
        await crowd.level()
    assert house.check(tabs + twins) == writers * number
    assert statuses == {200}
    doubled = sum(tab.duplicates for tab in tabs + twins)
    assert doubled > writers * number
    measured("F-13", "every send over two sockets and HTTP", messages=writers * number, duplicates=doubled, twice=0)


async def test_a_clock_that_is_wrong_or_jumps_changes_nothing(house: Rooms, measured: Measured, tmp_path: Path):
    """F-12: one process lives five minutes ahead, and an hour back from one moment to the next."""
    assert os.access(FAKE_TIME, os.R_OK), "needs the package faketime; .ci/run installs it"
    clock = tmp_path / "clock"
    clock.write_text("+300s")
    site, honest = house.sites[1], dict(house.sites[1].extra)
    site.stop()
    site.extra |= {
        "LD_PRELOAD": FAKE_TIME,
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    try:
        site.start()

        async def jump() -> None:
            for moment in ["-300s", "-3600s"]:
                await asyncio.sleep(size(2, 20))
                clock.write_text(moment)
            await asyncio.sleep(size(2, 20))

        tabs = tabs_in(house, size(8, 40), size(1, 8))
        async with crowd_of(tabs) as crowd:
            await crowd.talk_until(asyncio.ensure_future(jump()), pause=0.04)
            await crowd.level()
        assert house.check(tabs) == crowd.written
        assert {tab.connections for tab in tabs} == {1}, "a socket was dropped"
        hours = {event["at"][:13] for event in house.log(tabs[0].room)}
        assert len(hours) > 1, "the clock did not jump"
        measured("F-12", "clock +5 min, -5 min, -1 h in one process", messages=crowd.written, lost=0, dropped=0)
    finally:
        site.kill()
        site.extra = honest


@pytest.mark.parametrize("redis", ["", "redis://127.0.0.1:1/0"], ids=["alone", "nobody answers"])
async def test_two_processes_without_a_bell_show_everybody_the_same(
    room_template: Template, tmp_path: Path, redis: str
):
    """Without a bell between them, and with one that nobody answers: the tail does it, within a second or so."""
    with running_rooms(room_template, tmp_path / f"two{bool(redis):d}", processes=2, REDIS_URL=redis) as rooms:
        tabs = [rooms.tab(who, at=number % 2) for number, who in enumerate(PEOPLE)]
        crowd: Crowd = await chat(tabs, 64)
        assert rooms.check(tabs) == 64
        assert p95(crowd.delays()) < limit(2.5)
