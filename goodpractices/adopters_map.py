"""Where the municipalities lie that do what a practice describes: a sentence, a table and a map of the same adoptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark.charts.chart import Cell, Chart, Column, Table
from benchmark.charts.choropleth import around, shapes_in
from benchmark.charts.scene import Key, Scene
from benchmark.models import Outline
from goodpractices.models import Adoption, GoodPractice

# From light to dark with how far they are; who stopped is hatched.
_LOOKS = {
    Adoption.State.CONSIDERING: "q1",
    Adoption.State.TRYING: "q2",
    Adoption.State.RUNNING: "q4",
    Adoption.State.STOPPED: "missing",
}


def chart(practice: GoodPractice, adoptions: Sequence[Adoption], outline: Outline | None) -> Chart:
    """Return the adopters of a practice on the map; without outlines the table and the sentence still stand.

    Args:
        practice: with its municipality, which is marked: there it came from.
        adoptions: those that the reader may see, each with its municipality.
        outline: where municipalities lie.
    """
    title = _("Who does “%(practice)s” too") % {"practice": practice.title}
    said = sentence(adoptions)
    return Chart(
        kind="adopters",
        title=title,
        sentence=said,
        table=_table(title, adoptions),
        picture=_scene(practice, adoptions, outline, title=title, said=said),
        source=outline.source if outline is not None else "",
        revision=0,
        is_demo=any(one.is_demo for one in adoptions),
        notes=_notes(practice, adoptions, outline),
    )


def sentence(adoptions: Sequence[Adoption]) -> str:
    """Return how many there are in each state, and in how many provinces."""
    if not adoptions:
        return _("No other municipality has said that it does this.")
    states = Counter(one.state for one in adoptions)
    words = [f"{state.label} ({states[state]})" for state in Adoption.State if states[state]]
    provinces = len({one.municipality.province for one in adoptions})
    return ngettext(
        "%(n)s municipality in %(where)s: %(states)s.", "%(n)s municipalities in %(where)s: %(states)s.", len(adoptions)
    ) % {
        "n": len(adoptions),
        "where": ngettext("%(n)s province", "%(n)s provinces", provinces) % {"n": provinces},
        "states": ", ".join(words),
    }


def _notes(practice: GoodPractice, adoptions: Sequence[Adoption], outline: Outline | None) -> tuple[str, ...]:
    if outline is None:
        return (_("There are no outlines yet. The programme office can bring in a file of them."),)
    found = [
        _("Boundaries of %(year)s. Source of the outlines: %(source)s.")
        % {"year": outline.year, "source": outline.source}
    ]
    places = [practice.municipality, *(one.municipality for one in adoptions)]
    lost = sorted(place.name for place in places if place.code not in outline.areas)
    if lost:
        found.append(
            ngettext(
                "Not on this map, because its boundaries are others: %(names)s.",
                "Not on this map, because their boundaries are others: %(names)s.",
                len(lost),
            )
            % {"names": ", ".join(lost)}
        )
    return tuple(found)


def _table(title: str, adoptions: Sequence[Adoption]) -> Table:
    columns = (
        Column("municipality", _("Municipality"), words=True),
        Column("province", _("Province"), words=True),
        Column("state", _("How far"), words=True),
        Column("since", _("Since"), words=True),
    )
    rows = []
    for one in adoptions:
        since = one.started_on.isoformat() if one.started_on else ""
        day = date_format(one.started_on, "F Y") if one.started_on else _("not started")
        province = one.municipality.province or _("Province not known")
        state = str(one.get_state_display())
        rows.append(
            (
                Cell(one.municipality.name, one.municipality.name),
                Cell(province, province),
                Cell(state, state),
                Cell(since, day),
            )
        )
    return Table(title, columns, tuple(rows))


def _scene(
    practice: GoodPractice, adoptions: Sequence[Adoption], outline: Outline | None, *, title: str, said: str
) -> Scene:
    if outline is None:
        return Scene(title, said, "", "", x=(0.0, 1.0), y=(0.0, 1.0), height=(40, 40))
    source = practice.municipality
    looks = {
        one.municipality.code: (
            _LOOKS[Adoption.State(one.state)],
            f"{one.municipality.name}: {one.get_state_display()}",
        )
        for one in adoptions
    }
    looks.setdefault(source.code, ("plain own", source.name))
    x, y = around(outline, looks)
    present = {one.state for one in adoptions}
    keys = [Key(look, str(state.label)) for state, look in _LOOKS.items() if state in present]
    keys.append(Key("plain own", _("%(place)s, of whom the practice is") % {"place": source.name}))
    return Scene(
        title=title,
        description=said,
        unit=_("municipalities by how far they are"),
        footer=_("outlines: %(source)s") % {"source": outline.source},
        x=x,
        y=y,
        height=(560, 420),
        left=(10, 6),
        shapes=shapes_in(outline, x, y, looks),
        keys=tuple(keys),
        equal=True,
    )
