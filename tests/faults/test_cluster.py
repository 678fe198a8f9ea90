"""`make cluster`: the production shape on loopback comes up, serves from both processes, and leaves nothing behind."""

import http.cookiejar
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import psutil
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.servers import ROOT, Postgres, free_port, need_assets


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A running cluster: its address, its process and the folder of its logs."""
    need_assets()
    port, log = free_port(), tmp_path_factory.mktemp("cluster") / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "deploy/cluster.py", "--port", str(port), "--throwaway"],
            cwd=ROOT,
            stdout=output,
            stderr=output,
        )
    until = time.monotonic() + 240
    while "is ready on" not in log.read_text():
        if process.poll() is not None or time.monotonic() > until:
            process.terminate()
            raise AssertionError(log.read_text())
        time.sleep(0.3)
    yield f"http://127.0.0.1:{port}", process, Path(re.search(r"logs: (\S+)\)", log.read_text())[1])
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


class Visitor:
    """Somebody with cookies, and without following a redirect unasked."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> tuple[int, str, dict[str, str]]:
        """Return status, text and headers of a page."""
        try:
            with self.opener.open(self.home + path, timeout=20) as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace"), dict(error.headers)

    def greet_socket(self, origin: str) -> dict[str, object]:
        """Open the live socket from a page of `origin`, say hello and return the answer."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)
        address = self.home.replace("http", "ws", 1) + "/ws/"
        with connect(address, origin=origin, additional_headers={"Cookie": cookies}, open_timeout=20) as socket:
            socket.send('{"t":"hello","v":1,"rooms":{},"caps":[]}')
            return json.loads(socket.recv(timeout=20))

    def log_in(self, email: str) -> str:
        """Log in by the form and return the page behind it."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get("/accounts/login/")[1])[1]
        form = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "login": email, "password": "kringen"})
        with self.opener.open(self.home + "/accounts/login/", form.encode(), timeout=20) as answer:
            return answer.url


def test_the_cluster_serves_and_ends_clean(cluster):
    home, process, work = cluster
    visitor = Visitor(home)
    assert visitor.get("/readyz")[0] == 200
    assert "accounts/login" not in visitor.log_in("deelnemer@hillegom.example")
    status, text, headers = visitor.get("/kringen/kring-c/")
    assert (status, "Kring C" in text) == (200, True)
    assert headers["Cache-Control"] == "private, no-store"
    for path in ("/media/documents/x.pdf", "/media/original_images/x.png", "/media/x"):
        assert visitor.get(path)[0] == 404, path
    assert visitor.greet_socket(home)["t"] == "welcome"
    with pytest.raises(InvalidStatus):
        visitor.greet_socket("http://evil.example")
    for _ in range(20):
        assert visitor.get("/healthz")[0] == 200
    lines = (work / "nginx-access.log").read_text().splitlines()
    asked = {line.split()[-1] for line in lines if " /healthz " in line}
    assert len(asked) == 2, "both server processes must have answered"

    parts = psutil.Process(process.pid).children(recursive=True)
    names = {" ".join(part.cmdline()) for part in parts}
    assert sum("daphne" in name for name in names) == 2
    assert any("db_worker" in name for name in names)
    assert any("redis-server" in name for name in names)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    gone, alive = psutil.wait_procs(parts, timeout=5)
    assert alive == []
    assert len(gone) == len(parts)
    assert not work.exists()
    databases = Postgres(os.environ["DATABASE_URL"]).run("SELECT datname FROM pg_database")
    assert (f"kringen_cluster_{process.pid}",) not in databases
