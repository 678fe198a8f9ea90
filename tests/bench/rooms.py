"""The live rooms under load, each figure beside something simpler or something of others, measured in the same run.

`QUICK=1` runs the same with a fifth of the sockets and seconds, to try it out; those lines have no targets. The whole
group stops beginning new parts after `BUDGET` seconds; what was left out says so. docs/operations.md tells what the
baselines are.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

from deploy.services import lack_of_postgresql, lack_of_redis
from tests.bench.rooms_load import peers, servers
from tests.bench.rooms_load.children import Child, client, end_children_when_ended, raise_file_limit
from tests.bench.rooms_load.figures import rate
from tests.servers import ROOT

QUICK = os.environ.get("QUICK", "") not in {"", "0"}
BUDGET = 480  # seconds
SOCKETS, MESSAGES, WINDOW = (200, 100, 50) if QUICK else (1000, 300, 50)
TUTORIAL_SECONDS = 4 if QUICK else 8
CIRCLES, PACE, SECONDS = 40, 50, 10 if QUICK else 60
MEMBERS, PEER_PACE, PEER_WINDOW, PEER_SECONDS = (20, 5, 20, 3) if QUICK else (100, 5, 20, 8)

TIMES_TUTORIAL = {"daphne": 30, "uvicorn": 50}
TIMES_BARE = {"daphne": ("websockets", 0.8), "uvicorn": ("picows", 0.4)}
CONNECT = 100  # a second
KIB = 80
ACK, LAST, CORES = 150, 300, 1.2  # ms, ms, cores
SEND_QUERIES, RESUME_QUERIES = 6, 3

Record = Callable[..., Any]


class Book:
    """Records lines with the load of the machine in the note, and watches the time."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._began = time.monotonic()

    def line(self, id: str, value: float | None, unit: str, note: str, **more: Any) -> None:  # noqa: A002
        """Keep one figure of this group."""
        if QUICK:
            more.pop("target", None)
            note = f"QUICK: {note}"
        load = os.getloadavg()[0]
        self._record(id=f"rooms.{id}", value=value, unit=unit, note=f"{note}; load {load:.1f}", **more)

    def left_out(self, id: str, unit: str, why: str, **more: Any) -> None:  # noqa: A002
        """Say that something was not measured."""
        self.line(id, None, unit, why, **more)

    @property
    def in_time(self) -> bool:
        """Whether there is time to begin another part."""
        return time.monotonic() - self._began < BUDGET - SECONDS


def run(record: Record) -> None:
    """Measure all of it."""
    raise_file_limit()
    end_children_when_ended()
    book = Book(record)
    postgres = os.environ.get("DATABASE_URL") or servers.POSTGRES
    redis = os.environ.get("REDIS_URL") or servers.REDIS
    lacks = {"postgresql": lack_of_postgresql(postgres), "redis": lack_of_redis(redis)}
    with tempfile.TemporaryDirectory(prefix="kringen-bench-rooms-") as name, ExitStack() as stack:
        folder = Path(name)
        embedded = stack.enter_context(servers.world(folder / "sqlite"))
        fan_out(book, folder, embedded, None if lacks["redis"] else redis)
        queries(book, folder, embedded)
        spoken = durable(book, "sqlite", embedded, None)
        if lacks["postgresql"] or lacks["redis"]:
            why = " ".join(filter(None, lacks.values()))
            book.left_out("durable.postgresql.ack.p95", "ms", why, target=ACK)
            peer_lines(book, folder, {"sqlite": spoken}, None)
        else:
            spread = stack.enter_context(servers.world(folder / "postgresql", postgres))
            also = durable(book, "postgresql", spread, redis)
            peer_lines(book, folder, {"sqlite": spoken, "postgresql": also}, postgres)


# ---- fan-out ----


def crowd(
    server: AbstractContextManager[Child], dialect: str, people: Callable[[Child], list[dict[str, str]]], **task: Any
) -> dict[str, Any]:
    """Let a crowd into one room of a server and let it talk; what came of it, and what it took."""
    with server as child:
        before = child.rss
        headers = people(child)
        task = {"messages": MESSAGES, "window": WINDOW, "seconds": 40, **task}
        steps = client("crowd", {"dialect": dialect, "port": child.port, "headers": headers, **task}, 150)
        entered = next(steps)
        memory, cpu = child.rss - before, child.cpu
        said = next(steps)
        cpu = child.cpu - cpu
        for _ in steps:
            raise RuntimeError("the crowd reported more than twice")
    return {
        **said,
        "rate": rate(said["delivered"], said["seconds"]),
        "connect": rate(entered["connected"], entered["seconds"]),
        "kib": round(memory / 1024 / entered["connected"], 1),
        "server": round(cpu / said["seconds"], 2),
    }


