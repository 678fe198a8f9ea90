"""What the figures, goals and promises propose for an agenda; noise proposes nothing."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmark.models import DataRevision, Dataset, Goal, Indicator, Measurement
from goodpractices.models import Adoption, GoodPractice
from kringen.circle import themes
from kringen.meetings import ideas
from kringen.meetings.proposals import ProposalRefused
from kringen.models import Action, AgendaItem, Intake, IntakeItem, Meeting, SettledIdea

pytestmark = pytest.mark.usefixtures("english")

LIST = "/kringen/kring-c/voorstellen/"
TODAY = dt.date(2009, 6, 1)
YEARS = range(2004, 2009)


@pytest.fixture(autouse=True)
def _today(cast, settings):
    settings.DEMO_TODAY = TODAY
    type(cast.facilitator).objects.update(language="en")
    Indicator.objects.update(is_core=True)


def put(cast, values: dict[str, list[float | None]], indicator: Indicator | None = None, **fields) -> None:
    """Store figures of 2004-2008 for members of Kring C, by the name in the cast."""
    dataset, _new = Dataset.objects.get_or_create(slug="bpz", defaults={"name": "BPZ", "source": "BPZ"})
    Measurement.objects.bulk_create(
        Measurement(
            indicator=indicator or cast.indicator,
            municipality=getattr(cast, name),
            year=year,
            value=value,
            dataset=dataset,
            **fields,
        )
        for name, row in values.items()
        for year, value in zip(YEARS, row, strict=True)
        if value is not None
    )
    DataRevision.objects.update_or_create(pk=1, defaults={"number": Measurement.objects.count()})


def proposed(cast) -> list[tuple[str, str]]:
    return [(idea.key, idea.reason) for idea in ideas.proposed(cast.kring_c)]


STEADY = {"hillegom": [12.0] * 5, "zandvoort": [10.0] * 5, "beverwijk": [20.0] * 5}
# Whoever is below the median one year is above it the next: on no side of it in three of five years but the middle.
NOISE = {
    "hillegom": [10.0, 30.0, 20.0, 10.0, 30.0],
    "zandvoort": [20.0, 10.0, 30.0, 20.0, 10.0],
    "beverwijk": [30.0, 20.0, 10.0, 30.0, 20.0],
}


def test_a_difference_that_passes_the_test_is_proposed_with_its_reason_and_chart(cast):
    put(cast, STEADY)
    [idea] = ideas.proposed(cast.kring_c)
    assert (idea.key, idea.title, idea.kind) == ("spread:wac_balie_gem:2008", cast.indicator.name, "figures")
    assert idea.reason == (
        "On this the kring differs much in 2008: Zandvoort does better than the middle of the kring and Beverwijk"
        " worse, and the figures are sure of both."
    )
    assert idea.address == "/benchmark/indicatoren/wac_balie_gem/?kind=distribution&group=kring&to=2008"


def test_noise_proposes_nothing_however_large(cast):
    put(cast, NOISE)
    assert proposed(cast) == []


def test_within_their_intervals_differences_propose_nothing(cast):
    put(cast, STEADY, lower=5.0, upper=25.0)
    assert proposed(cast) == []


def test_a_context_figure_or_one_side_only_proposes_nothing(cast):
    put(cast, {"hillegom": [12.0] * 5, "zandvoort": [12.0] * 5, "beverwijk": [20.0] * 5})
    assert proposed(cast) == []
    Indicator.objects.update(direction="context")
    put(
        cast,
        STEADY,
        Indicator.objects.create(code="n", name="N", unit="x", direction="context", area=cast.area, is_core=True),
    )
    assert proposed(cast) == []


def test_the_largest_difference_comes_first_and_drafts_and_own_goals_stay_out(cast):
    wide = Indicator.objects.create(code="tel", name="Telefoon", unit="%", direction="up", area=cast.area, is_core=True)
    put(cast, STEADY)
    put(cast, {"hillegom": [50.0] * 5, "zandvoort": [90.0] * 5, "beverwijk": [10.0] * 5}, wide)
    assert [key for key, _reason in proposed(cast)] == ["spread:tel:2008", "spread:wac_balie_gem:2008"]
    Measurement.objects.filter(indicator=wide).update(status="draft")
    DataRevision.objects.update(number=999)
    goal(cast, visibility="own")
    assert [key for key, _reason in proposed(cast)] == ["spread:wac_balie_gem:2008"]


def test_a_member_that_improved_is_asked_how(cast):
    # Zandvoort is better by its interval in 2008 and was not in 2007; the others change nothing.
    put(cast, {"hillegom": [12.0] * 5, "beverwijk": [12.0] * 5}, lower=9.0, upper=15.0)
    put(cast, {"zandvoort": [None, None, None, 12.0, None]}, lower=9.0, upper=15.0)
    put(cast, {"zandvoort": [None, None, None, None, 6.0]}, lower=5.0, upper=7.0)
    assert proposed(cast) == [
        (
            f"improved:wac_balie_gem:{cast.zandvoort.pk}:2008",
            "Zandvoort does better than the middle of the kring in 2008, and did not before. Ask them how.",
        )
    ]


def test_a_verdict_that_turned_while_the_figure_hardly_moved_proposes_nothing(cast):
    # In 2007 the median lies just inside the interval of Zandvoort, in 2008 just outside; the two intervals meet.
    put(cast, {"hillegom": [12.0] * 5, "beverwijk": [12.0] * 5}, lower=9.0, upper=15.0)
    put(cast, {"zandvoort": [None, None, None, 10.0, None]}, lower=7.9, upper=12.1)
    put(cast, {"zandvoort": [None, None, None, None, 9.8]}, lower=7.7, upper=11.9)
    assert proposed(cast) == []


def test_a_leap_over_a_break_in_the_series_proposes_nothing(cast):
    put(cast, {"hillegom": [12.0] * 5, "beverwijk": [12.0] * 5}, lower=9.0, upper=15.0)
    put(cast, {"zandvoort": [None, None, None, 12.0, None]}, lower=9.0, upper=15.0)
    put(cast, {"zandvoort": [None, None, None, None, 6.0]}, lower=5.0, upper=7.0)
    cast.indicator.versions.create(year_until=2008, definition="Alle bezoekers")
    cast.indicator.versions.create(year_from=2008, is_break=True, definition="Bezoekers met een afspraak")
    assert proposed(cast) == []


def test_a_trend_that_passes_its_test_is_asked_about(cast):
    put(cast, {"hillegom": [20.0, 18.0, 16.0, 14.0, 12.0], "zandvoort": [16.0, 16.5, 15.5, 16.0, 12.0]})
    assert proposed(cast) == [
        (
            f"improved:wac_balie_gem:{cast.hillegom.pk}:2008",
            "Hillegom improves steadily: its figures up to 2008 pass the trend test. Ask them how.",
        )
    ]


def goal(cast, **fields) -> Goal:
    return Goal.objects.create(
        **{
            "municipality": cast.hillegom,
            "indicator": cast.indicator,
            "title": "Korter wachten",
            "baseline_value": 12.0,
            "baseline_year": 2006,
            "target_value": 6.0,
            "target_date": dt.date(2009, 12, 31),
            **fields,
        }
    )


def test_a_goal_that_fell_behind_is_proposed_and_one_on_track_is_not(cast):
    put(cast, {"hillegom": [None, None, 12.0, 12.0, 12.0]})
    late = goal(cast)
    goal(cast, title="Op koers", baseline_value=14.0, target_value=12.5)
    [idea] = ideas.proposed(cast.kring_c)
    assert (idea.key, idea.address) == (f"goal:{late.pk}:2008", f"/doelen/{late.pk}/")
    assert idea.reason == (
        "This goal of Hillegom is behind: by the figure of 2008 it will not be reached by 31 December 2009."
    )


def test_what_a_theme_was_chosen_for_is_not_proposed_again(cast):
    for place, kind in ((cast.hillegom, "question"), (cast.zandvoort, "theme")):
        intake = Intake.objects.create(kring=cast.kring_c, municipality=place)
        IntakeItem.objects.create(intake=intake, kind=kind, text=f"KCC in {place}")
    [idea] = ideas.proposed(cast.kring_c)
    assert (idea.title, idea.chart) == ("Shared question: KCC", None)
    theme = themes.start_theme(
        kring=cast.kring_c, title="KCC", by=cast.facilitator, items=IntakeItem.objects.values_list("pk", flat=True)
    )
    assert [one.title for one in ideas.proposed(cast.kring_c)] == ["Shared question: KCC"]
    themes.choose(theme=theme, meeting=cast.meeting, reason="De meeste stemmen", by=cast.facilitator)
    assert ideas.proposed(cast.kring_c) == []


def test_promises_shared_questions_and_untried_practices(cast):
    Action.objects.create(
        kring=cast.kring_c, text="Folder sturen", municipality=cast.hillegom, due_on=dt.date(2009, 5, 1)
    )
    Action.objects.create(kring=cast.kring_c, text="Bellen", municipality=cast.zandvoort)
    secret = Meeting.objects.create(kring=cast.kring_c, number=2, title="S", date=TODAY, kind="steering")
    Action.objects.create(kring=cast.kring_c, meeting=secret, text="Geheim", municipality=cast.hillegom)
    for place, text in (
        (cast.hillegom, "Welke servicenormen?"),
        (cast.zandvoort, "Servicenormen aan de balie"),
        (cast.beverwijk, "Midoffice kiezen"),
    ):
        intake = Intake.objects.create(kring=cast.kring_c, municipality=place)
        IntakeItem.objects.create(intake=intake, kind="question", text=text)
    goal(cast)
    practices = {}
    for slug, owner, visibility in (
        ("open", "delft", "public"),
        ("tried", "delft", "public"),
        ("ours", "hillegom", "public"),
        ("other-kring", "delft", "kring"),
    ):
        practices[slug] = GoodPractice.objects.create(
            slug=slug,
            title=slug,
            municipality=getattr(cast, owner),
            summary="s",
            state="published",
            visibility=visibility,
        )
        practices[slug].areas.add(cast.area)
    Adoption.objects.create(practice=practices["tried"], municipality=cast.zandvoort, state="trying", started_on=TODAY)
    found = dict(proposed(cast))
    asked = next(key for key in found if key.startswith("asked:"))
    assert list(found) == [f"actions:{cast.meeting.pk}", asked, f"practice:{practices['open'].pk}"]
    assert found[f"actions:{cast.meeting.pk}"] == (
        "2 promises are open. Of 1 the day has passed. Folder sturen (Hillegom); Bellen (Zandvoort)."
    )
    assert found[asked] == (
        "Hillegom, Zandvoort brought this up in their intake: “Welke servicenormen?” “Servicenormen aan de balie”"
    )


def test_taken_over_it_is_an_item_with_its_card_and_dropped_it_stays_away(cast, client):
    put(cast, STEADY)
    client.force_login(cast.facilitator)
    [idea] = client.get(LIST).context["ideas"]
    form = {"do": "take", "idea": idea.key, "meeting": cast.meeting.pk}
    assert client.post(LIST, form)["Location"] == LIST
    assert client.post(LIST, form).status_code == 400
    item = AgendaItem.objects.get()
    assert (item.title, item.notes, item.minutes) == (idea.title, f"{idea.reason}\n{idea.address}", 30)
    assert SettledIdea.objects.get().item == item
    assert "data-cards" in client.get(cast.meeting.get_absolute_url()).content.decode()
    SettledIdea.objects.all().delete()
    client.post(LIST, {"do": "forget", "idea": idea.key})
    assert list(client.get(LIST).context["ideas"]) == []
    put(cast, {"hillegom": [12.0] * 5}, Indicator.objects.create(code="z", name="Z", unit="x", area=cast.area))
    assert proposed(cast) == []


def test_a_handful_is_shown_and_the_rest_waits_the_strongest_of_each_kind_first(cast, client):
    for number in range(4):
        put(
            cast,
            STEADY,
            Indicator.objects.create(
                code=f"i{number}", name=f"I{number}", unit="x", direction="down", area=cast.area, is_core=True
            ),
        )
    for number in range(3):
        goal(cast, title=f"Doel {number}", indicator=Indicator.objects.get(code="i0"))
    Action.objects.create(kring=cast.kring_c, text="Folder sturen", municipality=cast.hillegom)
    client.force_login(cast.facilitator)
    page = client.get(LIST)
    kinds = [idea.key.split(":")[0] for idea in page.context["ideas"]]
    assert kinds == ["spread", "goal", "actions", "spread", "goal"]
    assert [idea.key.split(":")[0] for idea in page.context["more_ideas"]] == ["spread", "goal"]
    text = page.content.decode()
    assert "2 more ideas" in text
    assert [f'id="idea-{number}"' in text for number in range(1, 9)] == [True] * 7 + [False]


def test_an_idea_comes_with_the_chart_of_the_kring(cast, client):
    put(cast, STEADY)
    client.force_login(cast.facilitator)
    address = f"{LIST}ideeen/spread:wac_balie_gem:2008/"
    assert f'data-src="{address}"' in client.get(LIST).content.decode()
    part = client.get(f"{address}?deel=1").content.decode()
    assert "<svg" in part
    for name in ("Hillegom", "Zandvoort", "Beverwijk"):
        assert name in part
    assert (
        client.get(address)["Location"] == "/benchmark/indicatoren/wac_balie_gem/?kind=distribution&group=kring&to=2008"
    )
    assert client.get(f"{LIST}ideeen/spread:wac_balie_gem:1999/?deel=1").status_code == 404
    client.force_login(cast.participant)
    assert client.get(f"{address}?deel=1").status_code == 403
    client.force_login(cast.steering)
    assert client.get(f"{address}?deel=1").status_code == 404
    client.force_login(cast.stranger)
    refused = client.get(f"{address}?deel=1")
    assert (refused.status_code, b"Beverwijk" in refused.content) == (404, False)


def test_a_goal_that_fell_behind_comes_with_the_figures_of_its_municipality(cast, client):
    put(cast, {"hillegom": [None, None, 12.0, 12.0, 12.0], "zandvoort": [None, None, None, None, 10.0]})
    late = goal(cast)
    client.force_login(cast.facilitator)
    part = client.get(f"{LIST}ideeen/goal:{late.pk}:2008/?deel=1").content.decode()
    assert "<svg" in part
    assert "Hillegom" in part


def test_who_may_not_answer_sees_no_ideas_and_settles_none(cast, client):
    put(cast, STEADY)
    client.force_login(cast.participant)
    page = client.get(LIST)
    assert list(page.context["ideas"]) == []
    assert "Beverwijk worse" not in page.content.decode()
    assert client.post(LIST, {"do": "forget", "idea": "spread:wac_balie_gem:2008"}).status_code == 403
    assert not SettledIdea.objects.exists()
    other = Meeting.objects.create(kring=cast.kring_v, number=1, title="V", date=dt.date(2009, 7, 1))
    with pytest.raises(ProposalRefused, match="not of this kring"):
        ideas.take(kring=cast.kring_c, key="spread:wac_balie_gem:2008", meeting=other, by=cast.facilitator)
    with pytest.raises(ProposalRefused, match="not proposed any more"):
        ideas.take(kring=cast.kring_c, key="spread:wac_balie_gem:1999", meeting=cast.meeting, by=cast.facilitator)
    assert not AgendaItem.objects.exists()


def test_it_costs_the_same_with_one_and_three(cast, django_assert_num_queries):
    def add(number: int) -> None:
        made = Indicator.objects.create(
            code=f"i{number}", name=f"I{number}", unit="x", direction="down", area=cast.area, is_core=True
        )
        put(cast, STEADY, made)
        goal(cast, indicator=made)
        Action.objects.create(kring=cast.kring_c, text=f"Actie {number}", municipality=cast.hillegom)

    add(1)
    with CaptureQueriesContext(connection) as one:
        assert len(ideas.proposed(cast.kring_c)) == 3
    add(2)
    add(3)
    with django_assert_num_queries(len(one)):
        assert len(ideas.proposed(cast.kring_c)) == 7
