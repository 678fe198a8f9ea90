"""The last metre: a frame that goes to a thousand sockets is built once, not a thousand times.

ASGI hands a server text, per socket, and the server encodes it and builds a WebSocket frame of it, per socket. Behind
Daphne and uvicorn we know the connection, so the bytes of the frame are made once and written to it. That is only done
while the connection is open and nothing waits to be written; in all other cases, and behind any other server, the frame
goes the way of ASGI. A frame may be sent uncompressed where compression was agreed on (RFC 7692, section 6).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

Straight = Callable[[bytes], bool]

_FINAL_TEXT = 0x81
_ONE_BYTE, _TWO_BYTES = 126, 2**16


def wire(text: str) -> bytes:
    """Return a text as the WebSocket frame that a server sends (RFC 6455, section 5.2)."""
    data = text.encode()
    size = len(data)
    if size < _ONE_BYTE:
        head = bytes((_FINAL_TEXT, size))
    elif size < _TWO_BYTES:
        head = bytes((_FINAL_TEXT, 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((_FINAL_TEXT, 127)) + size.to_bytes(8, "big")
    return head + data


def way(send: Any) -> Straight | None:
    """Return how to write a frame straight to the connection behind an ASGI `send`, or None where that is not known.

    What is returned says whether it wrote: if not, the frame must go through `send`.
    """
    if isinstance(send, partial) and len(send.args) == 1:
        return _daphne(send.args[0])
    return _uvicorn(getattr(send, "__self__", None))


def closer(send: Any) -> Callable[[int], None] | None:
    """Return how to close the connection behind an ASGI `send` with any code of RFC 6455, or None where ASGI can.

    Daphne hands the code to a call of autobahn for applications, which takes 1000 and 3000 to 4999 only and raises at
    1009, 1012 and 1013: the socket would stay open.
    """
    protocol: Any = send.args[0] if isinstance(send, partial) and len(send.args) == 1 else None
    if not _is_daphne(protocol):
        return None

    def close(code: int) -> None:
        protocol.sendCloseFrame(code=code, isReply=False)

    return close


def _is_daphne(protocol: Any) -> bool:
    module = sys.modules.get("daphne.ws_protocol")
    return module is not None and isinstance(protocol, module.WebSocketProtocol)


def _daphne(protocol: Any) -> Straight | None:
    if not _is_daphne(protocol):
        return None
    open_state = protocol.STATE_OPEN

    def write(frame: bytes) -> bool:
        transport = protocol.transport
        if protocol.state != open_state or transport is None or not transport.connected or transport.disconnecting:
            return False
        if transport.TLS or protocol.send_queue:
            return False
        if transport.dataBuffer or transport._tempDataBuffer:  # noqa: SLF001 — Twisted tells nobody else what waits
            return False
        # Twisted would wait for the loop to say that the socket takes data: two calls of the kernel more per frame
        done = transport.writeSomeData(frame)
        if not isinstance(done, int):
            return False
        if done < len(frame):
            transport.write(frame[done:])
        return True

    return write


def _uvicorn(protocol: Any) -> Straight | None:
    module = sys.modules.get("uvicorn.protocols.websockets.websockets_sansio_impl")
    if module is None or not isinstance(protocol, module.WebSocketsSansIOProtocol):
        return None

    def write(frame: bytes) -> bool:
        if not protocol.handshake_complete or protocol.close_sent or protocol.disconnected:
            return False
        if not protocol.writable.is_set() or protocol.transport.is_closing():
            return False
        protocol.transport.write(frame)
        return True

    return write
