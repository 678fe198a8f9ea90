"""Every kind of chart: the same figures as sentence, table and picture, and nothing that somebody may not know."""

import io
import json
import zipfile

import pytest

from benchmark import asking, showing
from benchmark.charts import distribution, dumbbell, heatmap
from benchmark.charts.export import as_csv, as_package, as_xlsx, descriptor, safe
from benchmark.charts.statistic import Statistic
from benchmark.groups import UnknownGroup
from benchmark.models import Dataset, Indicator, Norm, Outline
from benchmark.showing import State, Unshowable
from tests.cast import municipality

HOSTILE = '=HYPERLINK("http://kwaad.example")<a href="x">&$'


def chart(cast, user, kind, **wanted):
    state = State(indicator=cast.indicator.code, kind=kind, **{"group": "kring", **wanted})
    return showing.chart(state, asking.reader(user, state.municipality), cast.indicator)[0]


def text(drawn):
    return drawn.picture.svg(ident="a")


@pytest.fixture
def outline(figures):
    squares = {
        code: [[[at * 10, 0], [at * 10 + 9, 0], [at * 10 + 9, 9], [at * 10, 9]]]
        for at, code in enumerate(("GM0534", "GM0473", "GM0375", "GM0503"))
    }
    return Outline.objects.create(
        year=2008, source="Kadaster", file_name="x.geojson", sha256="a", width=40, height=10, areas=squares, count=4,
        points=16,
    )  # fmt: skip


# ---- the spread -----------------------------------------------------------------------------------------------


def test_the_spread_shows_everybody_in_the_kring_and_marks_the_own_place(cast, figures):
    found = chart(cast, cast.participant, "distribution")
    rows = [(row[0].value, row[1].value) for row in found.table.rows]
    assert rows == [("Zandvoort", 10.0), ("Hillegom", 12.0), ("Beverwijk", 20.0)]
    assert next((row[0].text, row[1].value) for row in found.table.foot) == ("Mediaan", 12.0)
    assert [(dot.x, dot.role) for dot in found.picture.dots] == [(10.0, "peer"), (20.0, "peer"), (12.0, "own")]
    assert "De laagste is 10,0 (Zandvoort), de hoogste 20,0 minuten (Beverwijk)." in found.sentence


def test_a_strip_of_everybody_names_nobody_outside_the_kring(cast, figures):
    for at in range(3):
        figures.put(municipality(f"GM200{at}", f"Ver {at}"), 2008, 13.0 + at)
    found = chart(cast, cast.participant, "distribution", group="all")
    named = {row[0].value for row in found.table.rows}
    assert named == {"Hillegom", "Zandvoort", "Beverwijk"}
    assert sum(dot.role == "rest" for dot in found.picture.dots) == 8
    everything = json.dumps(found.figure) + text(found) + as_csv(found)
    assert not [name for name in ("Delft", "Aa:", "Dee", "Ver 1") if name in everything]
    assert "8 gemeenten hebben een stip zonder naam" in " ".join(found.notes)


def test_the_public_gets_no_dot_of_confidential_figures(cast, figures):
    found = chart(cast, None, "distribution", group="all", municipality="")
    assert found.picture.dots == ()
    assert found.table.rows == ()
    assert "Hillegom" not in json.dumps(found.figure) + text(found)


def test_a_far_value_is_said_and_does_not_squash_the_rest(cast, figures):
    Dataset.objects.filter(pk=figures.closed.pk).update(is_public=True)
    figures.put(municipality("GM2999", "Ver weg"), 2008, 9000.0)
    found = chart(cast, cast.participant, "distribution", group="all")
    assert found.picture.x[1] < 1000
    assert "1 buiten beeld" in found.picture.unit
    assert ("Ver weg", 9000.0) in [(row[0].value, row[1].value) for row in found.table.rows]


