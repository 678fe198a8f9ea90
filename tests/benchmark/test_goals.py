"""Goals: who makes, sees and changes them, and how they stand for whom."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmark import goals
from benchmark.models import Goal

from .goal_forms import AIM


def test_only_for_the_own_municipality(cast):
    for who in (cast.participant, cast.stranger, cast.facilitator, cast.validator, cast.steering):
        with pytest.raises(PermissionDenied):
            goals.create_goal(by=who, municipality=cast.zandvoort, indicator=cast.indicator, aim=AIM)
    for who in (cast.colleague, cast.office, cast.admin):
        goals.create_goal(by=who, municipality=cast.zandvoort, indicator=cast.indicator, aim=AIM)
    assert Goal.objects.count() == 3


def test_an_editor_may_for_their_municipality(cast):
    made = goals.create_goal(by=cast.editor, municipality=cast.beverwijk, indicator=cast.indicator, aim=AIM)
    assert made.owner == cast.editor


def test_others_cannot_change_or_withdraw(cast, goal):
    for who in (cast.colleague, cast.stranger, cast.facilitator):
        with pytest.raises(PermissionDenied):
            goals.edit_goal(by=who, goal=goal, aim=AIM)
        with pytest.raises(PermissionDenied):
            goals.withdraw_goal(by=who, goal=goal)


@pytest.mark.parametrize(
    ("visibility", "seen_by"),
    [
        ("own", {"participant", "office", "admin"}),
        ("kring", {"participant", "facilitator", "office", "admin", "colleague"}),
        (
            "public",
            {
                "public",
                "participant",
                "facilitator",
                "editor",
                "validator",
                "office",
                "steering",
                "admin",
                "stranger",
                "deactivated",
                "colleague",
            },
        ),
    ],
)
def test_who_sees_a_goal(cast, goal, visibility, seen_by):
    Goal.objects.update(visibility=visibility)
    people = {**cast.everyone(), "colleague": cast.colleague}
    assert {name for name, user in people.items() if Goal.objects.visible_to(user).exists()} == seen_by


def test_withdrawn_is_gone_for_everybody(cast, goal):
    goals.withdraw_goal(by=cast.participant, goal=goal)
    assert goal.withdrawn_on == dt.date(2009, 3, 5)
    assert not Goal.objects.visible_to(cast.office).exists()


def test_a_form_sent_twice_makes_one(cast):
    once = uuid.uuid4()
    made = [
        goals.create_goal(
            by=cast.participant, municipality=cast.hillegom, indicator=cast.indicator, aim=AIM, submission=once
        )
        for _twice in range(2)
    ]
    assert made[0] == made[1]
    assert Goal.objects.count() == 1


def test_the_state_follows_from_the_figures(cast, goal, figures):
    """12 in 2006 to 8 in 2010: 10 in 2008 would be on the path, it is 12."""
    from benchmark.permissions import viewer_for

    one = goals.with_states([goal], viewer=viewer_for(cast.participant))[0]
    assert (one.state.standing, one.state.value, one.state.expected, one.state.needed_per_year) == (
        "behind",
        12.0,
        10.0,
        -2.0,
    )


def test_the_public_learns_no_figure_from_a_public_goal(client, cast, goal):
    Goal.objects.update(visibility="public", baseline_value=None, baseline_year=None)
    html = client.get(reverse("goals:detail", args=[goal.pk])).content.decode()
    assert "De cijfers van deze gemeente zijn niet openbaar" in html
    assert "12,0" not in html


def test_home_shows_own_goals_in_constant_queries(cast, goal):
    def anew():
        for kept in ("_benchmark_viewer", "_current_roles"):
            cast.participant.__dict__.pop(kept, None)

    anew()
    with CaptureQueriesContext(connection) as one:
        assert [found.goal for found in goals.for_home(cast.participant)] == [goal]
    for _extra in range(2):
        goals.create_goal(by=cast.participant, municipality=cast.hillegom, indicator=cast.indicator, aim=AIM)
    anew()
    with CaptureQueriesContext(connection) as three:
        assert len(goals.for_home(cast.participant)) == 3
    assert len(one) == len(three)
    assert goals.for_home(cast.facilitator) == []


def test_progress_counts_without_names(cast, goal):
    assert goals.progress() == {"reached": 0, "on-track": 0, "behind": 1, "unknown": 0}
