"""Goals that follow an import: how long it takes to work out anew how thousands of them stand.

Timed from the moment that the figures are in: reading the new rows, working out every state, writing what changed,
telling owners and the rooms of their kringen. Once when nothing turns, once when all do.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable
from typing import Any

QUICK = os.environ.get("QUICK", "") not in {"", "0"}
GOALS = 500 if QUICK else 5_000
MUNICIPALITIES, INDICATORS, KRINGEN = 342, 20, 34
FIRST, LAST = 2000, 2008


def measure() -> dict[str, Any]:
    """Fill a database, bring a year in twice, and time what goals make of it."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from benchmark import cube as cubes
    from benchmark import goal_states
    from benchmark.models import Goal, GoalTurn, Measurement, figures_changed

    # The import itself would do it too; here it is done by hand, to time it alone.
    figures_changed.disconnect(dispatch_uid="benchmark.goals")
    _fill()
    cubes.current().slices(Goal.objects.values_list("indicator", flat=True).distinct())
    goal_states.refresh()
    found = {"goals": Goal.objects.count()}
    for name, year, value in (("none", LAST + 1, None), ("all", LAST + 2, 5.0)):
        _bring_in(year, value)
        before = GoalTurn.objects.count()
        turned, took, spent = _timed(goal_states.refresh)
        if turned != GoalTurn.objects.count() - before or turned != (0 if name == "none" else found["goals"]):
            raise RuntimeError(f"{name}: {turned} goals turned")
        found |= {name: round(took, 2), f"{name}_own": round(spent, 2)}
    found["values"] = Measurement.objects.count()
    return found


def _timed(work: Callable[[], int]) -> tuple[int, float, float]:
    began, spent = time.perf_counter(), time.process_time()
    answer = work()
    return answer, time.perf_counter() - began, time.process_time() - spent


def _fill() -> None:
    """Make municipalities in kringen, indicators with figures that stand still, and goals that are all behind."""
    from django.conf import settings
    from django.db import transaction

    from benchmark.models import Area, ComparisonGroup, Cycle, Dataset, Goal, Indicator
    from kringen.models import Kring, Membership, Room
    from people.models import Municipality, User

    # The day the goals are judged on; a test database has no other clock.
    settings.DEMO_TODAY = dt.date(LAST + 3, 6, 1)
    with transaction.atomic():
        places = Municipality.objects.bulk_create(
            Municipality(code=f"GM{9000 + at}", name=f"Gemeente {at}") for at in range(MUNICIPALITIES)
        )
        owners = User.objects.bulk_create(
            User(email=f"houder{at}@bench.example", name=f"Houder {at}", municipality=place)
            for at, place in enumerate(places)
        )
        cycle = Cycle.objects.create(slug="bench", name="Bench", year=LAST)
        for at in range(KRINGEN):
            group = ComparisonGroup.objects.create(kind=ComparisonGroup.Kind.KRING, name=f"Kring {at}")
            members = places[at::KRINGEN]
            group.municipalities.set(members)
            kring = Kring.objects.create(slug=f"kring-{at}", name=f"Kring {at}", cycle=cycle, comparison_group=group)
            Membership.objects.bulk_create(Membership(kring=kring, municipality=place) for place in members)
            Room.objects.create(kring=kring, name="Kringtafel")
        area = Area.objects.create(slug="bench", name="Bench")
        Indicator.objects.bulk_create(
            Indicator(code=f"bench_{at}", name=f"Indicator {at}", unit="minuten", direction="down", area=area)
            for at in range(INDICATORS)
        )
        Dataset.objects.create(slug="bench", name="Bench", source="Bench")
    for year in range(FIRST, LAST + 1):
        _bring_in(year, None)
    indicators = list(Indicator.objects.order_by("pk"))
    Goal.objects.bulk_create(
        [
            Goal(
                municipality=places[at % MUNICIPALITIES],
                indicator=indicators[at % INDICATORS],
                title=f"Doel {at}",
                baseline_value=20.0,
                baseline_year=FIRST,
                target_value=8.0,
                target_date=dt.date(LAST + 6, 12, 31),
                owner=owners[at % MUNICIPALITIES],
            )
            for at in range(GOALS)
        ],
        batch_size=500,
    )


def _bring_in(year: int, value: float | None) -> None:
    """Put a year of figures in as one import: 20 everywhere, or `value`."""
    from django.db import transaction

    from benchmark.models import DataRevision, Dataset, ImportBatch, Indicator, Measurement
    from people.models import Municipality

    dataset = Dataset.objects.get(slug="bench")
    places = list(Municipality.objects.values_list("pk", flat=True))
    with transaction.atomic():
        revision = DataRevision.locked()
        batch = ImportBatch.objects.create(dataset=dataset, file_name=f"{year}.csv", sha256=f"{year:064}")
        Measurement.objects.bulk_create(
            [
                Measurement(
                    indicator_id=indicator,
                    municipality_id=place,
                    year=year,
                    value=20.0 if value is None else value,
                    dataset=dataset,
                    batch=batch,
                )
                for indicator in Indicator.objects.values_list("pk", flat=True)
                for place in places
            ],
            batch_size=500,
        )
        revision.raise_by_one(batch=batch)
