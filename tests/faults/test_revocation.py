"""Rights that end while sockets are open (S-04): closed in every process, and nothing more is heard."""

from __future__ import annotations

import asyncio
import time

from tests.faults.conftest import Measured, limit, size
from tests.faults.crowd import crowd_of, p95
from tests.faults.office import Office
from tests.faults.rooms_site import Rooms

# What is done to whom, and the code that closes their sockets. Without a bell: test_clients.py.
CASES = {
    "log_out": ("extra12", 4401),
    "end_session": ("extra13", 4401),
    "password": ("extra14", 4401),
    "deactivate": ("extra15", 4401),
    "remove": ("extra16", 4403),
    "lower": ("extra17", 4403),
}


async def test_sockets_close_within_a_second_in_every_process(house: Rooms, measured: Measured):
    room = house.fresh_room()
    each = size(2, 50)
    writer = house.tab("participant", room=room)
    watched = {what: [house.tab(who, at=n % 2, room=room) for n in range(each)] for what, (who, _) in CASES.items()}
    tabs = [tab for mine in watched.values() for tab in mine]
    took: list[float] = []
    with Office(house.sites[1]) as office:
        async with crowd_of([writer]) as crowd, crowd_of(tabs):
            await asyncio.sleep(1.2)  # until each process listens for the bells of these people
            talking = asyncio.create_task(crowd.talk(10_000, 0.02))
            for what, (who, code) in CASES.items():
                mine = watched[what]
                await asyncio.to_thread(office.do, what, who)
                done = time.monotonic()
                head = max(writer.seen, default=0)
                while not all(tab.byes for tab in mine):
                    assert time.monotonic() - done < limit(3), f"{what}: sockets are still open"
                    await asyncio.sleep(0.01)
                took += [time.monotonic() - done] * each
                assert {tab.byes[0] for tab in mine} == {code}, what
                heard = max(max(tab.seen, default=0) for tab in mine)
                assert heard <= head + 60 * limit(1), "events came long after"
                watched[what] = []
                for tab in mine:
                    tab.stopped_at = tab.seq
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)
            await crowd.level()
            for tab in tabs:
                assert tab.seq == tab.stopped_at, "events came after the goodbye"
    assert house.check([writer]) == crowd.written
    assert p95(took) <= limit(1)
    measured("S-04", "rights end, with a bell", sockets=len(took), closed_p95=p95(took), closed_max=max(took))
