"""How realistic a change is, worked out by hand."""

import numpy as np
import pytest

from benchmark.calculations import realism

NAN = float("nan")
# Six that begin at 10 and six at 14: mean 12, standard deviation 2, so that "near" is within 1.
CHANGES = (-3.0, -2.0, -2.0, -1.0, 0.0, 1.0)
TABLE = [[10.0, 10.0 + change] for change in CHANGES] + [[14.0, 14.0 + change] for change in CHANGES]
OWN = [10.0, 2.0]  # did better than all: it would count if it were compared with itself


def ask(table, years=(2006, 2008), **more):
    values = np.array([OWN[:1] * len(years), *table] if len(years) > 2 else [OWN, *table])
    asked = {
        "values": values,
        "members": np.ones(values.shape, dtype=bool),
        "years": np.array(years),
        "own": 0,
        "start": 10.0,
        "target": 8.0,
        "span": 2,
        **more,
    }
    return realism(**asked)


def test_three_of_six_came_down_by_two_in_two_years():
    found = ask(TABLE)
    assert (found.n, found.achieved, found.share) == (6, 3, 0.5)
    assert (found.margin, found.change, found.span) == (1.0, -2.0, 2)


@pytest.mark.parametrize(
    ("start", "target", "achieved"),
    [(10.0, 9.9, 4), (10.0, 7.0, 1), (10.0, 6.9, 0), (10.0, 10.5, 1), (10.0, 11.5, 0), (10.9, 8.9, 3)],
)
def test_the_change_counts_not_the_level(start, target, achieved):
    found = ask(TABLE, start=start, target=target)
    assert (found.n, found.achieved) == (6, achieved)


def test_who_began_elsewhere_is_not_comparable():
    assert ask(TABLE, start=14.5, target=12.5).n == 6
    between = ask(TABLE, start=12.0, target=10.0)
    assert (between.n, between.achieved) == (0, None)


def test_fewer_than_five_are_not_counted():
    found = ask([*TABLE[:4], *TABLE[6:10]])
    assert (found.n, found.achieved, found.share) == (4, None, None)


def test_each_counts_once_by_its_latest_span():
    # the first three began near 10 in 2004 and in 2006: what they did last counts
    table = [[10.0, 10.0, 8.0]] * 3 + [[12.0, 10.0, 11.0]] * 3 + [[12.0, 14.0, 14.0]] * 6
    starts = [10] * 3 + [12] * 9 + [10] * 6 + [14] * 6
    found = ask(table, years=(2004, 2006, 2008))
    assert found.margin == pytest.approx(0.5 * np.std(starts))
    assert found.margin == pytest.approx(0.7806, abs=1e-4)
    assert (found.n, found.achieved) == (6, 3)


def test_a_span_over_a_break_is_none():
    assert ask(TABLE, breaks=[2007]).margin is None
    assert ask(TABLE, breaks=[2008]).achieved is None
    assert ask(TABLE, breaks=[2006, 2009]).achieved == 3


def test_nobody_has_figures_over_so_many_years():
    found = ask(TABLE, span=3)
    assert (found.margin, found.n, found.achieved) == (None, 0, None)


def test_who_misses_a_figure_or_was_not_in_the_group_then_does_not_count():
    table = [list(row) for row in TABLE]
    table[0][1] = NAN
    members = np.ones((13, 2), dtype=bool)
    assert ask(table).n == 5
    members[2, 0] = False
    assert ask(table, members=members).achieved is None
    members[2] = [True, False]  # in the group when it began
    assert (ask(table, members=members).n, ask(table, members=members).achieved) == (5, 2)


def test_a_few_hidden_ones_are_not_given_away():
    hidden = np.zeros((13, 2), dtype=bool)
    hidden[1:5] = True
    assert (ask(TABLE, hidden=hidden).hidden, ask(TABLE, hidden=hidden).achieved) == (4, None)
    hidden[5] = True
    assert (ask(TABLE, hidden=hidden).hidden, ask(TABLE, hidden=hidden).achieved) == (5, 3)


def test_years_that_are_withheld_say_nothing():
    found = ask(TABLE, withheld=np.array([False, True]))
    assert (found.margin, found.n, found.achieved) == (0.0, 0, None)


def test_what_a_quarter_of_them_made():
    table = [[10.0, 10.0 - change] for change in range(1, 9)]
    # 1 … 8 down: three quarters of the way from 1 to 8 is 6.25
    assert ask(table, target=9.0).best == -6.25
    assert ask(table, target=11.0).best == pytest.approx(-2.75)
    assert ask(TABLE).best is None  # six are too few to speak of a quarter
