"""Real server processes on a database with the cast and a room, and the checker that compares what clients saw.

Half a minute faster than the migrated demo: the tables come straight from the models. SQLite, or a database of its
own on the PostgreSQL server that `DATABASE_URL` names.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults.tab import Tab
from tests.servers import ROOT, Postgres, Site, environment, free_port

EXTRAS = 12


@dataclass
class Template:
    """A filled database to copy, and who is in it."""

    var: Path
    world: dict[str, Any]
    postgres: str | None = None


@dataclass
class Rooms:
    """One or more server processes on one database.

    Attributes:
        world: ids and sessions of the people, the room, another kring's room (fill_rooms.py).
    """

    sites: list[Site]
    world: dict[str, Any]

    @property
    def site(self) -> Site:
        """The first process."""
        return self.sites[0]

    @property
    def room(self) -> int:
        """The room of Kring C."""
        return self.world["room"]

    def tab(self, who: str = "participant", at: int = 0, **more: Any) -> Tab:
        """Return a tab of somebody at one of the processes, that has nothing yet."""
        return Tab(
            self.sites[at].url, self.world["sessions"][who], more.pop("room", self.room), **{"seq": None, **more}
        )

    def http(
        self, path: str, who: str | None = "participant", body: dict[str, Any] | None = None, at: int = 0
    ) -> tuple[int, Any]:
        """Ask the API; status and JSON. A body makes it a POST with a CSRF token."""
        headers = {"Cookie": f"csrftoken={'c' * 32}", "X-CSRFToken": "c" * 32, "Content-Type": "application/json"}
        if who:
            headers["Cookie"] += f"; sessionid={self.world['sessions'][who]}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.sites[at].url + path, data=data, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=40) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def log(self) -> list[dict[str, Any]]:
        """Return the whole log of the room, as somebody who comes fresh reads it."""
        events: list[dict[str, Any]] = []
        while True:
            after = events[-1]["seq"] if events else 0
            status, answer = self.http(f"/api/v1/rooms/{self.room}/events?after={after}&limit=200")
            assert status == 200, answer
            if not answer["ev"]:
                return events
            events += answer["ev"]

    def check(self, tabs: list[Tab]) -> int:
        """Assert what must hold after any fault, and return the length of the log.

        Every acknowledged message is in the log once and under the number that was acknowledged; the log has no
        hole; every tab has seen exactly what the log holds from its first event on.
        """
        events = self.log()
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        by_seq = {event["seq"]: event for event in events}
        made = [event["message"]["id"] for event in events if event["kind"] == "message.new"]
        assert len(made) == len(set(made))
        bodies = [event["message"]["body"] for event in events if event["kind"] == "message.new"]
        assert len(bodies) == len(set(bodies)), "a message is in the log twice (the tests send every body once)"
        blanked = {event["message"]["id"] for event in events if event["kind"] == "message.delete"}
        for tab in tabs:
            assert tab.faults == []
            assert tab.outbox == {}, "not everything was acknowledged"
            assert set(tab.acked.values()) <= set(by_seq)
            assert len(set(tab.acked.values())) == len(tab.acked)
            if tab.seen:
                first = min(tab.seen)
                assert sorted(tab.seen) == list(range(first, len(events) + 1))
                for seq, text in tab.seen.items():
                    if by_seq[seq].get("message", {}).get("id") not in blanked:
                        assert text == json.dumps(by_seq[seq], sort_keys=True)
        return len(events)


@pytest.fixture(scope="session")
def room_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """A database with the cast, made once per worker."""
    var = tmp_path_factory.mktemp("rooms-template")
    extra, server, name = {"EXTRAS": str(EXTRAS)}, None, None
    if os.environ.get("DATABASE_URL"):
        server, name = Postgres(os.environ["DATABASE_URL"]), f"kringen_rooms_{os.getpid()}"
        extra["DATABASE_URL"] = server.create(name)
    try:
        done = subprocess.run(
            [sys.executable, str(ROOT / "tests" / "faults" / "fill_rooms.py")],
            env=environment(var, 8000, **extra),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        yield Template(var, json.loads(done.stdout), name)
    finally:
        if server and name:
            server.drop(name)


@contextmanager
def running_rooms(template: Template, var: Path, processes: int = 1, **extra: str) -> Iterator[Rooms]:
    """Run server processes on a copy of the template."""
    shutil.copytree(template.var, var, dirs_exist_ok=True)
    with ExitStack() as stack:
        if template.postgres:
            server, name = Postgres(os.environ["DATABASE_URL"]), f"kringen_{var.name}_{os.getpid()}"
            extra["DATABASE_URL"] = server.create(name, template.postgres)
            stack.callback(server.drop, name)
        sites = []
        for number in range(processes):
            folder = var / f"process{number}"
            folder.mkdir(exist_ok=True)
            more = {} if template.postgres else {"DATABASE_URL": f"sqlite:///{var / 'kringen.sqlite3'}"}
            shutil.copy(template.var / "secret", folder / "secret")
            site = Site(var=folder, port=free_port(), extra={**more, **extra})
            stack.callback(site.kill)
            site.start()
            sites.append(site)
        yield Rooms(sites, template.world)
