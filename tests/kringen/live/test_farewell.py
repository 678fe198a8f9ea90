"""A server that is told to stop takes in nobody any more while it says goodbye."""

from __future__ import annotations

import socket
import subprocess
import sys
import time

import pytest

from tests.servers import ROOT, free_port

pytestmark = [pytest.mark.server, pytest.mark.timeout(180)]

# Behind Daphne: a request closes the door, waits until it is knocked on, and only then gets its answer.
SERVER = """
import asyncio, sys
from daphne.server import Server
from daphne.endpoints import build_endpoint_description_strings
from kringen.live import farewell

async def application(scope, receive, send):
    farewell._close_the_door()
    await asyncio.sleep(2)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"the last word"})

Server(application, endpoints=build_endpoint_description_strings("127.0.0.1", int(sys.argv[1]))).run()
"""


def listens(port: int) -> bool:
    """Say whether a newcomer is let in."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_port_is_closed_while_who_is_inside_is_still_served():
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(port)], cwd=ROOT)
    try:
        while not listens(port):
            assert process.poll() is None
            time.sleep(0.05)
        with socket.create_connection(("127.0.0.1", port), timeout=60) as inside:
            inside.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            until = time.monotonic() + 60
            while listens(port):
                assert time.monotonic() < until, "the door stayed open"
                time.sleep(0.02)
            answer = b""
            while piece := inside.recv(4096):
                answer += piece
        assert b"the last word" in answer
        assert not listens(port)
    finally:
        process.kill()
        process.wait(10)
