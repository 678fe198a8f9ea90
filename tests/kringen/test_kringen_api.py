"""Meetings and promises through the API: the same visibility as the pages."""

import datetime as dt

import pytest
from ninja import NinjaAPI
from ninja.testing import TestClient

from kringen.api import router
from kringen.models import Action


@pytest.fixture(scope="module")
def api() -> TestClient:
    own = NinjaAPI(urls_namespace="kringen-alone")
    own.add_router("", router)
    return TestClient(own)


def test_meetings(cast, api):
    assert api.get("/meetings", user=cast.participant).json() == [
        {
            "kring": {"slug": "kring-c", "name": "Kring C"},
            "number": 1,
            "title": "Kringbijeenkomst 1",
            "theme": "",
            "date": "2009-06-25",
            "startsAt": "13:00",
            "endsAt": None,
            "place": "",
            "state": "planned",
            "url": api.get("/meetings", user=cast.participant).json()[0]["url"],
        }
    ]


def test_actions(cast, api):
    action = Action.objects.create(
        kring=cast.kring_c, text="Normen delen", owner=cast.colleague, due_on=dt.date(2009, 3, 1)
    )
    assert api.get("/actions", user=cast.participant).json() == [
        {
            "id": action.pk,
            "kring": {"slug": "kring-c", "name": "Kring C"},
            "text": "Normen delen",
            "owner": {"id": cast.colleague.pk, "name": "Deelnemer", "municipality": "Zandvoort"},
            "dueOn": "2009-03-01",
            "state": "open",
            "overdue": True,
        }
    ]


def test_strangers_see_nothing_of_kring_c(cast, api):
    Action.objects.create(kring=cast.kring_c, text="Normen delen", owner=cast.colleague)
    for who in ("stranger", "editor", "validator", "deactivated"):
        for address in ("/meetings", "/actions"):
            assert api.get(address, user=getattr(cast, who)).json() == [], (who, address)


def test_the_lists_cost_the_same_with_one_and_three(cast, api, django_assert_num_queries):
    def add(number: int) -> None:
        cast.kring_c.meetings.create(number=number, title="x", date=dt.date(2009, 7, 1))
        cast.kring_c.actions.create(text="x", owner=cast.colleague)

    add(2)
    for address in ("/meetings", "/actions"):
        api.get(address, user=cast.participant)
        with django_assert_num_queries(1):
            api.get(address, user=cast.participant)
    add(3)
    add(4)
    for address in ("/meetings", "/actions"):
        with django_assert_num_queries(1):
            api.get(address, user=cast.participant)
