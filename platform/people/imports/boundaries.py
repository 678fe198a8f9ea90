"""What became of the municipalities that ended: one successor in a merger, several in a split, with their shares."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from django.utils.translation import gettext as _

from people.imports import lines
from people.imports.outcome import ImportRefused, Outcome
from people.imports.profiles import Profile
from people.models import Succession
from people.municipalities import code_index
from people.tables import Table

# Below this a part is a correction of the boundary (one farm), not a successor.
SMALLEST_SHARE = Decimal("0.01")


def import_boundaries(table: Table, profile: Profile) -> Outcome:
    """Make the successions of municipalities that ended between two years of the file.

    The file has each pair of years; for a municipality that ended the nearest pair around its end is taken, since
    over a longer time its successors may have ended too. Corrections of the boundaries of municipalities that go on
    are counted and left out, and so are parts below 1 %.

    Raises:
        ImportRefused: when any row is refused.
    """
    parsers = {
        "from_year": lines.year,
        "to_year": lines.year,
        "predecessor": lines.code,
        "successor": lines.code,
        "share": lines.share,
    }
    rows = lines.Lines(table, profile, parsers)
    known = code_index()
    outcome = Outcome(profile.title)
    ended: dict[str, dict[tuple[int, int], list[lines.Line]]] = defaultdict(lambda: defaultdict(list))
    corrections = 0
    for line in rows:
        unknown = next((name for name in ("predecessor", "successor") if line[name] not in known), None)
        if unknown:
            rows.refuse(
                line.number,
                unknown,
                line[unknown],
                _("This code is not in the register. Import the register of municipalities first."),
            )
            continue
        until = known[line["predecessor"]].exists_until
        if until is None or not line["from_year"] < until <= line["to_year"]:
            corrections += line["predecessor"] != line["successor"]
            continue
        ended[line["predecessor"]][line["from_year"], line["to_year"]].append(line)
    wanted: dict[tuple[int, int, int], Decimal] = {}
    tiny = 0
    for code, pairs in ended.items():
        predecessor = known[code]
        year = predecessor.exists_until or 0
        nearest = min(pairs, key=_length)
        for line in pairs[nearest]:
            successor = known[line["successor"]]
            if line["share"] < SMALLEST_SHARE:
                tiny += 1
            elif not successor.existed_in(year):
                rows.refuse(
                    line.number,
                    "successor",
                    line["successor"],
                    _("%(name)s did not exist in %(year)s.") % {"name": successor.name, "year": year},
                )
            else:
                wanted[predecessor.pk, successor.pk, year] = line["share"]
    if rows.refusals:
        raise ImportRefused(rows.refusals)
    outcome.rows = rows.count
    _save(wanted, outcome)
    outcome.notes.append(
        _("Left out: parts below one percent: %(tiny)s; rows about municipalities that go on: %(corrections)s.")
        % {"tiny": tiny, "corrections": corrections}
    )
    return outcome


def _length(pair: tuple[int, int]) -> int:
    return pair[1] - pair[0]


def _save(wanted: dict[tuple[int, int, int], Decimal], outcome: Outcome) -> None:
    known = {(row.predecessor_id, row.successor_id, row.year): row for row in Succession.objects.all()}
    new, changed = [], []
    for place, share in wanted.items():
        row = known.get(place)
        if row is None:
            new.append(Succession(predecessor_id=place[0], successor_id=place[1], year=place[2], share=share))
        elif row.share != share:
            row.share = share
            changed.append(row)
    Succession.objects.bulk_create(new)
    Succession.objects.bulk_update(changed, ["share"])
    outcome.made, outcome.changed = len(new), len(changed)
    outcome.same = len(wanted) - outcome.made - outcome.changed
