"""Several indicators beside several municipalities: a number in every cell, its look says the place in the group."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark import notation
from benchmark.charts import trend, wording
from benchmark.charts.chart import Cell, Chart, Column, Table
from benchmark.charts.scene import Block, Key, Scene, Tick
from benchmark.cube import Place
from benchmark.models import Indicator
from benchmark.snapshots import Member, Snapshot, by_place

# What fits on a page and can still be read.
MOST_INDICATORS, MOST_PLACES, ON_A_PHONE = 12, 10, 4
# A shape beside the number, so that the look is not told by colour alone.
MARKS = {"good": "▲", "warn": "▼", "high": "△", "low": "▽"}


def chart(shots: Sequence[Snapshot], *, asked: Indicator) -> Chart:
    """Return the cells of some indicators, each in its own latest year.

    Args:
        shots: one snapshot per indicator, all of the same group; at least one.
        asked: the indicator the reader started from.
    """
    places = columns(shots)
    said = " ".join(sentences(shots, places))
    first = shots[0].result
    notes = [note for one in shots for note in trend.notes(one.result, gaps=False)]
    notes.append(_("A cell says where a value lies among the group; that is no judgement by itself."))
    if len(places) > ON_A_PHONE:
        notes.append(
            _("On a narrow screen the picture shows the first %(n)s municipalities; the table has all of them.")
            % {"n": ON_A_PHONE}
        )
    hidden = max(one.hidden for one in shots)
    if hidden and first.shown is None:
        notes.append(_("Only municipalities whose figures are shared with you have a column."))
    return Chart(
        kind="heatmap",
        title=title(shots, asked),
        sentence=said,
        table=table(shots, places, asked),
        picture=scene(shots, places, asked, description=said),
        source="; ".join(dict.fromkeys(one.result.source for one in shots)),
        revision=first.revision,
        is_demo=any(one.result.is_demo for one in shots),
        notes=tuple(dict.fromkeys(notes)),
    )


def title(shots: Sequence[Snapshot], asked: Indicator) -> str:
    """Return area, group and years."""
    years = sorted({one.year for one in shots})
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])
    return ngettext(
        "%(area)s: %(n)s indicator beside %(group)s, %(years)s",
        "%(area)s: %(n)s indicators beside %(group)s, %(years)s",
        len(shots),
    ) % {
        "area": asked.area.name,
        "n": len(shots),
        "group": shots[0].result.group.name,
        "years": span,
    }


def columns(shots: Sequence[Snapshot]) -> list[Place]:
    """Return the municipalities to show: the own one first, then those with most values, by name."""
    counts: dict[int, int] = {}
    known: dict[int, Place] = {}
    for shot in shots:
        for one in shot.others:
            known[one.place.id] = one.place
            counts[one.place.id] = counts.get(one.place.id, 0) + (one.value is not None)
    own = shots[0].own
    room = MOST_PLACES - (own is not None)
    best = sorted((pk for pk in known if counts[pk]), key=lambda pk: (-counts[pk], known[pk].name))[:room]
    rest = sorted((known[pk] for pk in best), key=lambda place: place.name)
    return [own.place, *rest] if own is not None else rest


def member_of(shot: Snapshot, place: Place) -> Member | None:
    """Return one municipality in a snapshot."""
    own = shot.own
    if own is not None and own.place.id == place.id:
        return own
    return by_place(shot.members).get(place.id)


def look(quarter: int, indicator: Indicator) -> str:
    """Return the look of a place in the group: only the outer quarters stand out, and only the better way is "good"."""
    if quarter not in {1, 4}:
        return "plain"
    if indicator.direction == "context":
        return "high" if quarter == 4 else "low"  # noqa: PLR2004 — the highest quarter
    return "good" if (quarter == 4) == (indicator.direction == "up") else "warn"  # noqa: PLR2004


def sentences(shots: Sequence[Snapshot], places: list[Place]) -> list[str]:
    """Return what the cells say of the own municipality, else what there is to see."""
    own = shots[0].own
    said = [
        ngettext(
            "%(n)s indicator, each with its latest year, of the municipalities: %(names)s.",
            "%(n)s indicators, each with its latest year, of the municipalities: %(names)s.",
            len(shots),
        )
        % {"n": len(shots), "names": ", ".join(place.name for place in places)}
    ]
    if own is None:
        return said
    found: dict[str, list[str]] = {}
    for shot in shots:
        found.setdefault(look(shot.row.quarter, shot.indicator), []).append(shot.indicator.name)
    name = {"municipality": own.place.name}
    for kind, text in (
        ("good", _("%(municipality)s is in the best quarter for: %(names)s.")),
        ("warn", _("%(municipality)s is in the last quarter for: %(names)s.")),
        ("high", _("%(municipality)s is in the highest quarter for: %(names)s.")),
        ("low", _("%(municipality)s is in the lowest quarter for: %(names)s.")),
    ):
        if found.get(kind):
            said.append(text % {**name, "names": "; ".join(found[kind])})
    if len(said) == 1:
        said.append(_("%(municipality)s is nowhere in an outer quarter of the group.") % name)
    return said


def table(shots: Sequence[Snapshot], places: list[Place], asked: Indicator) -> Table:
    """Return a row per indicator and a column per municipality, the group's median last."""
    heads = (
        Column("indicator", _("Indicator"), words=True),
        Column("year", _("Year")),
        *(Column(place.code, place.name) for place in places),
        Column("median", _("Median")),
    )
    rows = []
    for shot in shots:
        places_of = shot.indicator.decimals
        cells = []
        for place in places:
            one = member_of(shot, place)
            if one is None or one.value is None:
                cells.append(wording.missing(one.reason if one else "not-delivered"))
                continue
            where = wording.quarter_of(one.quarter, shot.indicator) if one.quarter in {1, 4} else ""
            text = notation.number(one.value, places_of)
            cells.append(Cell(one.value, f"{text} ({where})" if where else text))
        median = shot.row.median
        cells.append(
            wording.missing(shot.row.group_reason)
            if median is None
            else Cell(median, notation.number(median, places_of))
        )
        name = f"{shot.indicator.name} ({notation.unit_in_words(shot.indicator.unit)})"
        rows.append((Cell(shot.indicator.code, name), Cell(shot.year, str(shot.year)), *cells))
    return Table(title(shots, asked), heads, tuple(rows))


