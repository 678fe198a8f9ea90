"""The protocol of `/ws/`, frame by frame, against a real Daphne."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.faults.rooms_site import Rooms

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("live"), pytest.mark.timeout(180)]


class Wire:
    """A socket that a test writes and reads by hand."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, frame: Any) -> None:
        """Send a frame, or text or bytes as they are."""
        await self.socket.send(frame if isinstance(frame, (str, bytes)) else json.dumps(frame))

    async def hear(self, kind: str | None = None, seconds: float = 10) -> dict[str, Any]:
        """Return the next frame (of a kind)."""
        async with asyncio.timeout(seconds):
            while True:
                frame = json.loads(await self.socket.recv())
                if kind in {None, frame["t"]}:
                    return frame

    async def closed(self, seconds: float = 10) -> tuple[list[dict[str, Any]], int | None]:
        """Return the frames until the end, and the close code."""
        frames: list[dict[str, Any]] = []
        async with asyncio.timeout(seconds):
            try:
                while True:
                    frames.append(json.loads(await self.socket.recv()))
            except ConnectionClosed:
                return frames, self.socket.close_code


class Dial:
    """Opens sockets for a test and closes them after it."""

    def __init__(self, live: Rooms) -> None:
        self.live = live
        self.open: list[ClientConnection] = []

    async def __call__(self, who: str | None = "participant", hello: dict[str, Any] | None = None, **more: Any) -> Wire:
        """Open a socket as somebody; a `hello` is sent when there is one."""
        site = self.live.site
        headers = {"Cookie": f"sessionid={self.live.world['sessions'][who]}"} if who else {}
        socket = await connect(
            f"ws://127.0.0.1:{site.port}{more.get('path', '/ws/')}",
            origin=more.get("origin", site.url),
            additional_headers={**headers, **more.get("headers", {})},
            ping_interval=None,
            open_timeout=15,
        )
        self.open.append(socket)
        wire = Wire(socket)
        if hello is not None:
            await wire.say({"t": "hello", "v": 1, "rooms": hello})
        return wire


@pytest.fixture
async def dial(live: Rooms):
    made = Dial(live)
    yield made
    for socket in made.open:
        await socket.close()


def new_id() -> str:
    return str(uuid.uuid4())


async def send(wire: Wire, room: int, body: str = "hallo", **more: Any) -> dict[str, Any]:
    cid = more.pop("cid", new_id())
    await wire.say({"t": "send", "room": room, "cid": cid, "body": body, **more})
    while True:
        answer = await wire.hear()
        if answer.get("cid") == cid:
            return answer


async def test_welcome_says_what_follows(live, dial):
    wire = await dial(hello={str(live.room): None, str(live.world["other"]): None, "99999": None})
    welcome = await wire.hear()
    assert (welcome["t"], welcome["hb_ms"], welcome["rooms"]["99999"]) == ("welcome", 15000, {"mode": "gone"})
    # no difference between a room of others and one that does not exist
    assert welcome["rooms"][str(live.world["other"])] == {"mode": "gone"}
    mine = welcome["rooms"][str(live.room)]
    assert mine["mode"] == "snapshot"
    snapshot = await wire.hear()
    assert snapshot.keys() == {"t", "room", "epoch", "head", "messages"}
    assert (snapshot["t"], snapshot["room"], snapshot["epoch"]) == ("snapshot", live.room, mine["epoch"])


async def test_a_message_is_acknowledged_and_comes_to_everybody(live, dial):
    mine, theirs = await dial(hello={str(live.room): None}), await dial("colleague", hello={str(live.room): None})
    for wire in (mine, theirs):
        await wire.hear("snapshot")
    ack = await send(mine, live.room, "Hoe doen *jullie* dat?")
    assert ack.keys() == {"t", "cid", "seq", "id", "dup"}
    frame = await theirs.hear("ev")
    assert frame.keys() == {"t", "room", "from", "ev"}
    (event,) = frame["ev"]
    assert frame["from"] == event["seq"] == ack["seq"]
    assert event["actor"] == {"id": live.world["ids"]["participant"], "name": "Deelnemer", "municipality": "Hillegom"}
    assert event["at"].endswith("Z")
    topic = event["message"]["topic"]
    assert event["message"] == {
        "id": ack["id"],
        "topic": topic,
        "body": "Hoe doen *jullie* dat?",
        "html": "<p>Hoe doen <em>jullie</em> dat?</p>",
        "replyTo": None,
    }


