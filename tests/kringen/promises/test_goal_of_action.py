"""A goal that is made of a promise is what the promise became."""

import uuid

import pytest
from django.urls import reverse

from benchmark.models import Goal
from kringen.models import Action
from kringen.promises import becoming


@pytest.fixture
def promise(cast):
    """A promise of Hillegom's participant."""
    return Action.objects.create(
        kring=cast.kring_c, text="Korter wachten", owner=cast.participant, municipality=cast.hillegom
    )


def form(promise):
    return {
        "indicator": "wac_balie_gem",
        "from": f"action:{promise.pk}",
        "title": "Korter wachten",
        "confirm_unknown": "on",
        "target_value": "8",
        "target_date": "2010-12-31",
        "visibility": "kring",
        "submission": str(uuid.uuid4()),
    }


def test_the_page_of_the_promise_leads_through_the_choice_to_the_form(client, cast, promise):
    client.force_login(cast.participant)
    address = dict(becoming.forms_for(promise, cast.participant))["Maak er een doel van"]
    pick = client.get(address).content.decode()
    assert f'name="from" value="action:{promise.pk}"' in pick
    page = client.get(f"{address}&indicator=wac_balie_gem").content.decode()
    assert f'name="from" value="action:{promise.pk}"' in page
    assert 'value="Korter wachten"' in page


def test_the_goal_is_what_the_promise_became(client, cast, promise):
    client.force_login(cast.participant)
    client.post(reverse("goals:new"), form(promise))
    promise.refresh_from_db()
    assert promise.goal == Goal.objects.get()
    assert "actie: Korter wachten (open)" in client.get(promise.goal.get_absolute_url()).content.decode()


@pytest.mark.parametrize("who", ["colleague", "editor", "stranger"])
def test_nobody_ties_a_goal_to_the_promise_of_another(client, cast, promise, who):
    client.force_login(getattr(cast, who))
    assert client.post(reverse("goals:new"), form(promise)).status_code == 302
    promise.refresh_from_db()
    assert Goal.objects.count() == 1
    assert promise.goal is None


@pytest.mark.parametrize("origin", ["action:x", "action:²", "action:" + "9" * 30, "kring:1", "", ":"])
def test_what_names_nothing_is_no_origin(client, cast, promise, origin):
    client.force_login(cast.participant)
    assert client.post(reverse("goals:new"), form(promise) | {"from": origin}).status_code == 302
    promise.refresh_from_db()
    assert promise.goal is None