def test_the_mean_can_stand_for_the_group_and_is_explained(cast, figures):
    found = chart(cast, cast.participant, "distribution", statistic="mean")
    assert [one.text for one in found.picture.labels if one.role == "median"] == ["gemiddelde 14,0"]
    assert Statistic.MEAN.explained in found.notes


def test_norms_are_rows_too(cast, figures):
    Norm.objects.create(indicator=cast.indicator, source="vng", bound="max", value=15)
    found = chart(cast, cast.participant, "distribution")
    assert [(row[0].text, row[1].value) for row in found.table.foot][-1] == ("Norm: VNG-minimumnorm", 15.0)
    assert [rule.x1 for rule in found.picture.rules if rule.role == "norm"] == [15.0]


# ---- two years ------------------------------------------------------------------------------------------------


def test_two_years_show_who_moved(cast, figures):
    figures.put(cast.zandvoort, 2009, 13.0)
    figures.put(cast.hillegom, 2009, 9.0)
    found = chart(cast, cast.participant, "dumbbell", first=2004, last=2009)
    rows = [tuple(cell.value for cell in row) for row in found.table.rows]
    assert rows == [("Hillegom", 12.0, 9.0, -3.0), ("Zandvoort", 10.0, 13.0, 3.0), ("Beverwijk", 20.0, None, None)]
    assert found.table.rows[2][2].text == "niet aangeleverd"
    assert found.sentence.startswith("Hillegom ging van 12,0 in 2004 naar 9,0 minuten in 2009 (-3,0).")
    rings = [(dot.x, dot.role) for dot in found.picture.dots if dot.hollow]
    assert rings[:2] == [(12.0, "own"), (10.0, "peer")]


def test_a_year_without_figures_is_named_with_those_that_have(cast, figures):
    with pytest.raises(Unshowable, match="2004, 2005, 2006, 2007, 2008"):
        chart(cast, cast.participant, "dumbbell", first=1999)


# ---- the whole area -------------------------------------------------------------------------------------------


def test_cells_hold_numbers_and_their_place_in_the_group(cast, figures):
    second = Indicator.objects.create(
        code="wac_tel", name="Wachttijd telefoon", unit="%", direction="up", area=cast.area, is_core=True
    )
    for where, value in ((cast.hillegom, 80.0), (cast.zandvoort, 60.0), (cast.beverwijk, 70.0)):
        figures.put(where, 2007, value, indicator=second)
    found = chart(cast, cast.participant, "heatmap")
    heads = [column.label for column in found.table.columns]
    assert heads[2:] == ["Hillegom", "Beverwijk", "Zandvoort", "Mediaan"]
    assert [[cell.value for cell in row[1:]] for row in found.table.rows] == [
        [2008, 12.0, 20.0, 10.0, 12.0],
        [2007, 80.0, 70.0, 60.0, 70.0],
    ]
    texts = {block.text for block in found.picture.blocks}
    assert {"12,0", "20,0 ▼", "10,0 ▲", "80,0 ▲", "60,0 ▼"} <= texts
    assert "Hillegom zit in het beste kwart bij: Wachttijd telefoon." in found.sentence


def test_a_context_indicator_is_never_good_or_bad(cast):
    cast.indicator.direction = "context"
    assert {heatmap.look(quarter, cast.indicator) for quarter in range(5)} == {"plain", "high", "low"}


# ---- the map --------------------------------------------------------------------------------------------------


def test_the_map_colours_who_may_be_named_and_hatches_the_rest_with_the_reason(cast, figures, outline):
    figures.put(cast.zandvoort, 2009, None, reason="not-delivered")
    figures.put(cast.hillegom, 2009, 11.0)
    figures.put(cast.beverwijk, 2009, 12.0)
    found = chart(cast, cast.participant, "map")
    looks = {shape.said: shape.role for shape in found.picture.shapes}
    assert looks["Zandvoort: niet aangeleverd"] == "missing"
    assert looks["Hillegom: 11,0 minuten, beste kwart"] == "q1 own"
    assert looks[""] == "outside"  # Delft is in another kring
    assert "Gearceerd: 1 (niet aangeleverd)." in found.sentence
    assert "Kadaster" in found.picture.footer
    assert text(found).count("url(#a-h)") >= 1


