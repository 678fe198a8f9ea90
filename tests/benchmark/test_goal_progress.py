"""How a goal stands, worked out by hand."""

import datetime as dt
from types import SimpleNamespace

import pytest

from benchmark.goal_progress import Standing, State, Why, state


def aim(baseline=20.0, since=2004, target=10.0, date=dt.date(2009, 12, 31)):
    return SimpleNamespace(baseline_value=baseline, baseline_year=since, target_value=target, target_date=date)


def stand(goal, *figures, direction="down", today=dt.date(2009, 3, 5), **more):
    return state(goal, direction=direction, figures=figures, today=today, **more)


def test_on_the_straight_path_is_on_track():
    # 20 → 10 in five years: 2 a year, so 14 in 2007; two years left for 4
    assert stand(aim(), (2004, 20.0), (2007, 14.0)) == State(
        Standing.ON_TRACK, Why.FIGURE, 14.0, 2007, 14.0, -2.0, -2.0
    )


def test_above_the_path_is_behind_when_lower_is_better():
    found = stand(aim(), (2007, 15.5))
    assert (found.standing, found.expected, found.needed_per_year, found.pace_per_year) == ("behind", 14.0, -2.75, -1.5)


def test_at_the_target_is_reached():
    assert stand(aim(), (2008, 10.0)).standing is Standing.REACHED
    assert stand(aim(), (2008, 9.0)).standing is Standing.REACHED


def test_upwards():
    up = aim(baseline=50.0, target=80.0)
    assert stand(up, (2008, 74.0), direction="up").standing is Standing.ON_TRACK
    assert stand(up, (2008, 73.9), direction="up").standing is Standing.BEHIND
    assert stand(up, (2008, 80.0), direction="up").standing is Standing.REACHED


def test_not_reached_in_time():
    found = stand(aim(), (2009, 10.5), today=dt.date(2010, 6, 1))
    assert (found.standing, found.why, found.needed_per_year) == ("behind", "date-passed", None)


def test_figures_after_the_target_year_do_not_count():
    found = stand(aim(), (2008, 13.0), (2010, 9.0), today=dt.date(2011, 1, 1))
    assert (found.value, found.year) == (13.0, 2008)


@pytest.mark.parametrize(
    ("figures", "why"), [([], "no-figure"), ([(2007, None)], "no-figure"), ([(2004, 20.0)], "no-new-figure")]
)
def test_unknown_says_why(figures, why):
    found = stand(aim(), *figures)
    assert (found.standing, found.why) == ("unknown", why)


def test_without_a_start_it_is_reached_or_unknown():
    assert stand(aim(baseline=None, since=None), (2008, 12.0)).why is Why.NO_BASELINE
    assert stand(aim(baseline=None, since=None), (2008, 12.0)).needed_per_year == -2.0
    assert stand(aim(baseline=None, since=None), (2008, 9.0)).standing is Standing.REACHED


def test_withheld_figures_give_no_state_away():
    assert stand(aim(), (2008, None), confidential=True) == State(Standing.UNKNOWN, Why.CONFIDENTIAL)


def test_a_goal_on_context_goes_where_its_target_lies():
    assert stand(aim(baseline=10.0, target=20.0), (2008, 18.0), direction="context").standing is Standing.ON_TRACK
