"""Goals over HTTP: what they are, how they stand for this reader, where they head and how realistic they are."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from benchmark import goal_realism, goals
from benchmark.asking import Reader
from benchmark.charts import goal as goal_chart
from benchmark.charts import realism
from benchmark.models import Goal
from benchmark.schemas import GoalOut

router = Router(tags=["benchmark"])


@router.get("/goals", response=list[GoalOut], by_alias=True, url_name="goals")
def goal_list(request: HttpRequest, municipality: str = "", indicator: str = "") -> Any:
    """List the goals this reader may see, with how they stand for them."""
    found = Goal.objects.visible_to(request.user).for_board().prefetch_related("indicator__versions")
    if municipality:
        found = found.filter(municipality__code=municipality.upper())
    if indicator:
        found = found.filter(indicator__code=indicator)
    who = goal_realism.for_many(request.user)
    return [_goal_out(one, who) for one in goals.with_states(found, viewer=who.viewer, cube=who.cube)]


def _goal_out(one: goals.Standings, who: Reader) -> dict[str, Any]:
    goal, state = one.goal, one.state
    return {
        "id": goal.pk,
        "title": goal.title,
        "why": goal.why,
        "municipality": goal.municipality.code,
        "municipalityName": goal.municipality.name,
        "indicator": goal.indicator.code,
        "baselineValue": goal.baseline_value,
        "baselineYear": goal.baseline_year,
        "targetValue": goal.target_value,
        "targetDate": goal.target_date,
        "kind": goal.kind,
        "steps": goal.steps,
        "norm": goal.norm.value if goal.norm is not None else None,
        "learningGoal": goal.learning_goal,
        "successFactor": goal.success_factor,
        "stage": goal.stage,
        "deliveredOn": goal.delivered_on,
        "owner": str(goal.owner) if goal.owner is not None else None,
        "follows": goal.follows_id,
        "visibility": goal.visibility,
        "state": {
            "standing": state.standing.value,
            "why": state.why.value,
            "value": state.value,
            "year": state.year,
            "expected": state.expected,
            "neededPerYear": state.needed_per_year,
            "pacePerYear": state.pace_per_year,
        },
        "forecast": _forecast(goal, who),
        "realism": _realism(goal, who),
        "sentence": " ".join(goal_chart.sentences(goal, state, goal.indicator)),
        "url": goal.get_absolute_url(),
    }


def _forecast(goal: Goal, who: Reader) -> dict[str, Any] | None:
    found = goals.forecast_of(goal, who.cube, who.viewer)
    if found is None:
        return None
    return {"year": found.year, "value": found.value, "low": found.low, "high": found.high}


def _realism(goal: Goal, who: Reader) -> dict[str, Any] | None:
    """Return the answer; of hidden municipalities the share in tenths and no number of those that made it."""
    if goal.kind == Goal.Kind.DELIVERABLE:
        return None
    judged = goal_realism.judge(who, goal.indicator, goal, municipality_id=goal.municipality_id)
    found = judged.found
    told: dict[str, Any] = {
        "reason": judged.why.value if judged.why is not None else "",
        "group": judged.group.key if judged.group is not None else None,
        "years": found.span if found is not None else None,
        "change": found.change if found is not None else None,
        "n": None,
        "achieved": None,
        "share": None,
        "sentence": realism.sentence(judged, goal.indicator),
    }
    if found is not None and found.share is not None:
        told |= {"n": found.n, "share": round(found.share, 1) if found.hidden else found.share}
        told["achieved"] = None if found.hidden else found.achieved
    return told
