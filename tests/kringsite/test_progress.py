"""Progress in counts, for the steering group, the office and facilitators."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmark.goal_progress import Standing
from benchmark.models import Dataset, Goal, Indicator, Measurement
from kringen.models import Intake, Membership
from tests.cast import kring, municipality

ADDRESS = "/voortgang/"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def get(user):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.get(ADDRESS)


@pytest.fixture
def figures(cast):
    Indicator.objects.update(is_core=True)
    other = Indicator.objects.create(
        code="tel_wachttijd", name="Wachttijd telefoon", unit="s", direction="down", area=cast.area, is_core=True
    )
    extra = Indicator.objects.create(code="extra", name="Extra", unit="x", direction="up", area=cast.area)
    dataset = Dataset.objects.create(slug="eigen", name="Eigen", source="Eigen opgave")

    def value(indicator, place, number, year=2009, **fields):
        Measurement.objects.create(
            indicator=indicator, municipality=place, year=year, value=number, dataset=dataset, **fields
        )

    value(cast.indicator, cast.hillegom, 77.7)
    value(other, cast.hillegom, 33.3, report="kwartaal")
    value(other, cast.hillegom, 34.4, report="jaar")
    value(cast.indicator, cast.zandvoort, None, reason="not-delivered")
    value(other, cast.zandvoort, 55.5)
    value(extra, cast.zandvoort, 1.0)
    value(cast.indicator, cast.beverwijk, 66.6, year=2008)


def test_counts_by_kring(cast, figures):
    Intake.objects.create(
        kring=cast.kring_c, municipality=cast.hillegom, tested_phase=2, submitted_on=dt.date(2009, 2, 5)
    )
    Intake.objects.create(kring=cast.kring_c, municipality=cast.zandvoort)
    Goal.objects.create(
        municipality=cast.hillegom,
        indicator=cast.indicator,
        title="Korter",
        target_value=10,
        target_date=dt.date(2009, 12, 31),
        visibility=Goal.Visibility.OWN,
    )
    [line_c, line_v] = get(cast.steering).context["lines"]
    assert (line_c.kring, line_c.members, line_c.intakes, line_c.delivered, line_c.asked) == (cast.kring_c, 3, 1, 3, 6)
    assert line_c.share == 50.0
    assert line_c.next_meeting == cast.meeting
    assert sum(line_c.goals.values()) == 1
    assert set(line_c.goals) == set(Standing)
    assert (line_v.kring, line_v.members, line_v.delivered, line_v.next_meeting) == (cast.kring_v, 1, 0, None)


def test_no_figure_and_no_municipality_stands_on_the_page(cast, figures):
    Goal.objects.create(
        municipality=cast.hillegom,
        indicator=cast.indicator,
        title="Geheim doel",
        target_value=10,
        target_date=dt.date(2009, 12, 31),
        visibility=Goal.Visibility.OWN,
    )
    text = get(cast.steering).content.decode()
    for words in ("Hillegom", "Zandvoort", "Geheim doel", "77,7", "33,3", "55,5", "77.7"):
        assert words not in text
    assert "50% (3 van 6)" in text or "50% (3 of 6)" in text


def test_a_municipality_that_left_does_not_count(cast, figures):
    Membership.objects.filter(municipality=cast.zandvoort).update(until=dt.date(2009, 3, 1))
    line = get(cast.office).context["lines"][0]
    assert (line.members, line.delivered, line.asked) == (2, 2, 4)


def test_nothing_asked_is_not_nought_per_cent(cast):
    cast.facilitator.language = "en"
    cast.facilitator.save()
    response = get(cast.facilitator)
    assert response.context["lines"][0].share is None
    assert "nothing is asked yet" in response.content.decode()


def test_who_may_see_it(cast):
    answers = {name: get(user).status_code for name, user in cast.everyone().items()}
    assert answers == {
        "public": 302,
        "participant": 404,
        "facilitator": 200,
        "editor": 404,
        "validator": 404,
        "office": 200,
        "steering": 200,
        "admin": 200,
        "stranger": 404,
        "deactivated": 302,
    }


def test_a_facilitator_sees_the_own_kring_only(cast):
    assert [line.kring for line in get(cast.facilitator).context["lines"]] == [cast.kring_c]


def test_it_is_for_reading(cast):
    client = Client()
    client.force_login(cast.steering)
    assert client.post(ADDRESS).status_code == 405
    client.force_login(cast.stranger)
    assert client.post(ADDRESS).status_code == 404


def test_it_costs_the_same_with_one_and_three_kringen(cast, figures, django_assert_num_queries):
    client = Client()
    client.force_login(cast.office)

    def add(number: int) -> None:
        place = municipality(f"GM9{number:03}", f"Plaats {number}")
        made = kring(f"kring-{number}", f"Kring {number}", cast.kring_c.cycle, [place])
        Intake.objects.create(kring=made, municipality=place, tested_phase=1)
        Goal.objects.create(
            municipality=place,
            indicator=cast.indicator,
            title="Doel",
            target_value=1,
            target_date=dt.date(2009, 12, 31),
        )

    add(1)
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as one:
        client.get(ADDRESS)
    cost = len(one)
    add(2)
    add(3)
    client.get(ADDRESS)
    with django_assert_num_queries(cost):
        client.get(ADDRESS)
