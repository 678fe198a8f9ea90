"""Progress in counts, for the steering group, the office and facilitators."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from benchmark.goal_progress import Standing
from benchmark.models import Dataset, Goal, Indicator, Measurement
from kringen.circle import progress
from kringen.models import Intake, Meeting, Membership, ProgressNote
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
    [line_c, line_v] = [row["line"] for row in get(cast.steering).context["lines"]]
    counts = line_c.counts
    assert (line_c.kring, counts.members, counts.intakes, counts.delivered, counts.asked) == (cast.kring_c, 3, 1, 3, 6)
    assert line_c.share == 50.0
    assert line_c.next_meeting == cast.meeting
    assert sum(line_c.goals_by_standing.values()) == 1
    assert set(line_c.goals_by_standing) == set(Standing)
    assert (line_v.kring, line_v.counts.members, line_v.counts.delivered, line_v.next_meeting) == (
        cast.kring_v,
        1,
        0,
        None,
    )


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
    counts = get(cast.office).context["lines"][0]["line"].counts
    assert (counts.members, counts.delivered, counts.asked) == (2, 2, 4)


def test_nothing_asked_is_not_nought_per_cent(cast):
    cast.facilitator.language = "en"
    cast.facilitator.save()
    response = get(cast.facilitator)
    assert response.context["lines"][0]["line"].share is None
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
    assert [row["line"].kring for row in get(cast.facilitator).context["lines"]] == [cast.kring_c]


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


def page(user, path: str, **data):
    client = Client()
    client.force_login(user)
    return client.post(ADDRESS + path, data) if data else client.get(ADDRESS + path)


def test_as_a_table_to_take_away(cast, figures):
    cast.kring_v.name = "=1+1"
    cast.kring_v.save()
    cast.steering.language = "en"
    cast.steering.save()
    response = page(cast.steering, "?format=csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    head, first, second = response.content.decode("utf-8-sig").splitlines()
    assert head.split(";")[:6] == ["Kring", "Year", "Stage", "Municipalities", "Intakes", "Core figures delivered"]
    rows = {line.split(";")[0]: dict(zip(head.split(";"), line.split(";"), strict=True)) for line in (first, second)}
    assert set(rows) == {"Kring C", "'=1+1"}
    row = rows["Kring C"]
    assert (row["Year"], row["Stage"], row["Municipalities"]) == ("2009", "Collect", "3")
    assert (row["Core figures delivered"], row["Core figures asked"], row["Meetings planned"]) == ("3", "6", "1")


def test_as_a_tagged_pdf_of_one_page(cast, figures):
    response = page(cast.steering, "?format=pdf")
    assert response["Content-Type"] == "application/pdf"
    made = PdfReader(io.BytesIO(response.content))
    assert len(made.pages) == 1
    catalogue = made.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] == True  # noqa: E712 — pypdf's own boolean
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/Lang"] == "nl"
    assert b"pdfuaid" in catalogue["/Metadata"].get_data()
    assert "Kring C 2009" in " ".join(made.pages[0].extract_text().split())


def test_forty_kringen_stand_on_one_page(cast):
    for number in range(38):
        kring(f"kring-{number}", f"Kring {number}", cast.kring_c.cycle, [cast.hillegom])
    made = PdfReader(io.BytesIO(page(cast.steering, "?format=pdf").content))
    assert len(made.pages) == 1
    text = " ".join(made.pages[0].extract_text().split())
    assert "Kring 37 2009" in text


def test_every_number_opens_its_list(cast, figures):
    Intake.objects.create(kring=cast.kring_c, municipality=cast.hillegom, submitted_on=dt.date(2009, 2, 5))
    Goal.objects.create(
        municipality=cast.hillegom,
        indicator=cast.indicator,
        title="Geheim doel van 10 minuten",
        target_value=10,
        target_date=dt.date(2009, 12, 31),
        visibility=Goal.Visibility.OWN,
    )
    cast.kring_c.actions.create(text="Normen opsturen", owner=cast.participant, due_on=dt.date(2009, 3, 4))
    counts = page(cast.steering, "").context["lines"][0]["line"].counts
    numbers = {
        what: page(cast.steering, f"kring-c/{what}/").context["number"]
        for what in ("intakes", "figures", "meetings", "goals", "actions", "adoptions", "experiences")
    }
    assert numbers == {
        "intakes": counts.intakes,
        "figures": counts.delivered,
        "meetings": counts.meetings_held + counts.meetings_planned,
        "goals": counts.reached + counts.on_track + counts.behind + counts.unknown,
        "actions": counts.actions_open + counts.actions_done,
        "adoptions": counts.adoptions,
        "experiences": counts.experiences,
    }
    assert (counts.intakes, counts.delivered, counts.actions_overdue) == (1, 3, 1)
    figures_page = page(cast.steering, "kring-c/figures/").content.decode()
    for value in ("77,7", "77.7", "33,3", "55,5"):
        assert value not in figures_page
    goals_page = page(cast.steering, "kring-c/goals/").content.decode()
    assert "Hillegom" in goals_page
    assert "Geheim doel" not in goals_page
    assert page(cast.steering, "kring-c/geheim/").status_code == 404


@pytest.mark.parametrize("path", ["kring-c/", "kring-c/goals/", "kring-c/actions/"])
def test_who_may_see_one_kring(cast, path):
    answers = {name: page(user, path).status_code for name, user in cast.everyone().items() if user is not None}
    assert answers == {
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
    other = path.replace("kring-c", "kring-v")
    assert page(cast.facilitator, other).status_code == 404


def test_a_note_is_kept_once_and_only_by_who_may(cast):
    cast.steering.language = "en"
    cast.steering.save()
    form = {"text": "Loopt goed; let op de intakes.", "submission": "8c0c5f0a-6a9b-4d8c-9b8f-3b1f0f6f1a11"}
    page(cast.steering, "kring-c/", **form)
    page(cast.steering, "kring-c/", **form)
    assert list(ProgressNote.objects.values_list("text", "author")) == [(form["text"], cast.steering.pk)]
    assert "Loopt goed" in page(cast.facilitator, "kring-c/").content.decode()
    assert page(cast.facilitator, "kring-c/", **form).status_code == 404
    empty = page(cast.steering, "kring-c/", text="  ")
    assert empty.status_code == 400
    assert "There is no text yet. Write the note and save it again." in empty.content.decode()
    long = page(cast.steering, "kring-c/", text="a" * 2001)
    assert long.status_code == 400
    assert ProgressNote.objects.count() == 1


def test_the_days_that_were_kept_are_the_history(cast, figures):
    assert progress.take_snapshots(on=dt.date(2009, 2, 1)) == 2
    Intake.objects.create(kring=cast.kring_c, municipality=cast.hillegom, submitted_on=dt.date(2009, 2, 5))
    progress.take_snapshots(on=dt.date(2009, 3, 1))
    progress.take_snapshots(on=dt.date(2009, 3, 1))
    history = page(cast.steering, "kring-c/").context["history"]
    assert [(each.date, each.counts["intakes"], each.counts["delivered"]) for each in history] == [
        (dt.date(2009, 2, 1), 0, 3),
        (dt.date(2009, 3, 1), 1, 3),
    ]


def test_what_was_promised_at_a_meeting_for_some_is_not_counted_for_all(cast):
    closed = Meeting.objects.create(
        kring=cast.kring_c, number=2, title="Stuurgroep", kind="steering", date=dt.date(2009, 4, 2)
    )
    cast.kring_c.actions.create(text="Stil", meeting=closed)
    line = page(cast.steering, "").context["lines"][0]["line"]
    assert (line.counts.actions_open, line.counts.meetings_planned) == (0, 1)