async def test_sent_three_times_is_one_message_and_another_text_a_conflict(live, dial):
    wire, cid = await dial(hello={str(live.room): None}), new_id()
    answers = [await send(wire, live.room, "eenmaal", cid=cid) for _ in range(3)]
    assert [(answer["t"], answer["dup"]) for answer in answers] == [("ack", False), ("ack", True), ("ack", True)]
    assert len({(answer["seq"], answer["id"]) for answer in answers}) == 1
    assert await send(wire, live.room, "anders", cid=cid) == {"t": "nack", "cid": cid, "code": "conflict"}
    status, answer = live.http(f"/api/v1/rooms/{live.room}/messages", body={"cid": cid, "body": "eenmaal"})
    assert (status, answer) == (200, {"seq": answers[0]["seq"], "id": answers[0]["id"], "dup": True})


async def test_edit_delete_and_react_are_events_in_the_same_line(live, dial):
    wire = await dial(hello={str(live.room): None})
    made = await send(wire, live.room, "eerst")
    about = {"room": live.room, "message": made["id"]}
    acts = [
        {"t": "edit", **about, "body": "later"},
        {"t": "react", **about, "emoji": "👍", "on": True},
        {"t": "delete", **about},
    ]
    for act in acts:
        cid = new_id()
        await wire.say({**act, "cid": cid})
        while (answer := await wire.hear()).get("cid") != cid:
            pass
        assert (answer["t"], answer["id"]) == ("ack", made["id"])
    _, page = live.http(f"/api/v1/rooms/{live.room}/events?after={made['seq'] - 1}")
    assert [event["kind"] for event in page["ev"]] == ["message.new", "message.edit", "reaction", "message.delete"]
    assert [event["seq"] for event in page["ev"]] == list(range(made["seq"], made["seq"] + 4))
    assert "later" not in json.dumps(page)
    assert "eerst" not in json.dumps(page)
    assert page["ev"][0]["message"]["deleted"] is True


@pytest.mark.parametrize(
    ("who", "body", "room", "code"),
    [
        ("participant", "", "room", "empty"),
        ("participant", "x" * 8001, "room", "too_long"),
        ("participant", "hallo", "other", "forbidden"),
        ("stranger", "hallo", "room", "forbidden"),
        ("steering", "hallo", "room", "forbidden"),
    ],
)
async def test_what_is_refused_gets_its_code_and_the_socket_lives(  # noqa: PLR0917 - a table
    live, dial, who, body, room, code
):
    wire = await dial(who, hello={})
    await wire.hear("welcome")
    assert (await send(wire, live.world[room], body))["code"] == code
    await wire.say({"t": "ping"})
    assert (await wire.hear())["t"] == "pong"


async def test_resume_gives_exactly_what_was_missed(live, dial):
    wire = await dial(hello={str(live.room): None})
    snapshot = await wire.hear("snapshot")
    for n in range(5):
        await send(wire, live.room, f"gemist {n} {new_id()}")
    again = await dial(hello={str(live.room): {"epoch": snapshot["epoch"], "seq": snapshot["head"] + 2}})
    welcome = await again.hear()
    assert welcome["rooms"][str(live.room)]["mode"] == "replay"
    frame = await again.hear()
    assert frame["from"] == snapshot["head"] + 3
    assert [event["seq"] - snapshot["head"] for event in frame["ev"]] == [3, 4, 5]
    await again.say({"t": "need", "room": live.room, "after": snapshot["head"]})
    assert [event["seq"] - snapshot["head"] for event in (await again.hear("ev"))["ev"]] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("place", [{"epoch": "another life", "seq": 0}, {"epoch": None, "seq": 10**9}])
async def test_another_epoch_or_a_future_number_is_a_snapshot(live, dial, place):
    first = await dial(hello={str(live.room): None})
    epoch = (await first.hear("snapshot"))["epoch"]
    wire = await dial(hello={str(live.room): {**place, "epoch": place["epoch"] or epoch}})
    assert (await wire.hear())["rooms"][str(live.room)]["mode"] == "snapshot"
    assert (await wire.hear())["t"] == "snapshot"


