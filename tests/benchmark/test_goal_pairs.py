"""Two goals beside each other, worked out by hand; and who may put which beside which."""

from dataclasses import replace

import pytest
from django.urls import reverse

from benchmark import goal_pairs, goals
from benchmark.goal_pairs import Scale
from benchmark.models import Area, Goal, Indicator

from .goal_forms import AIM, text

FIGURES = [(2005, 14.0), (2006, 12.0), (2007, None), (2008, 11.0), (2009, 9.0)]


def test_each_goes_from_nothing_to_a_hundred():
    # 12 in 2006 to 8 in 2010; 11 is a quarter of the way, 9 three quarters
    walk = goal_pairs.walk(AIM, figures=FIGURES)
    assert walk.points == ((0, 0.0), (2, 25.0), (3, 75.0))
    assert walk.planned == ((0, 0.0), (1, 25.0), (2, 50.0), (3, 75.0), (4, 100.0))


def test_the_direction_and_the_unit_do_not_matter():
    up = replace(AIM, baseline_value=100.0, target_value=300.0)
    assert goal_pairs.walk(up, figures=[(2008, 150.0), (2009, 80.0)]).points == ((0, 0.0), (2, 25.0), (3, -10.0))


def test_targets_on_the_way_bend_the_path():
    assert goal_pairs.walk(AIM, figures=[], steps=[(2008, 11.0)]).planned[:3] == ((0, 0.0), (1, 12.5), (2, 25.0))


def test_in_their_own_unit_the_years_stay():
    walk = goal_pairs.walk(AIM, figures=FIGURES, scale=Scale.UNITS)
    assert walk.points == ((2006, 12.0), (2008, 11.0), (2009, 9.0))
    assert (walk.at(2008), walk.plan(2008), walk.at(2007), walk.plan(2011)) == (11.0, 10.0, None, None)


@pytest.mark.parametrize("changes", [{"baseline_value": None}, {"baseline_year": None}, {"target_value": 12.0}])
def test_without_a_way_there_is_nothing_to_walk(changes):
    assert goal_pairs.can_walk(AIM)
    assert not goal_pairs.can_walk(replace(AIM, **changes))


def test_the_last_year_of_both():
    one = goal_pairs.walk(AIM, figures=FIGURES)
    other = goal_pairs.walk(AIM, figures=[(2007, 11.0), (2008, 10.0)])
    assert goal_pairs.last_common(one, other) == 2
    assert goal_pairs.last_common(one, goal_pairs.walk(AIM, figures=[(2007, 1.0)])) is None


# ---- the page ---------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(cast, goal, figures):
    """Hillegom from 12 (2006) to 8 (2010), where nothing changed; Zandvoort from 11 (2006) to 9, half way in 2008."""
    aim = replace(AIM, title="Ook korter", baseline_value=11.0, target_value=9.0)
    other = goals.create_goal(by=cast.colleague, municipality=cast.zandvoort, indicator=cast.indicator, aim=aim)
    return goal, other


def look(client, one, other, **more):
    return client.get(reverse("goals:compare"), {"goal": one, "beside": other, **more})


def test_who_is_further_after_as_many_years(client, cast, pair):
    client.force_login(cast.participant)
    page = look(client, pair[1].pk, pair[0].pk)
    html = page.content.decode()
    assert page.context["chart"].sentence == (
        "Hillegom (“Korter wachten”, naar 8,0 minuten) legde in 2 jaar 0 % van de weg af; volgens de lijn naar het doel "
        "zou het 50 % zijn. Zandvoort (“Ook korter”, naar 9,0 minuten) legde in 2 jaar 50 % van de weg af; volgens de "
        "lijn naar het doel zou het 50 % zijn. Na 2 jaar had Zandvoort meer van de eigen weg afgelegd."
    )
    rows = {row[0].value: [cell.value for cell in row[1:]] for row in page.context["chart"].table.rows}
    assert rows == {
        0: [0.0, 0.0, 0.0, 0.0],
        1: [0.0, 25.0, 50.0, 25.0],
        2: [0.0, 50.0, 50.0, 50.0],
        3: [None, 75.0, None, 75.0],
        4: [None, 100.0, None, 100.0],
    }
    assert "k-svg__line--own" in html
    assert "voorbeeldgegevens" in html


