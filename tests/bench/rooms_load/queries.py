"""Count the queries of a message and of coming back, over a real consumer on a database of its own.

Run with a server's environment; the task (room, epoch, session) comes in as JSON on the first line, the counts go out.
Transaction control (BEGIN, COMMIT, SAVEPOINT) is not counted.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import uuid
from collections.abc import Callable
from typing import Any

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "SET ")


async def count(task: dict[str, Any], sent: list[str]) -> dict[str, int]:
    """Connect, write, go away, come back; return how many queries each of these took."""
    from channels.testing import WebsocketCommunicator

    from kringen.live.routing import websocket_application

    headers = [
        (b"origin", f"http://127.0.0.1:{os.environ['PORT']}".encode()),
        (b"cookie", f"sessionid={task['session']}".encode()),
    ]

    async def enter(seq: int) -> tuple[Any, int]:
        tab = WebsocketCommunicator(websocket_application, "/ws/", headers)
        if not (await tab.connect())[0]:
            raise RuntimeError("not let in")
        await asyncio.sleep(0.3)
        handshake = len(sent)
        place = {"epoch": task["epoch"], "seq": seq}
        await tab.send_json_to({"t": "hello", "v": 1, "rooms": {str(task["room"]): place}})
        await until(tab, "welcome")
        return tab, handshake

    async def until(tab: Any, *kinds: str) -> None:
        left = set(kinds)
        while left:
            left.discard((await tab.receive_json_from(10))["t"])

    async def say(tab: Any) -> int:
        before = len(sent)
        frame = {"t": "send", "room": task["room"], "cid": str(uuid.uuid4()), "body": "Goedemiddag."}
        await tab.send_json_to(frame)
        await until(tab, "ack", "ev")
        return len(sent) - before

    tab, _ = await enter(0)
    await say(tab)  # what is asked once per process is asked here
    # the look at all rooms that a process has once a second falls in between some of them
    message = min([await say(tab) for _ in range(5)])
    await tab.disconnect()
    await asyncio.sleep(1.2)  # nobody is left: the room is not in memory any more
    sent.clear()
    tab, handshake = await enter(0)
    await until(tab, "ev")
    resumed = len(sent)
    await tab.disconnect()
    return {"message": message, "handshake": handshake, "resume": resumed - handshake}


def main() -> None:
    """Count, and print."""
    task = json.loads(sys.stdin.readline())
    import django

    django.setup()
    from django.db import connection

    from kringen.live import database

    sent: list[str] = []
    plain = database._call  # noqa: SLF001 - the pool's threads have connections of their own

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if not sql.startswith(CONTROL):
            sent.append(sql)
        return execute(sql, params, many, context)

    def counted(work: Callable[[], Any]) -> Any:
        with connection.execute_wrapper(note):
            return plain(work)

    database._call = counted  # noqa: SLF001
    print(json.dumps(asyncio.run(count(task, sent))))


if __name__ == "__main__":
    main()
