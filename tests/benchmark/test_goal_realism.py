"""How realistic a goal is for one reader: in which group, what stays hidden, and where it is said."""

import pytest
from django.urls import reverse

from benchmark import asking, goal_realism
from benchmark.charts import realism
from benchmark.models import Dataset, Goal, IndicatorVersion
from people.models import MunicipalityYear
from tests.cast import municipality

from .goal_forms import AIM, form

SIX = (-5.0, -4.0, -4.0, -3.0, -1.0, 2.0)


@pytest.fixture
def peers(cast, figures):
    """Six municipalities of Hillegom's size that began at 12 minutes in 2004; three came down by 4 or more in 2008."""
    made = []
    for at, change in enumerate(SIX):
        place = municipality(f"GM200{at}", f"Gelijk {at}", province="Drenthe")
        MunicipalityYear.objects.create(municipality=place, year=2008, inhabitants=21_000)
        figures.put(place, 2004, 12.0)
        figures.put(place, 2008, 12.0 + change)
        made.append(place)
    return made


def judged(user, goal, **more):
    who = asking.reader(user, municipality_id=goal.municipality_id)
    found = goal_realism.judge(who, goal.indicator, goal, municipality_id=goal.municipality_id, **more)
    return found, realism.sentence(found, goal.indicator)


def test_the_office_counts_the_own_size_class(cast, goal, peers):
    found, said = judged(cast.office, goal)
    # Zandvoort is of the size class too and began at 10: too far
    assert (found.group.key, found.found.n, found.found.achieved, found.found.hidden) == ("size", 6, 3, 0)
    assert said == (
        "Van 6 gemeenten (gemeenten met minder dan 25.000 inwoners) die dicht bij deze waarde begonnen, daalden er 3 "
        "in 4 jaar met minstens 4,0 minuten."
    )


def test_a_member_hears_of_hidden_ones_in_tenths(cast, goal, peers):
    found, said = judged(cast.participant, goal)
    assert (found.found.n, found.found.hidden) == (6, 6)
    assert "ongeveer 5 op de 10" in said
    assert "daalden er 3" not in said


def test_too_few_says_so_and_gives_no_number(cast, goal, peers):
    for one in peers[:2]:
        one.measurements.all().delete()
    found, said = judged(cast.participant, goal)
    assert (found.why, found.found.achieved) == ("too-few", None)
    assert said.startswith("Te weinig vergelijkbare gemeenten om te zeggen hoe haalbaar dit is: minder dan 5")


def test_a_chosen_group_is_looked_at_when_asked(cast, goal, peers):
    found, _said = judged(cast.participant, goal, group="kring")
    assert (found.group.key, found.why) == ("kring", "too-few")
    found, _said = judged(cast.participant, goal, group="all")
    assert (found.group.key, found.found.achieved) == ("all", 3)


def test_where_the_own_size_has_too_few_all_are_looked_at(cast, goal, peers):
    MunicipalityYear.objects.filter(municipality__in=peers).update(inhabitants=90_000)
    found, said = judged(cast.office, goal)
    assert (found.group.key, found.found.achieved) == ("all", 3)
    assert "(alle gemeenten)" in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"baseline_value": None}, "Zonder waarde en jaar aan het begin"),
        ({"target_value": 12.0}, "er is geen verandering om met anderen te vergelijken"),
        ({"baseline_year": 2002}, "over zo veel jaar"),
    ],
)
def test_what_cannot_be_said_is_said(cast, goal, peers, changes, said):
    for name, value in changes.items():
        setattr(goal, name, value)
    assert said in judged(cast.office, goal)[1]


def test_a_break_in_the_series_ends_the_comparison(cast, goal, peers):
    IndicatorVersion.objects.create(indicator=cast.indicator, year_until=2006)
    IndicatorVersion.objects.create(indicator=cast.indicator, year_from=2006)
    found, _said = judged(cast.office, goal)
    assert found.why == "no-span"


def test_open_figures_are_counted_for_everybody(cast, goal, peers):
    Dataset.objects.update(is_public=True)
    Goal.objects.update(visibility="public")
    found, _said = judged(None, goal)
    assert (found.found.achieved, found.found.hidden) == (3, 0)


def test_it_stands_on_the_page_in_the_form_and_in_the_api(client, cast, goal, peers):
    client.force_login(cast.office)
    said = "daalden er 3 in 4 jaar met minstens 4,0 minuten"
    assert said in client.get(goal.get_absolute_url()).content.decode()
    assert said in client.get(reverse("goals:edit", args=[goal.pk])).content.decode()
    told = client.get("/api/v1/goals").json()[0]["realism"]
    assert (told["group"], told["years"], told["n"], told["achieved"], told["share"]) == ("size", 4, 6, 3, 0.5)
    client.force_login(cast.participant)
    told = client.get("/api/v1/goals").json()[0]["realism"]
    assert (told["n"], told["achieved"], told["share"]) == (6, None, 0.5)


def test_looking_how_realistic_it_is_saves_nothing(client, cast, figures, peers):
    client.force_login(cast.participant)
    data = form(baseline_year="2006", preview="1", target_value="8")
    page = client.post(reverse("goals:new"), data).content.decode()
    assert "Hoe haalbaar is dit?" in page
    assert "ongeveer 5 op de 10" in page
    assert 'value="Korter wachten"' in page  # what was filled in stays
    assert not Goal.objects.exists()


def test_looking_while_changing_changes_nothing(client, cast, goal, peers):
    client.force_login(cast.participant)
    data = form(preview="1", title="Anders", baseline_year="2006")
    assert "ongeveer" in client.post(reverse("goals:edit", args=[goal.pk]), data).content.decode()
    goal.refresh_from_db()
    assert goal.title == AIM.title
