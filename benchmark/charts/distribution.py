"""One year, everybody: a strip of all municipalities with the middle half, the median and the own place in it."""

from __future__ import annotations

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark import notation
from benchmark.charts import picture, trend, wording
from benchmark.charts.chart import Cell, Chart, Column, Table
from benchmark.charts.scene import Block, Dot, Key, Label, Rule, Scene, Tick
from benchmark.charts.statistic import Statistic
from benchmark.snapshots import Member, Snapshot

# Dots closer than this share of the axis stand above each other instead of on each other.
NEAR = 1 / 64
# Values further than this many times the middle half from it would squash the rest; they are said, not drawn to scale.
FAR = 6
MOST_HIGH = 9


def chart(shot: Snapshot, statistic: Statistic = Statistic.MEDIAN) -> Chart:
    """Return the distribution of one year."""
    said = " ".join(sentences(shot))
    return Chart(
        kind="distribution",
        title=title(shot),
        sentence=said,
        table=table(shot),
        picture=scene(shot, statistic, description=said),
        source=shot.result.source,
        revision=shot.result.revision,
        is_demo=shot.result.is_demo,
        notes=notes(shot, statistic),
    )


def title(shot: Snapshot) -> str:
    """Return subject, group with n, and year."""
    return _("%(indicator)s in %(year)s: the spread of %(group)s") % {
        "indicator": shot.indicator.name,
        "year": shot.year,
        "group": shot.result.group.described(shot.row.n),
    }


def notes(shot: Snapshot, statistic: Statistic) -> tuple[str, ...]:
    """Return what a reader must know beside the figures."""
    found = list(trend.notes(shot.result, gaps=False))
    if statistic is not Statistic.MEDIAN:
        found.append(statistic.explained)
    if shot.unnamed:
        found.append(
            ngettext(
                "%(n)s municipality has a dot without a name, on a rounded place: its figures are not shared with you.",
                "%(n)s municipalities have a dot without a name, on a rounded place: their figures are not shared with you.",
                len(shot.unnamed),
            )
            % {"n": len(shot.unnamed)}
        )
    elif shot.hidden and shot.result.shown is None:
        found.append(
            ngettext(
                "%(n)s municipality counts in the figures of the group without a dot: its figures are not public.",
                "%(n)s municipalities count in the figures of the group without a dot: their figures are not public.",
                shot.hidden,
            )
            % {"n": shot.hidden}
        )
    return tuple(dict.fromkeys(found))


def sentences(shot: Snapshot) -> list[str]:
    """Return what the spread says: own value and place, the middle half, the ends that may be named."""
    row, own = shot.row, shot.own
    said = []
    if own is not None and own.value is not None:
        said.append(
            _("In %(year)s %(municipality)s came to %(value)s.")
            % {
                "year": row.year,
                "municipality": own.place.name,
                "value": wording.amount(own.value, shot.indicator),
            }
        )
        place = wording.quarter(row, shot.indicator)
        if place:
            said.append(_("That is in the %(place)s of the group.") % {"place": place})
    elif own is not None:
        said.append(
            _("Of %(municipality)s there is no value to show: %(reason)s.")
            % {"municipality": own.place.name, "reason": wording.reason(own.reason)}
        )
    said.append(wording.group(shot.result, row))
    known = [one for one in shot.members if one.value is not None]
    if len(known) > 1 and not shot.hidden and shot.result.shown is None:
        low, high = known[0], known[-1]
        said.append(
            _("The lowest is %(low)s (%(lowest)s), the highest %(high)s (%(highest)s).")
            % {
                "low": notation.number(low.value, shot.indicator.decimals),
                "lowest": low.place.name,
                "high": wording.amount(high.value, shot.indicator),
                "highest": high.place.name,
            }
        )
    if row.verdict is not None:
        said.append(wording.verdict(row.verdict))
    said.append(wording.direction(shot.indicator))
    return [one for one in said if one]


# ---- table ----------------------------------------------------------------------------------------------------


def table(shot: Snapshot) -> Table:
    """Return every named municipality as a row, and the figures of the group below."""
    columns = (
        Column("municipality", _("Municipality"), words=True),
        Column("value", notation.unit_in_words(shot.indicator.unit).capitalize() or _("Value")),
        Column("quarter", _("Place in the group"), words=True),
    )
    members = list(shot.members)
    own = shot.own
    if own is not None and all(one.place.id != own.place.id for one in members):
        members.insert(0, own)
    rows = tuple(_row(shot, one) for one in members)
    return Table(f"{title(shot)} ({notation.unit_in_words(shot.indicator.unit)})", columns, rows, group_rows(shot, 1))


def _row(shot: Snapshot, one: Member) -> tuple[Cell, ...]:
    name = one.place.name
    if shot.own is not None and one.place.id == shot.own.place.id:
        name = _("%(municipality)s (own municipality)") % {"municipality": name}
    place = wording.quarter_of(one.quarter, shot.indicator)
    return (
        Cell(one.place.name, name),
        member_cell(one, shot),
        Cell(place or None, place or "–", missing=not place),
    )


def member_cell(one: Member | None, shot: Snapshot) -> Cell:
    """Return one municipality's value, or the reason why there is none."""
    if one is None or one.value is None:
        return wording.missing(one.reason if one is not None else "not-delivered")
    text = notation.number(one.value, shot.indicator.decimals)
    if one.provisional:
        text = _("%(value)s (provisional)") % {"value": text}
    return Cell(one.value, text, provisional=one.provisional)


