"""Statistics and verdicts against cases worked out by hand, and against NumPy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmark.calculations import (
    Check,
    Course,
    Line,
    Outcome,
    Steadiness,
    Verdict,
    blanked,
    course,
    gaps,
    moved,
    quarters,
    statistics,
    steadiness,
    too_few,
    verdicts,
)

NAN = math.nan


def column(*values):
    return np.array([[value] for value in values], dtype=float)


def test_statistics_by_hand():
    found = statistics(column(12, 10, 20, NAN, 6), column(1, 1, 2, 100, NAN))
    assert found.n.tolist() == [4]
    assert found.median.tolist() == [11.0]
    assert found.mean.tolist() == [12.0]
    # (12·1 + 10·1 + 20·2) / 4: the missing one and the one without inhabitants weigh nothing
    assert found.weighted_mean.tolist() == [15.5]
    # sorted 6 10 12 20: place 0.75 → 6 + 0.75·4, place 2.25 → 12 + 0.25·8
    assert found.p25.tolist() == [9.0]
    assert found.p75.tolist() == [14.0]
    assert (found.minimum.tolist(), found.maximum.tolist()) == ([6.0], [20.0])


def test_a_year_without_values_is_nothing_and_not_zero():
    found = statistics(column(NAN, NAN), column(1, 1))
    assert found.n.tolist() == [0]
    for array in (found.median, found.mean, found.weighted_mean, found.p25, found.p75, found.minimum, found.maximum):
        assert np.isnan(array).all()


def test_no_municipalities_at_all():
    found = statistics(np.empty((0, 2)), np.empty((0, 2)))
    assert found.n.tolist() == [0, 0]
    assert np.isnan(found.median).all()


@given(arrays(float, (7, 3), elements=st.one_of(st.just(NAN), st.floats(-1e6, 1e6))))
def test_statistics_agree_with_numpy(values):
    found = statistics(values, np.ones_like(values))
    for at in range(values.shape[1]):
        known = values[:, at][~np.isnan(values[:, at])]
        assert found.n[at] == len(known)
        if not len(known):
            assert np.isnan(found.median[at])
            continue
        for ours, theirs in (
            (found.median, np.median(known)),
            (found.p25, np.percentile(known, 25)),
            (found.p75, np.percentile(known, 75)),
            (found.mean, known.mean()),
            (found.weighted_mean, known.mean()),
            (found.minimum, known.min()),
            (found.maximum, known.max()),
        ):
            assert ours[at] == pytest.approx(theirs, rel=1e-9, abs=1e-6)


def test_fewer_than_five_outsiders_are_not_summed_up():
    five = column(1, 2, 3, 4, 5)
    nobody, everybody = np.zeros(5, bool), np.ones(5, bool)
    assert not too_few(five, inside=nobody).any()
    assert too_few(five[:4], inside=nobody[:4]).all()
    # in one's own circle three are fine
    assert not too_few(five[:3], inside=everybody[:3]).any()


def test_blanking_keeps_n_and_hides_extremes_from_the_public():
    found = statistics(column(1, 2, 3, 4, 5), column(1, 1, 1, 1, 1))
    hidden = blanked(found, np.array([True]), extremes=True)
    assert hidden.n.tolist() == [5]
    assert np.isnan(hidden.median).all()
    public = blanked(found, np.array([False]), extremes=False)
    assert public.median.tolist() == [3.0]
    assert np.isnan(public.minimum).all()
    assert np.isnan(public.maximum).all()


def test_quarters():
    found = statistics(np.tile(column(1, 2, 3, 4, 5), (1, 5)), np.ones((5, 5)))
    own = np.array([1.0, 2.5, 3.5, 5.0, NAN])
    assert quarters(own, found).tolist() == [1, 2, 3, 4, 0]


def judge(own, median, direction="down", *, lower=NAN, upper=NAN, years=None):
    count = len(own)
    return verdicts(
        years=np.array(years or range(2004, 2004 + count)),
        own=np.array(own, dtype=float),
        median=np.array(median, dtype=float),
        lower=np.full(count, lower),
        upper=np.full(count, upper),
        direction=direction,
    )


def test_three_of_five_years_on_the_same_side_make_a_difference():
    assert judge([9, 11, 11, 9, 9], [10] * 5)[-1] == Verdict(Outcome.BETTER, Check.STABILITY, 3, 5)
    assert judge([9, 11, 11, 9, 9], [10] * 5, "up")[-1] == Verdict(Outcome.WORSE, Check.STABILITY, 3, 5)
    assert judge([9, 11, 11, 9, 9], [10] * 5, "context")[-1] == Verdict(Outcome.LOWER, Check.STABILITY, 3, 5)
    assert judge([11, 11, 11, 9, 9], [10] * 5)[-1] == Verdict(Outcome.SIMILAR, Check.STABILITY, 2, 5)


def test_two_years_are_too_few_to_say():
    assert judge([9, 9], [10, 10])[-1] == Verdict(Outcome.NOT_TESTED, Check.NONE, 2, 2)


def test_years_that_are_missing_do_not_stretch_the_window():
    found = judge([9, 9, 9], [10, 10, 10], years=[2000, 2003, 2008])
    assert found[-1] == Verdict(Outcome.NOT_TESTED, Check.NONE, 1, 1)


def test_an_interval_decides_at_once():
    assert judge([9], [10], lower=8.0, upper=9.5)[0] == Verdict(Outcome.BETTER, Check.INTERVAL)
    assert judge([9], [10], lower=8.0, upper=10.0)[0] == Verdict(Outcome.SIMILAR, Check.INTERVAL)


def test_nothing_to_compare_is_no_verdict():
    assert judge([NAN], [10]) == [None]
    assert judge([10], [NAN]) == [None]


def test_equal_to_the_median_is_comparable():
    assert judge([10, 10, 10], [10, 10, 10])[-1].outcome is Outcome.SIMILAR


def test_gaps():
    assert gaps([2004, 2006, 2009]) == [2005, 2007, 2008]
    assert gaps([]) == []


# ---- the place of one, and how steady it is ---------------------------------------------------------------------


def test_a_quarter_is_as_steady_as_the_years_in_which_it_was_the_same():
    years = np.array([2004, 2005, 2006, 2007, 2008, 2012])
    found = steadiness(years, np.array([1, 1, 2, 0, 1, 1]))
    # 2008 looks at 2004-2008: 1 1 2 . 1
    assert found[4] == Steadiness(3, 4)
    assert found[3] is None
    # 2012 looks at 2008-2012
    assert found[5] == Steadiness(2, 2)


# ---- the trend test, worked out by hand -------------------------------------------------------------------------


def told(own, *, half=None, years=None):
    own = np.array(own, dtype=float)
    width = np.full(len(own), NAN if half is None else half)
    return course(years=np.array(years or range(2004, 2004 + len(own))), own=own, lower=own - width, upper=own + width)


def test_a_trend_with_intervals_by_hand():
    """Years -2 … 2, values 10 11 13 13 15: slope Σxy/Σx² = 12/10; standard error 1, so chi² = 1.2² · 10 = 14.4."""
    found = told([10, 11, 13, 13, 15], half=1.959964)
    assert found.line is Line.UP
    assert (found.slope, found.statistic) == (pytest.approx(1.2), pytest.approx(14.4))
    assert (found.first, found.last, found.points, found.check) == (2004, 2008, 5, Check.INTERVAL)


def test_the_bound_is_where_it_should_be():
    """With slope 1 and errors s, chi² = 10 / s²: above 9.5495 for s < 1.0233."""
    straight = [10, 11, 12, 13, 14]
    assert told(straight, half=1.959964 * 1.023).line is Line.UP
    assert told(straight, half=1.959964 * 1.024).line is Line.NONE


def test_one_point_may_not_make_the_trend():
    """10 10 10 10 30: slope 4, chi² = 160 with standard error 1; but without the last point the slope is 0."""
    found = told([10, 10, 10, 10, 30], half=1.959964)
    assert found.statistic == pytest.approx(160)
    assert found.line is Line.NONE


def test_weights_follow_from_the_intervals():
    """The wild first point has an interval a hundred times as wide, and hardly counts."""
    own = np.array([90.0, 11, 12, 13, 14])
    half = np.array([196.0, 1.96, 1.96, 1.96, 1.96])
    found = course(years=np.arange(2004, 2009), own=own, lower=own - half, upper=own + half)
    # the four others have slope 1 and Σ(x - x̄)² = 5
    assert found.slope == pytest.approx(1, abs=0.05)
    assert found.statistic == pytest.approx(5, rel=0.1)
    assert found.line is Line.NONE


def test_without_intervals_the_points_say_how_uncertain_they_are():
    """10 12 11 13 14: slope 0.9, rest 1.9 over 3 degrees of freedom, t² = 0.81 · 10 / 0.6333 = 12.79: not 104."""
    found = told([10, 12, 11, 13, 14])
    assert found.statistic == pytest.approx(12.789, abs=0.001)
    assert (found.line, found.check) == (Line.NONE, Check.SPREAD)
    # rest 0.004 / 3, slope 1.0 - a trend nobody doubts
    assert told([10, 11.02, 11.98, 13, 14]).line is Line.UP


def test_a_straight_line_down_and_a_flat_one():
    assert told([14, 13, 12, 11, 10]).line is Line.DOWN
    assert told([3, 3, 3, 3, 3]).line is Line.NONE
    assert told([0.1, 0.2, 0.3, 0.4, 0.5]).line is Line.UP


def test_four_points_are_too_few_and_six_are_five():
    assert told([1, 2, 3, 4]) == Course(Line.UNKNOWN, points=4)
    assert told([1, NAN, 3, 4, 5]).line is Line.UNKNOWN
    found = told([99, 10, 11, 13, 13, 15], half=1.959964)
    assert (found.first, found.slope) == (2005, pytest.approx(1.2))


def test_years_that_are_missing_count_as_time():
    """2000 2001 2002 2003 2010: x̄ = 2003.2, Σ(x - x̄)² = 62.8, Σ(x - x̄)y = 62.8."""
    found = told([0, 1, 2, 3, 10], half=1.959964, years=[2000, 2001, 2002, 2003, 2010])
    assert (found.slope, found.statistic) == (pytest.approx(1), pytest.approx(62.8))


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ((9.0, 15.0), (5.0, 7.0), Line.DOWN),
        ((5.0, 7.0), (7.1, 9.0), Line.UP),
        ((9.0, 15.0), (5.0, 9.0), Line.NONE),
        ((NAN, NAN), (5.0, 7.0), Line.UNKNOWN),
        ((5.0, 7.0), (NAN, 9.0), Line.UNKNOWN),
    ],
)
def test_a_figure_moved_when_its_intervals_lie_apart(before, now, said):
    assert moved(before=before, now=now) is said