def _how(found: dict[str, Any]) -> str:
    part = "" if found["delivered"] == found["expected"] else f"; {found['delivered']} of {found['expected']} in time"
    return (
        f"{found['seconds']:.1f} s, {found['bytes'] // max(1, found['delivered'])} bytes each, "
        f"server {found['server']} and client {found['client']:.2f} cores{part}"
    )


def fan_out(book: Book, folder: Path, world: servers.World, redis: str | None) -> None:
    """One room full of sockets: ours beside the tutorial's consumer and beside bare broadcasting."""

    def nobody(_child: Child) -> list[dict[str, str]]:
        return [{}] * SOCKETS

    def members(child: Child) -> list[dict[str, str]]:
        return servers.headers(child, world, SOCKETS)

    def ours(server: str, layer: str | None = None) -> dict[str, Any]:
        return crowd(servers.ours(world, server, layer), "ours", members, **_place(world, 0))

    def tutorial(server: str, layer: str | None = None) -> dict[str, Any]:
        return crowd(servers.tutorial(folder, server, layer), "tutorial", nobody, seconds=TUTORIAL_SECONDS)

    for server in servers.SERVERS:
        kind, times = TIMES_BARE[server]
        bare = crowd(servers.bare(folder, kind), "bare", nobody)
        mine = ours(server)
        setting = f"{SOCKETS} sockets, {MESSAGES} messages, {WINDOW} on their way, stored in SQLite; {_how(mine)}"
        book.line(
            f"fanout.{server}.bare",
            mine["rate"],
            "deliveries/s",
            f"{setting}; baseline: bare {kind}, nothing stored: {_how(bare)}",
            baseline=bare["rate"],
            target=round(times * bare["rate"]),
            better="more",
        )
        theirs = tutorial(server)
        layers = {"": (mine, theirs)}
        if server == "daphne":
            _doors(book, mine, theirs)
            if redis is None:
                book.left_out("fanout.daphne.tutorial-redis", "deliveries/s", "Redis does not answer")
            else:
                layers["-redis"] = ours(server, redis), tutorial(server, redis)
        for layer, (one, other) in layers.items():
            where = "Redis PubSub, on both sides" if layer else "in memory"
            book.line(
                f"fanout.{server}.tutorial{layer}",
                one["rate"],
                "deliveries/s",
                f"{SOCKETS} sockets, stored in SQLite; {_how(one)}; "
                f"baseline: the tutorial's consumer, layer {where}, nothing stored: {_how(other)}",
                baseline=other["rate"],
                target=round(TIMES_TUTORIAL[server] * other["rate"]),
                better="more",
            )


def _doors(book: Book, mine: dict[str, Any], tutorial: dict[str, Any]) -> None:
    """What coming in costs: logged in, checked, in a room."""
    book.line(
        "connect",
        mine["connect"],
        "sockets/s",
        f"{SOCKETS} handshakes, 25 at once, with session, rights and the welcome of a room; "
        "baseline: the tutorial's consumer, which asks nobody who they are",
        baseline=tutorial["connect"],
        target=CONNECT,
        better="more",
    )
    book.line(
        "memory",
        mine["kib"],
        "KiB per socket",
        f"growth of the server after {SOCKETS} sockets came in; baseline: the tutorial's consumer",
        baseline=tutorial["kib"],
        target=KIB,
    )


# ---- queries ----


def queries(book: Book, folder: Path, world: servers.World) -> None:
    """Count what a message and a return ask of the database."""
    with servers.copied(world, 8000) as env:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.rooms_load.queries"],
            input=json.dumps(
                {"session": world.sessions[0], "room": world.rooms[1]["id"], "epoch": world.rooms[1]["epoch"]}
            ),
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"the queries could not be counted:\n{done.stderr[-3000:]}")
    found = json.loads(done.stdout.splitlines()[-1])
    book.line(
        "queries.message",
        found["message"],
        "queries",
        "from the frame to the event in everybody's hands, the reading back for all sockets included",
        target=SEND_QUERIES,
    )
    book.line(
        "queries.resume",
        found["resume"],
        "queries",
        f"from hello to the missed events, read from the database; the handshake before it took {found['handshake']}",
        target=RESUME_QUERIES,
    )


# ---- durable ----