def test_in_their_own_unit(client, cast, pair):
    client.force_login(cast.participant)
    page = look(client, pair[0].pk, pair[1].pk, scale="units")
    assert "Zandvoort (“Ook korter”, naar 9,0 minuten) zat in 2008 op 10,0 minuten" in page.context["chart"].sentence
    assert [row[0].value for row in page.context["chart"].table.rows] == [2006, 2007, 2008, 2009, 2010]


def test_two_indicators_only_go_from_their_start(client, cast, goal, figures):
    other = Indicator.objects.create(
        code="ander", name="Ander", unit="%", direction="up", area=Area.objects.get(slug="wachttijden")
    )
    beside = goals.create_goal(by=cast.colleague, municipality=cast.zandvoort, indicator=other, aim=AIM)
    client.force_login(cast.participant)
    page = look(client, goal.pk, beside.pk, scale="units")
    assert page.context["scale"] == "way"
    assert "is na het begin geen cijfer te zien" in page.context["chart"].sentence


@pytest.mark.parametrize("who", ["stranger", "editor", None])
def test_what_is_not_shared_cannot_be_put_beside_anything(client, cast, pair, who):
    Goal.objects.filter(pk=pair[0].pk).update(visibility="public")
    if who:
        client.force_login(getattr(cast, who))
    answer = look(client, pair[0].pk, pair[1].pk)
    assert answer.status_code == 404
    assert "is niet met u gedeeld" in text(answer.content.decode())
    assert "Ook korter" not in answer.content.decode()
    api = client.get("/api/v1/charts/goal-pair", {"goal": pair[0].pk, "beside": pair[1].pk})
    assert (api.status_code, "Zandvoort" in api.content.decode()) == (404, False)


@pytest.mark.parametrize(("one", "other"), [("x", "1"), ("", "9" * 30), ("-1", "²")])
def test_nonsense_is_answered_in_a_sentence(client, cast, pair, one, other):
    client.force_login(cast.participant)
    assert look(client, one, other).status_code in {200, 404}
    assert client.get("/api/v1/charts/goal-pair", {"goal": one, "beside": other}).status_code == 404


def test_the_same_goal_and_one_that_is_there_or_not_are_refused(client, cast, pair):
    client.force_login(cast.participant)
    assert "twee keer hetzelfde doel" in look(client, pair[0].pk, pair[0].pk).content.decode()
    Goal.objects.filter(pk=pair[1].pk).update(kind="deliverable")
    assert "heeft geen lijn" in look(client, pair[0].pk, pair[1].pk).content.decode()


def test_the_public_learns_no_figure_of_public_goals(client, cast, pair):
    Goal.objects.update(visibility="public")
    page = look(client, pair[0].pk, pair[1].pk)
    assert "is na het begin geen cijfer te zien" in page.context["chart"].sentence
    assert "50 % van de weg" not in page.content.decode()


def test_the_api_gives_the_same_chart_and_its_downloads(client, cast, pair):
    client.force_login(cast.participant)
    asked = {"goal": pair[0].pk, "beside": pair[1].pk}
    told = client.get("/api/v1/charts/goal-pair", asked).json()
    own = next(trace for trace in told["figure"]["data"] if trace["meta"]["role"] == "own")
    assert (own["name"], own["x"], own["y"]) == ("Hillegom", [0, 1, 2], [0.0, 0.0, 0.0])
    assert client.get("/api/v1/charts/goal-pair", {**asked, "format": "xlsx"}).content[:2] == b"PK"
