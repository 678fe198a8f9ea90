"""Goals move by themselves: what figures change, who hears of it, and what a kring may not learn."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmark import goal_states, goal_work, goals
from benchmark.goals import Aim
from benchmark.models import DataRevision, Goal, GoalChange, GoalTurn, Measurement
from people import notifications
from people.models import Notification

AIM = Aim(
    title="Korter wachten", target_value=8.0, target_date=dt.date(2010, 12, 31), baseline_value=12.0, baseline_year=2006
)


@pytest.fixture
def goal(cast, figures):
    return goals.create_goal(by=cast.participant, municipality=cast.hillegom, indicator=cast.indicator, aim=AIM)


@pytest.fixture
def heard(monkeypatch):
    found = []
    monkeypatch.setattr(goal_states, "_listeners", [found.append])
    return found


def put(cast, value, **fields):
    Measurement.objects.filter(municipality=cast.hillegom, year=2008).update(value=value, **fields)
    DataRevision.locked().raise_by_one(indicators=[cast.indicator.pk])


def test_a_new_goal_knows_how_it_stands_and_that_is_no_news(goal):
    goal.refresh_from_db()
    assert (goal.standing, goal.standing_why) == ("behind", "figure")
    assert not GoalTurn.objects.exists()


def test_new_figures_move_a_goal_and_its_owner_hears_of_it(cast, goal, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        put(cast, 7.5)
    goal.refresh_from_db()
    assert goal.standing == "reached"
    turn = GoalTurn.objects.get()
    assert (turn.before, turn.after) == ("behind", "reached")
    assert [(one.goal, one.before, one.after) for one in heard[0]] == [(goal, "behind", "reached")]
    told = notifications.for_person(cast.participant)
    assert [one.line.text for one in told] == ["Uw doel “Korter wachten” is bereikt. Gefeliciteerd!"]
    assert told[0].line.url == goal.get_absolute_url()
    assert set(Notification.objects.values_list("user", flat=True)) == {cast.participant.pk}


def test_figures_that_are_not_published_turn_nothing(cast, goal, heard):
    put(cast, 7.5, status=Measurement.Status.DRAFT)
    assert goal_states.refresh() == 0  # 7.5 would be reached; what others may see is still the 12 of 2007
    goal.refresh_from_db()
    assert goal.standing == "behind"
    assert heard == []


def test_asked_again_nothing_turns(cast, goal, heard):
    put(cast, 10.0)
    assert goal_states.refresh() == 1
    assert goal_states.refresh() == 0
    assert len(heard) == 1
    assert GoalTurn.objects.count() == 1


def test_who_listens_badly_stops_nothing(cast, goal, monkeypatch):
    def broken(_turns):
        Goal.objects.update(title="weg")
        raise RuntimeError

    monkeypatch.setattr(goal_states, "_listeners", [broken])
    put(cast, 10.0)
    assert goal_states.refresh() == 1
    goal.refresh_from_db()
    assert (goal.standing, goal.title) == ("on-track", "Korter wachten")


def test_the_calendar_moves_goals_too(cast, goal, settings, capsys):
    Goal.objects.update(standing="on-track")
    call_command("refresh_goals")
    assert "1" in capsys.readouterr().out
    goal.refresh_from_db()
    assert goal.standing == "behind"


def test_a_withdrawn_goal_does_not_move(cast, goal, heard):
    goals.withdraw_goal(by=cast.participant, goal=goal)
    put(cast, 7.5)
    assert goal_states.refresh() == 0
    assert heard == []


def test_one_goal_costs_as_much_as_three(cast, goal):
    def cost(value):
        put(cast, value)
        with CaptureQueriesContext(connection) as seen:
            goal_states.refresh()
        return len(seen)

    one = cost(10.0)
    for _more in range(2):
        goals.create_goal(by=cast.participant, municipality=cast.hillegom, indicator=cast.indicator, aim=AIM)
    assert cost(7.0) == one
    assert GoalTurn.objects.count() == 4


def test_the_path_by_steps_decides(cast, figures):
    steep = Aim(**{**{name: getattr(AIM, name) for name in Aim.__slots__}, "steps": ((2008, 12.0),)})
    made = goals.create_goal(by=cast.participant, municipality=cast.hillegom, indicator=cast.indicator, aim=steep)
    made.refresh_from_db()
    assert made.standing == "on-track"  # 12 in 2008 was all that was asked


def test_what_was_changed_is_kept(cast, goal):
    other = Aim(**{**{name: getattr(AIM, name) for name in Aim.__slots__}, "target_value": 9.0})
    goals.edit_goal(by=cast.participant, goal=goal, aim=other)
    goals.edit_goal(by=cast.participant, goal=goal, aim=other)
    change = GoalChange.objects.get()
    assert (change.by, change.before) == (cast.participant, {"target_value": 8.0})


def test_something_that_is_there_or_not(cast, figures):
    aim = Aim(title="Eigen dossier", target_value=1.0, target_date=dt.date(2010, 1, 1), kind=Goal.Kind.DELIVERABLE)
    made = goals.create_goal(by=cast.participant, municipality=cast.hillegom, indicator=cast.indicator, aim=aim)
    made.refresh_from_db()
    assert (made.standing, made.standing_why) == ("unknown", "not-delivered")
    goal_work.deliver(by=cast.participant, goal=made, on=dt.date(2009, 3, 1))
    made.refresh_from_db()
    assert (made.standing, made.standing_why) == ("reached", "delivered")
    assert made.changes.get().before == {"delivered_on": None}


def test_nobody_types_that_a_figure_is_reached(cast, goal):
    with pytest.raises(ValueError, match="figures"):
        goal_work.deliver(by=cast.participant, goal=goal, on=dt.date(2009, 3, 1))