def durable(book: Book, name: str, world: servers.World, redis: str | None) -> dict[str, Any] | None:
    """Forty rooms at a fixed pace for a minute; then one room of a hundred, for the comparison with others."""
    if not book.in_time:
        book.left_out(f"durable.{name}.ack.p95", "ms", f"the {BUDGET} seconds of this group were over", target=ACK)
        return None
    sockets = 5 * CIRCLES if QUICK else 25 * CIRCLES
    with servers.ours(world, "daphne", redis) as child:
        before = child.rss
        people = [
            {"headers": headers, "circle": at % CIRCLES, **_place(world, 1 + at % CIRCLES)}
            for at, headers in enumerate(servers.headers(child, world, sockets))
        ]
        phases = [{"how": "paced", "pace": PACE, "seconds": SECONDS}]
        steps = client("talk", {"kind": "ours", "port": child.port, "people": people, "phases": phases}, SECONDS + 120)
        next(steps)
        cpu, began = child.cpu, time.monotonic()
        found = next(steps)
        cores = (child.cpu - cpu) / (time.monotonic() - began)
        kib = (child.rss - before) / 1024 / sockets
        for _ in steps:
            raise RuntimeError("the talk reported more than asked for")
    how = (
        f"{CIRCLES} rooms × {sockets // CIRCLES} sockets, {PACE} messages/s for {SECONDS} s, one Daphne on "
        f"{'PostgreSQL, bells through Redis' if redis else 'SQLite'}, client {found['client']:.2f} cores"
    )
    for what, target in (("ack", ACK), ("last", LAST)):
        times = found[what]
        book.line(
            f"durable.{name}.{what}.p95",
            times["0.95"],
            "ms",
            f"{'stored, at its sender' if what == 'ack' else 'at the last of its readers'}: {how}; "
            f"p99 {times['0.99']}, longest {times['1']}; baseline: the median",
            baseline=times["0.5"],
            target=target,
        )
    astray = found["lost"] + found["twice"] + found["gaps"] + found["sent"] - found["stored"]
    book.line(
        f"durable.{name}.astray",
        astray,
        "deliveries",
        f"{found['lost']} not there after 10 s, {found['twice']} double, {found['gaps']} out of order, "
        f"{found['sent'] - found['stored']} not acknowledged, of {found['sent']} messages",
        target=0,
    )
    book.line(f"durable.{name}.cores", round(cores, 2), "cores", f"the server alone, no database; {how}", target=CORES)
    book.line(f"durable.{name}.memory", round(kib, 1), "KiB per socket", "growth of the server at the end", target=KIB)
    with servers.ours(world, "daphne", redis) as child:
        members = [
            {"headers": headers, "circle": 0, **_place(world, 0)} for headers in servers.headers(child, world, MEMBERS)
        ]
        return _converse("ours", child, members)


def _place(world: servers.World, at: int) -> dict[str, Any]:
    return {"room": world.rooms[at]["id"], "epoch": world.rooms[at]["epoch"]}


# ---- the servers of others ----


def _converse(kind: str, child: Child, people: list[dict[str, Any]]) -> dict[str, Any]:
    """The same conversation for every server: first at a slow pace, then as fast as it goes."""
    phases = [
        {"how": "paced", "pace": PEER_PACE, "seconds": PEER_SECONDS},
        {"how": "pressed", "pace": PEER_WINDOW, "seconds": PEER_SECONDS},
    ]
    steps = client("talk", {"kind": kind, "port": child.port, "people": people, "phases": phases}, 120)
    next(steps)
    paced, pressed = steps
    return {
        "rate": rate(pressed["whole"], pressed["seconds"]),
        "ack": paced["ack"]["0.95"],
        "last": paced["last"]["0.95"],
        "lost": paced["lost"] + pressed["lost"],
    }


def peer_lines(book: Book, folder: Path, spoken: dict[str, dict[str, Any] | None], postgres: str | None) -> None:
    """One room of a hundred at Synapse and at Prosody, beside ours on a database of the same strictness."""
    others: list[tuple[str, str, AbstractContextManager[Any], str, str]] = [
        (
            "synapse",
            "matrix",
            peers.synapse(folder / "synapse", MEMBERS, postgres),
            "postgresql" if postgres else "sqlite",
            f"one process on {'PostgreSQL' if postgres else 'SQLite'}, no limits on rates, no presence, no federation",
        ),
        (
            "prosody",
            "xmpp",
            peers.prosody(folder / "prosody", MEMBERS),
            "postgresql" if postgres else "sqlite",
            "mod_muc_mam with its archive in SQLite (write-ahead log, flushed per message), no limits, no TLS",
        ),
    ]
    for name, kind, server, database, setting in others:
        mine = spoken.get(database)
        units = (("rate", "messages/s", "more"), ("ack", "ms", "less"), ("last", "ms", "less"))
        theirs, version, why = None, "", "the time was over"
        if mine and book.in_time:
            try:
                with server as (child, people, version):
                    theirs = _converse(kind, child, people)
            except (peers.NotHereError, RuntimeError, ConnectionError) as error:
                why = f"{name} could not be measured here: {' '.join(str(error).split())[-300:]}"
        for what, unit, better in units:
            id_ = f"peers.{name}.{what}" + ("" if what == "rate" else ".p95")
            if mine is None or theirs is None:
                book.left_out(id_, unit, why)
                continue
            book.line(
                id_,
                mine[what],
                unit,
                f"ours on {database}, one room of {MEMBERS}, "
                + (f"{PEER_WINDOW} on their way" if what == "rate" else f"{PEER_PACE} messages/s")
                + f", {mine['lost']} lost; baseline: {name} {version}, {setting}, the same work, {theirs['lost']} lost",
                baseline=theirs[what],
                target=theirs[what],
                better=better,
            )
