"""Two years beside each other: who moved, which way and how far."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from benchmark import notation
from benchmark.charts import distribution, picture, trend, wording
from benchmark.charts.chart import Cell, Chart, Column, Table
from benchmark.charts.scene import Dot, Key, Rule, Scene, Tick
from benchmark.charts.statistic import Statistic
from benchmark.cube import Place
from benchmark.snapshots import Member, Snapshot, by_place

# More lines than this cannot be read; the own municipality and those nearest to it stay.
MOST = 20


@dataclass(frozen=True, slots=True)
class Moved:
    """One municipality in both years."""

    place: Place
    before: Member
    after: Member

    @property
    def change(self) -> float | None:
        """From the first to the second year, None when one of them is missing."""
        if self.before.value is None or self.after.value is None:
            return None
        return self.after.value - self.before.value


def chart(first: Snapshot, second: Snapshot, statistic: Statistic = Statistic.MEDIAN) -> Chart:
    """Return the change between two years of the same series."""
    moved = pairs(first, second)
    said = " ".join(sentences(first, second, moved, statistic))
    shown = nearest(moved, second)
    notes = list(trend.notes(second.result, gaps=False))
    if len(shown) < sum(one.change is not None for one in moved):
        notes.append(_("The picture shows %(n)s municipalities; the table has all of them.") % {"n": len(shown)})
    if statistic is not Statistic.MEDIAN:
        notes.append(statistic.explained)
    return Chart(
        kind="dumbbell",
        title=title(first, second),
        sentence=said,
        table=table(first, second, moved, statistic),
        picture=scene(first, second, shown, statistic, description=said),
        source=second.result.source,
        revision=second.result.revision,
        is_demo=second.result.is_demo,
        notes=tuple(notes),
    )


def title(first: Snapshot, second: Snapshot) -> str:
    """Return subject, group and both years."""
    return _("%(indicator)s: from %(first)s to %(second)s, %(group)s") % {
        "indicator": second.indicator.name,
        "first": first.year,
        "second": second.year,
        "group": second.result.group.described(second.row.n),
    }


def pairs(first: Snapshot, second: Snapshot) -> list[Moved]:
    """Return everybody who may be named in both years, the greatest rise last; the own municipality always."""
    before, after = by_place(first.members), by_place(second.members)
    for shot, members in ((first, before), (second, after)):
        if shot.own is not None:
            members[shot.own.place.id] = shot.own
    found = [Moved(after[pk].place, before[pk], after[pk]) for pk in after if pk in before]
    return sorted(found, key=lambda one: (one.change is None, one.change or 0.0, one.place.name))


def nearest(moved: list[Moved], second: Snapshot) -> list[Moved]:
    """Return those that fit in the picture: the own municipality and who ends nearest to it."""
    known = [one for one in moved if one.change is not None]
    own = second.own
    centre = own.value if own is not None and own.value is not None else second.row.median
    if len(known) <= MOST or centre is None:
        return known[:MOST]
    own_id = own.place.id if own is not None else 0
    near = sorted(known, key=lambda one: (one.place.id != own_id, abs((one.after.value or 0.0) - centre)))[:MOST]
    return [one for one in known if one in near]


def _change(value: float, shot: Snapshot) -> str:
    sign = "+" if value > 0 else ""
    return sign + notation.number(value, shot.indicator.decimals)


def sentences(first: Snapshot, second: Snapshot, moved: list[Moved], statistic: Statistic) -> list[str]:
    """Return what moved: the own municipality, the group, and how many went the better way."""
    indicator, said = second.indicator, []
    own = second.own
    mine = next((one for one in moved if own is not None and one.place.id == own.place.id), None)
    years = {"first": first.year, "second": second.year}
    if mine is not None and mine.change is not None:
        said.append(
            _("%(municipality)s went from %(before)s in %(first)s to %(after)s in %(second)s (%(change)s).")
            % {
                **years,
                "municipality": mine.place.name,
                "before": notation.number(mine.before.value, indicator.decimals),
                "after": wording.amount(mine.after.value, indicator),
                "change": _change(mine.change, second),
            }
        )
    elif mine is not None:
        missing = mine.before if mine.before.value is None else mine.after
        said.append(
            _("Of %(municipality)s there is no value in both years: %(reason)s.")
            % {"municipality": mine.place.name, "reason": wording.reason(missing.reason)}
        )
    before, after = statistic.of_row(first.row), statistic.of_row(second.row)
    if before is not None and after is not None:
        said.append(
            _("The %(statistic)s of the group went from %(before)s to %(after)s (%(change)s).")
            % {
                "statistic": statistic.label,
                "before": notation.number(before, indicator.decimals),
                "after": wording.amount(after, indicator),
                "change": _change(after - before, second),
            }
        )
    known = [one.change for one in moved if one.change is not None]
    if len(known) > 1:
        counts = {"up": sum(one > 0 for one in known), "down": sum(one < 0 for one in known), "n": len(known)}
        said.append(_("Of %(n)s municipalities with a name %(up)s went up and %(down)s went down.") % counts)
    said.append(wording.direction(indicator))
    return said


def table(first: Snapshot, second: Snapshot, moved: list[Moved], statistic: Statistic) -> Table:
    """Return a row per municipality with both values and the change, and the group below."""
    columns = (
        Column("municipality", _("Municipality"), words=True),
        Column("before", str(first.year)),
        Column("after", str(second.year)),
        Column("change", _("Difference")),
    )
    nothing = wording.missing("")

    def change(value: float | None) -> Cell:
        return nothing if value is None else Cell(value, _change(value, second))

    rows = tuple(
        (
            Cell(one.place.name, one.place.name),
            distribution.member_cell(one.before, first),
            distribution.member_cell(one.after, second),
            change(one.change),
        )
        for one in moved
    )
    places = second.indicator.decimals
    before, after = statistic.of_row(first.row), statistic.of_row(second.row)
    name = statistic.label.capitalize()
    foot = (
        Cell(name, name),
        *(
            Cell(value, notation.number(value, places)) if value is not None else wording.missing(shot.row.group_reason)
            for value, shot in ((before, first), (after, second))
        ),
        change(after - before if before is not None and after is not None else None),
    )
    caption = f"{title(first, second)} ({notation.unit_in_words(second.indicator.unit)})"
    return Table(caption, columns, rows, (foot,))


def scene(first: Snapshot, second: Snapshot, shown: list[Moved], statistic: Statistic, *, description: str) -> Scene:
    """Return a line per municipality from a ring (the first year) to a dot (the second)."""
    indicator, own = second.indicator, second.own
    lines: list[tuple[str, str, float, float]] = []
    for one in shown:
        if one.before.value is None or one.after.value is None:
            continue
        role = "own" if own is not None and one.place.id == own.place.id else "peer"
        lines.append((one.place.name, role, one.before.value, one.after.value))
    before, after = statistic.of_row(first.row), statistic.of_row(second.row)
    if lines and before is not None and after is not None:
        lines.append((statistic.label, "median", before, after))
    axis = picture.axis([value for line in lines for value in line[2:]] or [0.0, 1.0], from_zero=False)
    dots, rules, ticks = [], [], []
    for at, (name, role, start, end) in enumerate(lines):
        said = f"{name}: {notation.number(start, indicator.decimals)} → {wording.amount(end, indicator)}"
        rules.append(Rule(start, at, end, at, role, "dot" if role == "median" else "solid"))
        dots += [Dot(start, at, role, hollow=True), Dot(end, at, role, said)]
        ticks.append(Tick(at, name, strong=role == "own"))
    pad = (axis.high - axis.low) * 0.03
    unit = f"{notation.unit_in_words(indicator.unit)} · {wording.direction(indicator).rstrip('.').lower()}"
    height = max(60, 26 * len(lines))
    return Scene(
        title=title(first, second),
        description=description,
        unit=unit,
        footer=trend.footer(second.result),
        x=(axis.low - pad, axis.high + pad),
        y=(-0.7, len(lines) - 0.3),
        height=(height, height),
        left=(160, 104),
        x_ticks=tuple(Tick(tick, notation.number(tick, axis.decimals)) for tick in axis.ticks),
        y_ticks=tuple(ticks),
        rules=tuple(rules),
        dots=tuple(dots),
        keys=(Key("ring peer", str(first.year)), Key("dot peer", str(second.year))),
    )
