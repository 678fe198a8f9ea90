"""What happened to the codes in each year: ended, new, renamed. Checked against the register, and filling its gaps."""

from __future__ import annotations

from django.utils.translation import gettext as _

from people.imports import lines, spelling
from people.imports.outcome import ImportRefused, Outcome
from people.imports.profiles import Profile
from people.models import Municipality, MunicipalityName
from people.municipalities import code_index
from people.names import key
from people.tables import Table

ARROW = "->"


def import_mutations(table: Table, profile: Profile) -> Outcome:
    """Take over the first and last years and renamings of a file of changes.

    A code that the register does not have is made; a year that contradicts the register is refused, because then
    one of the two files is wrong.

    Raises:
        ImportRefused: when any row is refused.
    """
    parsers = {"year": lines.year, "sort": lines.name, "code": lines.code, "name": lines.name}
    rows = lines.Lines(table, profile, parsers)
    outcome = Outcome(profile.title)
    known = code_index()
    sorts = {word: sort for sort, word in profile.words.items()}
    touched: dict[str, Municipality] = {}
    before = {code: (each.exists_from, each.exists_until) for code, each in known.items()}
    renamings = []
    for line in rows:
        sort = sorts.get(line["sort"].casefold())
        if sort is None:
            words = ", ".join(profile.words.values())
            rows.refuse(line.number, "sort", line["sort"], _("This must be one of: %(words)s.") % {"words": words})
        elif sort == "renamed":
            renamings.append(line)
        else:
            _begin_or_end(line, sort, known, touched, rows)
    renamed = _rename(renamings, known, rows, outcome)
    if rows.refusals:
        raise ImportRefused(rows.refusals)
    outcome.rows = rows.count
    _save(touched, before, outcome)
    outcome.changed += renamed
    outcome.same = rows.count - outcome.made - outcome.changed
    return outcome


def _begin_or_end(
    line: lines.Line,
    sort: str,
    known: dict[str, Municipality],
    touched: dict[str, Municipality],
    rows: lines.Lines,
) -> None:
    code, year = line["code"], line["year"]
    municipality = known.get(code)
    if municipality is None:
        name = spelling.repair(line["name"])
        if name is None:
            reason = _("This name has characters that no name has, and it cannot be told what they were.")
            rows.refuse(line.number, "name", line["name"], reason)
            return
        municipality = known[code] = Municipality(code=code, name=name)
    field = "exists_from" if sort == "new" else "exists_until"
    registered = getattr(municipality, field)
    if registered is not None and registered != year:
        rows.refuse(
            line.number,
            "year",
            year,
            _("The register says %(registered)s for %(name)s (%(code)s). One of the two is wrong.")
            % {"registered": registered, "name": municipality.name, "code": code},
        )
        return
    setattr(municipality, field, year)
    touched[code] = municipality


def _rename(renamings: list[lines.Line], known: dict[str, Municipality], rows: lines.Lines, outcome: Outcome) -> int:
    """Check each renaming; add the period where the register has only the old name. Return how many were added."""
    added = 0
    for line in renamings:
        municipality = known.get(line["code"])
        old, arrow, new = (part.strip() for part in line["name"].partition(ARROW))
        names = (
            [] if municipality is None else list(municipality.names.filter(official=True)) if municipality.pk else []
        )
        repaired = spelling.repair(new, [old, *(each.name for each in names)])
        was = spelling.repair(old, [new, *(each.name for each in names)])
        if municipality is None or not arrow or repaired is None or was is None:
            rows.refuse(
                line.number,
                "name",
                line["name"],
                _("This renaming cannot be read. Write it as “old -> new”, of a code that the register has."),
            )
            continue
        if key(was) == key(repaired):
            outcome.notes.append(
                _("Row %(row)s (%(code)s): “%(name)s” is a damaged spelling, not a renaming.")
                % {"row": line.number, "code": line["code"], "name": line["name"]}
            )
            continue
        if any(each.key == key(repaired) and each.year_from == line["year"] for each in names):
            continue
        municipality.names.filter(official=True, year_until=None).update(year_until=line["year"])
        municipality.names.filter(official=False, key=key(repaired), year_from=line["year"]).delete()
        MunicipalityName.objects.create(
            municipality=municipality, name=repaired, key=key(repaired), year_from=line["year"]
        )
        Municipality.objects.filter(pk=municipality.pk).update(name=repaired)
        added += 1
    return added


def _save(touched: dict[str, Municipality], before: dict[str, tuple[int | None, int | None]], outcome: Outcome) -> None:
    new = [each for code, each in touched.items() if code not in before]
    changed = [
        each
        for code, each in touched.items()
        if code in before and before[code] != (each.exists_from, each.exists_until)
    ]
    Municipality.objects.bulk_create(new)
    Municipality.objects.bulk_update(changed, ["exists_from", "exists_until"])
    made = Municipality.objects.in_bulk([each.code for each in new], field_name="code")
    MunicipalityName.objects.bulk_create(
        MunicipalityName(
            municipality=each,
            name=each.name,
            key=key(each.name),
            year_from=each.exists_from,
            year_until=each.exists_until,
        )
        for each in made.values()
    )
    outcome.made, outcome.changed = len(new), len(changed)
