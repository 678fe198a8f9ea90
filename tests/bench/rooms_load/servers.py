"""The servers that are held against each other, each started the same way: ours, the tutorial's, the barest."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.rooms_load.children import Child, running
from tests.servers import ROOT, Postgres, environment, free_port

POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/0"
SERVERS = ("daphne", "uvicorn")


@dataclass
class World:
    """A filled database to copy, and who is in it.

    Attributes:
        rooms: the large room first, then the small ones: id and epoch.
        sessions: a session of each of the thousand people.
    """

    folder: Path
    rooms: list[dict[str, Any]]
    sessions: list[str]
    postgres: tuple[Postgres, str] | None = None


@contextmanager
def world(folder: Path, postgres: str | None = None) -> Iterator[World]:
    """Make the database once; on the PostgreSQL server where its address is given, else SQLite."""
    folder.mkdir()
    server, name, extra = None, f"kringen_bench_{os.getpid()}", {}
    if postgres:
        server = Postgres(postgres)
        extra = {"DATABASE_URL": server.create(name)}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.rooms_load.fill"],
            env=_environment(folder, 8000, extra),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"the database could not be filled:\n{done.stderr[-3000:]}")
        yield World(folder, **json.loads(done.stdout), postgres=(server, name) if server else None)
    finally:
        if server:
            server.drop(name)


def _environment(var: Path, port: int, extra: dict[str, str]) -> dict[str, str]:
    env = environment(var, port)
    for name in ("DATABASE_URL", "REDIS_URL"):
        env.pop(name, None)
    return {**env, **extra}


def command(server: str, port: int, application: str) -> list[str]:
    """Return how `daphne` or `uvicorn` is started here."""
    if server == "daphne":
        return [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0", application]
    words = "--host 127.0.0.1 --ws websockets-sansio --loop uvloop --lifespan off --no-access-log --log-level warning"
    return [sys.executable, "-m", "uvicorn", *words.split(), "--port", str(port), application]


@contextmanager
def copied(world: World, port: int, redis: str | None = None) -> Iterator[dict[str, str]]:
    """Copy the world for one server on `port`; its environment. Thrown away afterwards."""
    var, copy = world.folder.parent / f"{world.folder.name}-{port}", f"kringen_bench_{port}_{os.getpid()}"
    shutil.copytree(world.folder, var)
    extra = {"ASGI_THREADS": "16"} | ({"REDIS_URL": redis} if redis else {})
    try:
        if world.postgres:
            postgres, template = world.postgres
            extra["DATABASE_URL"] = postgres.create(copy, template)
        yield _environment(var, port, extra)
    finally:
        if world.postgres:
            world.postgres[0].drop(copy)
        shutil.rmtree(var, ignore_errors=True)


@contextmanager
def ours(world: World, server: str, redis: str | None = None) -> Iterator[Child]:
    """Run Kringen on a copy of the world; Daphne with the flags of production.

    Raises:
        RuntimeError: what the server logged holds an error.
    """
    port = free_port()
    start = command(server, port, "kringsite.asgi:application")
    if server == "daphne":
        start = [sys.executable, str(ROOT / "deploy" / "serve.py"), "--port", str(port)]
    log = world.folder.parent / f"ours-{port}.log"
    with copied(world, port, redis) as env, running(start, port=port, env=env, log=log) as child:
        yield child
        if "Traceback" in log.read_text(errors="replace"):
            raise RuntimeError(f"the server had trouble:\n{log.read_text(errors='replace')[-3000:]}")


@contextmanager
def tutorial(folder: Path, server: str, redis: str | None = None) -> Iterator[Child]:
    """Run the consumer of the Channels tutorial."""
    port = free_port()
    env = _environment(folder, port, {"REDIS_URL": redis} if redis else {})
    start = command(server, port, "tests.bench.rooms_load.tutorial:application")
    with running(start, port=port, env=env, log=folder / "tutorial.log") as child:
        yield child


@contextmanager
def bare(folder: Path, kind: str) -> Iterator[Child]:
    """Run a server that only broadcasts: `websockets` or `picows`."""
    port = free_port()
    start = [sys.executable, "-m", "tests.bench.rooms_load.bare", kind, str(port)]
    with running(start, port=port, env=_environment(folder, port, {}), log=folder / "bare.log") as child:
        yield child


def headers(child: Child, world: World, number: int) -> list[dict[str, str]]:
    """Return what the handshake of each of `number` tabs carries: a page of the site and a session."""
    return [
        {"Origin": f"http://127.0.0.1:{child.port}", "Cookie": f"sessionid={session}"}
        for session in world.sessions[:number]
    ]
