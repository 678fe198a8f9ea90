"""Goals that begin elsewhere: with the goal of last year, and with a norm that is not met."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmark import goals
from benchmark.goals import Aim
from benchmark.models import Goal, Norm

from .goal_forms import form

OLD = Aim(
    title="Korter wachten",
    why="Wij willen vlotter zijn.",
    target_value=12.0,
    target_date=dt.date(2008, 12, 31),
    baseline_value=14.0,
    baseline_year=2005,
    learning_goal="Hoe anderen het doen",
)


@pytest.fixture
def old(cast, figures):
    """A goal of Hillegom that was reached in 2008."""
    return goals.create_goal(by=cast.participant, municipality=cast.hillegom, indicator=cast.indicator, aim=OLD)


def test_last_year_shows_what_came_of_it_and_offers_to_go_on(client, cast, old, goal):
    client.force_login(cast.participant)
    page = client.get(reverse("goals:last-year"))
    assert [one.goal for one in page.context["found"]] == [old]  # the other one runs until 2010
    html = page.content.decode()
    assert "het doel is gehaald" in html
    assert f'href="/doelen/nieuw/?follows={old.pk}"' in html


def test_made_again_it_begins_with_the_latest_figure_and_keeps_its_link(client, cast, old):
    client.force_login(cast.participant)
    page = client.get(reverse("goals:new"), {"follows": old.pk})
    start = page.context["form"].initial
    assert (start["title"], start["baseline_year"], start["baseline_value"]) == ("Korter wachten", 2008, 12.0)
    assert (start["target_date"], start["target_value"]) == (dt.date(2010, 12, 31), None)  # 12 is reached already
    assert (start["why"], start["learning_goal"]) == (OLD.why, OLD.learning_goal)
    assert f'name="follows" value="{old.pk}"' in page.content.decode()
    client.post(reverse("goals:new"), form(follows=old.pk))
    made = Goal.objects.exclude(pk=old.pk).get()
    assert made.follows == old
    assert "Gaat verder op" in client.get(made.get_absolute_url()).content.decode()
    assert "Ging verder als" in client.get(old.get_absolute_url()).content.decode()
    assert client.get(reverse("goals:last-year")).context["found"] == []
    assert [one.goal for one in goals.for_home(cast.participant)] == [made]


def test_what_was_not_reached_keeps_its_target(client, cast, old):
    Goal.objects.update(standing="behind", target_date=dt.date(2008, 2, 29))
    client.force_login(cast.participant)
    start = client.get(reverse("goals:new"), {"follows": old.pk}).context["form"].initial
    assert (start["target_value"], start["target_date"]) == (12.0, dt.date(2010, 2, 28))


@pytest.mark.parametrize("who", ["colleague", "editor", "stranger"])
def test_nobody_goes_on_from_the_goal_of_another(client, cast, old, who):
    Goal.objects.update(visibility="public")
    client.force_login(getattr(cast, who))
    assert client.get(reverse("goals:new"), {"follows": old.pk}).status_code == 404
    assert client.post(reverse("goals:new"), form(follows=old.pk)).status_code == 404
    assert Goal.objects.count() == 1
    assert "Korter wachten" not in client.get(reverse("goals:last-year")).content.decode()


def test_the_office_cannot_let_another_municipality_go_on(client, cast, old):
    client.force_login(cast.office)
    data = form(follows=old.pk, municipality=cast.zandvoort.pk)
    assert client.post(reverse("goals:new"), data).status_code == 404
    assert client.post(reverse("goals:new"), form(follows=old.pk, municipality=cast.hillegom.pk)).status_code == 302
    assert Goal.objects.filter(follows=old).get().municipality == cast.hillegom


@pytest.mark.parametrize("follows", ["x", "9" * 30, "²"])
def test_nonsense_is_no_goal(client, cast, old, follows):
    client.force_login(cast.participant)
    assert client.get(reverse("goals:new"), {"follows": follows}).status_code == 404


def test_last_year_costs_the_same_for_one_and_three(client, cast, old):
    client.force_login(cast.participant)

    def cost():
        client.get(reverse("goals:last-year"))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("goals:last-year"))
        return len(seen)

    one = cost()
    for _more in range(2):
        goals.create_goal(by=cast.participant, municipality=cast.hillegom, indicator=cast.indicator, aim=OLD)
    assert cost() == one


# ---- a norm that is not met -----------------------------------------------------------------------------------------


def test_a_norm_that_is_not_met_can_become_a_goal(client, cast, figures):
    held = Norm.objects.create(indicator=cast.indicator, source="vng", bound="max", value=10.0, note="Tien minuten.")
    met = Norm.objects.create(indicator=cast.indicator, source="law", bound="max", value=12.0)
    over = Norm.objects.create(indicator=cast.indicator, source="vng", bound="max", value=5.0, year_until=2007)
    coming = Norm.objects.create(indicator=cast.indicator, source="vng", bound="max", value=9.0, year_from=2011)
    client.force_login(cast.participant)
    page = client.get("/benchmark/indicatoren/wac_balie_gem/").content.decode()
    offered = {norm: f'norm={norm.pk}"' in page for norm in (held, met, over, coming)}
    assert offered == {held: True, met: False, over: False, coming: True}
    start = client.get(reverse("goals:new"), {"indicator": "wac_balie_gem", "norm": held.pk}).context["form"].initial
    assert (start["kind"], start["norm"], start["target_value"]) == ("norm", held.pk, 10.0)
    assert start["title"] == "Wij voldoen aan de norm: Tien minuten"


def test_the_figures_of_another_municipality_offer_no_goal(client, cast, figures):
    Norm.objects.create(indicator=cast.indicator, source="vng", bound="max", value=10.0)
    client.force_login(cast.participant)
    page = client.get("/benchmark/indicatoren/wac_balie_gem/", {"municipality": "GM0375"}).content.decode()
    assert "20,0" in page
    assert "norm=" not in page


def test_a_chart_can_become_a_goal_for_who_may_set_one(client, cast, figures):
    from .test_goal_pages import render

    source = "{% chart_card 'wac_balie_gem' group='kring' %}"
    offer = "/doelen/nieuw/?indicator=wac_balie_gem"
    assert offer in render(source, cast.participant)
    assert offer not in render(source, cast.steering)
    assert offer not in render("{% chart_card 'wac_balie_gem' public=True %}", cast.participant)
