"""One socket: a person's tab. Reads frames, keeps the rules of the protocol, leaves the work to verbs and hub."""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
import time
from collections import deque
from typing import Any

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings
from django.db import DatabaseError

from kringen import rooms
from kringen.live import hub as hubs
from kringen.live import log, protocol, standing
from kringen.live.acts import perform
from kringen.live.database import run
from kringen.live.hub import RoomHub, Seat
from kringen.live.protocol import BadFrameError, Bucket, Close, Window
from kringen.live.writing import Writer
from people.models import User

logger = logging.getLogger(__name__)

HELLO_WITHIN = 10.0  # seconds
ACTS_WAITING = 40  # per room
BAD_FRAMES = 3
TYPING_EVERY = 2.0
LAST_WORDS = 0.2
SOCKETS_PER_PERSON = 10
SOCKETS_PER_PROCESS = 1500


class Socket(AsyncConsumer):
    """The live socket of one tab, from handshake to goodbye."""

    # No channel of its own: the hub listens for all sockets of the process.
    channel_layer_alias = "none: the hub listens"

    hub: RoomHub
    writer: Writer

    def __init__(self) -> None:
        self.user: User | None = None
        self.user_id = 0
        self.session: str | None = None
        self.seats: dict[int, Seat] = {}
        self.window = Window()
        self.closed = False
        self._greeted = False
        self._bad = 0
        self._frames = Bucket(rate=40, burst=120)
        self._acts = Bucket(rate=5, burst=20)
        self._lines: dict[int, deque[dict[str, Any]]] = {}
        self._reading: dict[int, int] = {}
        self._typed: dict[int, float] = {}
        self._opened = self._heard = self._beat = time.monotonic()
        self._stopped: float | None = None

    # ---- the frame around it ----

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve the socket; when the server stops, say so before going."""
        self.hub = hubs.current()
        self.writer = Writer(self.hub, send, self._flowing)
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            self.goodbye(Close.RESTART, retry_ms=random.randrange(15_000))  # noqa: S311 — spreads, hides nothing
            # the server stops as soon as its applications have: give it a moment to write this out
            await asyncio.sleep(LAST_WORDS)
            raise
        finally:
            self._leave()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Handle what the server hands in. Nothing a client sends may end in an unhandled error (close 1011)."""
        # Channels closes old database connections here, with a thread hop per message; our pool tidies up itself.
        kind = message["type"]
        if kind == "websocket.disconnect":
            raise StopConsumer
        try:
            if kind == "websocket.connect":
                await self._connect()
            elif not self.closed:
                await self._receive(message)
        except (StopConsumer, asyncio.CancelledError):
            raise
        except Exception:
            logger.exception("A frame could not be handled")
            self.say("error", code="fault")

    async def _connect(self) -> None:
        self.writer.put({"type": "websocket.accept"})
        self.session = standing.session_key(self.scope["headers"])
        try:
            self.user = await run(standing.person, self.session)
        except DatabaseError:
            logger.warning("No database at a handshake")
            self.goodbye(Close.FULL, retry_ms=random.randrange(1_000, 5_000))  # noqa: S311
            return
        if self.user is None:
            self.goodbye(Close.SESSION_OVER)
            return
        self.user_id = self.user.pk
        limit = getattr(settings, "LIVE_SOCKETS_PER_PERSON", SOCKETS_PER_PERSON)
        if len(self.hub.people.get(self.user_id, ())) >= limit:
            self.goodbye(Close.TOO_MANY, retry_ms=60_000)
            return
        if len(self.hub.sockets) >= getattr(settings, "LIVE_SOCKETS_PER_PROCESS", SOCKETS_PER_PROCESS):
            self.goodbye(Close.FULL, retry_ms=random.randrange(5_000, 20_000))  # noqa: S311
            return
        self._heard = time.monotonic()
        # spread, so that a thousand tabs that came together are not looked at together
        self._beat = self._heard - random.uniform(0, 2)  # noqa: S311
        self.hub.enter(self)

    def _leave(self) -> None:
        self.closed = True
        self.hub.leave(self)
        for seat in tuple(self.seats.values()):
            seat.leave()
        self.seats.clear()

    def say(self, kind: str, **fields: Any) -> None:
        """Write a frame of our own."""
        self.write(protocol.frame(kind, **fields))

    def write(self, text: str) -> None:
        """Write a frame, at once and without waiting."""
        if not self.closed:
            self.writer.put({"type": "websocket.send", "text": text})

    def goodbye(self, code: int, **fields: Any) -> None:
        """Say why, then close: the text of a close frame does not arrive."""
        if self.closed:
            return
        self.writer.reset()
        self.say("bye", code=code, **fields)
        self.closed = True
        self.writer.put({"type": "websocket.close", "code": code})
        self._leave()

    @property
    def blocked(self) -> bool:
        """Say whether no events may be written now."""
        return self.closed or self.writer.stuck or self.window.full

    def _flowing(self) -> None:
        """Go on with what waited: the reader took something in."""
        if not self.blocked:
            for seat in self.seats.values():
                seat.catch_up()

    # ---- the clock ----

    def tick(self, now: float) -> None:
        """Do what is due: heartbeat with a look at the rights, silence, a pause that lasts."""
        if self.closed:
            return
        if now - self._heard > protocol.SILENCE or self.writer.broken:
            self.goodbye(Close.SLOW, retry_ms=random.randrange(3_000))  # noqa: S311
            return
        if not self._greeted and now - self._opened > HELLO_WITHIN:
            self.goodbye(Close.BAD_FRAME)
            return
        if self.writer.stuck or self.window.full:
            self._stopped = self._stopped or now
            if now - self._stopped > protocol.PAUSE:
                self.goodbye(Close.SLOW, retry_ms=random.randrange(3_000))  # noqa: S311
                return
        else:
            self._stopped = None
        if now - self._beat >= protocol.HEARTBEAT - 1:
            self._beat = now
            if not self.writer.stuck:
                self.say("hb", heads={str(pk): seat.room.seq for pk, seat in self.seats.items()})
            self.hub.begin(self.recheck())

    async def recheck(self) -> None:
        """Look again whether the session lives and the rooms are still this person's; close if not."""
        try:
            user, mine = await run(standing.look, self.session, self.user_id, tuple(self.seats))
        except DatabaseError:
            logger.warning("The rights of a socket could not be looked at")
            return
        if user is None:
            self.goodbye(Close.SESSION_OVER)
            return
        self.user = user
        lost = self.seats.keys() - mine
        if lost:
            self.goodbye(Close.NO_ACCESS, rooms=sorted(lost))

    # ---- frames ----

    async def _receive(self, message: dict[str, Any]) -> None:
        text = message.get("text")
        if text is None:
            self.goodbye(Close.BAD_FRAME)
            return
        if len(text) > protocol.MAX_FRAME or len(text.encode()) > protocol.MAX_FRAME:
            self.goodbye(Close.TOO_LARGE)
            return
        if not self._frames.take():
            if self._frames.strikes >= BAD_FRAMES:
                self.goodbye(Close.RATE, retry_ms=30_000)
            return
        try:
            frame = protocol.parse(text)
        except BadFrameError as error:
            self._refuse(error)
            return
        self._heard = time.monotonic()
        kind = frame["t"]
        if kind == "hello":
            await self._hello(frame)
        elif not self._greeted:
            self._refuse(BadFrameError("hello comes first", frame))
        elif kind in protocol.ACTS:
            self._act(frame)
        else:
            getattr(self, f"_on_{kind}")(frame)

    def _refuse(self, error: BadFrameError) -> None:
        self._bad += 1
        if error.fatal:
            self.goodbye(Close.BAD_FRAME)
            return
        cid = error.frame.get("cid")
        if error.frame.get("t") in protocol.ACTS and protocol.client_id(cid) is not None:
            self.say("nack", cid=cid, code="bad", detail=str(error))
        else:
            self.say("error", code="bad_frame", detail=str(error))
        if self._bad >= BAD_FRAMES:
            self.goodbye(Close.RATE, retry_ms=30_000)

    async def _hello(self, frame: dict[str, Any]) -> None:
        if frame["v"] != protocol.VERSION or self.user is None:
            self.goodbye(Close.TOO_OLD)
            return
        wanted = {protocol.room_key(key) or 0: place for key, place in frame["rooms"].items()}
        try:
            heads = await run(standing.rooms_of, self.user, wanted)
        except DatabaseError:
            self.say("error", code="retry", retry_ms=random.randrange(500, 3_000))  # noqa: S311
            return
        if self.closed:
            return
        self._greeted = True
        modes: dict[str, dict[str, Any]] = {}
        starts: list[tuple[Seat, int | None]] = []
        for room_id, place in wanted.items():
            head = heads.get(room_id)
            if head is None:
                modes[str(room_id)] = {"mode": "gone"}
                continue
            room = self.hub.follow(room_id, head)
            seat = self.seats.get(room_id)
            if seat is None:
                seat = self.seats[room_id] = room.seat(self)
            seat.ready = False
            self.window.forget(room_id)
            known = (
                place is not None
                and place["epoch"] == head.epoch
                and 0 <= head.seq - place["seq"] <= protocol.REPLAY_EVENTS
            )
            modes[str(room_id)] = {
                "epoch": head.epoch,
                "head": head.seq,
                "mode": "replay" if known else "snapshot",
            }
            starts.append((seat, place["seq"] if known else None))
        self.say(
            "welcome",
            conn=secrets.token_hex(4),
            hb_ms=int(protocol.HEARTBEAT * 1000),
            user=self.user_id,
            rooms=modes,
        )
        for seat, cursor in starts:
            if cursor is None:
                self.resync(seat.room.id)
            else:
                seat.start(cursor)

    def resync(self, room_id: int) -> None:
        """Start a room anew with a snapshot."""
        self.hub.begin(self._snapshot(room_id))

    async def _snapshot(self, room_id: int) -> None:
        seat = self.seats.get(room_id)
        if seat is None:
            return
        seat.ready = False
        try:
            found = await run(log.snapshot, room_id)
        except DatabaseError:
            self.say("error", code="retry", room=room_id, retry_ms=random.randrange(500, 3_000))  # noqa: S311
            return
        if found is None or self.seats.get(room_id) is not seat:
            return
        head, messages = found
        self.window.forget(room_id)
        self.say("snapshot", room=room_id, epoch=head.epoch, head=head.seq, messages=messages)
        seat.start(head.seq)

    def _on_got(self, frame: dict[str, Any]) -> None:
        for key, seq in frame["rooms"].items():
            self.window.got(protocol.room_key(key) or 0, seq)
        self._stopped = None
        self._flowing()

    def _on_hb(self, _frame: dict[str, Any]) -> None:
        """Hear that the client lives; hearing it was the whole of it."""

    def _on_ping(self, _frame: dict[str, Any]) -> None:
        self.say("pong")

    def _on_presence(self, _frame: dict[str, Any]) -> None:
        """Take no notice: who is present is not shown."""

    def _on_need(self, frame: dict[str, Any]) -> None:
        seat = self.seats.get(frame["room"])
        if seat is None:
            self.say("error", code="forbidden", room=frame["room"])
            return
        if not 0 <= seat.room.seq - frame["after"] <= protocol.REPLAY_EVENTS:
            self.resync(seat.room.id)
            return
        self.window.forget(seat.room.id)
        seat.start(frame["after"])

    def _on_snapshot(self, frame: dict[str, Any]) -> None:
        if frame["room"] in self.seats:
            self.resync(frame["room"])
        else:
            self.say("error", code="forbidden", room=frame["room"])

    def _on_typing(self, frame: dict[str, Any]) -> None:
        seat = self.seats.get(frame["room"])
        now = time.monotonic()
        if seat is None or self.user is None or now - self._typed.get(frame["room"], 0) < TYPING_EVERY:
            return
        self._typed[frame["room"]] = now
        text = protocol.frame("typing", room=frame["room"], actor={"id": self.user_id, "name": str(self.user)})
        for other in tuple(seat.room.seats):
            if other.socket is not self and not other.socket.blocked:
                other.socket.write(text)

    def _on_read(self, frame: dict[str, Any]) -> None:
        if frame["room"] not in self.seats:
            self.say("error", code="forbidden", room=frame["room"])
            return
        busy = bool(self._reading)
        self._reading[frame["room"]] = max(frame["seq"], self._reading.get(frame["room"], 0))
        if not busy:
            self.hub.begin(self._read())

    async def _read(self) -> None:
        while self._reading and self.user is not None:
            room_id, seq = next(iter(self._reading.items()))
            try:
                reached = await run(rooms.mark_read, reader=self.user, room_id=room_id, seq=seq)
            except (rooms.RoomRefused, DatabaseError):
                reached = None  # the next reading moves the marker as well
            if self._reading.get(room_id) == seq:
                del self._reading[room_id]
            if reached is None:
                continue
            text = protocol.frame("read", room=room_id, seq=reached)
            for tab in tuple(self.hub.people.get(self.user_id, ())):
                if tab is not self and not tab.blocked:
                    tab.write(text)

    # ---- acts: send, edit, delete, react ----

    def _act(self, frame: dict[str, Any]) -> None:
        if not self._acts.take():
            self.say("nack", cid=frame["cid"], code="rate", retry_ms=self._acts.wait_ms)
            if self._acts.strikes >= BAD_FRAMES:
                self.goodbye(Close.RATE, retry_ms=30_000)
            return
        line = self._lines.get(frame["room"])
        if line is None:
            self._lines[frame["room"]] = deque([frame])
            self.hub.begin(self._work_off(frame["room"]))
        elif len(line) < ACTS_WAITING:
            line.append(frame)
        else:
            self.say("nack", cid=frame["cid"], code="retry", retry_ms=random.randrange(1_000, 3_000))  # noqa: S311

    async def _work_off(self, room_id: int) -> None:
        """Do the acts of one room one after another; a room that is slow does not hold up the others."""
        line = self._lines[room_id]
        try:
            while line and self.user is not None:
                frame = line[0]
                try:
                    answer = await run(perform, self.user, frame)
                except Exception:
                    logger.exception("An act failed")
                    answer = {"t": "nack", "cid": frame["cid"], "code": "fault"}
                line.popleft()
                self.write(log.encode(answer))
        finally:
            del self._lines[room_id]
