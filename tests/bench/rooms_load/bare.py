"""Two servers that do nothing but broadcast what somebody says: the least a fan-out in Python can cost.

`python -m tests.bench.rooms_load.bare websockets PORT` or `… picows PORT`. Both on uvloop.
"""

from __future__ import annotations

import asyncio
import sys

import uvloop


async def _websockets(port: int) -> None:
    from websockets.asyncio.server import ServerConnection, broadcast, serve

    here: set[ServerConnection] = set()

    async def handle(connection: ServerConnection) -> None:
        here.add(connection)
        try:
            async for message in connection:
                broadcast(here, message)
        finally:
            here.discard(connection)

    async with serve(handle, "127.0.0.1", port, backlog=1024):
        await asyncio.get_running_loop().create_future()


async def _picows(port: int) -> None:
    from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_create_server

    here: dict[WSTransport, None] = {}

    class Room(WSListener):
        def on_ws_connected(self, transport: WSTransport) -> None:
            here[transport] = None

        def on_ws_disconnected(self, transport: WSTransport) -> None:
            here.pop(transport, None)

        def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
            if frame.msg_type == WSMsgType.TEXT:
                message = frame.get_payload_as_bytes()
                for one in here:
                    one.send(WSMsgType.TEXT, message)

    server = await ws_create_server(lambda _request: Room(), "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run({"websockets": _websockets, "picows": _picows}[sys.argv[1]](int(sys.argv[2])))
