"""A virtual tab: speaks the room protocol over a real socket, resumes after a break, and keeps everything it saw."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

RESEND = 10.0  # seconds without an answer
PACE = 0.2  # seconds between two repeats: five acts a second


@dataclass
class Tab:
    """One client of one room.

    Attributes:
        seen: every event applied, in the order of application; the checker compares it with the log.
        acked: seq by client id, as acknowledged.
        closes: the code with which each connection ended, None where this side ended it.
        bodies: every text sent, by client id.
        frames: what was sent beside messages, by client id: other acts, as their frames.
        nacks: how often each code came.
        sent_at, acked_at, seen_at: moments (monotonic, in seconds) by client id, client id and seq.
        absences: seconds between losing a connection and the welcome on the next one.
        refusal: the code after which a client does not come back (4401, 4403, 4426).
        stopped_at: a note of a test: how far this tab was at some moment.
        patience: the longest wait in seconds before coming back.
        again_at: when what was not acknowledged is sent again, by client id: the moment a refusal names, else
            `RESEND` seconds after the last time.
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
    nacks: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    outbox: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    frames: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    byes: list[int] = field(default_factory=list)
    closes: list[int | None] = field(default_factory=list)
    connections: int = 0
    socket: ClientConnection | None = None
    repeat: int = 1
    patience: float = 0.3
    stopped_at: int | None = None
    refusal: int | None = None
    sent_at: dict[str, float] = field(default_factory=dict)
    acked_at: dict[str, float] = field(default_factory=dict)
    seen_at: dict[int, float] = field(default_factory=dict)
    absences: list[float] = field(default_factory=list)
    lost_at: float | None = None
    again_at: dict[str, float] = field(default_factory=dict)

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
        """Stay connected until told otherwise, coming back after every break that is not a refusal."""
        while not until.is_set() and self.refusal is None:
            try:
                self.socket = await self.open()
                reader = asyncio.ensure_future(self._read(self.socket))
                stop = asyncio.ensure_future(until.wait())
                repeater = asyncio.ensure_future(self._say_again())
                await asyncio.wait({reader, stop}, return_when=asyncio.FIRST_COMPLETED)
                for task in (reader, stop, repeater):
                    task.cancel()
                    with contextlib.suppress(asyncio.CancelledError, ConnectionClosed):
                        await task
                self.closes.append(self.socket.close_code)
                await self.socket.close()
            except (OSError, ConnectionClosed, TimeoutError, EOFError):
                pass
            except Exception as error:  # a refused handshake while the server starts
                if "HTTP" not in str(error) and "handshake" not in str(error) and "connection" not in str(error):
                    raise
            self.socket = None
            self.lost_at = self.lost_at or time.monotonic()
            await asyncio.sleep(random.uniform(0.05, self.patience))

    async def _read(self, socket: ClientConnection) -> None:
        async for text in socket:
            self.take(json.loads(text))
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
                if self.lost_at is not None:
                    self.absences.append(time.monotonic() - self.lost_at)
                    self.lost_at = None
                self.again_at = dict.fromkeys(self.outbox, 0.0)
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
                self.acked_at.setdefault(cid, time.monotonic())
                self.duplicates += dup
                self.outbox.pop(cid, None)
            case {"t": "nack", "cid": cid, "code": code}:
                self.nacks[code] = self.nacks.get(code, 0) + 1
                self.again_at[cid] = time.monotonic() + frame.get("retry_ms", 0) / 1000
                if code not in {"retry", "rate"}:
                    self.refused[cid] = code
                    self.outbox.pop(cid, None)
            case {"t": "bye", "code": code}:
                self.byes.append(code)
                self.refusal = code if code in {4401, 4403, 4426} else self.refusal
            case {"t": "error", "code": code}:
                self.errors.append(code)

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
        self.seen_at[seq] = time.monotonic()
        self.seq = seq

    async def send(self, body: str) -> str:
        """Write a message; it stays in the outbox until it is acknowledged."""
        cid = str(uuid.uuid4())
        self.outbox[cid] = self.bodies[cid] = body
        self.sent_at[cid] = time.monotonic()
        await self._say(cid)
        return cid

    async def act(self, kind: str, **more: Any) -> str:
        """Do another act than a message; it stays in the outbox as well."""
        cid = str(uuid.uuid4())
        self.frames[cid] = {"t": kind, "room": self.room, "cid": cid, **more}
        self.outbox[cid] = ""
        self.sent_at[cid] = time.monotonic()
        await self._say(cid)
        return cid

    async def _say(self, cid: str) -> None:
        if self.socket is None or cid not in self.outbox:
            return
        self.again_at[cid] = time.monotonic() + RESEND
        message = {"t": "send", "room": self.room, "cid": cid, "body": self.outbox[cid]}
        frame = json.dumps(self.frames.get(cid, message))
        with contextlib.suppress(ConnectionClosed):
            for _ in range(self.repeat):
                await self.socket.send(frame)

    async def _say_again(self) -> None:
        """Repeat what was not acknowledged when its time has come, the oldest first, at the pace the server allows."""
        while True:
            now = time.monotonic()
            due = [cid for cid in self.outbox if self.again_at.get(cid, now + RESEND) <= now]
            for cid in due[:1]:
                await self._say(cid)
            await asyncio.sleep(PACE * self.repeat)

    async def settle(self, seconds: float = 15) -> None:
        """Wait until everything is acknowledged, or for so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.outbox:  # noqa: ASYNC110 - an answer has no event
                    await asyncio.sleep(0.05)
