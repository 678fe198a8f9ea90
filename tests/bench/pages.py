"""Server time of the pages people open most, and whether their number of queries depends on how much there is.

In a process of its own with the embedded settings on a fresh demo: once as it is, once grown to 10,000 practices, 40
more meetings, 30 more rooms and 60 more goals. No network: what is measured is Django from request to last byte.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench._asking import ROUNDS, ask, child
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
PRACTICES, MEETINGS, ROOMS, GOALS = 10_000, 40, 30, 60


def run(record: Callable[..., Any]) -> None:
    """Measure both sizes and record p50, p95 and the queries of every page."""
    with tempfile.TemporaryDirectory(prefix="kringen-bench-pages-") as folder:
        env = environment(Path(folder), 8000, STATIC_ROOT=str(ROOT / "var" / "static"))
        env["PYTHONPATH"] += f":{ROOT}"
        env.pop("DATABASE_URL", None)
        env.pop("REDIS_URL", None)
        fill(env)
        small = child("tests.bench.pages", env, "measure")
        child("tests.bench.pages", env, "grow")
        large = child("tests.bench.pages", env, "measure")
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


def _measure() -> dict[str, dict[str, float]]:
    return ask(PAGES, email=MEMBER)


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
