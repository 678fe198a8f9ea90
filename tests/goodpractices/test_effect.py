"""Does the calculation find a known effect, claim none where there is none, and keep silent when it should?"""

from __future__ import annotations

import numpy as np
import pytest

from goodpractices.effect import Effect, measure, student_t
from tests.goodpractices.simulated import WORLDS, YEARS, World, figures, simulate

RUNS = 100


@pytest.mark.parametrize("name", WORLDS)
def test_the_interval_covers_the_known_effect_and_none_is_claimed_where_there_is_none(name):
    world = WORLDS[name]
    found = [simulate(world, seed) for seed in range(RUNS)]
    assert all(one.n >= 5 for one in found)
    covered = sum(one.lower <= world.effect <= one.upper for one in found)
    claimed = sum(one.better(-1) is not None for one in found)
    assert covered >= 93
    assert abs(np.mean([one.estimate for one in found]) - world.effect) < 0.15
    if world.effect == 0:
        assert claimed <= 7
    else:
        assert claimed >= 80
        assert all(one.better(-1) is not False for one in found)


def test_adopters_from_the_worst_tenth_get_better_by_themselves_and_that_is_not_called_an_effect():
    """Regression to the mean: the naive comparison claims an effect here, the matched one does not."""
    world = WORLDS["no effect, adopters among the worst tenth"]
    naive = []
    for seed in range(20):
        values, _, starts = figures(world, seed)
        changes = [
            values[one.place, one.year < YEARS][:3].mean() - values[one.place, one.year > YEARS][-2:].mean()
            for one in starts
        ]
        naive.append(np.mean(changes))
    assert np.mean(naive) < -0.5
    assert abs(np.mean([simulate(world, seed).estimate for seed in range(20)])) < 0.3


@pytest.mark.parametrize("adopters", [0, 1, 4])
def test_below_five_adopters_nothing_is_said(adopters):
    found = simulate(World(effect=-9.0, adopters=adopters), 1)
    assert (found.started, found.n, found.estimate, found.is_known, found.proven(-1)) == (
        adopters,
        0,
        None,
        False,
        None,
    )


def test_five_adopters_of_whom_one_has_no_figures_is_too_few():
    values, inhabitants, starts = figures(World(effect=-2.0, adopters=5), 3)
    assert measure(values, YEARS, inhabitants, starts).n == 5
    values[starts[0].place] = np.nan
    found = measure(values, YEARS, inhabitants, starts)
    assert (found.started, found.n, found.is_known) == (5, 4, False)


def test_without_comparable_municipalities_an_adopter_does_not_count():
    values, inhabitants, starts = figures(World(adopters=6), 5)
    for start in starts:
        values[start.place] += 500
    assert measure(values, YEARS, inhabitants, starts).n == 0


def test_who_is_excluded_serves_nobody_as_comparison():
    values, inhabitants, starts = figures(World(adopters=6), 7)
    others = [place for place in range(len(values)) if place not in {start.place for start in starts}]
    assert measure(values, YEARS, inhabitants, starts, excluded=others[2:]).is_known is False
    assert measure(np.empty((0, 0)), YEARS[:0], np.empty((0, 0)), starts).is_known is False


def test_the_start_year_belongs_to_neither_side():
    values, inhabitants, starts = figures(World(effect=-2.0, adopters=8), 11)
    before = measure(values, YEARS, inhabitants, starts)
    for start in starts:
        values[start.place, list(YEARS).index(start.year)] += 1000
    assert measure(values, YEARS, inhabitants, starts).estimate == before.estimate


def test_the_path_shows_adopters_and_others_around_the_start():
    found = simulate(World(effect=-4.0), 2)
    offsets = [step.offset for step in found.path]
    assert offsets == sorted(offsets)
    assert {-1, 0, 1} <= set(offsets)
    last = found.path[-1]
    assert last.adopters < last.others - 2


def test_better_depends_on_the_direction_and_context_is_neither():
    found = Effect(started=5, n=5, estimate=-2.0, lower=-3.0, upper=-1.0, spread=2.0)
    assert (found.better(-1), found.better(1), found.better(0)) == (True, False, None)
    assert (found.proven(-1), found.proven(1), found.proven(0)) == (0.5, -1.5, None)
    assert Effect(started=5, n=5, estimate=-2.0, lower=-5.0, upper=1.0, spread=2.0).better(-1) is None


@pytest.mark.parametrize(("freedom", "point"), [(4, 2.7764), (9, 2.2622), (30, 2.0423), (1000, 1.9623)])
def test_students_t(freedom, point):
    assert student_t(freedom) == pytest.approx(point, abs=0.002)
