"""Acts wait in one line per room: a flooded or locked room holds up nobody elsewhere."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

import pytest

from kringen.live import lines
from kringen.live.lines import WAITING, Lines


class Wire:
    """A socket that keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    def write(self, text: str) -> None:
        """Take a frame as text."""
        frame = json.loads(text)
        self.heard.append((frame["cid"], frame.get("code", frame["t"])))

    def say(self, kind: str, **fields: Any) -> None:
        """Take a frame of the server's own."""
        self.write(json.dumps({"t": kind, **fields}))


class Desk:
    """The database and the hub: acts lie there until the test lets them through."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.under_way: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self.lines = Lines(self)  # type: ignore[arg-type]
        monkeypatch.setattr(lines, "run", self.run)

    def begin(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something beside."""
        self.task = asyncio.ensure_future(work)

    async def run(self, _perform: Any, _user: Any, frame: dict[str, Any]) -> dict[str, Any]:
        """Lay an act down until the test answers it."""
        self.under_way[frame["cid"]] = asyncio.get_running_loop().create_future()
        return await self.under_way[frame["cid"]]

    async def join(self, wire: Wire, room: int, *cids: str) -> None:
        """Let a socket stand in line with acts."""
        for cid in cids:
            self.lines.join(wire, None, {"t": "send", "room": room, "cid": cid})  # type: ignore[arg-type]
        await asyncio.sleep(0)

    async def answer(self, cid: str, **more: Any) -> None:
        """Let the act under way come back, and the line move on."""
        self.under_way.pop(cid).set_result({"t": "ack", "cid": cid, **more})
        for _ in range(3):
            await asyncio.sleep(0)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


async def test_a_room_has_one_act_under_way_and_rooms_do_not_wait_for_each_other(desk: Desk):
    mine, yours = Wire(), Wire()
    await desk.join(mine, 1, "a", "b")
    await desk.join(yours, 1, "c")
    await desk.join(yours, 2, "d")
    assert set(desk.under_way) == {"a", "d"}
    await desk.answer("d")
    assert yours.heard == [("d", "ack")]
    for cid in "abc":
        assert set(desk.under_way) == {cid}
        await desk.answer(cid)
    assert mine.heard == [("a", "ack"), ("b", "ack")]
    assert yours.heard == [("d", "ack"), ("c", "ack")]
    await desk.join(mine, 1, "e")
    assert set(desk.under_way) == {"e"}


async def test_when_the_first_must_try_again_so_must_all_behind(desk: Desk):
    mine, yours = Wire(), Wire()
    await desk.join(mine, 1, "a", "b")
    await desk.join(yours, 1, "c")
    await desk.answer("a", code="retry")
    assert mine.heard == [("a", "retry"), ("b", "retry")]
    assert yours.heard == [("c", "retry")]
    assert desk.under_way == {}


async def test_a_refusal_of_one_is_of_no_concern_to_the_next(desk: Desk):
    mine = Wire()
    await desk.join(mine, 1, "a", "b")
    await desk.answer("a", code="forbidden")
    await desk.answer("b")
    assert mine.heard == [("a", "forbidden"), ("b", "ack")]


async def test_of_one_socket_only_so_many_wait(desk: Desk):
    mine, yours = Wire(), Wire()
    await desk.join(mine, 1, *(f"m{number}" for number in range(WAITING)), "more")
    await desk.join(yours, 1, "y")
    assert mine.heard == [("more", "retry")]
    assert yours.heard == []


async def test_an_act_that_breaks_is_answered_and_the_line_moves_on(desk: Desk):
    mine = Wire()
    await desk.join(mine, 1, "a", "b")
    desk.under_way.pop("a").set_exception(RuntimeError("a fault of ours"))
    for _ in range(3):
        await asyncio.sleep(0)
    assert mine.heard == [("a", "fault")]
    await desk.answer("b")
    assert mine.heard == [("a", "fault"), ("b", "ack")]
