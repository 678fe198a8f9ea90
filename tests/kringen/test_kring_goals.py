"""The improvement agenda of a kring: what members share, for whom, and as a table to take away."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from benchmark import goals
from benchmark.goals import Aim
from benchmark.models import DataRevision, Dataset, Goal, Measurement

WHEN = dt.date(2010, 12, 31)


@pytest.fixture
def shared(cast):
    """Goals of two members, of which Zandvoort's is reached, one of Hillegom for itself and one of another kring."""
    dataset = Dataset.objects.create(slug="bpz", name="BPZ", source="BPZ")
    for place, value in ((cast.hillegom, 12.0), (cast.zandvoort, 7.0)):
        Measurement.objects.create(
            indicator=cast.indicator, municipality=place, year=2008, value=value, dataset=dataset
        )
    DataRevision.locked().raise_by_one()

    def made(by, where, title, visibility):
        aim = Aim(title, 8.0, WHEN, baseline_value=13.0, baseline_year=2006, visibility=visibility)
        return goals.create_goal(by=by, municipality=where, indicator=cast.indicator, aim=aim)

    made(cast.participant, cast.hillegom, "=Korter", "kring")
    made(cast.participant, cast.hillegom, "Geheim", "own")
    made(cast.colleague, cast.zandvoort, "Vlotter", "public")
    made(cast.stranger, cast.delft, "Elders", "public")


def address(cast):
    return reverse("kringen:goals", args=[cast.kring_c.slug])


@pytest.mark.parametrize("who", ["participant", "colleague", "facilitator", "office"])
def test_members_see_what_is_shared_and_no_more(client, cast, shared, who):
    client.force_login(getattr(cast, who))
    page = client.get(address(cast))
    found = [one.goal.title for group in page.context["groups"] for one in group["found"]]
    assert found == ["=Korter", "Vlotter"]
    html = page.content.decode()
    assert "Geheim" not in html  # not even for its own people: this page is shown on a screen
    assert "Elders" not in html
    assert "Gehaald, goed gedaan:" in html
    assert [goal.title for goal in page.context["reached"]] == ["Vlotter"]
    assert [place.name for place in page.context["without"]] == ["Beverwijk"]


@pytest.mark.parametrize("who", ["stranger", "editor", "validator", "steering"])
def test_for_others_it_does_not_exist(client, cast, shared, who):
    client.force_login(getattr(cast, who))
    for asked in ({}, {"format": "csv"}, {"format": "xlsx"}):
        assert client.get(address(cast), asked).status_code == 404


def test_the_filters_keep_what_was_asked_for(client, cast, shared):
    client.force_login(cast.participant)
    for asked, titles in (
        ({"municipality": "GM0473"}, ["Vlotter"]),
        ({"standing": "behind"}, ["=Korter"]),
        ({"standing": "reached"}, ["Vlotter"]),
        ({"mine": "on"}, ["=Korter"]),
        ({"indicator": "wac_balie_gem"}, ["=Korter", "Vlotter"]),
        ({"municipality": "GM0503"}, ["=Korter", "Vlotter"]),  # Delft is no member: as if nothing was asked
    ):
        page = client.get(address(cast), asked)
        assert [one.goal.title for group in page.context["groups"] for one in group["found"]] == titles, asked


def test_the_tables_hold_what_is_shown_and_no_formula(client, cast, shared):
    client.force_login(cast.participant)
    answer = client.get(address(cast), {"format": "csv", "standing": "behind"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[:4] for line in lines[1:]] == [
        ["Hillegom", "Gemiddelde wachttijd balie zonder afspraak", "'=Korter", "13.0"]
    ]
    assert "verbeteragenda-kring-c-2009-03-05.csv" in answer["Content-Disposition"]
    answer = client.get(address(cast), {"format": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[2] for row in rows[1:]] == ["=Korter", "Vlotter"]
    assert sheet["C2"].data_type == "s"
    assert rows[2][5:10] == (8, "2010-12-31", "gehaald", 7, 2008)


def test_one_goal_costs_as_much_as_three(client, cast, shared):
    client.force_login(cast.participant)

    def cost():
        client.get(address(cast))
        with CaptureQueriesContext(connection) as seen:
            client.get(address(cast))
        return len(seen)

    Goal.objects.exclude(title="Vlotter").update(withdrawn_on=WHEN)
    one = cost()
    Goal.objects.update(withdrawn_on=None, visibility="kring")
    assert cost() == one


def test_the_page_of_the_kring_leads_there(client, cast):
    page = reverse("kringen:kring", args=[cast.kring_c.slug])
    client.force_login(cast.participant)
    assert f'href="{address(cast)}"' in client.get(page).content.decode()
    client.force_login(cast.steering)
    assert f'href="{address(cast)}"' not in client.get(page).content.decode()
