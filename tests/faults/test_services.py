"""Redis, the database and the layer between processes go away, stall or fill up (F-03 – F-07)."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.faults.conftest import Measured, limit, size
from tests.faults.crowd import crowd_of, p95
from tests.faults.rooms_site import Rooms, Template
from tests.faults.services import OwnPostgres, OwnRedis
from tests.faults.test_rooms import tabs_in
from tests.servers import Site, free_port


async def test_a_stalled_process_catches_up_and_other_rooms_notice_nothing(house: Rooms, measured: Measured):
    """F-03: one process stands still for three seconds while a thousand messages come into one room."""
    messages = size(240, 1000)
    busy = [house.tab(who, at=0, room=room) for room in [house.fresh_room()] for who in _writers(messages)]
    behind = [house.tab("colleague", at=1, room=busy[0].room) for _ in range(4)]
    aside = tabs_in(house, 4, 2)
    for tab in aside:
        tab.url = house.sites[0].url
    stalled = house.sites[1].process
    assert stalled is not None
    async with crowd_of(busy + behind + aside) as crowd:
        quiet = time.monotonic()
        await crowd.talk(20, 0.05, aside)
        flood = time.monotonic()
        stalled.send_signal(signal.SIGSTOP)
        beside = asyncio.create_task(crowd.talk(40, 0.05, aside))
        await crowd.talk(messages, 2 / messages, busy)
        await asyncio.sleep(max(0.0, flood + 3 - time.monotonic()))
        stalled.send_signal(signal.SIGCONT)
        resumed = time.monotonic()
        await beside
        await crowd.level()
    assert house.check(busy + behind + aside) == messages + 60
    stored = {tab.acked[cid]: at for tab in busy for cid, at in tab.acked_at.items()}
    caught_up = max(at - max(resumed, stored[seq]) for tab in behind for seq, at in tab.seen_at.items())
    before, during = _p95_of(aside, until=flood, since=quiet), _p95_of(aside, since=flood)
    assert caught_up <= limit(3)
    assert during <= max(limit(0.5), 1.2 * before)
    measured(
        "F-03",
        "a process stalled 3 s, one room flooded",
        messages=messages,
        lost=0,
        caught_up=caught_up,
        others_p95_before=before,
        others_p95_during=during,
    )


def _writers(messages: int) -> list[str]:
    """Return enough writers that none comes over twenty messages at once."""
    names = [f"extra{number}" for number in range(12)]
    return [names[number % 12] for number in range(max(12, messages // 18))]


def _p95_of(tabs: list, since: float = 0, until: float = float("inf")) -> float:
    """Return how long messages took to the last of their room's tabs."""
    return p95(
        max(other.seen_at[tab.acked[cid]] for other in tabs if other.room == tab.room) - at
        for tab in tabs
        for cid, at in tab.sent_at.items()
        if since <= at < until
    )


@pytest.mark.parametrize("away", [0.3, 1.3, 2.6])
async def test_without_redis_for_a_while_nothing_is_lost(
    house: Rooms, own_redis: OwnRedis, measured: Measured, away: float
):
    """F-04: the bells of other processes fall silent; the tail of the log stands in for them."""

    async def interrupt() -> None:
        await asyncio.sleep(0.5)
        moments.append(time.monotonic())
        own_redis.kill()
        await asyncio.sleep(away)
        await asyncio.to_thread(own_redis.start)
        moments.append(time.monotonic())
        await asyncio.sleep(size(4, 10))

    moments: list[float] = []
    tabs = tabs_in(house, size(8, 80), size(2, 20))
    async with crowd_of(tabs) as crowd:
        await crowd.talk_until(asyncio.ensure_future(interrupt()), pause=size(40, 20) / 1000)
        await crowd.level()
    assert house.check(tabs) == crowd.written
    without = p95(crowd.delays(moments[0], moments[1]))
    after = p95(crowd.delays(moments[1] + size(2, 5)))
    assert without <= limit(1.5)
    assert after <= limit(0.3)
    measured("F-04", f"Redis killed for {away} s", messages=crowd.written, lost=0, p95_without=without, p95_after=after)


async def test_redis_that_drops_its_listeners_or_sleeps_loses_nothing(
    house: Rooms, own_redis: OwnRedis, measured: Measured
):
    """F-05: what Redis does to a slow listener (it is disconnected), a Redis that hangs, and one that is full."""

    async def disturb() -> None:
        for _ in range(size(2, 10)):
            await asyncio.sleep(0.4)
            await asyncio.to_thread(own_redis.client.execute_command, "CLIENT", "KILL", "TYPE", "pubsub")
        await asyncio.to_thread(own_redis.client.config_set, "maxmemory", "1")
        await asyncio.to_thread(own_redis.client.execute_command, "DEBUG", "SLEEP", size(2, 5))
        await asyncio.to_thread(own_redis.client.config_set, "maxmemory", "0")

    tabs = tabs_in(house, size(8, 80), size(2, 20))
    async with crowd_of(tabs) as crowd:
        await crowd.talk_until(asyncio.ensure_future(disturb()), pause=0.04)
        await crowd.level()
    assert house.check(tabs) == crowd.written
    delay = p95(crowd.delays())
    assert delay <= limit(1.5)
    measured("F-05", "CLIENT KILL TYPE pubsub, DEBUG SLEEP, full", messages=crowd.written, lost=0, p95=delay)


