"""The chart of a goal: all that belongs in it is drawn, in the table and in words."""

import datetime as dt
import json

import pytest

from benchmark import goal_marks
from benchmark.charts import export
from benchmark.goal_marks import Mark
from benchmark.models import Goal, Norm
from benchmark.views import goals as goal_views
from goodpractices.models import Adoption, GoodPractice
from kringen.models import Action

MARKS = (
    Mark(
        dt.date(2008, 3, 1), "praktijk", "praktijk overgenomen: Op afspraak (wij doen dit)", "/praktijken/op-afspraak/"
    ),
    Mark(dt.date(2009, 6, 30), "actie", "actie: rooster <aanpassen> (open)"),
    Mark(None, "actie", "actie: ooit (open)"),
)


@pytest.fixture
def drawn(cast, goal):
    """The chart of the goal for its owner, with a bend in its path, a norm and two dated marks."""
    Norm.objects.create(indicator=cast.indicator, source="vng", bound="max", value=15.0, year_from=2007)
    Goal.objects.update(steps=[[2008, 11.5]])
    goal.refresh_from_db()
    return goal_views.chart_of(cast.participant, goal, marks=MARKS)[1]


def test_the_figure_holds_what_belongs_in_it(drawn):
    """All of the picture, in the order in which it is drawn; the own line comes last, on top."""
    figure = drawn.figure
    told = [
        (trace["meta"]["role"], trace["name"], dict(zip(trace["x"], trace["y"], strict=True)), trace["line"]["dash"])
        for trace in figure["data"]
        if trace["meta"]["role"] != "band"
    ]
    years = range(2004, 2011)
    assert told == [
        ("median", "mediaan", dict.fromkeys(range(2004, 2009), 12.0), "solid"),
        ("goal", "doel", {2006: 12.0, 2007: 11.75, 2008: 11.5, 2009: 9.75, 2010: 8.0}, "dash"),
        ("norm", "norm", {year: 15.0 if year >= 2007 else None for year in years}, "dot"),
        ("start", "begin", dict.fromkeys(range(2006, 2011), 12.0), "dot"),
        ("own", "Hillegom", dict.fromkeys(range(2004, 2009), 12.0), "solid"),
    ]
    marks = [shape for shape in figure["layout"]["shapes"] if shape.get("name") == "mark"]
    # 1 March 2008 is day 61 of the year, 30 June 2009 day 181; the figure of a year stands in its middle
    assert [shape["x0"] for shape in marks] == pytest.approx([2007.5 + 60.5 / 366, 2008.5 + 180.5 / 366])
    labels = [(note["name"], note["text"]) for note in figure["layout"]["annotations"] if note.get("name")]
    assert labels == [
        ("median", "mediaan 12,0"),
        ("own", "Hillegom 12,0"),
        ("goal", "doel 8,0"),
        ("norm", "norm 15,0"),
        ("start", "begin 12,0"),
        ("mark", "1 praktijk"),
        ("mark", "2 actie"),
    ]
    assert figure["layout"]["xaxis"]["range"] == [2003.7, 2010.3]
    said = {one["said"][:4]: one["said"] for one in figure["layout"]["meta"]["walk"]}
    assert said["2008"].endswith("1 maart 2008, praktijk overgenomen: Op afspraak (wij doen dit)")
    assert "rooster &lt;aanpassen&gt;" in said["2009"]
    assert "<aanpassen>" not in json.dumps(figure)


def test_the_band_of_the_group_is_drawn_where_there_are_enough(cast, goal):
    figure = goal_views.chart_of(cast.office, goal, group="all", marks=())[1].figure
    band = next(trace for trace in figure["data"] if trace["meta"]["role"] == "band")
    assert set(band["x"]) == {2008}  # in other years only three municipalities have a figure


def test_the_drawing_of_the_server_has_the_same(drawn):
    wide, narrow = drawn.svg(), drawn.svg(narrow=True)
    for role in ("median", "goal", "norm", "start", "own"):
        assert f"k-svg__line--{role}" in wide
    assert wide.count('class="k-svg__mark"') == narrow.count('class="k-svg__mark"') == 2
    assert ">1 praktijk</text>" in wide
    assert ">1</text>" in narrow
    assert "rooster &lt;aanpassen&gt;" in wide
    assert "<aanpassen>" not in wide


