"""When the server is told to stop, the sockets hear it first.

No server does this for us. Daphne cancels its applications, but stumbles over the first idle HTTP connection and
then cancels none (4.2.3, `kill_all_applications`); uvicorn closes without our `bye`. So the first socket takes over
SIGTERM and SIGINT: the port is closed, the hubs say goodbye, then the signal is given to the server as if nothing had
happened. A second signal goes to the server at once.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
import threading
from types import FrameType
from typing import TYPE_CHECKING, Any

from kringen.live import bell

if TYPE_CHECKING:
    from kringen.live.hub import RoomHub

SIGNALS = (signal.SIGTERM, signal.SIGINT)

_of_the_server: dict[int, Any] = {}


def watch() -> None:
    """Take over the signals, once; a server whose sockets live outside the main thread keeps its own."""
    if _of_the_server or threading.current_thread() is not threading.main_thread():
        return
    for number in SIGNALS:
        _of_the_server[number] = signal.signal(number, _leave)


def _leave(number: int, _frame: FrameType | None) -> None:
    while _of_the_server:
        signal.signal(*_of_the_server.popitem())
    for hub in bell.hubs():
        try:
            hub.loop.call_soon_threadsafe(_begin, hub, number)
        except RuntimeError:  # its loop has ended
            continue
        return
    signal.raise_signal(number)


def _begin(hub: RoomHub, number: int) -> None:
    hub.begin(_depart(hub, number))


async def _depart(hub: RoomHub, number: int) -> None:
    try:
        _close_the_door()
        await hub.farewell()
    finally:
        signal.raise_signal(number)


def _close_the_door() -> None:
    """Take in nobody any more, so that whoever comes back is refused at once and nginx asks the next process.

    Daphne would keep its port to the very end. Once it has stopped accepting, the kernel still lets callers in, and
    they wait in its queue until the process is gone: seconds, on a busy machine. uvicorn closes its port only after
    this goodbye, and a hasty tab would hear a second one; no loop keeps a list of its servers, so we look for them.
    """
    uvloop = sys.modules.get("uvloop.loop")
    kinds = (asyncio.Server, uvloop.Server) if uvloop else (asyncio.Server,)
    # by its type: `isinstance` would wake every lazy object there is
    for server in [one for one in gc.get_objects() if issubclass(type(one), kinds)]:
        server.close()
    reactor, tcp = sys.modules.get("twisted.internet.reactor"), sys.modules.get("twisted.internet.tcp")
    if reactor is None or tcp is None:
        return
    for reader in reactor.getReaders():
        if isinstance(reader, tcp.Port):
            reader.stopListening()