def scene(shots: Sequence[Snapshot], places: list[Place], asked: Indicator, *, description: str) -> Scene:
    """Return the cells."""
    blocks = []
    for down, shot in enumerate(shots):
        for right, place in enumerate(places):
            one = member_of(shot, place)
            mark_own = " own" if shot.own is not None and place.id == shot.own.place.id else ""
            edges = (right + 0.03, down + 0.06, right + 0.97, down + 0.94)
            if one is None or one.value is None:
                why = wording.reason(one.reason if one is not None else "not-delivered")
                said = f"{shot.indicator.name}, {place.name}: {why}"
                blocks.append(Block(*edges, "missing" + mark_own, "", said))
                continue
            kind = look(one.quarter, shot.indicator)
            mark = f" {MARKS[kind]}" if kind in MARKS else ""
            text = notation.number(one.value, shot.indicator.decimals) + mark
            where = wording.quarter_of(one.quarter, shot.indicator)
            said = f"{shot.indicator.name}, {place.name}: {wording.amount(one.value, shot.indicator)}"
            blocks.append(Block(*edges, kind + mark_own, text, f"{said}, {where}" if where else said))
    kinds = {block.role.removesuffix(" own") for block in blocks}
    words = {
        "good": f"{MARKS['good']} {_('best quarter')}",
        "warn": f"{MARKS['warn']} {_('last quarter')}",
        "high": f"{MARKS['high']} {_('highest quarter')}",
        "low": f"{MARKS['low']} {_('lowest quarter')}",
        "plain": _("in between"),
        "missing": _("no value (the table says why)"),
    }
    own = shots[0].own
    height = 40 * len(shots)
    return Scene(
        title=title(shots, asked),
        description=description,
        unit=_("each indicator in its own unit"),
        footer=trend.footer(shots[0].result),
        x=(0, max(len(places), 4)),
        y=(0, len(shots)),
        height=(height, height),
        left=(250, 112),
        x_ticks=tuple(
            Tick(at + 0.42, place.name, strong=own is not None and place.id == own.place.id)
            for at, place in enumerate(places)
        ),
        y_ticks=tuple(Tick(at + 0.5, shot.indicator.name) for at, shot in enumerate(shots)),
        blocks=tuple(blocks),
        keys=tuple(Key(kind, text) for kind, text in words.items() if kind in kinds),
        top_ticks=True,
        narrow_x=(0, max(min(len(places), ON_A_PHONE), 3)),
    )
