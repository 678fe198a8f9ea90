"""Somebody in a room of a Matrix server: one connection that waits in /sync, one that sends."""

from __future__ import annotations

import asyncio
import json
import urllib.parse
from typing import Any

from tests.bench.rooms_load.talk import NUMBER, Talk

NOTHING: dict[str, Any] = {"types": []}
FILTER = {
    "presence": NOTHING,
    "account_data": NOTHING,
    "room": {
        "timeline": {"limit": 200, "types": ["m.room.message"]},
        "state": NOTHING,
        "ephemeral": NOTHING,
        "account_data": NOTHING,
    },
}


class Http:
    """One connection, one request after the other."""

    def __init__(self, port: int, token: str = "") -> None:
        self.port, self.token = port, token
        self._lock = asyncio.Lock()
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Return the JSON of the answer.

        Raises:
            ConnectionError: the server refused.
        """
        async with self._lock:
            if self.reader is None or self.writer is None:
                self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**22)
            data = b"" if body is None else json.dumps(body).encode()
            head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(data)}\r\n"
            if self.token:
                head += f"Authorization: Bearer {self.token}\r\n"
            self.writer.write(head.encode() + b"Content-Type: application/json\r\n\r\n" + data)
            answer = await self.reader.readuntil(b"\r\n\r\n")
            lower = answer.lower()
            if b"transfer-encoding: chunked" in lower:
                found = b""
                while size := int(await self.reader.readline(), 16):
                    found += await self.reader.readexactly(size)
                    await self.reader.readline()
                await self.reader.readline()
            else:
                at = lower.index(b"content-length:") + 15
                found = await self.reader.readexactly(int(lower[at : lower.index(b"\r\n", at)]))
        if not answer.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(f"{method} {path}: {answer[:60]!r} {found[:300]!r}")
        return json.loads(found)

    def close(self) -> None:
        """Let go of the connection."""
        if self.writer is not None:
            self.writer.transport.abort()


class Person:
    """Somebody with an account; `who` has `token`, `user` and `room`."""

    def __init__(self, talk: Talk, at: int, port: int, who: dict[str, Any]) -> None:
        self.talk, self.at, self.room, self.user = talk, at, who["room"], who["user"]
        self.listening, self.speaking = Http(port, who["token"]), Http(port, who["token"])
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Make the filter and a first sync."""
        user = urllib.parse.quote(self.user)
        made = await self.listening.ask("POST", f"/_matrix/client/v3/user/{user}/filter", FILTER)
        path = f"/_matrix/client/v3/sync?filter={made['filter_id']}&set_presence=offline"
        first = await self.listening.ask("GET", path)
        await self.speaking.ask("GET", "/_matrix/client/v3/account/whoami")
        self._keep(self._sync(path, first["next_batch"]))

    def _keep(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _sync(self, path: str, since: str) -> None:
        while True:
            answer = await self.listening.ask("GET", f"{path}&timeout=30000&since={since}")
            since = answer["next_batch"]
            timeline = answer.get("rooms", {}).get("join", {}).get(self.room, {}).get("timeline", {})
            for event in timeline.get("events", ()):
                found = NUMBER.search(event["content"].get("body", "").encode())
                if found:
                    self.talk.hear(self.at, int(found[1]))

    def say(self, number: int, text: str) -> None:
        """Write a message in the room."""
        self._keep(self._say(number, text))

    async def _say(self, number: int, text: str) -> None:
        room = urllib.parse.quote(self.room)
        path = f"/_matrix/client/v3/rooms/{room}/send/m.room.message/t{number}"
        await self.speaking.ask("PUT", path, {"msgtype": "m.text", "body": text})
        self.talk.receipt(number)

    def close(self) -> None:
        """Leave without a word."""
        for task in self._tasks:
            task.cancel()
        self.listening.close()
        self.speaking.close()
