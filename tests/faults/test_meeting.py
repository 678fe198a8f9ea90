"""A meeting that is held while its server is killed (F-23): nothing acknowledged is lost, all screens end at one item."""

from __future__ import annotations

import asyncio
import json
import random
import re
import urllib.request

from tests.faults.conftest import Measured, size
from tests.faults.crowd import crowd_of
from tests.faults.rooms_site import Rooms
from tests.faults.tab import Tab

SCREENS = 50
WRITERS = 6


def item_of(text: str) -> int | None:
    """Return the item that a line of the log brings every screen to, or None for a line about something else."""
    return (json.loads(text).get("meeting") or {}).get("item")


def late_joiner(house: Rooms) -> int:
    """Return the item at which the page of somebody stands who opens it now."""
    address = f"{house.site.url}/kringen/{house.world['kring']}/bijeenkomsten/1/live/"
    cookie = {"Cookie": f"sessionid={house.world['sessions']['colleague']}"}
    with urllib.request.urlopen(urllib.request.Request(address, headers=cookie), timeout=40) as answer:
        page = answer.read().decode()
    found = re.search(r'id="meeting-live"[^>]*>(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])["state"]["item"]


async def test_a_meeting_survives_its_server(house: Rooms, measured: Measured):
    """F-23: the facilitator goes through the agenda, members write and ask to speak, SIGKILL in between."""
    room, items = house.world["meeting"]["room"], house.world["meeting"]["items"]
    # not the rest of the cast: other tests end their rights
    who = ["colleague", "participant", *(f"extra{number}" for number in range(4, 12))]
    screens = [house.tab(who[n % len(who)], at=n % len(house.sites), room=room) for n in range(SCREENS - 1)]
    lead = house.tab("facilitator", room=room)

    async def move_on() -> None:
        for _ in range(size(12, 120)):
            await lead.act("meetingMove", item=random.choice(items))
            await asyncio.sleep(random.uniform(0.1, 0.4))

    async def write(tab: Tab) -> None:
        for number in range(size(4, 40)):
            await tab.act("note", text=f"notitie {number} van {id(tab)}", item=random.choice(items))
            await tab.act("raiseHand" if number % 2 == 0 else "lowerHand")
            await asyncio.sleep(random.uniform(0.2, 0.8))

    async def kill() -> None:
        for number in range(size(2, 10)):
            await asyncio.sleep(random.uniform(0.4, 1.2))
            site = house.sites[number % len(house.sites)]
            site.kill()
            await asyncio.to_thread(site.start)

    tabs = [lead, *screens]
    async with crowd_of(tabs) as crowd:
        await lead.act("meetingStart")
        await lead.settle()
        assert set(lead.refused.values()) <= {"meeting_started"}
        await asyncio.gather(kill(), move_on(), *(write(tab) for tab in random.sample(screens, WRITERS)))
        await crowd.level()
        # written by others while somebody was away reaches them as well
        assert {tab.seq for tab in tabs} == {lead.seq}
    house.check(tabs)
    assert [tab.refused for tab in screens] == [{}] * len(screens)
    ends = {next(filter(None, (item_of(tab.seen[seq]) for seq in sorted(tab.seen, reverse=True)))) for tab in tabs}
    assert len(ends) == 1, "the screens do not end at one item"
    assert await asyncio.to_thread(late_joiner, house) in ends
    acts = sum(len(tab.acked) for tab in tabs)
    assert acts == sum(len(tab.frames) for tab in tabs) - len(lead.refused)
    measured("F-23", "kill -9 during a meeting, 50 screens", kills=size(2, 10), acts=acts, lost=0)