def test_without_outlines_the_map_says_what_to_do_and_keeps_the_table(cast, figures):
    found = chart(cast, cast.participant, "map")
    assert "Er zijn nog geen omtrekken." in " ".join(found.notes)
    assert len(found.table.rows) == 3
    assert found.picture.is_empty


# ---- what all have in common ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", showing.KINDS)
def test_every_kind_is_whole(cast, figures, outline, kind):
    import plotly.graph_objects as go

    cast.hillegom.name = HOSTILE
    cast.hillegom.save()
    found = chart(cast, cast.participant, kind)
    go.Figure(found.figure)
    assert found.figure["layout"]["meta"]["walk"]
    assert found.sentence
    assert found.source in found.picture.footer
    assert f"cijfers versie {found.revision}" in found.picture.footer
    drawn = text(found)
    assert "<a " not in json.dumps(found.figure) + drawn
    assert 'role="img"' in drawn
    assert drawn.count("<title") == drawn.count("<desc") == 1


@pytest.mark.parametrize("kind", showing.KINDS)
def test_no_download_runs_a_formula(cast, figures, outline, kind):
    from openpyxl import load_workbook

    cast.hillegom.name = HOSTILE
    cast.hillegom.save()
    found = chart(cast, cast.participant, kind)
    lines = as_csv(found).splitlines()
    assert not [line for line in lines if line.startswith(("=", "+", "@", '"=', '"+', '"@'))]
    book = load_workbook(io.BytesIO(as_xlsx(found)))
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row}
    assert "f" not in kinds


