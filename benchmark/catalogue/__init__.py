"""The catalogue that comes with the site: areas, 155 indicators, norms and published reference values.

The files are ours to keep: a correction there reaches every site with the next `load()`. What people added in a site
itself (their own indicators, norms and values) stays.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.db import transaction

from benchmark.models import Area, Indicator, Norm, ReferenceValue
from people.models import Municipality

FOLDER = Path(__file__).parent


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of one file of the catalogue: areas, indicators, norms or reference_values."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _number(text: str) -> float | None:
    return float(text) if text else None


def _year(text: str) -> int | None:
    return int(text) if text else None


@transaction.atomic
def load() -> dict[str, int]:
    """Bring the catalogue up to date; may be done again at any time.

    Norms of a municipality come along as soon as the register knows it.

    Returns:
        how many areas, indicators, norms and reference values of the catalogue there are now.
    """
    areas = _areas()
    indicators = _indicators(areas)
    return {
        "areas": len(areas),
        "indicators": len(indicators),
        "norms": _norms(indicators),
        "reference_values": _reference_values(indicators),
    }


def _areas() -> dict[str, int]:
    rows = read("areas")
    Area.objects.bulk_create(
        (Area(**{**row, "position": int(row["position"])}) for row in rows),
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name", "kind", "position", "question", "synonyms"],
    )
    return dict(Area.objects.filter(slug__in=[row["slug"] for row in rows]).values_list("slug", "pk"))


def _indicators(areas: dict[str, int]) -> dict[str, int]:
    rows = read("indicators")
    same = ("code", "name", "unit", "kind", "direction", "block", "definition", "numerator", "denominator", "source")
    made = [
        Indicator(
            **{name: row[name] for name in same},
            area_id=areas[row["area"]],
            decimals=int(row["decimals"]),
            minimum=_number(row["minimum"]),
            maximum=_number(row["maximum"]),
            is_core=row["is_core"] == "1",
            position=place,
        )
        for place, row in enumerate(rows, start=1)
    ]
    Indicator.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*same[1:], "area", "decimals", "minimum", "maximum", "is_core", "position"],
    )
    return dict(Indicator.objects.filter(code__in=[row["code"] for row in rows]).values_list("code", "pk"))


def _norms(indicators: dict[str, int]) -> int:
    codes = {row["municipality"] for row in read("norms")}
    places: dict[str, int | None] = dict(Municipality.objects.filter(code__in=codes).values_list("code", "pk"))
    places[""] = None
    wanted: dict[tuple[Any, ...], Norm] = {}
    for row in read("norms"):
        if row["municipality"] not in places:
            continue
        norm = Norm(
            indicator_id=indicators[row["indicator"]],
            municipality_id=places[row["municipality"]],
            source=row["source"],
            bound=row["bound"],
            value=float(row["value"]),
            year_from=_year(row["year_from"]),
            year_until=_year(row["year_until"]),
            note=row["note"],
        )
        wanted[_key(norm, NORM_KEY)] = norm
    there = set(Norm.objects.values_list(*NORM_KEY))
    Norm.objects.bulk_create(norm for key, norm in wanted.items() if key not in there)
    return len(wanted)


def _reference_values(indicators: dict[str, int]) -> int:
    wanted: dict[tuple[Any, ...], ReferenceValue] = {}
    for row in read("reference_values"):
        value = ReferenceValue(
            indicator_id=indicators[row["indicator"]],
            label=row["label"],
            year=_year(row["year"]),
            value=float(row["value"]),
            source=row["source"],
        )
        wanted[_key(value, VALUE_KEY)] = value
    there = set(ReferenceValue.objects.values_list(*VALUE_KEY))
    ReferenceValue.objects.bulk_create(value for key, value in wanted.items() if key not in there)
    return len(wanted)


NORM_KEY = ("indicator_id", "municipality_id", "source", "bound", "value", "year_from")
VALUE_KEY = ("indicator_id", "label", "year", "value")


def _key(row: Norm | ReferenceValue, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)
