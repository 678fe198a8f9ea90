"""Acts that wait for their turn: one line per room of this process.

The log takes one act of a room at a time anyway (the room's row is locked from number to commit), so the acts of a
room are done one after another, with one thread of the pool. A room that is flooded or locked by somebody else then
holds up nobody in another room, however many people write in it.
"""

from __future__ import annotations

import logging
import random
from collections import Counter, deque
from typing import TYPE_CHECKING, Any, NamedTuple

from kringen.live.acts import perform
from kringen.live.database import run
from kringen.live.events import encode

if TYPE_CHECKING:
    from kringen.live.consumer import Socket
    from kringen.live.hub import RoomHub
    from people.models import User

logger = logging.getLogger(__name__)

WAITING = 40  # acts of one socket, per room


class Waiting(NamedTuple):
    """An act, who wants it, and the socket that hears the answer."""

    socket: Socket
    user: User
    frame: dict[str, Any]


class Line(deque[Waiting]):
    """The line of one room, that knows how many acts of each socket wait in it."""

    def __init__(self) -> None:
        super().__init__()
        self.of: Counter[Socket] = Counter()

    def join(self, waiting: Waiting) -> None:
        """Stand at the end."""
        self.of[waiting.socket] += 1
        self.append(waiting)

    def leave(self) -> Waiting:
        """Go away from the front."""
        waiting = self.popleft()
        self.of[waiting.socket] -= 1
        return waiting


class Lines:
    """The lines of one process."""

    def __init__(self, hub: RoomHub) -> None:
        self._hub = hub
        self._lines: dict[int, Line] = {}

    def join(self, socket: Socket, user: User, frame: dict[str, Any]) -> None:
        """Do an act when its turn comes, and answer it; a socket of which too many wait is told to try again."""
        waiting = Waiting(socket, user, frame)
        line = self._lines.get(frame["room"])
        if line is None:
            line = self._lines[frame["room"]] = Line()
            self._hub.begin(self._work_off(frame["room"], line))
        if line.of[socket] < WAITING:
            line.join(waiting)
        else:
            _try_again(waiting)

    async def _work_off(self, room_id: int, line: Line) -> None:
        try:
            while line:
                first = line[0]
                try:
                    answer = await run(perform, first.user, first.frame)
                except Exception:
                    logger.exception("An act failed")
                    answer = {"t": "nack", "cid": first.frame["cid"], "code": "fault"}
                line.leave()
                first.socket.write(encode(answer))
                if answer.get("code") == "retry":
                    # the room is locked or the database away: whoever stands behind would only wait for the same
                    while line:
                        _try_again(line.leave())
        finally:
            del self._lines[room_id]


def _try_again(waiting: Waiting) -> None:
    """Answer an act with `retry`, each with a moment of its own."""
    wait = random.randrange(1_000, 3_000)  # noqa: S311 — spreads, hides nothing
    waiting.socket.say("nack", cid=waiting.frame["cid"], code="retry", retry_ms=wait)
