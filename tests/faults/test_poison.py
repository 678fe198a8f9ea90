"""A line of the log that cannot be shown (F-22): its room goes on, and so does everybody else's."""

from __future__ import annotations

import asyncio

import psycopg

from tests.faults.conftest import Measured
from tests.faults.crowd import crowd_of
from tests.faults.rooms_site import Rooms
from tests.faults.test_rooms import tabs_in


async def test_a_line_that_cannot_be_shown_does_not_stop_the_room(house: Rooms, measured: Measured):
    tabs = tabs_in(house, 8, 2)
    sick = tabs[0].room
    async with crowd_of(tabs) as crowd:
        await crowd.talk(8)
        await crowd.level()
        # what a fault in a verb might leave behind: a payload that is no object
        with psycopg.connect(house.sites[0].extra["DATABASE_URL"]) as connection:
            connection.execute("UPDATE kringen_room SET seq = seq + 1 WHERE id = %s", [sick])
            connection.execute(
                "INSERT INTO kringen_roomevent (room_id, seq, kind, payload, created_at) "
                "SELECT id, seq, 'message.new', '[1]', now() FROM kringen_room WHERE id = %s",
                [sick],
            )
        await asyncio.sleep(0)
        await crowd.talk(8)
        await crowd.level()
        late = [house.tab("facilitator", at=at, room=sick, seq=0, epoch=tabs[0].epoch) for at in range(2)]
        async with crowd_of(late) as second:
            await second.level()
            while any((tab.seq or 0) < max(tabs[0].seen) for tab in late):  # noqa: ASYNC110 - a tab has no event
                await asyncio.sleep(0.02)
    events = [event for event in house.log(sick) if event["kind"] not in {"message.new", "member.leave", "member.join"}]
    assert [(event["kind"], event["actor"]) for event in events] == [("unreadable", None)]
    for tab in [*tabs, *late]:
        assert (tab.connections, tab.byes, tab.faults) == (1, [], [])
        seen = [seq for seq, text in tab.seen.items() if '"unreadable"' in text]
        assert seen == ([events[0]["seq"]] if tab.room == sick else [])
    measured("F-22", "a line that cannot be shown", sockets=len(tabs) + len(late), closed=0)
