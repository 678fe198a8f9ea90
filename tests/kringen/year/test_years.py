"""Benchmark years: cloned, changed, brought along; for the office."""

import datetime as dt

import pytest
from django.test import Client

from benchmark.models import Cycle
from kringen.models import Kring, KringMilestone, Membership, Milestone
from kringen.year import years

pytestmark = pytest.mark.usefixtures("english")
D = dt.date


@pytest.fixture
def office(cast) -> Client:
    cast.office.language = "en"
    cast.office.save()
    client = Client()
    client.force_login(cast.office)
    return client


@pytest.fixture
def plan(cast) -> list[Milestone]:
    rows = [
        ("Start", D(2009, 2, 12), D(2009, 2, 12), "exact", ""),
        ("Kringbijeenkomst 2", D(2009, 6, 22), D(2009, 7, 2), "window", ""),
        ("Conceptrapport", D(2009, 9, 15), D(2009, 9, 15), "vague", "medio sept."),
    ]
    return [
        Milestone.objects.create(
            cycle=cast.kring_c.cycle, title=title, date_from=first, date_to=last, precision=precision, label=label
        )
        for title, first, last, precision, label in rows
    ]


@pytest.mark.parametrize(
    ("day", "on", "expected"),
    [
        (D(2009, 2, 12), 1, D(2010, 2, 11)),  # both Thursday of week 6 or 7
        (D(2009, 6, 25), 1, D(2010, 6, 24)),
        (D(2010, 6, 24), -1, D(2009, 6, 25)),
        (D(2008, 2, 29), 1, D(2009, 2, 27)),
        (D(2009, 6, 25), 6, D(2015, 6, 25)),
    ],
)
def test_a_day_keeps_its_weekday_and_nearly_its_week(day, on, expected):
    moved = years.shifted(day, on)
    assert moved == expected
    assert moved.weekday() == day.weekday()


def test_a_clone_has_the_milestones_on_the_same_weekdays(cast, plan):
    KringMilestone.objects.create(kring=cast.kring_c, milestone=plan[1], date=D(2009, 6, 25))
    made = years.clone(cycle=cast.kring_c.cycle, year=2010, with_kringen=False)
    assert (made.name, made.slug, made.state) == ("BPZ 2010", "2010", "concept")
    assert list(made.milestones.values_list("title", "date_from", "date_to", "precision", "label")) == [
        ("Start", D(2010, 2, 11), D(2010, 2, 11), "exact", ""),
        ("Kringbijeenkomst 2", D(2010, 6, 21), D(2010, 7, 1), "window", ""),
        ("Conceptrapport", D(2010, 9, 14), D(2010, 9, 14), "vague", "medio sept."),
    ]
    assert not KringMilestone.objects.filter(milestone__cycle=made).exists()
    assert not made.kringen.exists()


def test_kringen_go_on_with_who_is_in_them_today(cast, plan):
    Membership.objects.filter(municipality=cast.beverwijk).update(until=D(2009, 1, 1))
    made = years.clone(cycle=cast.kring_c.cycle, year=2010, with_kringen=True)
    again = Kring.objects.get(slug="kring-c-2010")
    assert (again.cycle, again.name, again.meetings.count()) == (made, "Kring C", 0)
    assert sorted(again.memberships.values_list("municipality__name", flat=True)) == ["Hillegom", "Zandvoort"]
    assert again.comparison_group != cast.kring_c.comparison_group
    assert set(again.comparison_group.municipalities.all()) == {cast.hillegom, cast.zandvoort}
    assert again.roles.count() == 0


def refused(call, **fields) -> str:
    with pytest.raises(years.YearRefused) as refusal:
        call(**fields)
    return str(refusal.value)


def test_refusals_are_sentences_and_make_nothing(cast, plan):
    cycle = cast.kring_c.cycle
    base = {"cycle": cycle, "with_kringen": True}
    assert refused(years.clone, year=2009, **base) == "There is a benchmark year 2009 already. Open that one."
    assert (
        refused(years.clone, year=20100, **base) == "20100 is not a year we can plan. Choose one between 2000 and 2100."
    )
    assert Cycle.objects.count() == 1
    late = years.Moment("Slot", D(2009, 11, 19), D(2009, 11, 1), "window")
    assert (
        refused(years.save_milestone, cycle=cycle, moment=late)
        == "The milestone ends before it begins. Choose a later last day, or leave it empty."
    )
    long = years.Moment("Slot", D(2009, 11, 19), D(2009, 11, 20))
    assert (
        refused(years.save_milestone, cycle=cycle, moment=long)
        == "An exact milestone is one day. Leave the last day empty, or make it a window."
    )
    assert refused(years.set_state, cycle=cycle, state="closed") == (
        "A year goes one state at a time. Reload the page and try again."
    )
    assert Milestone.objects.count() == 3