def group_rows(shot: Snapshot, more: int) -> tuple[tuple[Cell, ...], ...]:
    """Return the figures of the group, norms and goals as rows, with `more` empty cells behind the value."""
    row, places = shot.row, shot.indicator.decimals
    nothing = wording.missing("")
    told: list[tuple[str, float | None]] = [
        (_("Median"), row.median),
        (_("P25 (a quarter is lower)"), row.p25),
        (_("P75 (a quarter is higher)"), row.p75),
        (_("Mean, every municipality counts once"), row.mean),
        (_("Mean, weighted by inhabitants"), row.weighted_mean),
    ]
    lines = list(zip(shot.result.norms, row.norms, strict=False))
    told += [(_("Norm: %(name)s") % {"name": line.label}, value) for line, value in lines if value is not None]
    goals = list(zip(shot.result.goals, row.goals, strict=False))
    told += [(_("Goal: %(name)s") % {"name": line.label}, value) for line, value in goals if value is not None]
    out = []
    for name, value in told:
        cell = wording.missing(row.group_reason)
        if value is not None:
            cell = Cell(value, notation.number(value, places))
        out.append((Cell(name, name), cell, *[nothing] * more))
    return tuple(out)


# ---- picture --------------------------------------------------------------------------------------------------


def scene(shot: Snapshot, statistic: Statistic, *, description: str) -> Scene:
    """Return the strip."""
    row, indicator = shot.row, shot.indicator
    named = [(one.value, one) for one in shot.others if one.value is not None]
    own = shot.own
    values = [value for value, _one in named] + list(shot.unnamed)
    if own is not None and own.value is not None:
        values.append(own.value)
    middle = [value for value in (row.p25, row.median, row.p75, statistic.of_row(row)) if value is not None]
    axis = picture.axis(_kept(values, row.p25, row.p75) + middle or [0.0, 1.0], from_zero=False)
    drawn: list[tuple[float, str, str]] = [(value, "peer", _said(one, shot)) for value, one in named]
    drawn += [(value, "rest", "") for value in shot.unnamed]
    out_of_sight = sum(not axis.low <= value <= axis.high for value, *_rest in drawn)
    dots = _stacked([one for one in drawn if axis.low <= one[0] <= axis.high], (axis.high - axis.low) * NEAR)
    labels = []
    if own is not None and own.value is not None:
        at = min(max(own.value, axis.low), axis.high)
        dots.append(Dot(at, 0.0, "own", _said(own, shot)))
        text = f"{own.place.name} {notation.number(own.value, indicator.decimals)}"
        labels.append(Label(at, 0.0, text, "own", "middle", (0, -98)))
    rules = []
    centre = statistic.of_row(row)
    if centre is not None:
        rules.append(Rule(centre, -7.5, centre, 7.5, "median"))
        text = f"{statistic.label} {notation.number(centre, indicator.decimals)}"
        labels.append(Label(centre, 8.5, text, "median", "middle"))
    for value in row.norms:
        if value is not None and axis.low <= value <= axis.high:
            text = " ".join([_("norm"), notation.number(value, indicator.decimals)])
            rules.append(Rule(value, -9, value, 9, "norm", "dot"))
            labels.append(Label(value, 9, text, "norm", "start", (5, 8)))
    keys = [Key("dot peer", _("municipality you may see by name"))]
    if shot.unnamed:
        keys.append(Key("dot rest", _("municipality without a name")))
    blocks = []
    if row.p25 is not None and row.p75 is not None and row.n >= wording.FEWEST_FOR_QUARTERS:
        blocks.append(Block(row.p25, -7, row.p75, 7, "band"))
        keys.append(Key("band", _("middle half of the group (P25–P75)")))
    unit = f"{notation.unit_in_words(indicator.unit)} · {wording.direction(indicator).rstrip('.').lower()}"
    if out_of_sight:
        unit += " · " + ngettext("%(n)s out of sight", "%(n)s out of sight", out_of_sight) % {"n": out_of_sight}
    pad = (axis.high - axis.low) * 0.02
    return Scene(
        title=title(shot),
        description=description,
        unit=unit,
        footer=trend.footer(shot.result),
        x=(axis.low - pad, axis.high + pad),
        y=(-11, 11),
        height=(240, 240),
        x_ticks=tuple(Tick(tick, notation.number(tick, axis.decimals)) for tick in axis.ticks),
        blocks=tuple(blocks),
        rules=tuple(rules),
        dots=tuple(dots),
        labels=tuple(labels),
        keys=tuple(keys),
    )


def _said(one: Member, shot: Snapshot) -> str:
    return f"{one.place.name}: {wording.amount(one.value, shot.indicator)}"


def _kept(values: list[float], low: float | None, high: float | None) -> list[float]:
    """Return the values that fit beside the middle half; the rest is out of sight, and said to be."""
    if low is None or high is None or high <= low:
        return values
    room = FAR * (high - low)
    return [value for value in values if low - room <= value <= high + room]


def _stacked(drawn: list[tuple[float, str, str]], near: float) -> list[Dot]:
    """Return dots that do not cover each other: those in one bin stand above and below the line in turn."""
    bins: dict[int, int] = defaultdict(int)
    dots = []
    for value, role, said in sorted(drawn):
        at = round(value / near) if near else 0
        count = bins[at]
        bins[at] += 1
        step = (count + 1) // 2 * (1 if count % 2 else -1)
        dots.append(Dot(value, max(-MOST_HIGH, min(MOST_HIGH, 1.1 * step)) * 0.72, role, said))
    return dots