def test_the_table_tells_what_was_done_in_each_year(drawn):
    at = [column.key for column in drawn.table.columns].index("done")
    goals = [column.key for column in drawn.table.columns].index("goal1")
    told = {row[0].value: (row[goals].text, row[at].text) for row in drawn.table.rows}
    assert told == {
        2004: ("–", "–"),
        2005: ("–", "–"),
        2006: ("12,0", "–"),
        2007: ("11,8", "–"),
        2008: ("11,5", "(1) 1 maart 2008, praktijk overgenomen: Op afspraak (wij doen dit)"),
        2009: ("9,8", "(2) 30 juni 2009, actie: rooster <aanpassen> (open)"),
        2010: ("8,0", "–"),
    }
    assert "rooster" in export.as_csv(drawn)


def test_the_sentence_tells_group_norm_and_what_was_done(drawn):
    assert "Onderweg: 2008: 11,5 minuten." in drawn.sentence
    assert "De mediaan van 3 gemeenten (Kring C) was in 2008 12,0 minuten." in drawn.sentence
    assert "is hoogstens 15,0 minuten en wordt gehaald." in drawn.sentence
    assert drawn.sentence.endswith(
        "Gedaan of beloofd voor dit doel: (1) praktijk, 1 maart 2008; (2) actie, 30 juni 2009."
    )
    assert "ooit" not in drawn.sentence


def test_targets_on_the_way_have_rows_of_their_own(cast, goal):
    Goal.objects.update(steps=[[2009, 9.0]])
    goal.refresh_from_db()
    chart = goal_views.chart_of(cast.participant, goal)[1]
    assert [row[0].value for row in chart.table.rows][-2:] == [2009, 2010]


# ---- who sees which marks -----------------------------------------------------------------------------------------


@pytest.fixture
def served(cast, goal):
    """A goal with a practice that was taken over for it and a promise."""
    Goal.objects.update(visibility="public")
    practice = GoodPractice.objects.create(
        slug="op-afspraak", title="Op afspraak", municipality=cast.zandvoort, state="published", visibility="kring"
    )
    Adoption.objects.create(
        practice=practice,
        municipality=cast.hillegom,
        state="stopped",
        started_on=dt.date(2008, 3, 1),
        stopped_on=dt.date(2009, 1, 1),
        goal=goal,
    )
    promise = {"kring": cast.kring_c, "owner": cast.participant, "municipality": cast.hillegom, "goal": goal}
    Action.objects.create(text="Rooster aanpassen", due_on=dt.date(2009, 6, 30), **promise)
    Action.objects.create(text="Laat maar", state="dropped", dropped_because="te duur", **promise)
    return goal


def test_marks_come_from_adoptions_and_promises(cast, served):
    assert [(mark.day, mark.word, mark.text) for mark in goal_marks.of(served, cast.colleague)] == [
        (dt.date(2008, 3, 1), "praktijk", "praktijk overgenomen: Op afspraak (gestopt)"),
        (dt.date(2009, 1, 1), "gestopt", "gestopt met: Op afspraak"),
        (dt.date(2009, 6, 30), "actie", "actie: Rooster aanpassen (open)"),
    ]


def test_a_stranger_sees_the_goal_without_the_marks_of_the_kring(client, cast, served):
    assert goal_marks.of(served, cast.stranger) == ()
    client.force_login(cast.stranger)
    page = client.get(served.get_absolute_url()).content.decode()
    assert "Korter wachten" in page
    assert "Op afspraak" not in page
    assert "Rooster aanpassen" not in page
    told = client.get("/api/v1/charts/goal", {"goal": served.pk}).content.decode()
    assert "Rooster" not in told


def test_the_page_links_to_what_serves_the_goal(client, cast, served):
    client.force_login(cast.participant)
    page = client.get(served.get_absolute_url()).content.decode()
    assert 'href="/praktijken/op-afspraak/"' in page
    assert "30 juni 2009" in page
    assert "Laat maar" not in page
