"""Whether those who are inside may still be there: asked at every heartbeat, of all who are due at once."""

from __future__ import annotations

import logging
from typing import Protocol

from django.db import Error

from kringen.live import standing
from kringen.live.database import run

logger = logging.getLogger(__name__)


class Checked(Protocol):
    """What is needed of a socket."""

    session: str | None
    user_id: int
    seats: dict[int, object]
    closed: bool
    mark: bytes | None

    async def recheck(self) -> bool:
        """Look again whether the person may be here, and close if not; return whether it could look."""


class Rechecks:
    """The sockets of one hub that are due."""

    def __init__(self) -> None:
        self._due: list[Checked] = []

    def add(self, socket: Checked) -> None:
        """Let a socket be looked at with the others of this second."""
        self._due.append(socket)

    async def work_off(self) -> None:
        """Look at all that are due: those whose standing has another mark than last time one by one."""
        due, self._due = [socket for socket in self._due if not socket.closed], []
        if not due:
            return
        try:
            marks = await run(standing.marks, [(one.session, one.user_id, tuple(sorted(one.seats))) for one in due])
        except Error:
            logger.warning("The rights of %s sockets could not be looked at", len(due))
            return
        for socket, mark in zip(due, marks, strict=True):
            if not socket.closed and (mark is None or mark != socket.mark) and await socket.recheck():
                socket.mark = mark
