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

EXTRAS = 24
ROOMS = 100


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

    def fresh_room(self) -> int:
        """Return a room of Kring C that no other test uses."""
        return self.world["rooms"].pop()

    def log(self, room: int | None = None) -> list[dict[str, Any]]:
        """Return the whole log of a room (the first), as somebody who comes fresh reads it."""
        events: list[dict[str, Any]] = []
        while True:
            after = events[-1]["seq"] if events else 0
            status, answer = self.http(f"/api/v1/rooms/{room or self.room}/events?after={after}&limit=200")
            assert status == 200, answer
            if not answer["ev"]:
                return events
            events += answer["ev"]

    def check(self, tabs: list[Tab]) -> int:
        """Assert what must hold after any fault, for every room of these tabs; return how many lines the tabs wrote.

        The logs also hold who comes and goes, which is written by the office's acts of other tests.
        """
        return sum(self._check(room, [tab for tab in tabs if tab.room == room]) for room in {tab.room for tab in tabs})

    def _check(self, room: int, tabs: list[Tab]) -> int:
        """Assert that the log and what these tabs saw of it are one.

        Every acknowledged message is in the log once, with its text, under the number that was acknowledged, and
        nothing else is shown as sent; the log has no hole; every tab has seen exactly what the log holds from its
        first event on, in that order.
        """
        events = self.log(room)
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        by_seq = {event["seq"]: event for event in events}
        made = [event["message"]["id"] for event in events if event["kind"] == "message.new"]
        assert len(made) == len(set(made))
        blanked = {event["message"]["id"] for event in events if event["kind"] == "message.delete"}
        bodies = [
            event["message"]["body"]
            for event in events
            if event["kind"] == "message.new" and event["message"]["id"] not in blanked
        ]
        assert len(bodies) == len(set(bodies)), "a message is in the log twice (the tests send every body once)"
        for tab in tabs:
            assert tab.faults == []
            assert tab.outbox == {}, "not everything was acknowledged"
            assert tab.refused == {}, "what was in order was refused"
            assert len(set(tab.acked.values())) == len(tab.acked)
            for cid, seq in tab.acked.items():
                if cid in tab.frames:
                    assert by_seq[seq]["cid"] == cid
                    continue
                message = by_seq[seq]["message"]
                assert message["id"] in blanked or message["body"] == tab.bodies[cid]
            if tab.seen:
                first = min(tab.seen)
                assert list(tab.seen) == list(range(first, len(events) + 1))
                for seq, text in tab.seen.items():
                    if by_seq[seq].get("message", {}).get("id") not in blanked:
                        assert text == json.dumps(by_seq[seq], sort_keys=True)
        return sum(not event["kind"].startswith("member.") for event in events)


@pytest.fixture(scope="session")
def room_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """A database with the cast, made once per worker."""
    var = tmp_path_factory.mktemp("rooms-template")
    extra, server, name = {"EXTRAS": str(EXTRAS), "ROOMS": str(ROOMS)}, None, None
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
        ports = [free_port() for _ in range(processes)]
        # Behind one address every process is asked with that origin, as in production.
        extra.setdefault("ALLOWED_ORIGINS", ",".join(f"http://127.0.0.1:{port}" for port in ports))
        for number, port in enumerate(ports):
            folder = var / f"process{number}"
            folder.mkdir(exist_ok=True)
            more = {} if template.postgres else {"DATABASE_URL": f"sqlite:///{var / 'kringen.sqlite3'}"}
            shutil.copy(template.var / "secret", folder / "secret")
            (folder / "world.json").write_text(json.dumps(template.world))
            site = Site(var=folder, port=port, extra={**more, **extra})
            stack.callback(site.kill)
            site.launch()
            sites.append(site)
        for site in sites:
            site.wait()
        yield Rooms(sites, template.world)
