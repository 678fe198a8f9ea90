"""Every tab ends with exactly the log, whatever goes wrong on the way; the model is a plain list.

Bells get lost, doubled or late, tabs stall, come back in the middle or ask for a gap again.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from kringen.live import hub as hubs
from kringen.live import log
from kringen.live import seats as rows
from kringen.live.events import Item
from kringen.live.hub import RoomHub
from kringen.live.log import Head
from kringen.live.protocol import Window
from kringen.live.seats import Seat

ROOM = 7
EPOCH = "e1"


class Log:
    """A log in memory; the n-th event holds n."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def add(self, number: int) -> None:
        """Write so many events."""
        for _ in range(number):
            seq = len(self.events) + 1
            self.events.append(json.dumps({"seq": seq, "text": "x" * (seq % 300)}))

    def after(self, _room: int, seq: int, limit: int) -> list[Item]:
        """Stand in for `log.after`."""
        part = self.events[seq : seq + limit]
        return [Item(seq + 1 + n, text, seq % 11 == 0, len(text)) for n, text in enumerate(part)]

    def heads(self, _rooms: object) -> dict[int, Head]:
        """Stand in for `log.heads`."""
        return {ROOM: Head(len(self.events), EPOCH)}


class Tab:
    """A client that applies events by the gap rule."""

    user_id = 1

    def __init__(self) -> None:
        self.window = Window()
        self.stalled = False
        self.seen: list[str] = []

    @property
    def blocked(self) -> bool:
        """Say whether it takes nothing now."""
        return self.stalled or self.window.full

    def write_frame(self, text: str, frame: bytes) -> None:
        """Apply a frame that was built for many."""
        assert frame.endswith(text.encode())
        self.write(text)

    def write(self, text: str) -> None:
        """Apply a frame."""
        frame = json.loads(text)
        for event in frame["ev"]:
            if event["seq"] <= len(self.seen):
                continue
            assert event["seq"] == len(self.seen) + 1, "a hole"
            self.seen.append(json.dumps(event))

    def tick(self, now: float) -> None:
        """Do nothing: there is no clock here."""

    def resync(self, room_id: int) -> None:
        """Do nothing: the room has one life here."""

    def goodbye(self, code: int, **fields: object) -> None:
        """Do nothing: nobody is sent away."""

    async def recheck(self) -> bool:
        """Everybody may stay."""
        return True


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(1, 230)),
        st.tuples(st.just("bell"), st.integers(0, 600)),
        st.tuples(st.just("turn"), st.integers(1, 4)),
        st.tuples(st.just("join"), st.integers(0, 300)),
        st.tuples(st.just("need"), st.integers(0, 300)),
        st.tuples(st.just("got"), st.integers(0, 5)),
        st.tuples(st.just("stall"), st.integers(0, 5)),
        st.tuples(st.just("leave"), st.integers(0, 5)),
        st.tuples(st.just("tail"), st.just(0)),
    ),
    max_size=40,
)


async def live_through(steps: list[tuple[str, int]]) -> None:  # noqa: C901, PLR0912 - one case per kind of step
    """Do the steps, then let everybody catch up, and compare with the list."""
    events, seats = Log(), []
    hub = RoomHub(asyncio.get_running_loop())

    async def run(function, *args):
        await asyncio.sleep(0)
        return function(*args)

    with (
        mock.patch.object(hubs, "run", run),
        mock.patch.object(rows, "run", run),
        mock.patch.object(log, "after", events.after),
        mock.patch.object(log, "heads", events.heads),
        mock.patch.object(RoomHub, "_awake", return_value=None),
        mock.patch.object(hubs, "CROWD", math.inf),  # turns are counted here, not time
    ):
        anchor = hub.follow(ROOM, Head(0, EPOCH)).seat(Tab())
        anchor.start(0)
        seats.append(anchor)
        for step, number in steps:
            seat: Seat = seats[number % len(seats)]
            match step:
                case "write":
                    events.add(number)
                case "bell":
                    hub.hear({"type": "room.bell", "room": ROOM, "seq": min(number, len(events.events))})
                case "turn":
                    for _ in range(number):
                        await asyncio.sleep(0)
                case "tail":
                    await hub._look()  # noqa: SLF001 - the clock is in our hand
                case "join":
                    tab = Tab()
                    tab.seen = events.events[: min(number, len(events.events))]
                    made = hub.follow(ROOM, Head(len(events.events), EPOCH)).seat(tab)
                    made.start(len(tab.seen))
                    seats.append(made)
                case "need":
                    seat.socket.window.forget(ROOM)
                    seat.start(min(number, len(seat.socket.seen)))
                case "got":
                    seat.socket.window.got(ROOM, len(seat.socket.seen))
                    seat.catch_up()
                case "stall":
                    seat.socket.stalled = not seat.socket.stalled
                case "leave" if len(seats) > 1 and seat is not anchor:
                    seats.remove(seat)
                    seat.leave()
        for _ in range(400):
            for seat in seats:
                seat.socket.stalled = False
                seat.socket.window.got(ROOM, len(seat.socket.seen))
            await hub._look()  # noqa: SLF001
            for _turn in range(5):
                await asyncio.sleep(0)
            if all(len(seat.socket.seen) == len(events.events) for seat in seats):
                break
    assert all(seat.socket.seen == events.events for seat in seats)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_every_tab_ends_with_the_log(steps):
    asyncio.run(live_through(steps))


class Crowd(Tab):
    """Takes as long to write to as hundreds of tabs."""

    def __init__(self) -> None:
        super().__init__()
        self.frames: list[int] = []

    def write(self, text: str) -> None:
        """Apply a frame, slowly."""
        time.sleep(1.5 * hubs.CROWD)  # the loop is kept busy, as it is by writing
        self.frames.append(len(json.loads(text)["ev"]))
        super().write(text)


async def test_what_is_said_while_a_crowd_is_written_to_goes_out_in_one_frame():
    events, crowd = Log(), Crowd()
    hub = RoomHub(asyncio.get_running_loop())

    async def run(function, *args):
        await asyncio.sleep(0)
        return function(*args)

    async def say(number: int) -> None:
        events.add(number)
        hub.hear({"type": "room.bell", "room": ROOM, "seq": len(events.events)})

    with (
        mock.patch.object(hubs, "run", run),
        mock.patch.object(log, "after", events.after),
        mock.patch.object(RoomHub, "_awake", return_value=None),
    ):
        seat = hub.follow(ROOM, Head(0, EPOCH)).seat(crowd)
        seat.start(0)
        await say(1)
        while not crowd.frames:  # noqa: ASYNC110 - a few turns of the loop
            await asyncio.sleep(0)
        for _ in range(3):
            await say(1)
            await asyncio.sleep(0)
        assert crowd.frames == [1]
        began = time.monotonic()
        while len(crowd.seen) < len(events.events):  # noqa: ASYNC110 - at most a breath
            await asyncio.sleep(0.001)
        assert time.monotonic() - began < hubs.LONGEST_BREATH + 1
    assert crowd.frames == [1, 3]
    assert crowd.seen == events.events
