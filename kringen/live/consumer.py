"""One socket: a person's tab. Reads frames, keeps the rules of the protocol, leaves the work to verbs and hub."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import secrets
import time
from typing import Any

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings
from django.db import DatabaseError

from kringen.conversation import rooms
from kringen.live import farewell, frames, log, protocol, standing
from kringen.live import hub as hubs
from kringen.live.database import run
from kringen.live.frames import BadFrameError
from kringen.live.hub import RoomHub
from kringen.live.protocol import Bucket, Close, Window
from kringen.live.seats import Seat
from kringen.live.writing import Writer
from people.models import User

logger = logging.getLogger(__name__)

HELLO_WITHIN = 10.0  # seconds
BAD_FRAMES = 3


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
        self.mark: bytes | None = None  # of the standing that was last looked at
        self._greeted = False
        self._bad = 0
        self._frames = Bucket(rate=40, burst=120)
        self._acts = Bucket(rate=5, burst=20)
        self._reading: dict[tuple[int, int | None], int] = {}
        self._opened = self._heard = self._beat = time.monotonic()
        self._stopped: float | None = None

    # ---- the frame around it ----

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve the socket until it is closed."""
        self.hub = hubs.current()
        self.writer = Writer(self.hub, send, self._flowing)
        farewell.watch()
        self.hub.served += 1
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.hub.served -= 1
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
        if self.hub.closing:
            self.goodbye(Close.RESTART, retry_ms=random.randrange(15_000))  # noqa: S311 — spreads, hides nothing
            return
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
        if len(self.hub.people.get(self.user_id, ())) >= settings.LIVE_SOCKETS_PER_PERSON:
            self.goodbye(Close.TOO_MANY, retry_ms=60_000)
            return
        if len(self.hub.sockets) >= settings.LIVE_SOCKETS_PER_PROCESS:
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
            self.hub.company.leave(self, seat.room.id)
            seat.leave()
        self.seats.clear()

    def say(self, kind: str, **fields: Any) -> None:
        """Write a frame of our own."""
        self.write(protocol.frame(kind, **fields))

    def write(self, text: str) -> None:
        """Write a frame, at once and without waiting."""
        if not self.closed:
            self.writer.put({"type": "websocket.send", "text": text})

    def write_frame(self, text: str, frame: bytes) -> None:
        """Write a frame that was built already, for many sockets at once."""
        if not self.closed:
            self.writer.put_frame(text, frame)

    def goodbye(self, code: int, **fields: Any) -> None:
        """Say why, then close: the text of a close frame does not arrive."""
        if self.closed:
            return
        self.writer.reset()
        self.say("bye", code=code, **fields)
        self.closed = True
        self.writer.close(code)
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
            self.hub.rechecks.add(self)

    async def recheck(self) -> bool:
        """Look again whether the session lives and the rooms are still this person's; close if not.

        Returns whether that could be looked at.
        """
        try:
            user, mine = await run(standing.look, self.session, self.user_id, tuple(self.seats))
        except DatabaseError:
            logger.warning("The rights of a socket could not be looked at")
            return False
        if user is None:
            self.goodbye(Close.SESSION_OVER)
            return True
        self.user = user
        lost = self.seats.keys() - mine
        if lost:
            self.goodbye(Close.NO_ACCESS, rooms=sorted(lost))
        return True

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
            frame = frames.parse(text)
        except BadFrameError as error:
            self._refuse(error)
            return
        self._heard = time.monotonic()
        kind = frame["t"]
        if kind == "hello":
            await self._hello(frame)
        elif not self._greeted:
            self._refuse(BadFrameError("hello comes first", frame))
        elif kind in frames.ACTS:
            self._act(frame)
        else:
            getattr(self, f"_on_{kind}")(frame)

    def _refuse(self, error: BadFrameError) -> None:
        self._bad += 1
        if error.fatal:
            self.goodbye(Close.BAD_FRAME)
            return
        cid = error.frame.get("cid")
        if error.frame.get("t") in frames.ACTS and frames.client_id(cid) is not None:
            self.say("nack", cid=cid, code="bad", detail=str(error))
        else:
            self.say("error", code="bad_frame", detail=str(error))
        if self._bad >= BAD_FRAMES:
            self.goodbye(Close.RATE, retry_ms=30_000)

    async def _hello(self, frame: dict[str, Any]) -> None:
        if frame["v"] != protocol.VERSION or self.user is None:
            self.goodbye(Close.TOO_OLD)
            return
        wanted = {frames.room_key(key) or 0: place for key, place in frame["rooms"].items()}
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
        except Exception:
            logger.exception("Room %s cannot be shown", room_id)
            self.say("error", code="fault", room=room_id)
            return
        if found is None or self.seats.get(room_id) is not seat:
            return
        head, messages = found
        self.window.forget(room_id)
        self.say("snapshot", room=room_id, epoch=head.epoch, head=head.seq, messages=messages)
        seat.start(head.seq)

    def _on_got(self, frame: dict[str, Any]) -> None:
        for key, seq in frame["rooms"].items():
            self.window.got(frames.room_key(key) or 0, seq)
        self._stopped = None
        self._flowing()

    def _on_hb(self, _frame: dict[str, Any]) -> None:
        """Hear that the client lives; hearing it was the whole of it."""

    def _on_ping(self, _frame: dict[str, Any]) -> None:
        self.say("pong")

    def _on_presence(self, frame: dict[str, Any]) -> None:
        room_id = frame.get("room")
        if room_id not in self.seats or self.user is None:
            return
        if frame.get("state") == "away":
            self.hub.company.leave(self, room_id)
        else:
            self.hub.company.enter(self, self.user, room_id)

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
        if frame["room"] in self.seats and self.user is not None and frame.get("on", True):
            self.hub.company.typing(self.user, frame["room"], frame.get("topic"))

    def _on_read(self, frame: dict[str, Any]) -> None:
        if frame["room"] not in self.seats:
            self.say("error", code="forbidden", room=frame["room"])
            return
        busy = bool(self._reading)
        place = frame["room"], frame.get("topic")
        self._reading[place] = max(frame["seq"], self._reading.get(place, 0))
        if not busy:
            self.hub.begin(self._read())

    async def _read(self) -> None:
        while self._reading and self.user is not None:
            place, seq = next(iter(self._reading.items()))
            # what is refused or fails now is made up for by the next reading; the tabs are told by the verb
            with contextlib.suppress(rooms.RoomRefused, DatabaseError):
                await run(rooms.mark_read, reader=self.user, room_id=place[0], seq=seq, topic_id=place[1])
            if self._reading.get(place) == seq:
                del self._reading[place]

    # ---- acts: send, edit, delete, react ----

    def _act(self, frame: dict[str, Any]) -> None:
        if not self._acts.take():
            self.say("nack", cid=frame["cid"], code="rate", retry_ms=self._acts.wait_ms)
            if self._acts.strikes >= BAD_FRAMES:
                self.goodbye(Close.RATE, retry_ms=30_000)
            return
        if self.user is not None:
            self.hub.lines.join(self, self.user, frame)
