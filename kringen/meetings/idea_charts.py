"""The picture beside an idea for the agenda, for who answers it: compared with the kring that it is proposed to."""

from __future__ import annotations

from dataclasses import replace

from benchmark import asking, showing
from benchmark.charts.chart import Chart
from benchmark.groups import UnknownGroup
from benchmark.models import Indicator
from benchmark.series import UnknownReport
from benchmark.showing import State, Unshowable
from kringen.models import Kring
from people.models import User


def chart_of(state: State, *, kring: Kring, reader: User) -> Chart | None:
    """Return the chart of an idea as its reader may see it; None when they may not compare with this kring.

    Args:
        state: of the idea (`agenda_ideas.Idea.chart`).
        kring: whose agenda it is proposed for.
        reader: who looks.
    """
    who = asking.reader(reader, state.municipality)
    ours = next((one.key for one in who.choices if one.group and one.group.pk == kring.comparison_group_id), None)
    indicator = Indicator.objects.select_related("area").filter(code=state.indicator).first()
    if ours is None or indicator is None:
        return None
    try:
        made, _series = showing.chart(replace(state, group=ours), who, indicator)
    except (Unshowable, UnknownGroup, UnknownReport):
        return None
    return made
