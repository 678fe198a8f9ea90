"""Who is here, who writes, and my place in my other tabs: told in passing, and only to whom it may be told."""

from __future__ import annotations

import asyncio

import pytest

from tests.kringen.live.test_socket import Wire, dial, send  # noqa: F401 - `dial` is a fixture

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("live"), pytest.mark.timeout(180)]


async def here(wire: Wire, room: int, state: str = "here") -> None:
    await wire.say({"t": "presence", "room": room, "state": state})


async def until_present(wire: Wire, names: list[str]) -> None:
    """Hear presence frames until exactly these people are there."""
    while True:
        frame = await wire.hear("presence")
        if sorted(person["name"] for person in frame["people"]) == names:
            return


async def test_people_come_and_go_by_name(live, dial):  # noqa: F811
    mine, theirs = await dial(hello={str(live.room): None}), await dial("colleague", hello={str(live.room): None})
    for wire in (mine, theirs):
        await wire.hear("snapshot")
        await here(wire, live.room)
    await until_present(mine, ["Deelnemer", "Deelnemer"])
    await here(theirs, live.room, "away")
    await until_present(mine, ["Deelnemer"])
    await here(theirs, live.room)
    await until_present(mine, ["Deelnemer", "Deelnemer"])
    await theirs.socket.close()
    await until_present(mine, ["Deelnemer"])


async def test_who_does_not_want_to_be_seen_is_not(live, dial):  # noqa: F811
    colleague = live.world["ids"]["colleague"]
    set_to = "from people.models import User; User.objects.filter(pk={}).update(shows_presence={})"
    await asyncio.to_thread(live.site.manage, "shell", "-c", set_to.format(colleague, False))
    try:
        mine, theirs = await dial(hello={str(live.room): None}), await dial("colleague", hello={str(live.room): None})
        for wire in (mine, theirs):
            await wire.hear("snapshot")
        await here(theirs, live.room)
        await theirs.say({"t": "typing", "room": live.room, "on": True})
        await here(mine, live.room)
        await until_present(mine, ["Deelnemer"])
        # what comes after it proves that no typing came before
        await send(theirs, live.room, "gezegd")
        heard = [(await mine.hear())["t"]]
        while heard[-1] != "ev":
            heard.append((await mine.hear())["t"])
        assert "typing" not in heard
    finally:
        await asyncio.to_thread(live.site.manage, "shell", "-c", set_to.format(colleague, True))


async def test_typing_reaches_the_others_and_not_oneself(live, dial):  # noqa: F811
    mine, theirs = await dial(hello={str(live.room): None}), await dial("colleague", hello={str(live.room): None})
    for wire in (mine, theirs):
        await wire.hear("snapshot")
    await mine.say({"t": "typing", "room": live.room, "topic": None})
    frame = await theirs.hear("typing")
    actor = {"id": live.world["ids"]["participant"], "name": "Deelnemer", "municipality": "Hillegom"}
    assert frame == {"t": "typing", "room": live.room, "topic": None, "actor": actor}
    await send(theirs, live.room, "gezegd")
    heard = [(await mine.hear())["t"]]
    while heard[-1] != "ev":
        heard.append((await mine.hear())["t"])
    assert "typing" not in heard


async def test_a_stranger_cannot_be_present_or_write_or_read_there(live, dial):  # noqa: F811
    mine, stranger = await dial(hello={str(live.room): None}), await dial("stranger", hello={str(live.room): None})
    await mine.hear("snapshot")
    await stranger.hear("welcome")
    await here(stranger, live.room)
    await stranger.say({"t": "typing", "room": live.room})
    await stranger.say({"t": "read", "room": live.room, "seq": 1})
    assert (await stranger.hear("error"))["code"] == "forbidden"
    await here(mine, live.room)
    await until_present(mine, ["Deelnemer"])


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"body": "x" * 8001}, "too_long"),
        ({"body": "  "}, "empty"),
        ({"body": "hallo", "topic": 999_999}, "topic"),
        ({"body": "hallo", "room": 999_999}, "forbidden"),
        ({"body": "hallo", "room": "other"}, "forbidden"),
    ],
)
async def test_what_cannot_be_sent_gets_its_own_answer_and_the_socket_lives_on(live, dial, frame, code):  # noqa: F811
    wire = await dial(hello={str(live.room): None})
    await wire.hear("snapshot")
    room = {"other": live.world["other"]}.get(frame.get("room"), frame.get("room", live.room))
    answer = await send(wire, room, **{name: value for name, value in frame.items() if name != "room"})
    assert (answer["t"], answer["code"]) == ("nack", code)
    assert (await send(wire, live.room, "en verder"))["t"] == "ack"
