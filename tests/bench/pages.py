"""Server time of the pages people open most, and whether their number of queries depends on how much there is.

In a process of its own with the embedded settings on a fresh demo: once as it is, once grown to 10,000 practices, 40
more meetings, 30 more rooms and 60 more goals. No network: what is measured is Django from request to last byte.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.servers import ROOT, environment, fill

PAGES = {
    "kring": "/kringen/kring-c/",
    "indicator": "/benchmark/indicatoren/wac_balie_gem/",
    "practices": "/praktijken/",
    "practices-search": "/praktijken/?q=wachttijden",
    "home": "/",
}
MEMBER = "deelnemer@hillegom.example"
TARGET = 80  # ms
WARM, ROUNDS = 5, 60
PRACTICES, MEETINGS, ROOMS, GOALS = 10_000, 40, 30, 60


def run(record: Callable[..., Any]) -> None:
    """Measure both sizes and record p50, p95 and the queries of every page."""
    with tempfile.TemporaryDirectory(prefix="kringen-bench-pages-") as folder:
        env = environment(Path(folder), 8000, STATIC_ROOT=str(ROOT / "var" / "static"))
        env["PYTHONPATH"] += f":{ROOT}"
        env.pop("DATABASE_URL", None)
        env.pop("REDIS_URL", None)
        fill(env)
        small = _child(env, "measure")
        _child(env, "grow")
        large = _child(env, "measure")
    for name, path in PAGES.items():
        for quantile in ("p50", "p95"):
            record(
                id=f"pages.{name}.{quantile}",
                value=large[name][quantile],
                unit="ms",
                baseline=small[name][quantile],
                target=TARGET if quantile == "p95" else None,
                note=f"{path} as a member, {ROUNDS} rounds, {PRACTICES} practices; baseline: the demo as it is",
            )
        record(
            id=f"pages.{name}.queries",
            value=large[name]["queries"],
            unit="queries",
            baseline=small[name]["queries"],
            target=small[name]["queries"],
            note="with many objects; target: the number with few",
        )


def _child(env: dict[str, str], step: str) -> dict[str, Any]:
    """Run one step in a process with the site's settings and return what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.pages", step],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{step} failed:\n{done.stdout}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def _measure() -> dict[str, dict[str, float]]:
    """Ask every page as a member; milliseconds (p50, p95) and queries of the last round."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from people.models import User

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(email=MEMBER), backend="django.contrib.auth.backends.ModelBackend")
    found = {}
    for name, path in PAGES.items():
        took = []
        for number in range(WARM + ROUNDS):
            began = time.perf_counter()
            answer = client.get(path)
            if number >= WARM:
                took.append(1000 * (time.perf_counter() - began))
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answered {answer.status_code}")
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        found[name] = {
            "p50": round(statistics.median(took), 1),
            "p95": round(statistics.quantiles(took, n=20)[-1], 1),
            "queries": len(queries),
        }
    return found


def _grow() -> dict[str, int]:
    """Make the demo large."""
    import datetime as dt

    from benchmark.models import Goal, Indicator
    from kringen.models import Kring, Meeting, Room, Topic
    from people.models import Municipality
    from tests.goodpractices.generated import generate

    generate(PRACTICES)
    kring = Kring.objects.get(slug="kring-c")
    day = dt.date(2009, 9, 1)
    Meeting.objects.bulk_create(
        Meeting(
            kring=kring,
            number=100 + at,
            title=f"Bijeenkomst {at}",
            date=day + dt.timedelta(days=at),
            starts_at=dt.time(13),
        )
        for at in range(MEETINGS)
    )
    for at in range(ROOMS):
        room = Room.objects.create(kring=kring, name=f"Ruimte {at}")
        Topic.objects.create(room=room, title="Algemeen", is_general=True)
    hillegom = Municipality.objects.get(code="GM0534")
    indicators = list(Indicator.objects.order_by("pk")[:GOALS])
    Goal.objects.bulk_create(
        Goal(
            municipality=hillegom,
            indicator=indicators[at % len(indicators)],
            title=f"Doel {at}",
            target_value=10,
            target_date=dt.date(2011, 1, 1),
        )
        for at in range(GOALS)
    )
    return {"practices": PRACTICES, "meetings": MEETINGS, "rooms": ROOMS, "goals": GOALS}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"measure": _measure, "grow": _grow}[sys.argv[1]]()))
