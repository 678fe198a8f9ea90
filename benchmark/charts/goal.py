"""A goal beside the figures: start, own line, path to the target, the group and the norm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from benchmark import notation
from benchmark.charts import picture, trend, wording
from benchmark.charts.chart import Cell, Chart, Column, Table
from benchmark.charts.realism import difference
from benchmark.goal_marks import Mark
from benchmark.goal_outlook import Forecast
from benchmark.goal_progress import Standing, State, Why, is_met
from benchmark.models import Goal, Indicator
from benchmark.series import Series


def standing(code: str) -> str:
    """Return how a goal stands, in words."""
    return {
        Standing.REACHED: _("reached"),
        Standing.ON_TRACK: _("on track"),
        Standing.BEHIND: _("behind"),
        Standing.UNKNOWN: _("unknown"),
    }[Standing(code)]


def standing_kind(code: str) -> str:
    """Return the kind of status badge."""
    return {Standing.REACHED: "good", Standing.ON_TRACK: "good", Standing.BEHIND: "warn"}.get(Standing(code), "neutral")


def sentences(goal: Goal, state: State, indicator: Indicator) -> list[str]:  # noqa: C901, PLR0912 — one branch per outcome
    """Return how a goal stands, in sentences: the aim, the latest figure, and what is still needed."""

    def told(value: float | None) -> str:
        return wording.amount(value, indicator)

    aim = {"target": told(goal.target_value), "year": goal.target_date.year, "municipality": goal.municipality.name}
    if goal.baseline_value is None:
        said = [_("%(municipality)s wants to be at %(target)s in %(year)s; the starting value is not known.") % aim]
    elif goal.baseline_year is None:
        aim |= {"start": told(goal.baseline_value)}
        said = [_("%(municipality)s wants to go from %(start)s to %(target)s in %(year)s.") % aim]
    else:
        aim |= {"start": told(goal.baseline_value), "from": goal.baseline_year}
        said = [_("%(municipality)s wants to go from %(start)s in %(from)s to %(target)s in %(year)s.") % aim]
    if goal.kind == Goal.Kind.DELIVERABLE:
        return _delivered(goal, state)
    if goal.steps:
        steps = "; ".join(f"{year}: {told(value)}" for year, value in goal.steps)
        said.append(_("On the way: %(steps)s.") % {"steps": steps})
    if state.why is Why.CONFIDENTIAL:
        return [*said, _("The figures of this municipality are not public, so its progress is not shown here.")]
    if state.value is None:
        return [*said, _("There is no figure yet to see how it goes.")]
    latest = {"value": told(state.value), "year": state.year, "expected": told(state.expected)}
    if state.why is Why.NO_NEW_FIGURE:
        said.append(_("After the start no new figure has come in yet."))
    elif state.standing is Standing.REACHED:
        said.append(_("In %(year)s it was %(value)s: the goal is reached.") % latest)
    elif state.why is Why.DATE_PASSED:
        said.append(_("In %(year)s it was %(value)s: the goal was not reached in time.") % latest)
    elif state.why is Why.NO_BASELINE:
        said.append(
            _("In %(year)s it was %(value)s; without a starting value nobody can say whether that is on track.")
            % latest
        )
    elif state.standing is Standing.ON_TRACK:
        said.append(
            _("In %(year)s it was %(value)s; on the straight path it would be %(expected)s: on track.") % latest
        )
    else:
        said.append(_("In %(year)s it was %(value)s; on the straight path it would be %(expected)s: behind.") % latest)
    if state.needed_per_year is not None and state.standing is not Standing.REACHED:
        said.append(_needed(state, indicator))
    return said


def _delivered(goal: Goal, state: State) -> list[str]:
    """Return how something stands that is there or not."""
    said = {"municipality": goal.municipality.name, "day": date_format(goal.target_date, "j F Y")}
    aim = _("%(municipality)s wants this to be there by %(day)s; no figure measures it.") % said
    if state.why is Why.DELIVERED and goal.delivered_on is not None:
        day = date_format(goal.delivered_on, "j F Y")
        return [aim, _("It is there since %(day)s: the goal is reached.") % {"day": day}]
    if state.why is Why.DATE_PASSED:
        return [aim, _("That day has passed and it is not there.")]
    return [aim, _("It is not there yet.")]


def outlook(goal: Goal, found: Forecast | None, indicator: Indicator, direction: int) -> str:
    """Return where a goal is heading in words, empty when nothing can be said."""
    if found is None:
        return ""
    low, high = (notation.number(value, indicator.decimals) for value in (found.low, found.high))
    said = {
        "years": found.years,
        "year": found.year,
        "value": wording.amount(found.value, indicator),
        "low": low,
        "high": high,
        "target": wording.amount(goal.target_value, indicator),
    }
    text = (
        _(
            "If the last %(years)s figures go on in a straight line, it will be %(value)s in %(year)s; four times out of "
            "five it ends between %(low)s and %(high)s."
        )
        % said
    )
    best, worst = (found.high, found.low) if direction >= 0 else (found.low, found.high)
    if is_met(worst, goal.target_value, direction):
        return f"{text} " + _("The target of %(target)s is then well within reach.") % said
    if not is_met(best, goal.target_value, direction):
        return f"{text} " + _("The target of %(target)s is then out of reach.") % said
    return f"{text} " + _("Whether the target of %(target)s is reached, cannot be said yet.") % said


def _needed(state: State, indicator: Indicator) -> str:
    needed = state.needed_per_year or 0.0
    # A pace is finer than the figure itself.
    said = {"pace": difference(needed, indicator, finer=1)}
    if state.pace_per_year is not None:
        said["now"] = notation.number(state.pace_per_year, indicator.decimals + 1)
        if needed < 0:
            return _("It must go down by %(pace)s a year; so far it changes by %(now)s a year.") % said
        return _("It must go up by %(pace)s a year; so far it changes by %(now)s a year.") % said
    if needed < 0:
        return _("It must go down by %(pace)s a year.") % said
    return _("It must go up by %(pace)s a year.") % said


def chart(goal: Goal, state: State, result: Series, marks: Sequence[Mark] = ()) -> Chart:
    """Return the chart of a goal.

    Args:
        goal: with its municipality and indicator.
        state: how it stands for this reader.
        result: the series of its indicator, with this goal as its only goal line.
        marks: what is done for it; what has no day is not in a chart.
    """
    base = trend.chart(result)
    done = [
        picture.Mark(_place(mark.day), number, mark.word, *_marked(mark.day, mark.text))
        for number, mark in enumerate((one for one in marks if one.day is not None), 1)
        if mark.day is not None
    ]
    said = " ".join(
        [
            *sentences(goal, state, result.indicator),
            wording.direction(result.indicator),
            *([] if goal.kind == Goal.Kind.DELIVERABLE else _beside(result)),
            *([_done(done)] if done else []),
        ]
    )
    title = _("%(goal)s: %(municipality)s, %(indicator)s") % {
        "goal": goal.title,
        "municipality": goal.municipality.name,
        "indicator": result.indicator.name,
    }
    drawn = trend.picture(result, description=said)
    table = _with_done(trend.table(result, also=[mark.year for mark in done]), done)
    return replace(
        base,
        kind="goal",
        title=title,
        sentence=said,
        table=replace(table, caption=f"{title} ({notation.unit_in_words(result.indicator.unit)})"),
        picture=replace(drawn, title=title, lines=(*drawn.lines, *_start(goal, result, drawn)), marks=tuple(done)),
    )


def _place(day: dt.date) -> float:
    """Return a day as a year with its part; the figure of a year stands in the middle of that year."""
    return day.year - 0.5 + (day.timetuple().tm_yday - 0.5) / 366


def _marked(day: dt.date, text: str) -> tuple[str, str]:
    """Return a day in words, and what was done with its day before it."""
    words = date_format(day, "j F Y")
    return words, _("%(day)s, %(text)s") % {"day": words, "text": text}


def _done(marks: Sequence[picture.Mark]) -> str:
    """Return what is done for a goal as one sentence, in a word each; the table and the page say the rest."""
    told = "; ".join(f"({mark.number}) {mark.word}, {mark.day}" for mark in marks)
    return _("Done or promised for it: %(told)s.") % {"told": told}


def _beside(result: Series) -> list[str]:
    """Return the group and the norms in the year of the latest own figure."""
    row = result.latest
    if row is None:
        return []
    said = [wording.group(result, row)]
    said += [
        wording.norm(line, row, value, result.indicator)
        for line, value in zip(result.norms, row.norms, strict=False)
        if value is not None
    ]
    return [one for one in said if one]


def _with_done(table: Table, marks: Sequence[picture.Mark]) -> Table:
    """Return the table with what was done in each year."""
    if not marks:
        return table

    def cell(year: object) -> Cell:
        text = "; ".join(f"({mark.number}) {mark.text}" for mark in marks if mark.year == year)
        return Cell(text or None, text or "–", missing=not text)

    return replace(
        table,
        columns=(*table.columns, Column("done", _("Done or promised"), words=True)),
        rows=tuple((*row, cell(row[0].value)) for row in table.rows),
    )


def _start(goal: Goal, result: Series, drawn: picture.Picture) -> list[picture.Line]:
    """Return the level of the start as a line, from its year as far as the path goes."""
    if goal.kind == Goal.Kind.DELIVERABLE or goal.baseline_value is None or goal.baseline_year is None:
        return []
    path = next((line for line in drawn.lines if line.role == "goal"), None)
    if path is None:
        return []
    text = _("start in %(year)s: %(value)s") % {
        "year": goal.baseline_year,
        "value": wording.amount(goal.baseline_value, result.indicator),
    }
    points = tuple(
        picture.Point(point.year, goal.baseline_value, text if point.year == goal.baseline_year else "")
        for point in path.points
    )
    return [picture.Line("start", _("start"), points, "dot", decimals=result.indicator.decimals)]
