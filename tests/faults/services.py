"""Redis and PostgreSQL of our own, on ports of their own, to be killed; and a line that can be cut or slowed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import redis

from tests.servers import Postgres, Site, free_port

UP_WITHIN = 30  # seconds


def program(name: str, *places: str) -> str:
    """Return where a program is.

    Raises:
        RuntimeError: nowhere.
    """
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join([*places, "/usr/sbin", "/sbin"]))
    if not found:
        raise RuntimeError(f"The fault tests need {name}; .ci/run installs it.")
    return found


@dataclass
class OwnRedis:
    """A Redis without memory, as production has it (docs/operations.md)."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def client(self) -> redis.Redis:
        """A connection to it."""
        return redis.Redis(port=self.port, socket_timeout=20)

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = ["--save", "", "--appendonly", "no", "--dir", str(self.folder), "--bind", "127.0.0.1"]
        options += ["--enable-debug-command", "yes"]
        self.process = subprocess.Popen(
            [program("redis-server"), "--port", str(self.port), *options], stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + UP_WITHIN
        while time.monotonic() < until:
            with contextlib.suppress(redis.RedisError):
                if self.client.ping():
                    return
            time.sleep(0.02)
        raise RuntimeError("Redis did not start.")

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)


@dataclass
class OwnPostgres:
    """A throw-away PostgreSQL cluster; PostgreSQL refuses to run as root, so it belongs to `postgres` then."""

    folder: Path
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self._bin = str(max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/bin")))
        self._data = self.folder / "cluster"

    @property
    def server(self) -> Postgres:
        """The server, for `tests.servers.Postgres`."""
        return Postgres(f"postgres://postgres@127.0.0.1:{self.port}/postgres")

    def _run(self, *command: str) -> None:
        user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=UP_WITHIN, check=False, **user)
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}")

    def make(self) -> None:
        """Make the cluster and start it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.folder, *self.folder.parents):
            if folder.stat().st_uid == os.geteuid() and not folder.stat().st_mode & 0o001:
                folder.chmod(folder.stat().st_mode | 0o011)  # so that `postgres` may pass through
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run(program("initdb", self._bin), "-D", str(self._data), "-U", "postgres", "-A", "trust", "--no-sync")
        self.control("start")

    def control(self, what: str, *more: str) -> None:
        """Start, stop or restart it by `pg_ctl`, and wait until that is done."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder} -c fsync=off"
        log = ["-l", str(self.folder / "postgres.log")] if what != "stop" else []
        start = ["-o", options] if what != "stop" else []
        self._run(program("pg_ctl", self._bin), what, "-D", str(self._data), "-w", *log, *start, *more)

    def copy_of(self, url: str, name: str) -> str:
        """Copy a database of another server to this one, and return its address here."""
        here = self.server.create(name)
        dump = subprocess.run(
            [program("pg_dump", self._bin), "--no-owner", url], capture_output=True, timeout=60, check=True
        )
        subprocess.run(
            [program("psql", self._bin), "-q", here], input=dump.stdout, stdout=subprocess.DEVNULL, check=True
        )
        return here

    def throw_away(self) -> None:
        """Stop it and remove its files."""
        with contextlib.suppress(RuntimeError):
            self.control("stop", "-m", "immediate")
        shutil.rmtree(self.folder, ignore_errors=True)


async def port_opens(site: Site) -> float:
    """Wait until a server that was launched listens, and return that moment (monotonic).

    The kernel is asked, not the port: in a storm a connection of ours would stand in the queue like all others.
    """
    assert site.process is not None
    process = psutil.Process(site.process.pid)
    while site.port not in {each.laddr.port for each in process.net_connections("tcp") if each.status == "LISTEN"}:  # noqa: ASYNC110 - it is asked
        await asyncio.sleep(0.02)
    return time.monotonic()


def connections_of(url: str, database: str) -> int:
    """Return how many connections PostgreSQL has to a database."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [database]).fetchone()
    return row[0] if row else 0


@dataclass
class Line:
    """A TCP proxy to a server that can be slow, broken, or dead without saying so.

    Attributes:
        delay: the longest delay of a piece of data in seconds, drawn anew for each.
        frozen: nothing passes any more, and nobody is told: a pulled cable.
    """

    to_port: int
    port: int = 0
    delay: float = 0.0
    frozen: bool = False
    _server: asyncio.Server | None = None
    _pipes: set[asyncio.Task] = field(default_factory=set)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        """The address of this end."""
        return f"http://127.0.0.1:{self.port}"

    async def open(self) -> None:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._join, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            onward, backward = await asyncio.open_connection("127.0.0.1", self.to_port)
        except OSError:
            writer.close()
            return
        self._writers |= {writer, backward}
        for source, target in ((reader, backward), (onward, writer)):
            task = asyncio.create_task(self._pipe(source, target))
            self._pipes.add(task)
            task.add_done_callback(self._pipes.discard)

    async def _pipe(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                await asyncio.sleep(random.uniform(0, self.delay))
                while self.frozen:  # noqa: ASYNC110 - a cable has no event
                    await asyncio.sleep(0.05)
                target.write(data)
                await target.drain()
        if not self.frozen:
            target.close()

    def cut(self) -> None:
        """Break every connection, so that both sides notice."""
        for task in tuple(self._pipes):
            task.cancel()
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def ends_at_the_server(self, pid: int) -> int:
        """Return how many connections the server still holds to this line."""
        ours = {writer.get_extra_info("sockname")[1] for writer in self._writers if not writer.transport.is_closing()}
        held = psutil.Process(pid).net_connections("tcp")
        return sum(1 for each in held if each.status == "ESTABLISHED" and each.raddr and each.raddr.port in ours)

    async def close(self) -> None:
        """Stop."""
        self.frozen = False
        self.cut()
        if self._server:
            self._server.close()
