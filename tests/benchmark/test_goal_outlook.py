"""Forecasts worked out by hand."""

import pytest

from benchmark.goal_outlook import forecast


def test_a_straight_line_goes_on_and_is_sure():
    found = forecast([(2004, 20.0), (2005, 18.0), (2006, 16.0), (2007, 14.0)], 2010)
    assert (found.year, found.years) == (2010, 4)
    assert (found.value, found.low, found.high) == pytest.approx((8.0, 8.0, 8.0))


def test_a_line_with_noise_says_how_sure_it_is():
    # slope 0.6, mean 2.5 at 2005.5; rests -.1, .3, -.3, .1 → s² = 0.1; half = 1.886 · √(0.1 · (1 + 1/4 + 2.5²/5))
    found = forecast([(2004, 1.5), (2005, 2.5), (2006, 2.5), (2007, 3.5)], 2008)
    assert found.value == pytest.approx(4.0)
    assert found.high - found.value == pytest.approx(1.886 * (0.1 * 2.5) ** 0.5)


def test_a_year_without_figure_does_not_count():
    assert forecast([(2004, 1.0), (2005, None), (2006, 2.0), (2007, 3.0)], 2008) is None


def test_what_is_known_is_not_forecast():
    assert forecast([(2004, 1.0), (2005, 2.0), (2006, 2.0), (2007, 3.0)], 2007) is None