async def test_the_long_poll_waits_and_gives_the_same_event(live, dial):
    wire = await dial(hello={str(live.room): None})
    head = (await wire.hear("snapshot"))["head"]
    waiting = asyncio.create_task(
        asyncio.to_thread(live.http, f"/api/v1/rooms/{live.room}/events?after={head}&wait=20", "colleague")
    )
    await asyncio.sleep(1)
    assert not waiting.done()
    began = time.monotonic()
    await send(wire, live.room, "wakker worden")
    status, answer = await waiting
    assert time.monotonic() - began < 5
    assert (status, answer["head"], answer["from"]) == (200, head + 1, head + 1)
    frame = await dial("colleague", hello={str(live.room): {"epoch": answer["epoch"], "seq": head}})
    assert (await frame.hear("ev"))["ev"] == answer["ev"]


def test_nobody_is_told_what_a_message_must_look_like(live):
    path = f"/api/v1/rooms/{live.room}/messages"
    assert live.http(path, None, {})[0] == 401
    status, answer = live.http(path, "participant", {})
    assert (status, {fault["where"][-1] for fault in answer["errors"]}) == (422, {"cid", "body"})


def test_the_api_knows_no_difference_between_not_mine_and_not_there(live):
    for room in (live.room, 99_999):
        assert live.http(f"/api/v1/rooms/{room}/events?after=0", "stranger")[0] == 404
    status, answer = live.http(f"/api/v1/rooms/{live.room}/events?after=0", None)
    assert (status, answer["status"]) == (401, 401)


@pytest.mark.parametrize(
    "origin",
    [None, "null", "https://evil.example", "http://127.0.0.1", "http://127.0.0.1:1", "HTTP", "https", "sub", "at", "/"],
)
async def test_only_the_exact_origin_comes_in(live, dial, origin):
    url = live.site.url
    spelled = {
        "HTTP": url.replace("http", "HTTP"),
        "https": url.replace("http", "https"),
        "sub": url.replace("//", "//sub."),
        "at": url.replace("//", "//good@"),
        "/": f"{url}/",
    }.get(str(origin), origin)
    with pytest.raises(InvalidStatus) as refused:
        await dial(origin=spelled)
    assert refused.value.response.status_code == 403


async def test_nobody_and_the_deactivated_are_sent_to_the_login(dial):
    for who in (None, "deactivated"):
        wire = await dial(who)
        assert await wire.closed() == ([{"t": "bye", "code": 4401}], 4401)


@pytest.mark.parametrize("frame", ["no json", "[]", "{", "[" * 5000, '{"t":"hello","v":NaN}', b"\x00\x01", "1" * 5000])
async def test_what_no_client_would_say_closes_with_4400(dial, frame):
    wire = await dial(hello={})
    await wire.hear("welcome")
    await wire.say(frame)
    frames, code = await wire.closed()
    assert (frames[-1]["t"], frames[-1]["code"], code) == ("bye", 4400, 4400)


@pytest.mark.parametrize(
    "frame",
    [
        {"t": "unknown"},
        {"t": 7},
        {"t": "send"},
        {"t": "got", "rooms": {"x": 1}},
        {"t": "got", "rooms": {"1": True}},
        {"t": "need", "room": 1, "after": -1},
        {"t": "need", "room": 2**80, "after": 0},
        {"t": "read", "room": 1, "seq": 1, "extra": 1},
        {"t": "hello", "v": 1, "rooms": {"1": {"epoch": "e", "seq": 0, "more": 1}}},
        {"t": "presence", "state": [[[[[[[[1]]]]]]]]},
    ],
)
async def test_a_frame_that_is_not_understood_is_refused_and_three_of_them_are_too_many(dial, frame):
    wire = await dial(hello={})
    await wire.hear("welcome")
    for _ in range(3):
        await wire.say(frame)
    frames, code = await wire.closed()
    assert [each["t"] for each in frames] == ["error", "error", "error", "bye"]
    assert frames[0]["code"] == "bad_frame"
    assert code == 4429


async def test_a_frame_over_32_kib_is_too_large(live, dial):
    wire = await dial(hello={})
    await wire.hear("welcome")
    await wire.say({"t": "send", "room": live.room, "cid": new_id(), "body": "x" * 33_000})
    frames, code = await wire.closed()
    assert (frames[-1], code) == ({"t": "bye", "code": 1009}, 1009)


async def test_an_unknown_key_in_an_act_is_a_nack(live, dial):
    wire = await dial(hello={})
    await wire.hear("welcome")
    answer = await send(wire, live.room, "hallo", secret=1)
    assert (answer["t"], answer["code"]) == ("nack", "bad")


