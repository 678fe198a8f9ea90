"""Suggestions on the first page: few, with a reason, and gone when they were dismissed."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmark.models import Goal
from goodpractices.models import Adoption, DismissedSuggestion, Experience, GoodPractice
from kringen.conversation import rooms
from kringsite.suggestions import Suggestion, chosen
from people import clock


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def said(key: str) -> Suggestion:
    return Suggestion(key, key, "", "")


def test_kinds_take_turns_at_most_five_and_none_twice():
    kinds = [[said("a:1"), said("a:2"), said("a:3"), said("a:4")], [said("b:1")], [said("a:1"), said("c:1")]]
    assert [one.key for one in chosen(kinds, set())] == ["a:1", "b:1", "a:2", "c:1", "a:3"]
    assert [one.key for one in chosen(kinds, {"a:1", "b:1"})] == ["a:2", "c:1", "a:3", "a:4"]


def practice(cast, title: str, where, **fields) -> GoodPractice:
    made = GoodPractice.objects.create(
        slug=title.lower().replace(" ", "-"),
        title=title,
        municipality=where,
        summary="S",
        situation="S",
        approach="S",
        **({"state": "published", "visibility": "participants", "published_at": timezone.now()} | fields),
    )
    made.indicators.add(cast.indicator)
    return made


@pytest.fixture
def world(cast):
    Goal.objects.create(
        municipality=cast.hillegom,
        indicator=cast.indicator,
        title="Korter wachten",
        target_value=10,
        target_date=dt.date(2009, 12, 31),
    )
    read = practice(cast, "Lees mij", cast.zandvoort)
    practice(cast, "Geheim concept", cast.zandvoort, state="draft")
    practice(cast, "Van ons zelf", cast.hillegom)
    done = practice(cast, "Doen wij al", cast.beverwijk)
    long_ago = clock.today() - dt.timedelta(days=200)
    adoption = Adoption.objects.create(
        practice=done, municipality=cast.hillegom, state="running", started_on=long_ago, author=cast.participant
    )
    Adoption.objects.create(
        practice=read, municipality=cast.beverwijk, state="running", started_on=long_ago, author=cast.editor
    )
    room = rooms.open_about(kring=cast.kring_c, subject=cast.indicator, by=cast.colleague)
    topic = rooms.start_topic(room=room, title="Wat helpt?", by=cast.colleague, client_id=uuid.uuid4())
    return read, adoption, topic


def shown(client, user) -> list[Suggestion]:
    client.force_login(user)
    return list(client.get("/").context["suggestions"])


def test_a_member_sees_what_is_of_use_and_why(client, cast, world):
    read, adoption, topic = world
    found = shown(client, cast.participant)
    assert [one.key for one in found] == [f"experience:{adoption.pk}", f"practice:{read.pk}", f"topic:{topic.pk}"]
    assert "Korter wachten" in found[1].reason
    assert cast.indicator.name in found[2].reason
    assert [one.href for one in found[:2]] == ["/praktijken/doen-wij-al/ervaring/", "/praktijken/lees-mij/"]
    html = client.get("/").content.decode()
    assert "Geheim concept" not in html
    assert all(one.title.replace("“", "").split(" ", 1)[0] in html for one in found)
    # Somebody of another kring gets nothing of all this, and the steering group no suggestions at all.
    assert shown(client, cast.stranger) == []
    assert shown(client, cast.steering) == []


def test_what_was_dismissed_does_not_come_back_and_only_for_who_did_it(client, cast, world):
    read, adoption, topic = world
    client.force_login(cast.participant)
    for key in (f"practice:{read.pk}", f"practice:{read.pk}", "practice:x", "<b>", ""):
        assert client.post("/suggesties/weg/", {"key": key}).url == "/"
    assert list(DismissedSuggestion.objects.values_list("person", "key")) == [
        (cast.participant.pk, f"practice:{read.pk}")
    ]
    assert [one.key for one in shown(client, cast.participant)] == [f"experience:{adoption.pk}", f"topic:{topic.pk}"]


def test_an_experience_that_was_told_or_is_not_due_is_not_asked_for(client, cast, world):
    _read, adoption, _topic = world
    Adoption.objects.filter(pk=adoption.pk).update(started_on=clock.today() - dt.timedelta(days=100))
    assert not any(one.key.startswith("experience") for one in shown(client, cast.participant))
    Adoption.objects.filter(pk=adoption.pk).update(started_on=clock.today() - dt.timedelta(days=400))
    Experience.objects.create(
        practice=adoption.practice,
        municipality=cast.hillegom,
        context="C",
        result="R",
        outcome="worked",
        again="yes",
    )
    assert not any(one.key.startswith("experience") for one in shown(client, cast.participant))


def test_the_number_of_queries_does_not_grow_with_what_there_is(client, cast, world):
    client.force_login(cast.participant)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        return len(queries)

    count()
    before = count()
    for at in range(3):
        practice(cast, f"Meer {at}", cast.zandvoort)
        done = practice(cast, f"Gedaan {at}", cast.beverwijk)
        Adoption.objects.create(
            practice=done, municipality=cast.hillegom, state="running", started_on=dt.date(2008, 1, 1)
        )
    assert count() == before
