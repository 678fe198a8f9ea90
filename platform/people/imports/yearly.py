"""Figures of municipalities by the year: inhabitants, urbanity, density of addresses; and their province."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from people.imports import lines
from people.imports.outcome import ImportRefused, Outcome
from people.imports.profiles import Profile
from people.imports.register import province_name_or_refusal
from people.models import Municipality, MunicipalityFeature, MunicipalityYear
from people.municipalities import code_index
from people.tables import Table

Wanted = dict[tuple[int, int], tuple[Municipality, int, dict[str, Any]]]
FIGURES = ("inhabitants", "urbanity", "address_density")


def _as_written(raw: str) -> str:
    return raw.strip()


def import_inhabitants(table: Table, profile: Profile) -> Outcome:
    """Take over inhabitants per municipality and year; a later file's number replaces an earlier one's.

    Raises:
        ImportRefused: when any row is refused.
    """
    parsers = {"code": lines.code, "year": lines.year, "inhabitants": lines.inhabitants}
    rows = lines.Lines(table, profile, parsers)
    wanted = _checked(rows, None)
    return _save(wanted, rows, Outcome(profile.title))


def import_regions(table: Table, profile: Profile) -> Outcome:
    """Take over one year's province, urbanity, density and inhabitants.

    Inhabitants are only filled in where the register has none: the file of inhabitants is nearer to the source.

    Raises:
        ImportRefused: when any row is refused.
    """
    parsers: dict[str, Callable[[str], Any]] = {
        "code": lines.code,
        "province": province_name_or_refusal,
        "urbanity": lines.urbanity,
        "inhabitants": lines.inhabitants,
        "address_density": lines.density,
    }
    features = {f"feature_{key}": column for key, column in profile.features.items() if column in table}
    parsers |= dict.fromkeys(features, _as_written)
    rows = lines.Lines(table, replace(profile, columns={**profile.columns, **features}), parsers)
    outcome = Outcome(profile.title)
    wanted = _checked(rows, profile.year)
    if rows.refusals:
        raise ImportRefused(rows.refusals)
    _keep_known_inhabitants(wanted, outcome)
    moved = []
    for municipality, _year, values in wanted.values():
        if values["province"] and municipality.province != values["province"]:
            municipality.province = values["province"]
            moved.append(municipality)
    Municipality.objects.bulk_update(moved, ["province"])
    outcome.changed = len(moved)
    _save_features(wanted, outcome)
    return _save(wanted, rows, outcome)


def _save_features(wanted: Wanted, outcome: Outcome) -> None:
    """Keep the words of a file by which municipalities are alike; the newest file of a year goes before."""
    known = {(row.municipality_id, row.year, row.key): row for row in MunicipalityFeature.objects.exclude(word="")}
    new, changed = [], []
    for (pk, year), (_municipality, _year, values) in wanted.items():
        for name, word in values.items():
            key = name.removeprefix("feature_")
            if key == name or not word:
                continue
            row = known.get((pk, year, key))
            if row is None:
                new.append(MunicipalityFeature(municipality_id=pk, year=year, key=key, word=word[:80]))
            elif row.word != word[:80]:
                row.word = word[:80]
                changed.append(row)
    MunicipalityFeature.objects.bulk_create(new, batch_size=500)
    MunicipalityFeature.objects.bulk_update(changed, ["word"], batch_size=200)
    outcome.changed += len({row.municipality_id for row in [*new, *changed]})


def _checked(rows: lines.Lines, year: int | None) -> Wanted:
    """Match each row with a municipality that existed in its year; refuse the others and duplicates."""
    known = code_index()
    seen: dict[tuple[int, int], int] = {}
    wanted: Wanted = {}
    for line in rows:
        of_year = year if year is not None else line["year"]
        municipality = known.get(line["code"])
        if municipality is None:
            rows.refuse(
                line.number,
                "code",
                line["code"],
                _("This code is not in the register. Import the register of municipalities first."),
            )
            continue
        if not municipality.existed_in(of_year):
            rows.refuse(
                line.number,
                "code",
                line["code"],
                _("%(name)s did not exist in %(year)s.") % {"name": municipality.name, "year": of_year},
            )
            continue
        place = (municipality.pk, of_year)
        if place in seen:
            rows.refuse(
                line.number,
                "code",
                line["code"],
                _("This municipality stands in the file twice for %(year)s; first in row %(row)s.")
                % {"year": of_year, "row": seen[place]},
            )
            continue
        seen[place] = line.number
        wanted[place] = (municipality, of_year, line.values)
    return wanted


def _keep_known_inhabitants(wanted: Wanted, outcome: Outcome) -> None:
    known = {
        (row.municipality_id, row.year): row.inhabitants
        for row in MunicipalityYear.objects.filter(inhabitants__isnull=False)
    }
    different = 0
    for place, (_municipality, _year, values) in wanted.items():
        if place in known:
            different += known[place] != values["inhabitants"]
            values["inhabitants"] = known[place]
    if different:
        outcome.notes.append(
            _("In %(count)s municipalities the inhabitants differ from those known; the known number was kept.")
            % {"count": different}
        )


def _save(wanted: Wanted, rows: lines.Lines, outcome: Outcome) -> Outcome:
    if rows.refusals:
        raise ImportRefused(rows.refusals)
    known = {(row.municipality_id, row.year): row for row in MunicipalityYear.objects.all()}
    new, changed = [], []
    for place, (municipality, year, values) in wanted.items():
        figures = {name: values[name] for name in FIGURES if values.get(name) is not None}
        row = known.get(place)
        if row is None:
            new.append(MunicipalityYear(municipality=municipality, year=year, **figures))
        elif any(getattr(row, name) != value for name, value in figures.items()):
            for name, value in figures.items():
                setattr(row, name, value)
            changed.append(row)
    MunicipalityYear.objects.bulk_create(new, batch_size=500)
    MunicipalityYear.objects.bulk_update(changed, list(FIGURES), batch_size=200)
    outcome.rows = rows.count
    outcome.made += len(new)
    outcome.changed += len(changed)
    outcome.same = max(len(wanted) - outcome.made - outcome.changed, 0)
    return outcome
