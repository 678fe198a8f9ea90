"""The pages of a circle at work, with 40 kringen of 12 members over five years: time, and queries against the demo.

Also a meeting that is held on fifty screens, and two editors of one agenda (`_held.py`).
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import _held
from tests.bench._asking import ROUNDS, ask, child
from tests.servers import ROOT, environment, fill

PAGES = {
    "meeting": "/kringen/kring-c/bijeenkomsten/1/",
    "year-plan": "/kringen/kring-c/jaarplan/",
    "cockpit": "/kringen/kring-c/begeleiding/",
    "themes": "/kringen/kring-c/themas/",
    "progress": "/voortgang/",
    "progress-kring": "/voortgang/kring-c/",
}
OFFICE = "bureau@kringen.example"
TARGET = 100  # ms
KRINGEN, MEMBERS, YEARS, MEETINGS, ACTIONS, GOALS = 40, 12, 5, 3, 8, 2


def run(record: Callable[..., Any]) -> None:
    """Measure the demo and the large programme; record p50, p95 and the queries of every page."""
    with tempfile.TemporaryDirectory(prefix="kringen-bench-circles-") as folder:
        env = environment(Path(folder), 8000, STATIC_ROOT=str(ROOT / "var" / "static"))
        env["PYTHONPATH"] += f":{ROOT}"
        env.pop("DATABASE_URL", None)
        env.pop("REDIS_URL", None)
        fill(env)
        small = child("tests.bench.circles", env, "measure")
        child("tests.bench.circles", env, "grow")
        large = child("tests.bench.circles", env, "measure")
    for name, path in PAGES.items():
        for quantile in ("p50", "p95"):
            record(
                id=f"circles.{name}.{quantile}",
                value=large[name][quantile],
                unit="ms",
                baseline=small[name][quantile],
                target=TARGET if quantile == "p95" else None,
                note=f"{path} as the office, {ROUNDS} rounds, {KRINGEN} kringen × {MEMBERS} members × {YEARS} years",
            )
        record(
            id=f"circles.{name}.queries",
            value=large[name]["queries"],
            unit="queries",
            baseline=small[name]["queries"],
            target=small[name]["queries"],
            note="in the large programme; target: the number in the demo",
        )
    _held.run(record)


def _measure() -> dict[str, dict[str, float]]:
    return ask(PAGES, email=OFFICE)


def _grow() -> dict[str, int]:
    """Make the programme large: every kring with members, meetings, promises, intakes and goals, five years of it."""
    import datetime as dt

    from benchmark.models import ComparisonGroup, Cycle, Goal, Indicator
    from kringen.models import Action, AgendaItem, Intake, Kring, Meeting, Membership, Milestone, Reply
    from people.models import Municipality

    places = list(Municipality.objects.order_by("code"))
    missing = KRINGEN * MEMBERS - len(places)
    places += Municipality.objects.bulk_create(
        Municipality(code=f"GM8{at:03}", name=f"Plaats {at}", province="Utrecht") for at in range(max(0, missing))
    )
    indicators = list(Indicator.objects.filter(is_core=True))
    model = list(Milestone.objects.filter(cycle__year=2009))
    for year in range(2009 - YEARS + 1, 2010):
        cycle, _new = Cycle.objects.get_or_create(slug=str(year), defaults={"name": f"BPZ {year}", "year": year})
        if not cycle.milestones.exists():
            for each in model:
                each.pk, each.cycle = None, cycle
            Milestone.objects.bulk_create(model)
        for number in range(KRINGEN // YEARS):
            group = ComparisonGroup.objects.create(kind=ComparisonGroup.Kind.KRING, name=f"{year}-{number}")
            mine = places[number * MEMBERS : (number + 1) * MEMBERS]
            group.municipalities.set(mine)
            kring = Kring.objects.create(
                slug=f"groot-{year}-{number}", name=f"Kring {year}-{number}", cycle=cycle, comparison_group=group
            )
            Membership.objects.bulk_create(Membership(kring=kring, municipality=place) for place in mine)
            Intake.objects.bulk_create(
                Intake(kring=kring, municipality=place, tested_phase=2, submitted_on=dt.date(year, 2, 1))
                for place in mine[:9]
            )
            for at in range(1, MEETINGS + 1):
                meeting = Meeting.objects.create(
                    kring=kring, number=at, title=f"Bijeenkomst {at}", date=dt.date(year, 3 * at, 20)
                )
                AgendaItem.objects.bulk_create(
                    AgendaItem(meeting=meeting, position=place, title=f"Punt {place}", minutes=15)
                    for place in range(1, 9)
                )
            Action.objects.bulk_create(
                Action(kring=kring, text=f"Toezegging {at}", municipality=mine[at], due_on=dt.date(year, 6, at + 1))
                for at in range(ACTIONS)
            )
    Goal.objects.bulk_create(
        Goal(
            municipality=place,
            indicator=indicators[(at + number) % len(indicators)],
            title=f"Doel {number}",
            target_value=10,
            target_date=dt.date(2010, 1, 1),
        )
        for at, place in enumerate(places)
        for number in range(GOALS)
    )
    first = Kring.objects.get(slug="kring-c").meetings.get(number=1)
    for at in range(20):
        AgendaItem.objects.create(meeting=first, position=100 + at, title=f"Extra {at}")
    return {"replies": Reply.objects.count(), "goals": Goal.objects.count()}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"measure": _measure, "grow": _grow}[sys.argv[1]]()))
