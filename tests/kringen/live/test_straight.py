"""The frame that is built once: as the RFC wants it, and only written where nothing is in its way."""

from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from daphne.ws_protocol import WebSocketProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from kringen.live import straight


def read(data: bytes) -> Frame:
    """Return the one frame in `data`, as a library reads it."""
    reader = StreamReader()
    reader.feed_data(data)
    parsing = Frame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as done:
        next(parsing)
    assert reader.at_eof is not None
    assert not reader.buffer
    return done.value.value


@pytest.mark.parametrize("size", [1, 125, 126, 65_535, 65_536])
def test_a_text_becomes_one_whole_frame(size: int):
    text = "é" * (size // 2) + "x" * (size % 2)
    frame = read(straight.wire(text))
    assert (frame.opcode, frame.fin, frame.rsv1, bytes(frame.data).decode()) == (Opcode.TEXT, True, False, text)


class Transport:
    """A connection of Twisted that takes `room` bytes at once."""

    TLS = False

    def __init__(self, room: int = 1000) -> None:
        self.room = room
        self.connected, self.disconnecting = 1, 0
        self.dataBuffer = b""
        self._tempDataBuffer: list[bytes] = []
        self.sent = b""
        self.lost = False

    @property
    def waiting(self) -> list[bytes]:
        """What is still to be written."""
        return self._tempDataBuffer

    def writeSomeData(self, data: bytes) -> int | Exception:  # noqa: N802 - Twisted's name
        """Take what fits."""
        if self.lost:
            return ConnectionError()
        self.sent += data[: self.room]
        return min(self.room, len(data))

    def write(self, data: bytes) -> None:
        """Keep it until the socket takes it."""
        self._tempDataBuffer.append(data)


async def handle_reply(protocol: Any, message: dict) -> None:
    """Stand in for Daphne's server."""


def daphne(transport: Transport) -> straight.Straight:
    """Return the way to a socket of Daphne that is open."""
    protocol = WebSocketProtocol.__new__(WebSocketProtocol)
    protocol.state, protocol.transport, protocol.send_queue = WebSocketProtocol.STATE_OPEN, transport, []
    way = straight.way(partial(handle_reply, protocol))
    assert way is not None
    return way


def test_behind_daphne_it_is_written_at_once():
    transport = Transport()
    assert daphne(transport)(b"abc")
    assert transport.sent == b"abc"
    assert transport.waiting == []


def test_behind_daphne_what_does_not_fit_waits_and_the_next_goes_behind_it():
    transport = Transport(room=2)
    write = daphne(transport)
    assert write(b"abc")
    assert (transport.sent, transport.waiting) == (b"ab", [b"c"])
    assert not write(b"def"), "it would overtake what waits"
    assert transport.sent == b"ab"


@pytest.mark.parametrize(
    "trouble",
    [{"connected": 0}, {"disconnecting": 1}, {"TLS": True}, {"dataBuffer": b"earlier"}, {"lost": True}],
    ids=lambda trouble: next(iter(trouble)),
)
def test_behind_daphne_nothing_is_written_past_trouble(trouble: dict[str, Any]):
    transport = Transport()
    write = daphne(transport)
    vars(transport).update(trouble)
    assert not write(b"abc")
    assert (transport.sent, transport.waiting) == (b"", [])


def uvicorn(**state: Any) -> tuple[straight.Straight, list[bytes]]:
    """Return the way to a socket of uvicorn, and what is written to it."""
    written: list[bytes] = []
    protocol = WebSocketsSansIOProtocol.__new__(WebSocketsSansIOProtocol)
    usual = {
        "handshake_complete": True,
        "close_sent": False,
        "disconnected": False,
        "writable": SimpleNamespace(is_set=lambda: True),
        "transport": SimpleNamespace(write=written.append, is_closing=lambda: False),
    }
    vars(protocol).update(usual | state)
    way = straight.way(protocol.send)
    assert way is not None
    return way, written


def test_behind_uvicorn_it_is_written_at_once():
    write, written = uvicorn()
    assert write(b"abc")
    assert written == [b"abc"]


@pytest.mark.parametrize(
    "trouble",
    [
        {"handshake_complete": False},
        {"close_sent": True},
        {"disconnected": True},
        {"writable": SimpleNamespace(is_set=lambda: False)},
    ],
    ids=lambda trouble: next(iter(trouble)),
)
def test_behind_uvicorn_nothing_is_written_past_trouble(trouble: dict[str, Any]):
    write, written = uvicorn(**trouble)
    assert not write(b"abc")
    assert written == []


def test_another_server_gets_what_asgi_says():
    async def send(message: dict) -> None:
        """Take a message."""

    assert straight.way(send) is None
    assert straight.way(partial(send, {"type": "websocket.send"})) is None


@pytest.mark.parametrize("code", [1009, 1012, 1013, 4408])
def test_behind_daphne_every_code_closes(code: int):
    sent: list[tuple[int, bytes]] = []
    protocol = WebSocketProtocol.__new__(WebSocketProtocol)
    protocol.state, protocol.closeHandshakeTimeout = WebSocketProtocol.STATE_OPEN, 0
    protocol.sendFrame = lambda opcode, payload: sent.append((opcode, payload))
    close = straight.closer(partial(handle_reply, protocol))
    assert close is not None
    close(code)
    close(code)
    assert sent == [(8, code.to_bytes(2, "big"))]
    assert protocol.state == WebSocketProtocol.STATE_CLOSING


def test_behind_any_other_server_asgi_closes():
    async def send(message: dict) -> None:
        """Stand in for a server."""

    assert straight.closer(send) is None
    assert straight.closer(partial(send, {"type": "websocket.send"})) is None
