"""Statistics and verdicts against cases worked out by hand, and against NumPy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmark.calculations import Check, Outcome, Verdict, blanked, gaps, quarters, statistics, too_few, verdicts

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
    all_hidden, none_hidden = np.ones((5, 1), bool), np.zeros((5, 1), bool)
    assert not too_few(five, inside=nobody, hidden=all_hidden).any()
    assert too_few(five[:4], inside=nobody[:4], hidden=all_hidden[:4]).all()
    # in one's own circle three are fine
    assert not too_few(five[:3], inside=everybody[:3], hidden=none_hidden[:3]).any()


def test_one_hidden_value_among_visible_ones_would_give_itself_away():
    hidden = column(0, 0, 0, 0, 0, 1).astype(bool)
    inside = np.array([True] * 5 + [False])
    assert too_few(column(1, 2, 3, 4, 5, 6), inside=inside, hidden=hidden).all()


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