async def test_hello_comes_first_and_in_our_version(live, dial):
    wire = await dial()
    await wire.say({"t": "ping"})
    assert (await wire.hear())["code"] == "bad_frame"
    await wire.say({"t": "hello", "v": 99, "rooms": {}})
    assert (await wire.closed())[1] == 4426


async def test_a_burst_is_slowed_and_a_flood_is_ended(live, dial):
    wire = await dial("colleague", hello={})
    await wire.hear("welcome")
    for n in range(25):
        await wire.say({"t": "send", "room": live.room, "cid": new_id(), "body": f"stortvloed {n} {new_id()}"})
    answers = [await wire.hear() for _ in range(25)]
    slowed = [answer for answer in answers if answer["t"] == "nack"]
    assert {answer["code"] for answer in slowed} == {"rate"}
    assert 2 <= len(slowed) <= 5
    assert all(answer["retry_ms"] > 0 for answer in slowed)
    try:
        for n in range(150):
            await wire.say({"t": "send", "room": live.room, "cid": new_id(), "body": f"vloed {n}"})
    except ConnectionClosed:
        pass
    frames, code = await wire.closed()
    assert (frames[-1]["code"], code) == (4429, 4429)


async def test_a_reader_that_does_not_acknowledge_is_paused_not_buried(live, dial):
    writer, reader = await dial(hello={}), await dial("colleague", hello={str(live.room): None})
    snapshot = await reader.hear("snapshot")
    await writer.hear("welcome")
    head, body = snapshot["head"], "x" * 7900
    for n in range(24):
        assert (await send(writer, live.room, f"{n} {new_id()} {body}"))["t"] == "ack"
        await asyncio.sleep(0.1)
    size, seen = 0, 0
    with contextlib.suppress(TimeoutError):
        while seen < head + 24:
            frame = await reader.hear("ev", seconds=3)
            size += len(json.dumps(frame))
            seen = frame["ev"][-1]["seq"]
    assert size < 400_000
    assert seen < head + 24
    while seen < head + 24:
        await reader.say({"t": "got", "rooms": {str(live.room): seen}})
        seen = (await reader.hear("ev"))["ev"][-1]["seq"]
    assert seen == head + 24


async def test_logging_out_closes_every_tab_within_a_second(live, dial):
    session = live.world["sessions"]["extra0"]
    tabs = [await dial("extra0", hello={str(live.room): None}) for _ in range(3)]
    for tab in tabs:
        await tab.hear("snapshot")
    headers = {"Cookie": f"sessionid={session}; csrftoken={'c' * 32}", "X-CSRFToken": "c" * 32}
    import urllib.request

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_args: Any) -> None:
            return None

    def log_out() -> int:
        request = urllib.request.Request(f"{live.site.url}/accounts/logout/", data=b"", headers=headers)
        try:
            return urllib.request.build_opener(NoRedirect).open(request, timeout=20).status
        except urllib.error.HTTPError as error:
            return error.code

    assert await asyncio.to_thread(log_out) == 302
    began = time.monotonic()
    for tab in tabs:
        frames, code = await tab.closed()
        assert (frames[-1], code) == ({"t": "bye", "code": 4401}, 4401)
    assert time.monotonic() - began < 2


async def test_the_eleventh_tab_of_one_person_is_refused(live, dial):
    tabs = [await dial("extra1", hello={}) for _ in range(10)]
    for tab in tabs:
        await tab.hear("welcome")
    frames, code = await (await dial("extra1")).closed()
    assert (frames[-1]["code"], code) == (4409, 4409)


async def test_reading_on_one_tab_moves_the_marker_of_the_other(live, dial):
    one, other = await dial(hello={str(live.room): None}), await dial(hello={str(live.room): None})
    head = (await one.hear("snapshot"))["head"]
    await other.hear("snapshot")
    await one.say({"t": "read", "room": live.room, "seq": head + 1000})
    assert await other.hear("read") == {"t": "read", "room": live.room, "seq": head}


async def test_a_heartbeat_tells_how_far_each_room_is(live, dial):
    wire = await dial(hello={str(live.room): None})
    head = (await wire.hear("snapshot"))["head"]
    beat = await wire.hear("hb", seconds=20)
    assert beat["heads"][str(live.room)] >= head
