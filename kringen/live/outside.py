"""A hub's ear and mouth towards other processes, over the channel layer. Whatever gets lost here, the tail finds."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any

from kringen.live import bell

if TYPE_CHECKING:
    from kringen.live.hub import RoomHub

logger = logging.getLogger(__name__)

AGAIN = 1.0  # seconds before a broken connection is tried again


class Outside:
    """One subscription per room and per person here, and the bells that go out."""

    def __init__(self, hub: RoomHub) -> None:
        self._hub = hub
        self._channel: str | None = None
        self._subscribed: set[str] = set()
        self._listening: asyncio.Task[None] | None = None
        self._arranging: asyncio.Task[None] | None = None
        self._ringing: asyncio.Task[None] | None = None
        self._bells: dict[tuple[str, str, int, int], dict[str, Any]] = {}

    def ring(self, group: str, message: dict[str, Any]) -> None:
        """Ring at the others, soon."""
        self._bells[group, message["type"], message.get("room", 0), message.get("user", 0)] = message
        if self._ringing is None:
            self._ringing = self._hub.spawn(self._ring())

    async def _ring(self) -> None:
        layer = bell.shared_layer()
        try:
            while self._bells:
                key = next(iter(self._bells))
                group, message = key[0], self._bells.pop(key)
                if layer is None:
                    continue
                try:
                    await asyncio.wait_for(layer.group_send(group, message), bell.PATIENCE)
                except Exception:  # noqa: BLE001 — the others look at the log every second
                    logger.info("The bell for %s was not passed on", group)
        finally:
            self._ringing = None

    def reconcile(self) -> None:
        """See to it that the bells of exactly those rooms and people are heard that are here."""
        if self._arranging is None and bell.shared_layer() is not None and self._wanted() != self._subscribed:
            self._arranging = self._hub.spawn(self._arrange())

    def _wanted(self) -> set[str]:
        return {bell.room_group(pk) for pk in self._hub.rooms} | {bell.person_group(pk) for pk in self._hub.people}

    async def _arrange(self) -> None:
        layer = bell.shared_layer()
        if layer is None:
            return
        try:
            if self._channel is None:
                channel: str = await asyncio.wait_for(layer.new_channel(), 2)
                self._channel = channel
                self._listening = self._hub.spawn(self._listen(layer, channel))
            wanted = self._wanted()
            for group in wanted - self._subscribed:
                await asyncio.wait_for(layer.group_add(group, self._channel), 2)
                self._subscribed.add(group)
            for group in self._subscribed - wanted:
                await asyncio.wait_for(layer.group_discard(group, self._channel), 2)
                self._subscribed.discard(group)
        except Exception:  # noqa: BLE001 — no bells then; the next second tries again
            logger.warning("The bells of other processes cannot be heard now")
        finally:
            self._arranging = None

    async def _listen(self, layer: Any, channel: str) -> None:
        while True:
            try:
                self._hub.hear(await layer.receive(channel))
            except asyncio.CancelledError:
                raise
            except Exception:  # noqa: BLE001 — a broken connection heals itself or the tail stands in
                await asyncio.sleep(AGAIN)

    async def stop(self) -> None:
        """End the subscription."""
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await self._listening
        self._listening, self._channel = None, None
        self._subscribed.clear()
