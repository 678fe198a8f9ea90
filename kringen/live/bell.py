"""The door bell: says that a room has something new, never what.

A bell may be lost, doubled, late or out of order; whoever hears it reads the log. Within this process it goes
straight to the hub, to other processes through the channel layer where there is one that reaches them. Nothing
here may ever fail a request: the hub looks at the log every second anyway.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer

if TYPE_CHECKING:
    from kringen.live.hub import RoomHub

logger = logging.getLogger(__name__)

PATIENCE = 0.25  # seconds a request may wait for the bell of other processes

_hubs: set[RoomHub] = set()


def room_group(room_id: int) -> str:
    """Return the name under which the bell of a room goes round."""
    return f"room.{room_id}"


def person_group(user_id: int) -> str:
    """Return the name under which a change in somebody's rights goes round."""
    return f"ctl.user.{user_id}"


def shared_layer() -> Any | None:
    """Return the channel layer that reaches other processes, or None where there is only this one."""
    layer = get_channel_layer()
    return None if layer is None or isinstance(layer, InMemoryChannelLayer) else layer


def attach(hub: RoomHub) -> None:
    """Let a hub of this process hear the bells."""
    _hubs.add(hub)


def detach(hub: RoomHub) -> None:
    """Forget a hub whose loop ends."""
    _hubs.discard(hub)


def hubs() -> tuple[RoomHub, ...]:
    """Return the hubs that are at work in this process; a server has one."""
    return tuple(_hubs)


def ring(room_id: int, seq: int) -> None:
    """Tell every process that a room's log now reaches `seq`. Call after commit."""
    _tell(room_group(room_id), {"type": "room.bell", "room": room_id, "seq": seq})


def remark(user_id: int, room_id: int) -> None:
    """Tell a person's tabs, in every process, that their place in a room moved. Call after commit."""
    _tell(person_group(user_id), {"type": "person.places", "user": user_id, "room": room_id})


def recheck(user_id: int) -> None:
    """Tell every process to look again at what a person may do; sockets that may not stay are closed."""
    _tell(person_group(user_id), {"type": "person.recheck", "user": user_id})


def _tell(group: str, message: dict[str, Any]) -> None:
    carrier: RoomHub | None = None
    for hub in tuple(_hubs):
        try:
            hub.loop.call_soon_threadsafe(hub.hear, message)
        except RuntimeError:  # its loop has ended
            _hubs.discard(hub)
        else:
            carrier = hub
    layer = shared_layer()
    if layer is None:
        return
    if carrier is not None:
        carrier.loop.call_soon_threadsafe(carrier.pass_on, group, message)
        return
    try:
        async_to_sync(_send)(layer, group, message)
    except Exception:  # noqa: BLE001 — a silent bell costs a second, a failing request costs a message
        logger.info("The bell for %s was not passed on", group)


async def _send(layer: Any, group: str, message: dict[str, Any]) -> None:
    await asyncio.wait_for(layer.group_send(group, message), PATIENCE)