def test_the_office_makes_a_year_and_changes_it(cast, plan, office):
    made = office.post("/jaren/", {"cycle": cast.kring_c.cycle.pk, "year": "2010", "with_kringen": "on"})
    assert made["Location"] == "/jaren/2010/"
    page = office.get("/jaren/2010/")
    assert [each.title for each in page.context["milestones"]] == ["Start", "Kringbijeenkomst 2", "Conceptrapport"]
    start = Milestone.objects.get(cycle__year=2010, title="Start")
    form = {
        "do": "save",
        "milestone": start.pk,
        "title": "Start en kennismaking",
        "precision": "exact",
        "date_from": "2010-02-18",
        "date_to": "",
        "kind": "meeting",
        "actor": "facilitator",
    }
    office.post("/jaren/2010/", form)
    start.refresh_from_db()
    assert (start.title, start.date_from, start.date_to, start.kind) == (
        "Start en kennismaking",
        D(2010, 2, 18),
        D(2010, 2, 18),
        "meeting",
    )
    office.post("/jaren/2010/", {"do": "remove", "milestone": start.pk})
    assert not Milestone.objects.filter(pk=start.pk).exists()
    office.post("/jaren/2010/", {"do": "state", "state": "started"})
    assert Cycle.objects.get(year=2010).state == "started"
    bad = office.post("/jaren/2010/", {**form, "milestone": "", "date_from": "31-02-2010"})
    assert bad.status_code == 400
    assert "This is not a date." in bad.content.decode()
    double = office.post("/jaren/", {"cycle": cast.kring_c.cycle.pk, "year": "2010"})
    assert double.status_code == 400
    assert "There is a benchmark year 2010 already. Open that one." in double.content.decode()


def test_a_milestone_of_another_year_is_not_changed_here(cast, plan, office):
    years.clone(cycle=cast.kring_c.cycle, year=2010, with_kringen=False)
    assert office.post("/jaren/2010/", {"do": "remove", "milestone": plan[0].pk}).status_code == 404
    assert Milestone.objects.filter(pk=plan[0].pk).exists()


@pytest.mark.parametrize("address", ["/jaren/", "/jaren/2009/"])
def test_it_is_for_the_office(cast, plan, client, address):
    for who, status in (
        ("participant", 404),
        ("facilitator", 404),
        ("steering", 404),
        ("validator", 404),
        ("stranger", 404),
        ("admin", 200),
        ("office", 200),
    ):
        client.force_login(getattr(cast, who))
        assert client.get(address).status_code == status, who
        if status != 200:
            assert client.post(address, {"do": "remove", "milestone": plan[0].pk}).status_code == 404
    assert Milestone.objects.count() == 3


def test_my_next_step_is_the_next_that_asks_something_of_me(cast, client):
    def milestone(title: str, month: int, actor: str) -> None:
        Milestone.objects.create(
            cycle=cast.kring_c.cycle, title=title, date_from=D(2009, month, 1), date_to=D(2009, month, 1), actor=actor
        )

    milestone("Voorbij", 2, "all")
    milestone("Analyse", 4, "office")
    milestone("Aanleveren", 5, "participants")
    milestone("Kring plannen", 6, "facilitator")
    milestone("Overleg", 7, "steering")
    found = {}
    for who in ("participant", "facilitator", "office", "steering"):
        client.force_login(getattr(cast, who))
        found[who] = client.get("/kringen/kring-c/jaarplan/").context["my_next"].milestone.title
    assert found == {
        "participant": "Aanleveren",
        "facilitator": "Kring plannen",
        "office": "Analyse",
        "steering": "Overleg",
    }


def test_the_year_plan_as_text_and_for_a_calendar(cast, plan, client):
    from icalendar import Calendar

    KringMilestone.objects.create(kring=cast.kring_c, milestone=plan[1], date=D(2009, 6, 25))
    client.force_login(cast.participant)
    text = client.get("/kringen/kring-c/jaarplan/?vorm=txt")
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert text.content.decode().splitlines()[2:] == [
        "✓ donderdag 12 februari 2009 (week 7): Start (geweest)",
        "▶ donderdag 25 juni 2009 (week 26): Kringbijeenkomst 2 (volgende)",
        "○ medio sept. 2009: Conceptrapport (later)",
    ]
    calendar = Calendar.from_ical(client.get("/kringen/kring-c/jaarplan/?vorm=ics").content)
    days = {str(event["SUMMARY"]): event.decoded("DTSTART") for event in calendar.walk("VEVENT")}
    assert days == {
        "Start (Kring C)": D(2009, 2, 12),
        "Kringbijeenkomst 2 (Kring C)": D(2009, 6, 25),
        "Conceptrapport (Kring C)": D(2009, 9, 15),
    }
    client.force_login(cast.stranger)
    assert client.get("/kringen/kring-c/jaarplan/?vorm=ics").status_code == 404
