"""The year plan of a kring as a page, and the day it picks."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kringen.models import KringMilestone, Milestone

ADDRESS = "/kringen/kring-c/jaarplan/"
D = dt.date


def milestone(cast, title: str, first: dt.date, last: dt.date | None = None, **fields) -> Milestone:
    return Milestone.objects.create(
        cycle=cast.kring_c.cycle, title=title, date_from=first, date_to=last or first, **fields
    )


@pytest.fixture
def plan(cast) -> dict[str, Milestone]:
    return {
        "window": milestone(
            cast, "Kringbijeenkomst 2", D(2009, 6, 22), D(2009, 7, 2), precision="window", kind="meeting"
        ),
        "exact": milestone(cast, "Start", D(2009, 2, 12), kind="meeting", actor="facilitator"),
        "vague": milestone(
            cast, "Conceptrapport", D(2009, 9, 10), D(2009, 9, 20), precision="vague", label="medio september"
        ),
        "deadline": milestone(cast, "Deadline I", D(2009, 3, 27), kind="deadline", actor="participants"),
    }


@pytest.fixture
def facilitator(cast) -> Client:
    client = Client()
    client.force_login(cast.facilitator)
    return client


def test_the_page_in_dutch_with_three_precisions_in_order(cast, plan, client):
    KringMilestone.objects.create(kring=cast.kring_c, milestone=plan["window"], date=D(2009, 6, 25))
    client.force_login(cast.participant)
    response = client.get(ADDRESS)
    assert [(entry.milestone.title, entry.moment, entry.when) for entry in response.context["timeline"].entries] == [
        ("Start", "past", "donderdag 12 februari 2009 (week 7)"),
        ("Deadline I", "next", "vrijdag 27 maart 2009 (week 13)"),
        ("Kringbijeenkomst 2", "later", "donderdag 25 juni 2009 (week 26)"),
        ("Conceptrapport", "later", "medio september 2009"),
    ]
    text = response.content.decode()
    assert "22 juni – 2 juli 2009 (week 26 &amp; 27)" in text
    assert "Kring C: donderdag 25 juni 2009 (week 26)" in text


def test_the_own_day_of_another_kring_does_not_count(cast, plan, client):
    KringMilestone.objects.create(kring=cast.kring_v, milestone=plan["window"], date=D(2009, 6, 23))
    client.force_login(cast.participant)
    assert [entry.own_date for entry in client.get(ADDRESS).context["timeline"].entries] == [None] * 4


def test_the_facilitator_picks_moves_and_leaves_open_a_day(cast, plan, facilitator):
    address = f"{ADDRESS}{plan['window'].pk}/"
    facilitator.post(address, {"date": "2009-06-25"})
    assert KringMilestone.objects.get().date == D(2009, 6, 25)
    facilitator.post(address, {"date": "2009-06-29"})
    assert KringMilestone.objects.get().date == D(2009, 6, 29)
    facilitator.post(address, {"date": ""})
    assert not KringMilestone.objects.exists()


def test_a_day_outside_the_window_warns_and_is_kept(cast, plan, facilitator):
    cast.facilitator.language = "en"
    cast.facilitator.save()
    response = facilitator.post(f"{ADDRESS}{plan['window'].pk}/", {"date": "2009-07-20"}, follow=True)
    assert [(message.level_tag, str(message)) for message in response.context["messages"]] == [
        (
            "warning",
            (
                "Monday 20 July 2009 lies outside the announced period of “Kringbijeenkomst 2”: "
                "22 June – 2 July 2009 (week 26 & 27). The day was kept."
            ),
        )
    ]
    assert KringMilestone.objects.get().date == D(2009, 7, 20)
    assert "outside the announced period" in response.content.decode()


def test_no_day_of_ones_own_where_everybody_has_the_same(plan, facilitator):
    assert facilitator.post(f"{ADDRESS}{plan['exact'].pk}/", {"date": "2009-02-13"}).status_code == 404


def test_a_milestone_of_another_year_is_not_found(cast, facilitator):
    from benchmark.models import Cycle

    other = Cycle.objects.create(slug="2010", name="BPZ 2010", year=2010)
    theirs = Milestone.objects.create(
        cycle=other, title="Later", date_from=D(2010, 6, 1), date_to=D(2010, 6, 9), precision="window"
    )
    assert facilitator.post(f"{ADDRESS}{theirs.pk}/", {"date": "2010-06-02"}).status_code == 404


def test_the_page_costs_the_same_with_one_and_three(cast, client, django_assert_num_queries):
    client.force_login(cast.participant)

    def add(day: int) -> None:
        made = milestone(cast, f"M{day}", D(2009, 4, day), D(2009, 4, day + 5), precision="window")
        KringMilestone.objects.create(kring=cast.kring_c, milestone=made, date=D(2009, 4, day + 1))

    add(1)
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as one:
        client.get(ADDRESS)
    add(2)
    add(3)
    with django_assert_num_queries(len(one)):
        client.get(ADDRESS)
