"""Writing to a socket at once.

A server's `send` is a coroutine, but as long as the connection keeps up it runs through without waiting. So it is
run on the spot: a frame for a thousand sockets costs no thousand tasks. Only where a server makes it wait (uvicorn,
for a slow reader) a task takes over, and until that is done the socket takes no more events.
"""

from __future__ import annotations

import logging
import types
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from kringen.live import straight
from kringen.live.hub import RoomHub

logger = logging.getLogger(__name__)

MAX_WAITING = 64  # control frames behind a write that waits

Send = Callable[[dict[str, Any]], Awaitable[None]]


@types.coroutine
def _rest(sending: Any, waiting: Any) -> Generator[Any, Any, None]:
    """Run the rest of a coroutine whose first step has been made by hand."""
    while True:
        try:
            answer = yield waiting
        except BaseException as error:  # noqa: BLE001 — handed on, whatever it is
            try:
                waiting = sending.throw(error)
            except StopIteration:
                return
        else:
            try:
                waiting = sending.send(answer)
            except StopIteration:
                return


class Writer:
    """The outgoing side of one socket. `stuck` while the server waits for a slow reader."""

    __slots__ = ("_after", "_closer", "_hub", "_queue", "_send", "_straight", "broken", "stuck")

    def __init__(self, hub: RoomHub, send: Send, after: Callable[[], None]) -> None:
        self._hub = hub
        self._send = send
        self._after = after
        self._straight = straight.way(send)
        self._closer = straight.closer(send)
        self._queue: deque[dict[str, Any]] = deque()
        self.stuck = False
        self.broken = False

    def put_frame(self, text: str, frame: bytes) -> None:
        """Send a text of which the frame was built already: straight to the connection where that can be done."""
        if self.stuck or self.broken or self._straight is None or not self._straight(frame):
            self.put({"type": "websocket.send", "text": text})

    def put(self, message: dict[str, Any]) -> None:
        """Send an ASGI message now, or after what is stuck."""
        if self.broken:
            return
        if self.stuck:
            if len(self._queue) < MAX_WAITING:
                self._queue.append(message)
            else:
                self.broken = True
            return
        sending: Any = self._send(message)
        try:
            waiting = sending.send(None)
        except StopIteration:
            return
        except Exception:
            # the other side is gone, or the server refuses the frame: the socket is closed at the next tick
            logger.info("A frame could not be written", exc_info=True)
            self.broken = True
            return
        self.stuck = True
        self._hub.begin(self._finish(sending, waiting))

    def close(self, code: int) -> None:
        """Close the socket with a code, after what is stuck."""
        if self._closer is None or self.stuck:
            self.put({"type": "websocket.close", "code": code})
            return
        try:
            self._closer(code)
        except Exception:
            logger.info("A socket could not be closed", exc_info=True)
            self.broken = True

    def reset(self) -> None:
        """Forget what waits and try once more: for the last words."""
        self._queue.clear()
        self.broken = False

    async def _finish(self, sending: Any, waiting: Any) -> None:
        try:
            await _rest(sending, waiting)
            while self._queue:
                await self._send(self._queue.popleft())
        except Exception:  # noqa: BLE001 — as above
            self.broken = True
            self._queue.clear()
        finally:
            self.stuck = False
        self._after()
