"""Figures in other people's pages: a goal or a chart as a card, for rooms, the home page and the public site."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import Http404

from benchmark import asking, goals
from benchmark.charts import goal as goal_chart
from benchmark.charts import trend, wording
from benchmark.charts.chart import Column, Table
from benchmark.goals import Standings
from benchmark.groups import UnknownGroup
from benchmark.models import Goal, Indicator
from benchmark.notation import amount, number, unit_in_words
from benchmark.permissions import PUBLIC, viewer_for
from benchmark.series import UnknownReport

register = template.Library()


@register.filter
def verdict_word(code: str) -> str:
    """Return a verdict in words."""
    return wording.outcome(code) if code else ""


@register.filter
def verdict_kind(code: str) -> str:
    """Return the kind of status badge of a verdict."""
    return wording.outcome_kind(code) if code else "neutral"


@register.filter
def quarter_strip(quarter: int) -> str:
    """Return the four quarters of a group from low to high, the own one filled; words stand beside it."""
    return "".join("●" if at == quarter else "○" for at in range(1, 5))


@register.filter
def standing_word(one: Standings) -> str:
    """Return how a goal stands, in words."""
    return goal_chart.standing(one.state.standing)


@register.filter
def standing_kind(one: Standings) -> str:
    """Return the kind of status badge of a goal."""
    return goal_chart.standing_kind(one.state.standing)


@register.filter
def standing_sentence(one: Standings) -> str:
    """Return how a goal stands, as sentences."""
    return " ".join(goal_chart.sentences(one.goal, one.state, one.goal.indicator))


@register.filter
def in_unit_of(value: float | None, indicator: Indicator) -> str:
    """Return a value with the unit and decimals of an indicator."""
    return amount(value, indicator.decimals, indicator.unit)


@register.filter
def direction_of(indicator: Indicator) -> str:
    """Return which way is better, as a sentence."""
    return wording.direction(indicator)


@register.filter
def unit_words(indicator: Indicator) -> str:
    """Return the unit in words."""
    return unit_in_words(indicator.unit)


@register.filter
def dutch_number(value: float | None, decimals: int = 1) -> str:
    """Return a number in the reader's language."""
    return number(value, decimals)


@register.simple_tag
def sorted_as(table: Table, column: Column) -> str:
    """Return how a table is ordered by a column, as `aria-sort` says it; empty when it is not."""
    if table.sort.removeprefix("-") != column.key:
        return ""
    return "descending" if table.sort.startswith("-") else "ascending"


@register.simple_tag
def sort_key(table: Table, column: Column) -> str:
    """Return the end of the address that orders a table by a column, the other way round the second time."""
    key = f"-{column.key}" if table.sort == column.key else column.key
    return "&" + urlencode({"sort": key})


@register.inclusion_tag("benchmark/_goal_card.html", takes_context=True)
def goal_card(context: template.Context, goal: Goal | Standings, level: int = 3) -> dict[str, Any]:
    """Show a goal with how it stands for this reader; nothing when they may not see it.

    Args:
        context: of the page, for its reader.
        goal: a goal, or one with its state already worked out (`goals.for_home`, `goals.with_states`), which costs
            nothing more and is taken as already fetched for this reader.
        level: of the heading.
    """
    if isinstance(goal, Standings):
        return {"one": goal, "level": level}
    user = context.get("user")
    found = Goal.objects.visible_to(user).for_board().filter(pk=goal.pk).first()
    if found is None:
        return {"one": None, "level": level}
    return {"one": goals.with_states([found], viewer=viewer_for(user))[0], "level": level}


@register.inclusion_tag("benchmark/_chart_card.html", takes_context=True)
def chart_card(  # noqa: PLR0913, PLR0917 — each is an argument in a template
    context: template.Context,
    indicator_code: str,
    municipality: str | None = None,
    group: str = "",
    report: str = "",
    public: bool = False,  # noqa: FBT001, FBT002 — named in templates
    level: int = 3,
) -> dict[str, Any]:
    """Show the trend of an indicator: sentence, picture, and the table to unfold.

    The reader sees their own municipality unless another is named; with `public` everybody sees what the public may.

    Args:
        context: of the page, for its reader.
        indicator_code: which indicator.
        municipality: CBS code; by default the reader's own.
        group: key of the group; by default the reader's preferred one.
        report: name of the report, where there are several.
        public: whether to look with the eyes of the public.
        level: of the heading.
    """
    found = Indicator.objects.select_related("area").filter(code=indicator_code).first()
    if found is None:
        return {"chart": None, "level": level}
    user = None if public else context.get("user")
    try:
        who = asking.reader(user, municipality, viewer=PUBLIC if public else None)
        wanted = {"group": group, "report": report, **asking.lines(who, found)}
        result = asking.ask(who, found, **wanted)
    except (Http404, UnknownGroup, UnknownReport):
        return {"chart": None, "level": level}
    return {
        "chart": trend.chart(result),
        "result": result,
        "indicator": found,
        "level": level,
        "can_set_goal": who.place_id is not None and who.place_id in who.viewer.own,
    }
