"""A meeting that is held on fifty screens, and two editors of one agenda: on a server and a database of their own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.crowd import crowd_of, p95
from tests.faults.rooms_site import Template, running_rooms
from tests.servers import ROOT, environment

QUICK = os.environ.get("QUICK", "") not in {"", "0"}
SCREENS = 50
MOVES = 30 if QUICK else 200
PAUSE = 0.25  # seconds between two moves: four a second is far faster than anybody leads a meeting
RACES = 50 if QUICK else 1_000
TARGET = 300  # ms


def run(record: Callable[..., Any]) -> None:
    """Record how long an item change takes to the last of fifty screens, and what a thousand races of editors lose."""
    with tempfile.TemporaryDirectory(prefix="kringen-bench-held-") as folder:
        template = _filled(Path(folder) / "template")
        with running_rooms(template, Path(folder) / "site", LIVE_SOCKETS_PER_PERSON="100", REDIS_URL="") as rooms:
            delays = asyncio.run(_lead(rooms))
        for name, value in (("p50", sorted(delays)[len(delays) // 2]), ("p95", p95(delays))):
            record(
                id=f"circles.live.item-change.{name}",
                value=round(1000 * value, 1),
                unit="ms",
                target=TARGET if name == "p95" and not QUICK else None,
                note=f"from the facilitator's act to the last of {SCREENS} screens, {MOVES} moves, one process, SQLite",
            )
        tally = _races(template, Path(folder) / "races")
    record(
        id="circles.agenda.lost-updates",
        value=tally["lost"] + len(tally["odd"]),
        unit="lines",
        target=0,
        note=f"{tally['races']} races of two editors on one agenda; one wins, the other is shown both and saves again"
        + (f"; {tally['odd'][:3]}" if tally["odd"] else ""),
    )


def _own(var: Path, **extra: str) -> dict[str, str]:
    """Return an environment on SQLite, whatever services this machine offers."""
    env = environment(var, 8000, **extra)
    for name in {"DATABASE_URL", "REDIS_URL"} - extra.keys():
        env.pop(name, None)
    return env


def _filled(var: Path) -> Template:
    var.mkdir()
    made = _python(["tests/faults/fill_rooms.py"], _own(var, EXTRAS="24", ROOMS="0"))
    return Template(var, json.loads(made))


async def _lead(rooms: Any) -> list[float]:
    """Go through the agenda; return seconds from each act to the moment the last screen has it."""
    room, items = rooms.world["meeting"]["room"], rooms.world["meeting"]["items"]
    who = ["participant", "colleague", *(name for name in rooms.world["sessions"] if name.startswith("extra"))]
    lead = rooms.tab("facilitator", room=room)
    screens = [rooms.tab(who[at % len(who)], room=room) for at in range(SCREENS)]
    async with crowd_of([lead, *screens]) as crowd:
        await lead.act("meetingStart")
        await crowd.level()
        moves = []
        for move in range(MOVES):
            moves.append(await lead.act("meetingMove", item=items[(move + 1) % len(items)]))
            await asyncio.sleep(PAUSE)
        await crowd.level()
    return [max(one.seen_at[lead.acked[cid]] for one in screens) - lead.sent_at[cid] for cid in moves]


def _races(template: Template, var: Path) -> dict[str, Any]:
    var.mkdir()
    for name in ("secret", "kringen.sqlite3"):
        (var / name).write_bytes((template.var / name).read_bytes())
    return json.loads(_python(["-m", "tests.agenda_races", str(RACES)], _own(var)))


def _python(command: list[str], env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=900, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout
