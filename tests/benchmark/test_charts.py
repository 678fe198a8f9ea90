"""Pictures: what is drawn, what is not, and that no text can become more than text."""

import itertools
import json

import pytest
from django.utils.translation import override

from benchmark import asking
from benchmark.charts import trend
from benchmark.charts.picture import Line, Picture, Point, axis, end_label, spread
from benchmark.charts.plotly_figure import escaped, figure
from benchmark.charts.svg import render
from benchmark.models import Norm


def line(*values, role="own", first=2004, **more):
    return Line(
        role,
        more.pop("name", "Hillegom"),
        tuple(Point(first + at, value, str(value)) for at, value in enumerate(values)),
        **more,
    )


def picture(*lines, **more):
    return Picture(title="T", description="D", unit="minuten", footer="Bron", lines=lines, **more)


def test_a_missing_year_is_a_gap_in_both_pictures():
    drawn = picture(line(1.0, 2.0, None, 4.0, 5.0, markers=True))
    assert figure(drawn)["data"][0]["y"] == [1.0, 2.0, None, 4.0, 5.0]
    assert figure(drawn)["data"][0]["connectgaps"] is False
    assert render(drawn).count("<polyline") == 2
    assert render(drawn).count("<circle") == 4


def test_a_year_that_is_absent_altogether_is_a_gap_too():
    drawn = picture(Line("own", "x", (Point(2004, 1.0), Point(2006, 2.0))))
    assert figure(drawn)["data"][0]["x"] == [2004, 2005, 2006]
    assert figure(drawn)["data"][0]["y"] == [1.0, None, 2.0]


@pytest.mark.parametrize(
    ("values", "from_zero", "low", "high"),
    [([12.0, 20.0], True, 0, 20), ([-43.0, 30.0], True, -60, 40), ([7.1, 7.4], False, 7.1, 7.4), ([0.0], True, 0, 1)],
)
def test_the_axis_has_round_ends_and_zero(values, from_zero, low, high):
    found = axis(values, from_zero=from_zero)
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))
    assert 3 <= len(found.ticks) <= 12


def test_labels_move_apart_and_stay_inside():
    placed = spread([100.0, 101.0, 102.0], 17, 0, 110)
    assert sorted(placed) == placed
    assert all(b - a >= 17 - 1e-9 for a, b in itertools.pairwise(placed))
    assert placed[-1] <= 110


def test_plotly_accepts_the_figure_and_reads_no_markup(cast, figures):
    import plotly.graph_objects as go

    cast.hillegom.name = '<a href="x">$x$ & co</a>'
    cast.hillegom.save()
    chart = trend.chart(asking.ask(asking.reader(cast.participant), cast.indicator, group="kring"))
    go.Figure(chart.figure)
    text = json.dumps(chart.figure)
    assert "<a" not in text
    assert "$" not in text
    assert "<a" not in render(chart.picture)
    assert escaped("<b>&$") == "&lt;b&gt;&amp;&#36;"


def test_whole_years_no_template_no_legend(cast, figures):
    found = trend.chart(asking.ask(asking.reader(cast.participant), cast.indicator, group="kring")).figure
    layout = found["layout"]
    assert (layout["template"], layout["showlegend"], layout["separators"]) == (None, False, ",.")
    assert (layout["xaxis"]["dtick"], layout["xaxis"]["tickformat"]) == (1, "d")
    assert [note["text"] for note in layout["annotations"]][1:] == ["mediaan 12,0", "Hillegom 12,0"]
    assert [trace["meta"]["role"] for trace in found["data"]] == ["median", "own"]


def test_a_budget_has_a_line_of_its_own(cast, figures):
    for year in (2007, 2008):
        figures.put(cast.hillegom, year, 3.0, report="begroting")
    result = asking.ask(asking.reader(cast.participant), cast.indicator, group="kring", report="begroting")
    own = next(one for one in trend.picture(result, description="").lines if one.role == "own")
    assert own.dash == "dash"


def test_a_break_is_drawn_and_said(cast, figures):
    figures.put(cast.hillegom, 2009, None, reason="break")
    figures.put(cast.zandvoort, 2009, 1.0)
    drawn = trend.chart(asking.ask(asking.reader(cast.participant), cast.indicator, group="kring")).picture
    assert [one.year for one in drawn.breaks] == [2009]
    assert "k-svg__break" in render(drawn)


def test_the_picture_has_a_name_and_a_description():
    drawn = render(picture(line(1.0, 2.0)), ident="a")
    assert 'role="img"' in drawn
    assert '<title id="a-t">T</title><desc id="a-d">D</desc>' in drawn


def test_english_is_complete_enough_to_read(cast, figures):
    with override("en"):
        chart = trend.chart(asking.ask(asking.reader(cast.participant), cast.indicator, group="kring"))
    assert chart.sentence.startswith(
        "In 2008 Hillegom came to 12.0 minuten. In 2008 the median of 3 municipalities (Kring C)"
    )


def test_a_norm_that_is_coming_says_from_when(cast, figures):
    Norm.objects.create(indicator=cast.indicator, source="vng", bound="max", value=15, year_from=2011)
    who = asking.reader(cast.participant)
    chart = trend.chart(asking.ask(who, cast.indicator, group="kring", **asking.lines(who, cast.indicator)))
    assert "Vanaf 2011 is de norm (VNG-minimumnorm) hoogstens 15,0 minuten." in chart.sentence
    assert chart.table.rows[-1][-1].text == "15,0 (vanaf 2011)"
    assert [one.name for one in chart.picture.lines if one.role == "norm"] == ["norm vanaf 2011"]


def test_a_norm_that_ended_is_not_drawn_on(cast, figures):
    Norm.objects.create(indicator=cast.indicator, source="vng", bound="max", value=15, year_until=2006)
    who = asking.reader(cast.participant)
    chart = trend.chart(asking.ask(who, cast.indicator, group="kring", **asking.lines(who, cast.indicator)))
    drawn = next(one for one in chart.picture.lines if one.role == "norm")
    assert [point.value for point in drawn.points] == [15.0, 15.0, 15.0, None, None]
    assert [row[-1].text for row in chart.table.rows] == ["15,0", "15,0", "15,0", "–", "–"]


def test_a_label_on_a_phone_is_cut_to_fit():
    assert end_label(line(12.0, name="Haarlemmerliede"), 13) == "Haarlem… 12,0"
    assert end_label(line(12.0, name="Hillegom"), 13) == "Hillegom 12,0"
