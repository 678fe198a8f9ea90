"""A cheap WebSocket client: bytes in, bytes out, so that on two cores the client is not what is measured."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Iterator

_SMALL, _LARGE = 126, 65536
_CONTROL = 0x8
_CLOSE, _PING = 0x8, 0x9


def masked(text: str, opcode: int = 0x1) -> bytes:
    """Return a frame as a client sends it. The mask is zero: allowed, and it costs nothing."""
    return _masked(text.encode(), opcode)


def _masked(data: bytes, opcode: int) -> bytes:
    if len(data) < _SMALL:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | len(data))
    elif len(data) < _LARGE:
        head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, len(data))
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, len(data))
    return head + b"\0\0\0\0" + data


def frames(data: bytearray) -> Iterator[tuple[int, bytes]]:
    """Take the whole frames off the front of `data`: (opcode, payload)."""
    at = 0
    while len(data) - at >= 2:
        size, head = data[at + 1] & 0x7F, 2
        if size == 126:
            size, head = int.from_bytes(data[at + 2 : at + 4], "big"), 4
        elif size == 127:
            size, head = int.from_bytes(data[at + 2 : at + 10], "big"), 10
        if len(data) - at < head + size:
            break
        yield data[at] & 0x0F, bytes(data[at + head : at + head + size])
        at += head + size
    del data[:at]


class Wire(asyncio.Protocol):
    """One connection. After the handshake every chunk goes to `take`; frames are not looked at here."""

    def __init__(self, port: int, path: str, headers: dict[str, str]) -> None:
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            + "\r\n"
        ).encode()
        self._answer = b""
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.take: Callable[[bytes], None] = lambda _data: None
        self.transport: asyncio.Transport | None = None
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the request of the handshake."""
        self.transport = transport  # type: ignore[assignment]
        self.write(self._request)

    def write(self, data: bytes) -> None:
        """Write bytes as they are."""
        if self.transport is not None and not self.lost:
            self.transport.write(data)

    def data_received(self, data: bytes) -> None:
        """Read the answer to the handshake; hand on all that follows."""
        if self.open.done():
            self.take(data)
            return
        self._answer += data
        head, end, rest = self._answer.partition(b"\r\n\r\n")
        if not end:
            return
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            self.open.set_exception(ConnectionError(f"refused: {head[:80]!r}"))
            return
        self.open.set_result(None)
        if rest:
            self.take(rest)

    def connection_lost(self, exc: Exception | None) -> None:
        """Remember it."""
        self.lost = True
        if not self.open.done():
            self.open.set_exception(exc or ConnectionError("closed during the handshake"))


class FrameWire(Wire):
    """A connection whose frames are read: text frames go to `heard`, pings are answered."""

    def __init__(self, port: int, path: str, headers: dict[str, str]) -> None:
        super().__init__(port, path, headers)
        self._data = bytearray()
        self.heard: Callable[[bytes], None] = lambda _text: None
        self.take = self._take

    def _take(self, data: bytes) -> None:
        self._data += data
        for opcode, payload in frames(self._data):
            if opcode == _PING:
                self.write(_masked(payload, 0xA))
            elif opcode < _CONTROL:
                self.heard(payload)
