"""Somebody in a room of an XMPP server: plain TCP, SASL PLAIN, multi-user chat."""

from __future__ import annotations

import asyncio
import base64
import re
from typing import Any

from tests.bench.rooms_load.talk import NUMBER, Talk

HOST = "localhost"
ROOM = f"tafel@rooms.{HOST}"
MESSAGE = re.compile(rb"<message .*?</message>", re.DOTALL)


class Person:
    """Somebody with a name and password `u…`; `who` has `name`."""

    def __init__(self, talk: Talk, at: int, port: int, who: dict[str, Any]) -> None:
        self.talk, self.at, self.port, self.name = talk, at, port, who["name"]
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter
        self._reading: asyncio.Task[None] | None = None

    async def _until(self, *marks: bytes) -> bytes:
        found = b""
        while not any(mark in found for mark in marks):
            data = await asyncio.wait_for(self.reader.read(65536), 20)
            if not data:
                raise ConnectionError(f"closed after {found[-300:]!r}")
            found += data
        if b"<failure" in found or b"type='error'" in found:
            raise ConnectionError(f"refused: {found[-500:]!r}")
        return found

    def _stream(self) -> None:
        self.writer.write(
            f"<stream:stream to='{HOST}' version='1.0' xmlns='jabber:client' "
            "xmlns:stream='http://etherx.jabber.org/streams'>".encode()
        )

    async def open(self) -> None:
        """Log in, bind, and enter the room without its history."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._stream()
        await self._until(b"</stream:features>")
        secret = base64.b64encode(f"\0{self.name}\0{self.name}".encode()).decode()
        self.writer.write(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>".encode())
        await self._until(b"<success", b"<failure")
        self._stream()
        await self._until(b"</stream:features>")
        self.writer.write(b"<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
        await self._until(b"</iq>")
        self.writer.write(
            f"<presence to='{ROOM}/{self.name}'><x xmlns='http://jabber.org/protocol/muc'>"
            "<history maxstanzas='0'/></x></presence>".encode()
        )
        await self._until(b"<subject", b"type='error'")
        self._reading = asyncio.create_task(self._read())

    def say(self, number: int, text: str) -> None:
        """Write a message in the room."""
        self.writer.write(
            f"<message to='{ROOM}' type='groupchat' id='m{number}'><body>{text}</body></message>".encode()
        )

    async def _read(self) -> None:
        rest, mine = b"", f"/{self.name}'".encode()
        while data := await self.reader.read(262144):
            rest += data
            end = 0
            for found in MESSAGE.finditer(rest):
                end = found.end()
                number = NUMBER.search(found[0])
                if number:
                    if mine in found[0]:  # the room sends it back to its writer: stored
                        self.talk.receipt(int(number[1]))
                    self.talk.hear(self.at, int(number[1]))
            rest = rest[end:]
            if len(rest) > 65536 and b"<message" not in rest:
                rest = rest[-1024:]

    def close(self) -> None:
        """Leave without a word."""
        if self._reading is not None:
            self._reading.cancel()
        self.writer.transport.abort()
