"""Clients and lines that misbehave: slow readers, storms, cut and dead lines (F-04, F-08, F-10, F-11, S-04)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import socket
import time
import urllib.request
from typing import Any

import psutil
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.faults.conftest import Measured, limit, size
from tests.faults.crowd import Crowd, crowd_of, p95
from tests.faults.office import Office
from tests.faults.rooms_site import Rooms
from tests.faults.services import Line, OwnRedis, connections_of, port_opens
from tests.faults.test_rooms import PEOPLE, tabs_in

WIDE = "x" * 7900
WINDOW = 256 * 1024 + 2 * 32 * 1024  # bytes: what may be under way to one socket, and the batch that filled it


async def sleeper(house: Rooms, room: int, at: int = 0) -> ClientConnection:
    """Open a socket that says hello and then reads nothing; its buffers are as small as the kernel allows."""
    site = house.sites[at]
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    small.setblocking(False)
    await asyncio.get_running_loop().sock_connect(small, ("127.0.0.1", site.port))
    made = await connect(
        f"ws://127.0.0.1:{site.port}/ws/",
        sock=small,
        origin=site.url,
        additional_headers={"Cookie": f"sessionid={house.world['sessions']['colleague']}"},
        ping_interval=None,
        max_queue=1,
        open_timeout=30,
    )
    await made.send(json.dumps({"t": "hello", "v": 1, "rooms": {str(room): None}}))
    return made


async def read_to_the_end(made: ClientConnection, seconds: float) -> tuple[int, list[dict[str, Any]]]:
    """Read what a socket still gets; the bytes of its events, and the last frame."""
    size_of, last = 0, list[dict[str, Any]]()
    with contextlib.suppress(ConnectionClosed, TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                text = str(await made.recv())
                last = [json.loads(text)]
                size_of += len(text) if last[0]["t"] == "ev" else 0
    return size_of, last


def memory(house: Rooms, at: int = 0) -> int:
    """Return the memory of a server process, in bytes."""
    process = house.sites[at].process
    assert process is not None
    return psutil.Process(process.pid).memory_info().rss


async def flood(crowd: Crowd, messages: int) -> None:
    """Write long messages, each tab below its rate."""
    for number in range(messages):
        await crowd.tabs[number % len(crowd.tabs)].send(f"{number} {random.random()} {WIDE}")
        await asyncio.sleep(0.02)


async def test_what_only_patience_shows(  # noqa: PLR0915 - half a minute is spent once, not four times
    house: Rooms, own_redis: OwnRedis, measured: Measured
):
    """Half a minute in which several things go wrong, each in a room of its own.

    F-04: Redis is away the whole time. F-08: sockets that stop reading are paused and then closed (4408).
    F-11: a line goes dead without a word, and the server finds out. S-04: rights that end without a bell.
    """
    with Office(house.sites[0]) as office:
        room, slow_room = house.fresh_room(), house.fresh_room()
        line = Line(house.sites[0].port)
        await line.open()
        dead = [house.tab(who, room=room) for who in PEOPLE[:4]]
        for tab in dead:
            tab.origin, tab.url = tab.url, line.url
        lost = {who: house.tab(who, at=n % 2, room=room) for n, who in enumerate(["extra18", "extra19", "extra20"])}
        writers = [house.tab(who, at=n % 2, room=room) for n, who in enumerate(["participant", "facilitator"])]
        wide = [house.tab(f"extra{number}", room=slow_room) for number in range(7, 12)]
        async with crowd_of(writers) as crowd, crowd_of(wide) as flooders:
            stop = asyncio.Event()
            others = [asyncio.create_task(tab.run(stop)) for tab in [*dead, *lost.values()]]
            slow = [await sleeper(house, slow_room) for _ in range(size(4, 20))]
            # they read, but never say that they did
            lazy = [await sleeper(house, slow_room) for _ in range(2)]
            reading = [asyncio.create_task(read_to_the_end(made, limit(60))) for made in lazy]
            while not all(tab.epoch for tab in [*dead, *lost.values()]):  # noqa: ASYNC110 - a tab has no event
                await asyncio.sleep(0.05)
            own_redis.kill()
            line.frozen = True
            before, began = memory(house), time.monotonic()
            for what, who in {"deactivate": "extra18", "expire": "extra19", "remove": "extra20"}.items():
                await asyncio.to_thread(office.do, what, who)
            revoked = time.monotonic()
            await flood(flooders, 60)
            grown = memory(house) - before
            talking = asyncio.create_task(crowd.talk(10_000, 0.2))
            for who, tab in lost.items():
                while not tab.byes:
                    assert time.monotonic() - revoked < limit(20), f"{who} is still connected"
                    await asyncio.sleep(0.05)
            closed = time.monotonic() - revoked
            pid = house.sites[0].process.pid if house.sites[0].process else 0
            while line.ends_at_the_server(pid):
                assert time.monotonic() - began < limit(27), "the dead line was not found"
                await asyncio.sleep(0.1)
            found = time.monotonic() - began
            ends = await asyncio.gather(*(read_to_the_end(made, limit(25)) for made in slow))
            told = await asyncio.gather(*reading)
            talking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await talking
            await crowd.level()
            await flooders.level()
            stop.set()
            line.cut()
            await asyncio.gather(*others)
        await line.close()
    assert {lost["extra18"].byes[0], lost["extra19"].byes[0], lost["extra20"].byes[0]} <= {4401, 4403}
    assert lost["extra20"].byes[0] == 4403
    for got, _last in [*ends, *told]:
        assert got < WINDOW
    assert [(last[0]["t"], last[0].get("code")) for _got, last in told] == [("bye", 4408)] * len(lazy)
    assert {made.close_code for made in lazy} == {4408}
    # whoever reads nothing at all cannot be told: the server lets go of them
    assert {made.close_code for made in slow} <= {1006, 4408}
    assert house.check(writers) == crowd.written
    assert house.check(wide) == 60
    without_bell = p95(crowd.delays())
    assert without_bell <= limit(1.5)
    assert grown <= len(slow) * 1024 * 1024 + 8 * 1024 * 1024
    measured("F-04", "Redis away half a minute", messages=crowd.written, lost=0, p95_without=without_bell)
    measured(
        "F-08", "sockets that stop reading", sockets=len(slow), rss_mib=grown / 2**20, most_kib=max(ends)[0] / 1024
    )
    measured("F-11", "a dead line is found", after=found)
    measured("S-04", "rights end, no bell", closed_max=closed)


async def test_a_line_that_is_slow_and_breaks_loses_nothing(house: Rooms, measured: Measured):
    """F-11: delays up to 200 ms, breaks, and silences of which nobody is told."""
    line = Line(house.sites[0].port, delay=0.2)
    await line.open()
    tabs = tabs_in(house, size(8, 80), size(2, 20))
    for tab in tabs[::2]:
        tab.origin, tab.url = house.sites[0].url, line.url

    async def break_it() -> None:
        for _ in range(size(2, 20)):
            await asyncio.sleep(random.uniform(0.5, 1.0))
            line.frozen = True
            await asyncio.sleep(random.uniform(0.5, size(1, 10)))
            line.cut()
            line.frozen = False
        line.delay = 0

    async with crowd_of(tabs) as crowd:
        await crowd.talk_until(asyncio.ensure_future(break_it()), pause=0.05)
        await crowd.level()
    await line.close()
    assert house.check(tabs) == crowd.written
    broken = sum(tab.connections - 1 for tab in tabs)
    assert broken >= len(tabs[::2])
    measured("F-11", "200 ms delay, breaks, silences", messages=crowd.written, lost=0, breaks=broken)


async def test_everybody_comes_back_at_once(house: Rooms, measured: Measured):
    """F-10: all sockets of a process fall away in one moment; the database and the pages of the other do not suffer."""
    number = size(150, 1000)
    chosen = [house.fresh_room() for _ in range(size(6, 40))]
    names = [*PEOPLE, *(f"extra{n}" for n in range(4, 12))]
    tabs = [house.tab(names[n % len(names)], room=chosen[n % len(chosen)], patience=size(3, 15)) for n in range(number)]
    url = house.sites[0].extra["DATABASE_URL"]
    most, pages = 0, []

    async def watch() -> None:
        nonlocal most
        while True:
            began = time.monotonic()
            await asyncio.to_thread(_page, house)
            pages.append(time.monotonic() - began)
            most = max(most, await asyncio.to_thread(connections_of, url, url.rsplit("/", 1)[1]))
            await asyncio.sleep(0.2)

    async with crowd_of(tabs, seconds=120) as crowd:
        await crowd.talk(40, 0.02)
        await crowd.level()
        assert house.sites[0].process is not None
        house.sites[0].kill()
        house.sites[0].launch()
        began = await port_opens(house.sites[0])
        watching = asyncio.create_task(watch())
        while any(tab.connections < 2 or tab.lost_at for tab in tabs):  # noqa: ASYNC110 - a tab has no event
            await asyncio.sleep(0.05)
        back = time.monotonic() - began
        await crowd.talk(40, 0.02)
        await crowd.level()
        watching.cancel()
    assert house.check(tabs) == 80
    assert back <= limit(30)
    assert most <= 30
    assert p95(pages) <= limit(1)
    measured("F-10", "all sockets come back", sockets=number, back=back, connections=most, bystander_p95=p95(pages))


def _page(house: Rooms) -> None:
    """Ask the other process for a page."""
    with urllib.request.urlopen(house.sites[1].url + "/accounts/login/", timeout=20) as answer:
        assert answer.status == 200
