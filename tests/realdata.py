"""Real open data beside the project, for tests and benchmarks; nothing of it is in the repository."""

from __future__ import annotations

import csv
from pathlib import Path

from people.models import Municipality, MunicipalityName
from people.names import key

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "nl"


def register() -> None:
    """Make the municipalities of 2010–2026 with their names, without the import command of people."""
    seen: dict[str, list[tuple[int, str]]] = {}
    with (DATA / "gemeenten_per_jaar.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            seen.setdefault(row["gm_code"], []).append((int(row["jaar"]), row["gm_naam"]))
    first = min(years[0][0] for years in seen.values())
    last = max(years[-1][0] for years in seen.values())
    made = Municipality.objects.bulk_create(
        Municipality(
            code=code,
            name=years[-1][1],
            exists_from=None if years[0][0] == first else years[0][0],
            exists_until=None if years[-1][0] == last else years[-1][0] + 1,
        )
        for code, years in seen.items()
    )
    MunicipalityName.objects.bulk_create(
        MunicipalityName(municipality=each, name=each.name, key=key(each.name)) for each in made
    )
