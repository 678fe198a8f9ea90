"""A goal that turns is said in the room, without a figure; each reader sees what is theirs to see."""

import datetime as dt
import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from benchmark import goal_states, goals
from benchmark.goals import Aim
from benchmark.models import DataRevision, Dataset, Goal, Indicator, Measurement
from kringen.live.events import item_of
from kringen.models import Room, RoomEvent
from kringen.promises.goal_news import news_in

AIM = {"target_value": 8.0, "target_date": dt.date(2010, 12, 31), "baseline_value": 12.0, "baseline_year": 2006}


@pytest.fixture
def goal(cast):
    dataset = Dataset.objects.create(slug="bpz", name="BPZ", source="BPZ")
    Measurement.objects.create(
        indicator=cast.indicator, municipality=cast.hillegom, year=2008, value=12.0, dataset=dataset
    )
    DataRevision.locked().raise_by_one()
    return goals.create_goal(
        by=cast.participant, municipality=cast.hillegom, indicator=cast.indicator, aim=Aim(title="Korter", **AIM)
    )


def turn(value):
    Measurement.objects.update(value=value)
    DataRevision.locked().raise_by_one()
    return goal_states.refresh()


def said():
    return list(RoomEvent.objects.filter(kind="goal.state").values_list("room", "payload"))


def test_it_is_said_in_the_first_room_of_the_own_kring(cast, goal):
    assert turn(7.0) == 1
    assert said() == [(cast.room.pk, {"goals": [goal.pk]})]
    cast.room.refresh_from_db()
    assert RoomEvent.objects.get(kind="goal.state").seq == cast.room.seq


def test_the_room_about_the_indicator_goes_first(cast, goal):
    about = ContentType.objects.get_for_model(Indicator)
    room = Room.objects.create(kring=cast.kring_c, name="Wachttijd", subject_type=about, subject_id=cast.indicator.pk)
    turn(7.0)
    assert said() == [(room.pk, {"goals": [goal.pk]})]


def test_what_stays_in_the_municipality_is_said_nowhere(cast, goal):
    Goal.objects.update(visibility="own")
    assert turn(7.0) == 1
    assert said() == []


def test_several_goals_are_one_line(cast, goal):
    other = goals.create_goal(
        by=cast.participant, municipality=cast.hillegom, indicator=cast.indicator, aim=Aim(title="Ook", **AIM)
    )
    turn(7.0)
    assert said() == [(cast.room.pk, {"goals": [goal.pk, other.pk]})]


def test_members_read_it_and_a_stranger_does_not(client, cast, goal):
    turn(7.0)
    assert [one.goal for one in news_in(cast.room, cast.colleague)] == [goal]
    address = reverse("kringen:room-goals", args=[cast.kring_c.slug, cast.room.pk])
    client.force_login(cast.colleague)
    assert "Korter" in client.get(address).content.decode()
    page = client.get(reverse("kringen:room", args=[cast.kring_c.slug, cast.room.pk])).content.decode()
    assert "Doelen waarmee het anders gaat" in page
    assert "gehaald" in page
    client.force_login(cast.stranger)
    assert client.get(address).status_code == 404


def test_a_goal_that_was_closed_off_later_is_not_shown_to_others(client, cast, goal):
    turn(7.0)
    Goal.objects.update(visibility="own")
    assert news_in(cast.room, cast.colleague) == []
    assert [one.goal for one in news_in(cast.room, cast.participant)] == [goal]


def test_the_log_on_the_wire_holds_no_goal(cast, goal):
    turn(7.0)
    line = json.loads(item_of(RoomEvent.objects.get(kind="goal.state")).text)
    assert set(line) == {"seq", "kind", "at", "actor"}