async def test_postgresql_restarts_in_the_middle_of_a_burst(
    room_template: Template, tmp_path: Path, measured: Measured
):
    """F-06: a cluster of our own is restarted without mercy; sends are answered `retry`, sockets stay open."""
    assert room_template.postgres
    # not under tmp_path: every pytest that starts closes that tree to all but its own user
    cluster = OwnPostgres(Path(tempfile.mkdtemp(prefix="kringen-postgres-")))
    try:
        await asyncio.to_thread(cluster.make)
        source = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{room_template.postgres}").geturl()
        url = await asyncio.to_thread(cluster.copy_of, source, "kringen")
        var = tmp_path / "site"
        var.mkdir()
        (var / "secret").write_bytes((room_template.var / "secret").read_bytes())
        site = Site(var=var, port=free_port(), extra={"DATABASE_URL": url, "REDIS_URL": ""})
        try:
            await asyncio.to_thread(site.start)
            rooms = Rooms([site], {**room_template.world, "rooms": list(room_template.world["rooms"])})
            await _through_a_restart(rooms, cluster, measured)
        finally:
            site.kill()
    finally:
        await asyncio.to_thread(cluster.throw_away)


async def _through_a_restart(rooms: Rooms, cluster: OwnPostgres, measured: Measured) -> None:
    ready: list[float] = []
    refusals = 0

    async def restart() -> None:
        nonlocal refusals
        for _ in range(size(1, 5)):
            await asyncio.sleep(random.uniform(0.5, 1.5))
            await asyncio.to_thread(cluster.control, "stop", "-m", "immediate")
            assert not await asyncio.to_thread(rooms.site.answers, "/readyz")
            assert await asyncio.to_thread(rooms.site.answers, "/healthz")
            await asyncio.sleep(1)
            await asyncio.to_thread(cluster.control, "start")
            up = time.monotonic()
            while not await asyncio.to_thread(rooms.site.answers, "/readyz"):  # noqa: ASYNC110 - it is asked
                await asyncio.sleep(0.1)
            ready.append(time.monotonic() - up)
            await asyncio.sleep(size(1, 5))

    assert await asyncio.to_thread(rooms.site.answers, "/readyz", 20), rooms.site.log.read_text()[-4000:]
    tabs = tabs_in(rooms, size(8, 100), size(2, 20))
    async with crowd_of(tabs) as crowd:
        await crowd.talk_until(asyncio.ensure_future(restart()), pause=0.05)
        await crowd.level()
        assert {tab.connections for tab in tabs} == {1}, "a socket was closed"
    assert rooms.check(tabs) == crowd.written
    retried = sum(tab.nacks.get("retry", 0) for tab in tabs)
    assert retried > 0
    assert set().union(*(tab.nacks for tab in tabs)) <= {"retry", "rate"}
    assert max(ready) <= limit(5)
    measured(
        "F-06",
        "PostgreSQL restarted (immediate)",
        messages=crowd.written,
        lost=0,
        answered_retry=retried,
        ready_after_max=max(ready),
    )


async def test_a_locked_room_holds_up_nobody_else(house: Rooms, measured: Measured):
    """F-07: somebody holds the row of one room; there a send is answered `retry`, elsewhere nobody notices.

    Each process has one act at a time under way in the room. PostgreSQL lets these wait in a queue, so the first is
    refused after three seconds and the second, of the other process, after six at most.
    """
    tabs = tabs_in(house, size(8, 40), size(2, 10))
    locked = tabs[0].room
    stuck = [tab for tab in tabs if tab.room == locked]
    others = [tab for tab in tabs if tab.room != locked]

    async def hold() -> None:
        async with await psycopg.AsyncConnection.connect(house.sites[0].extra["DATABASE_URL"]) as connection:
            await connection.execute("SELECT 1 FROM kringen_room WHERE id = %s FOR UPDATE", [locked])
            began.append(time.monotonic())
            for tab in stuck:
                await tab.send(f"wacht {random.random()}")
            await asyncio.sleep(size(8, 20))
            began.append(time.monotonic())

    began: list[float] = []
    async with crowd_of(tabs) as crowd:
        await crowd.talk(10, 0.05, others)
        await crowd.talk_until(asyncio.ensure_future(hold()), 0.08, others)
        await crowd.level()
    assert house.check(tabs) == crowd.written + len(stuck)
    assert all(tab.nacks.get("retry", 0) >= 1 for tab in stuck), "nobody was told to try again"
    assert not any(tab.nacks.get("retry") for tab in others)
    delay = _p95_of(others, *began)
    assert delay <= limit(0.3)
    measured("F-07", f"a room locked for {size(8, 20)} s", messages=crowd.written, lost=0, others_p95=delay)
