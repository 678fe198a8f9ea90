"""The register: which municipality existed in which year, and what it was called then."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from people import aliases
from people.imports import lines, spelling
from people.imports.outcome import ImportRefused, Outcome
from people.imports.profiles import Profile
from people.models import Municipality, MunicipalityName
from people.municipalities import code_index
from people.names import key
from people.provinces import province_name
from people.tables import Table


@dataclass
class _History:
    """One code through the years of the file."""

    rows: dict[int, int] = field(default_factory=dict)  # year → row number
    names: dict[int, str] = field(default_factory=dict)
    province: str = ""

    @property
    def first(self) -> int:
        return min(self.names)

    @property
    def last(self) -> int:
        return max(self.names)


@dataclass(frozen=True)
class Period:
    """A name and the years in which it was the official one; `until` is the first year without."""

    name: str
    since: int | None
    until: int | None


def import_register(table: Table, profile: Profile) -> Outcome:
    """Bring the register up to a file with one row per municipality and year.

    A code that begins or ends inside the years of the file begins or ends there; what the register knows of other
    years stays. Renamings become periods of names. Runs inside the caller's transaction.

    Raises:
        ImportRefused: when any row is refused.
    """
    parsers = {"code": lines.code, "name": lines.name, "province": province_name_or_refusal, "year": lines.year}
    rows = lines.Lines(table, profile, parsers)
    histories = _histories(rows)
    outcome = Outcome(profile.title, rows=rows.count)
    known = code_index()
    _repair_names(histories, known, rows, outcome)
    _refuse_gaps(histories, rows)
    if rows.refusals:
        raise ImportRefused(rows.refusals)
    if histories:
        _save(histories, known, outcome)
    return outcome


def province_name_or_refusal(raw: str) -> str:
    """Read a province by number or name; empty is unknown."""
    try:
        return province_name(raw)
    except KeyError:
        raise ValueError(_("There is no such province.")) from None


def _histories(rows: lines.Lines) -> dict[str, _History]:
    found: dict[str, _History] = defaultdict(_History)
    for line in rows:
        history = found[line["code"]]
        year = line["year"]
        if year in history.names:
            reason = _("This municipality stands in the file twice for %(year)s; first in row %(row)s.")
            rows.refuse(line.number, "code", line["code"], reason % {"year": year, "row": history.rows[year]})
            continue
        history.names[year] = line["name"]
        history.rows[year] = line.number
        if line["province"] and year == history.last:
            history.province = line["province"]
    return found


def _repair_names(
    histories: dict[str, _History], known: dict[str, Municipality], rows: lines.Lines, outcome: Outcome
) -> None:
    for code, history in histories.items():
        for year, name in sorted(history.names.items()):
            if spelling.is_sound(name):
                continue
            neighbours = _nearest_first(history.names, year)
            if code in known:
                neighbours.append(known[code].name)
            repaired = spelling.repair(name, neighbours)
            if repaired is None:
                reason = _("This name has characters that no name has, and it cannot be told what they were.")
                rows.refuse(history.rows[year], "name", name, reason)
                continue
            history.names[year] = repaired
            outcome.notes.append(
                _("Row %(row)s (%(code)s, %(year)s): “%(name)s” was read as “%(repaired)s”.")
                % {"row": history.rows[year], "code": code, "year": year, "name": name, "repaired": repaired}
            )


def _nearest_first(names: dict[int, str], year: int) -> list[str]:
    return [name for _distance, name in sorted((abs(other - year), name) for other, name in names.items())]


def _refuse_gaps(histories: dict[str, _History], rows: lines.Lines) -> None:
    """A code that is away for some years and comes back is a gap in the file, not in the world."""
    file_years = {year for history in histories.values() for year in history.names}
    for code, history in histories.items():
        missing = sorted(
            year for year in file_years if history.first < year < history.last and year not in history.names
        )
        if missing:
            rows.refuse(
                history.rows[history.last],
                "code",
                code,
                _("This municipality is missing in %(years)s but there before and after.")
                % {"years": ", ".join(map(str, missing))},
            )


def _save(histories: dict[str, _History], known: dict[str, Municipality], outcome: Outcome) -> None:
    years = {year for history in histories.values() for year in history.names}
    first, last = min(years), max(years)
    new, changed = [], []
    names = _known_names()
    periods: dict[str, list[Period]] = {}
    for code, history in histories.items():
        registered = known.get(code)
        municipality = registered or Municipality(code=code)
        before = _state(municipality)
        _place_in_time(municipality, history, first, last)
        official = [Period(row.name, row.year_from, row.year_until) for row in names[municipality.pk] if row.official]
        periods[code] = timeline(history.names, first, last, official, municipality.exists_until)
        municipality.name = periods[code][-1].name
        municipality.province = history.province or municipality.province
        if registered is None:
            new.append(municipality)
        elif _state(municipality) != before:
            changed.append(municipality)
    for code, municipality in known.items():
        if code not in histories and municipality.existed_in(first):
            municipality.exists_until = first
            changed.append(municipality)
            outcome.notes.append(
                _("%(name)s (%(code)s) is not in the file: it ended before %(year)s.")
                % {"name": municipality.name, "code": code, "year": first}
            )
    Municipality.objects.bulk_create(new)
    Municipality.objects.bulk_update(changed, ["name", "exists_from", "exists_until", "province"])
    outcome.made, outcome.changed = len(new), len(changed)
    outcome.same = len(histories) - outcome.made - sum(each.code in histories for each in changed)
    _save_names(periods, names, code_index(), outcome)


def _state(municipality: Municipality) -> tuple[object, ...]:
    return municipality.name, municipality.exists_from, municipality.exists_until, municipality.province


def _place_in_time(municipality: Municipality, history: _History, first: int, last: int) -> None:
    if history.first > first:
        municipality.exists_from = history.first
    elif municipality.exists_from is not None and municipality.exists_from > first:
        municipality.exists_from = None
    if history.last < last:
        municipality.exists_until = history.last + 1
    elif municipality.exists_until is not None and municipality.exists_until <= last:
        municipality.exists_until = None


# ---- names --------------------------------------------------------------------------------------------------
def timeline(
    names: dict[int, str], first: int, last: int, known: list[Period], ends: int | None = None
) -> list[Period]:
    """Return the official names through time, from those of the file and what the register knew before.

    Args:
        names: year → name, for the years of the file in which the municipality existed.
        first: first year of the file.
        last: last year of the file.
        known: the periods of the register. Of these, only what lies before or after the file's years is kept.
        ends: first year in which the municipality did not exist, as far as known.
    """
    known = sorted(known, key=_beginning)
    periods = [
        Period(each.name, each.since, min(each.until or first, first))
        for each in known
        if each.since is None or each.since < first
    ]
    if min(names) > first:
        periods = []
    for year in sorted(names):
        if not (periods and periods[-1].name == names[year]):
            periods.append(Period(names[year], year if periods or year > first else None, None))
        periods[-1] = Period(names[year], periods[-1].since, year + 1)
    if max(names) == last:
        later = [each for each in known if each.since is not None and each.since > last]
        periods[-1] = Period(periods[-1].name, periods[-1].since, later[0].since if later else ends)
        periods += later
    return periods


def _beginning(period: Period) -> int:
    return period.since or 0


def _known_names() -> dict[int | None, list[MunicipalityName]]:
    known: dict[int | None, list[MunicipalityName]] = defaultdict(list)
    for row in MunicipalityName.objects.all():
        known[row.municipality_id].append(row)
    return known


def _save_names(
    periods: dict[str, list[Period]],
    known: dict[int | None, list[MunicipalityName]],
    municipalities: dict[str, Municipality],
    outcome: Outcome,
) -> None:
    """Make the official names those periods, and add the aliases that come with the product."""
    new: list[MunicipalityName] = []
    gone: list[int] = []
    for code, wanted in periods.items():
        municipality = municipalities[code]
        rows = known[municipality.pk]
        official = [row for row in rows if row.official]
        before = [Period(row.name, row.year_from, row.year_until) for row in official]
        outcome.notes += [
            _("%(code)s was renamed %(name)s in %(year)s.") % {"code": code, "name": each.name, "year": each.since}
            for each in wanted[1:]
            if each not in before
        ]
        gone += [row.pk for row, period in zip(official, before, strict=True) if period not in wanted]
        kept = [row for row, period in zip(official, before, strict=True) if period in wanted]
        made = [_name(municipality, each, official=True) for each in wanted if each not in before]
        new += made
        taken = {(row.key, row.year_from) for row in [*kept, *made]}
        for row in rows:
            if not row.official and (row.key, row.year_from) in taken:
                gone.append(row.pk)
            elif not row.official:
                taken.add((row.key, row.year_from))
        for alias in aliases.of(code):
            row = _name(municipality, Period(alias.name, alias.since, alias.until), official=False)
            if (row.key, row.year_from) not in taken:
                taken.add((row.key, row.year_from))
                new.append(row)
    MunicipalityName.objects.filter(pk__in=gone).delete()
    MunicipalityName.objects.bulk_create(new)
    if (new or gone) and outcome.nothing_changed:
        outcome.changed = len({row.municipality_id for row in new}) or 1


def _name(municipality: Municipality, period: Period, *, official: bool) -> MunicipalityName:
    return MunicipalityName(
        municipality=municipality,
        name=period.name,
        key=key(period.name),
        official=official,
        year_from=period.since,
        year_until=period.until,
    )
