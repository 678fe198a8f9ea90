"""A tab of ours: the room protocol over a WebSocket."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

from tests.bench.rooms_load.talk import NUMBER, Talk
from tests.bench.rooms_load.wire import FrameWire, masked

ACK_EVERY = 50


class Person:
    """Somebody at one tab; `who` has `headers`, `room` and `epoch`."""

    def __init__(self, talk: Talk, at: int, port: int, who: dict[str, Any]) -> None:
        self.talk, self.at, self.port = talk, at, port
        self.headers, self.room, self.epoch = who["headers"], who["room"], who["epoch"]
        self.seq = self.told = 0
        self.waiting: dict[str, tuple[int, str]] = {}
        self.wire: FrameWire | None = None
        self._in: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._timer: asyncio.TimerHandle | None = None

    async def open(self) -> None:
        """Connect, say hello, and wait for the welcome."""
        loop = asyncio.get_running_loop()
        _, self.wire = await loop.create_connection(
            lambda: FrameWire(self.port, "/ws/", self.headers), "127.0.0.1", self.port
        )
        await self.wire.open
        self.wire.heard = self._heard
        place = {"epoch": self.epoch, "seq": 0}
        self._write({"t": "hello", "v": 1, "rooms": {str(self.room): place}})
        await self._in
        self._tell()

    def _write(self, frame: dict[str, Any]) -> None:
        if self.wire is not None:
            self.wire.write(masked(json.dumps(frame)))

    def say(self, number: int, text: str) -> None:
        """Write a message; it waits for its ack under its client id."""
        cid = str(uuid.uuid4())
        self.waiting[cid] = (number, text)
        self._send(cid)

    def _send(self, cid: str) -> None:
        if cid in self.waiting:
            self._write({"t": "send", "room": self.room, "cid": cid, "body": self.waiting[cid][1]})

    def _tell(self) -> None:
        """Once a second, and every 50 events: tell what is here."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(1, self._tell)
        if self.seq > self.told:
            self.told = self.seq
            self._write({"t": "got", "rooms": {str(self.room): self.seq}})

    def _heard(self, data: bytes) -> None:
        frame = json.loads(data)
        kind = frame["t"]
        if kind == "ev":
            self._events(frame["ev"])
        elif kind == "ack":
            self.talk.receipt(self.waiting.pop(frame["cid"])[0])
        elif kind == "nack":
            self.talk.refused += 1
            asyncio.get_running_loop().call_later(frame.get("retry_ms", 1000) / 1000, self._send, frame["cid"])
        elif kind == "hb":
            self._write({"t": "hb"})
        elif kind in {"welcome", "bye"} and not self._in.done():
            if kind == "welcome" and frame["rooms"][str(self.room)]["mode"] == "replay":
                self._in.set_result(None)
            else:
                self._in.set_exception(RuntimeError(f"not let in: {frame}"))

    def _events(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            if event["seq"] != self.seq + 1:
                self.talk.gaps += 1
            self.seq = event["seq"]
            found = NUMBER.search(event["message"]["body"].encode()) if event["kind"] == "message.new" else None
            if found:
                self.talk.hear(self.at, int(found[1]))
        if self.seq - self.told >= ACK_EVERY:
            self._tell()

    def close(self) -> None:
        """Leave without a word."""
        if self._timer is not None:
            self._timer.cancel()
        if self.wire is not None and self.wire.transport is not None:
            self.wire.transport.abort()
