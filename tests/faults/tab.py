"""A virtual tab: speaks the room protocol over a real socket, resumes after a break, and keeps everything it saw."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import uuid
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


@dataclass
class Tab:
    """One client of one room.

    Attributes:
        seen: every event applied, in the order of application; the checker compares it with the log.
        acked: seq by client id, as acknowledged.
        faults: what a correct server never does (a hole in a frame, two payloads for one seq).
    """

    url: str
    session: str
    room: int
    seq: int | None = 0
    epoch: str = ""
    origin: str = ""
    seen: dict[int, str] = field(default_factory=dict)
    acked: dict[str, int] = field(default_factory=dict)
    duplicates: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    outbox: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    byes: list[int] = field(default_factory=list)
    connections: int = 0
    socket: ClientConnection | None = None
    repeat: int = 1

    async def open(self) -> ClientConnection:
        """Connect and say hello."""
        origin = self.origin or self.url
        socket = await connect(
            f"{self.url.replace('http', 'ws')}/ws/",
            origin=origin,
            additional_headers={"Cookie": f"sessionid={self.session}"},
            open_timeout=15,
            ping_interval=None,
            max_size=None,
        )
        place = {"epoch": self.epoch, "seq": self.seq} if self.seq is not None and self.epoch else None
        await socket.send(json.dumps({"t": "hello", "v": 1, "rooms": {str(self.room): place}}))
        self.connections += 1
        return socket

    async def run(self, until: asyncio.Event) -> None:
        """Stay connected until told otherwise, coming back after every break."""
        while not until.is_set():
            try:
                self.socket = await self.open()
                reader = asyncio.ensure_future(self._read(self.socket))
                stop = asyncio.ensure_future(until.wait())
                await asyncio.wait({reader, stop}, return_when=asyncio.FIRST_COMPLETED)
                for task in (reader, stop):
                    task.cancel()
                    with contextlib.suppress(asyncio.CancelledError, ConnectionClosed):
                        await task
                await self.socket.close()
            except (OSError, ConnectionClosed, TimeoutError, EOFError):
                pass
            except Exception as error:  # a refused handshake while the server starts
                if "HTTP" not in str(error) and "handshake" not in str(error) and "connection" not in str(error):
                    raise
            self.socket = None
            await asyncio.sleep(random.uniform(0.05, 0.3))

    async def _read(self, socket: ClientConnection) -> None:
        async for text in socket:
            self.take(json.loads(text))
            if '"welcome"' in text[:40]:
                for cid in list(self.outbox):
                    await self._say(cid)
            # a server that has just gone may have left us a goodbye to read: a failed answer does not end the reading
            with contextlib.suppress(ConnectionClosed):
                if text.startswith('{"t":"ev"'):
                    await socket.send(json.dumps({"t": "got", "rooms": {str(self.room): self.seq}}))
                elif text.startswith('{"t":"hb"'):
                    await socket.send('{"t":"hb"}')

    def take(self, frame: dict[str, Any]) -> None:  # noqa: C901 - one case per kind of frame
        """Apply one frame."""
        match frame:
            case {"t": "welcome", "rooms": rooms}:
                mine = rooms[str(self.room)]
                self.epoch = mine.get("epoch", "")
            case {"t": "snapshot", "head": head, "epoch": epoch}:
                self.seq, self.epoch = head, epoch
            case {"t": "ev", "from": first, "ev": events}:
                if events[0]["seq"] != first:
                    self.faults.append(f"from {first}, but begins with {events[0]['seq']}")
                for event in events:
                    self._apply(event)
            case {"t": "ack", "cid": cid, "seq": seq, "dup": dup}:
                if self.acked.setdefault(cid, seq) != seq:
                    self.faults.append(f"{cid} acknowledged as {self.acked[cid]} and as {seq}")
                self.duplicates += dup
                self.outbox.pop(cid, None)
            case {"t": "nack", "cid": cid, "code": code}:
                if code not in {"retry", "rate"}:
                    self.refused[cid] = code
                    self.outbox.pop(cid, None)
            case {"t": "bye", "code": code}:
                self.byes.append(code)

    def _apply(self, event: dict[str, Any]) -> None:
        seq = event["seq"]
        text = json.dumps(event, sort_keys=True)
        if seq in self.seen:
            if self.seen[seq] != text and '"deleted": true' not in text:
                self.faults.append(f"seq {seq} had two payloads")
            return
        if self.seq is not None and seq <= self.seq:
            return
        if self.seq is not None and seq != self.seq + 1:
            self.faults.append(f"seq {seq} after {self.seq}")
        self.seen[seq] = text
        self.seq = seq

    async def send(self, body: str) -> str:
        """Write a message; it stays in the outbox until it is acknowledged."""
        cid = str(uuid.uuid4())
        self.outbox[cid] = body
        await self._say(cid)
        return cid

    async def _say(self, cid: str) -> None:
        if self.socket is None or cid not in self.outbox:
            return
        frame = json.dumps({"t": "send", "room": self.room, "cid": cid, "body": self.outbox[cid]})
        with contextlib.suppress(ConnectionClosed):
            for _ in range(self.repeat):
                await self.socket.send(frame)

    async def settle(self, seconds: float = 15) -> None:
        """Resend what was not acknowledged, until nothing is left."""
        end = asyncio.get_running_loop().time() + seconds
        while self.outbox and asyncio.get_running_loop().time() < end:
            for cid in list(self.outbox):
                await self._say(cid)
            await asyncio.sleep(0.5)