@pytest.mark.parametrize("start", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1"])
def test_what_a_spreadsheet_takes_for_a_formula_is_text(start):
    assert safe(start).startswith("'")


def test_a_data_package_describes_its_own_columns(cast, figures):
    figures.put(cast.hillegom, 2009, None, reason="not-applicable")
    figures.put(cast.zandvoort, 2009, 11.0, provisional=True)
    found = chart(cast, cast.participant, "trend")
    with zipfile.ZipFile(io.BytesIO(as_package(found))) as package:
        said = json.loads(package.read("datapackage.json"))
        lines = package.read("data.csv").decode().splitlines()
    fields = [one["name"] for one in said["resources"][0]["schema"]["fields"]]
    assert lines[0].split(",") == fields
    assert said["version"] == str(found.revision)
    assert said["sources"] == [{"title": "Benchmarking Publiekszaken"}]
    assert lines[1].split(",")[:2] == ["2004", "12.0"]
    assert lines[1].split(",")[-2] == "A"
    assert lines[-1].split(",")[-2:] == ["M", "niet van toepassing"]
    assert {one["type"] for one in descriptor(found)["resources"][0]["schema"]["fields"]} == {
        "integer",
        "number",
        "string",
    }


def test_a_table_is_ordered_with_the_missing_last_and_the_group_below(cast, figures):
    figures.put(cast.zandvoort, 2009, None, reason="not-delivered")
    figures.put(cast.hillegom, 2009, 11.0)
    figures.put(cast.beverwijk, 2009, 12.0)
    up = chart(cast, cast.participant, "distribution", sort="value").table
    down = chart(cast, cast.participant, "distribution", sort="-value").table
    assert [row[0].value for row in up.rows] == ["Hillegom", "Beverwijk", "Zandvoort"]
    assert [row[0].value for row in down.rows] == ["Beverwijk", "Hillegom", "Zandvoort"]
    assert up.foot == down.foot


def test_a_state_comes_back_out_of_its_own_address():
    from django.http import QueryDict

    state = State("a.b", "map", "", "peers:3", "begroting", 2004, 2008, "mean", "now", "kring", "-value", 7)
    assert State.of(QueryDict(state.query())) == state
    assert State("a").query() == "indicator=a&kind=trend"


def test_an_unknown_kind_names_those_that_exist():
    with pytest.raises(Unshowable, match="trend, distribution, dumbbell, heatmap, map"):
        State.of({"kind": "taart"})


def test_dots_on_one_spot_stand_above_each_other():
    dots = distribution._stacked([(1.0, "peer", str(at)) for at in range(5)], 0.1)  # noqa: SLF001
    assert len({dot.y for dot in dots}) == 5


def test_the_nearest_stay_when_there_are_too_many(cast, figures):
    Dataset.objects.filter(pk=figures.closed.pk).update(is_public=True)
    for at in range(30):
        where = municipality(f"GM30{at:02}", f"Buur {at}")
        for year in (2004, 2008):
            figures.put(where, year, 12.0 + at * 10)
    found = chart(cast, cast.participant, "dumbbell", group="all", first=2004)
    lines = {tick.text for tick in found.picture.y_ticks}
    assert len(lines) == dumbbell.MOST + 1  # and the median
    assert {"Hillegom", "Zandvoort", "Buur 0"} <= lines
    assert len(found.table.rows) == 38


# ---- whom to list, apart from whom to compare with ----------------------------------------------------------------


def test_who_is_listed_is_apart_from_who_is_compared_with(cast, figures):
    found = chart(cast, cast.participant, "trend", group="all", show="kring")
    row = found.table.rows[-1]
    at = [column.key for column in found.table.columns]
    assert (row[at.index("GM0473")].value, row[at.index("GM0375")].value) == (10.0, 20.0)
    assert (row[at.index("n")].value, row[at.index("median")].value) == (8, 10.5)
    assert [line.name for line in found.picture.lines if line.role == "peer"] == ["Beverwijk", "Zandvoort"]
    assert "Zandvoort" in text(found)
    assert "Zandvoort" in as_csv(found)
    assert "Op naam: Beverwijk, Zandvoort. Vergeleken met: alle gemeenten." in found.notes


def test_more_than_can_be_drawn_are_in_the_table_and_that_is_said(cast, figures):
    codes = ",".join(["GM0473", "GM0375", "GM0503", *(f"GM100{at}" for at in range(1, 5))])
    found = chart(cast, cast.office, "trend", group="all", show=codes)
    assert sum(line.role == "peer" for line in found.picture.lines) == 6
    assert {"GM0473", "GM1004"} <= {column.key for column in found.table.columns}
    assert "De figuur toont 6 gemeenten; in de tabel staan ze allemaal." in found.notes


def test_a_stranger_who_is_listed_stays_confidential(cast, figures):
    found = chart(cast, cast.participant, "trend", group="kring", show="GM0503")
    at = [column.key for column in found.table.columns].index("GM0503")
    assert {(row[at].value, row[at].why) for row in found.table.rows} == {(None, "confidential")}
    assert not any(line.role == "peer" for line in found.picture.lines)
    for kind in ("distribution", "dumbbell"):
        assert "Delft" not in json.dumps(chart(cast, cast.participant, kind, group="all", show="GM0503").figure)


@pytest.mark.parametrize("kind", ["distribution", "dumbbell", "heatmap"])
def test_every_kind_lists_the_chosen_and_compares_with_all(cast, figures, kind):
    found = chart(cast, cast.participant, kind, group="all", show="GM0473")
    assert "Zandvoort" in json.dumps(found.figure)
    assert "Zandvoort" in as_csv(found)
    assert "Beverwijk" not in json.dumps(found.figure) + as_csv(found)
    assert "Op naam: Zandvoort. Vergeleken met: alle gemeenten." in found.notes


def test_whoever_cannot_be_listed_is_told_which_groups_can(cast, figures):
    with pytest.raises(UnknownGroup, match="GM0534"):
        chart(cast, cast.participant, "trend", show="nergens")
