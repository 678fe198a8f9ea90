"""A goal beside the figures: start, own line, path to the target, the group and the norm."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from benchmark import notation
from benchmark.charts import trend, wording
from benchmark.charts.chart import Chart
from benchmark.goal_progress import Standing, State, Why
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


def sentences(goal: Goal, state: State, indicator: Indicator) -> list[str]:  # noqa: C901 — one branch per outcome
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


def _needed(state: State, indicator: Indicator) -> str:
    needed = state.needed_per_year or 0.0
    # A pace is finer than the figure itself.
    unit = {"ja/nee": "", "%": _("percentage points")}.get(indicator.unit, indicator.unit)
    text = notation.amount(abs(needed), indicator.decimals + 1, unit)
    said = {"pace": text}
    if state.pace_per_year is not None:
        said["now"] = notation.number(state.pace_per_year, indicator.decimals + 1)
        if needed < 0:
            return _("It must go down by %(pace)s a year; so far it changes by %(now)s a year.") % said
        return _("It must go up by %(pace)s a year; so far it changes by %(now)s a year.") % said
    if needed < 0:
        return _("It must go down by %(pace)s a year.") % said
    return _("It must go up by %(pace)s a year.") % said


def chart(goal: Goal, state: State, result: Series) -> Chart:
    """Return the chart of a goal.

    Args:
        goal: with its municipality and indicator.
        state: how it stands for this reader.
        result: the series of its indicator, with this goal as its only goal line.
    """
    base = trend.chart(result)
    said = " ".join([*sentences(goal, state, result.indicator), wording.direction(result.indicator)])
    title = _("%(goal)s: %(municipality)s, %(indicator)s") % {
        "goal": goal.title,
        "municipality": goal.municipality.name,
        "indicator": result.indicator.name,
    }
    return replace(
        base,
        kind="goal",
        title=title,
        sentence=said,
        table=replace(base.table, caption=f"{title} ({notation.unit_in_words(result.indicator.unit)})"),
        picture=replace(base.picture, title=title, description=said),
    )
