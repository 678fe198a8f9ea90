"""The demo's goals: what municipalities asked for in their intake, and goals of every other kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from benchmark import goal_states
from benchmark.models import Goal, GoalNote, Indicator, Measurement, Norm
from goodpractices.models import Adoption
from kringen.models import Action, Kring
from kringsite.demo.people import participant
from people.models import Municipality

BASELINE_YEAR = 2007
TARGET_DATE = dt.date(2009, 12, 31)
AS_WRITTEN = ("why", "kind", "learning_goal", "success_factor", "stage", "steps", "delivered_on")

Places = dict[str, Municipality]
Lines = Sequence[dict[str, Any]]


def load(lines: Lines, places: Places) -> None:
    """Make the goals that are missing; the starting value is the example figure of the year of the start."""
    for line in lines:
        place, indicator = places[line["code"]], Indicator.objects.get(code=line["indicator"])
        fields = {name: line[name] for name in AS_WRITTEN if name in line}
        if line.get("kind") != Goal.Kind.DELIVERABLE:
            known = (
                Measurement.objects.filter(
                    indicator=indicator,
                    municipality=place,
                    year__lte=line.get("start", BASELINE_YEAR),
                    value__isnull=False,
                )
                .order_by("-year")
                .first()
            )
            if known is not None:
                fields |= {"baseline_value": known.value, "baseline_year": known.year}
        if "norm" in line:
            fields["norm"] = Norm.objects.get(indicator=indicator, source=line["norm"], municipality=None)
        goal, new = Goal.objects.get_or_create(
            municipality=place,
            indicator=indicator,
            title=line["title"],
            defaults={
                **fields,
                "target_value": line["target"],
                "target_date": line.get("target_date", TARGET_DATE),
                "owner": participant(place),
            },
        )
        if new:
            goal_states.begin(goal)
            GoalNote.objects.bulk_create(
                GoalNote(goal=goal, author=participant(place), **note) for note in line.get("notes", [])
            )


def link(lines: Lines, kring: Kring, places: Places) -> None:
    """Tie goals to what serves them: the next goal, a practice that was taken over, a promise of a meeting."""
    for line in lines:
        place = places[line["code"]]
        goal = Goal.objects.filter(municipality=place, title=line["title"]).first()
        if goal is None:
            continue
        if "went_on_as" in line:
            Goal.objects.filter(municipality=place, title=line["went_on_as"], follows=None).update(follows=goal)
        if "adopts" in line:
            Adoption.objects.filter(municipality=place, practice__slug=line["adopts"], goal=None).update(goal=goal)
        if "action" in line:
            Action.objects.filter(kring=kring, municipality=place, text=line["action"], goal=None).update(goal=goal)
