"""Nobody can be rebuilt from what is shown: not from one group, not from two (S-03)."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark import asking
from benchmark.calculations import accepted, even_weights
from benchmark.models import ComparisonGroup
from benchmark.peers import choose_peers, drop_peers
from tests.cast import municipality

# The full form (REPEATS=10000) takes minutes; a short one runs with every change.
EXAMPLES = int(os.environ.get("REPEATS", "150"))
COUNT = 12


def one_year(*members, of=COUNT):
    """Return a view of one year: truth values with those places in it."""
    found = np.zeros((of, 1), dtype=bool)
    found[list(members)] = True
    return found


def shown(*views, hidden=None, already=()):
    everybody = np.ones((COUNT, 1), dtype=bool)
    found = accepted([one_year(*view) for view in views], [everybody if hidden is None else hidden], already=already)
    return [bool(one[0]) for one in found]


def test_two_groups_that_differ_by_one():
    assert shown(range(12), range(11)) == [True, False]


def test_the_first_one_stays_whatever_comes_after():
    assert shown(range(7), range(12), range(6)) == [True, True, False]
    # what was not shown cannot be subtracted
    assert shown(range(12), range(11), range(10)) == [True, False, False]
    assert shown(range(12), range(11), range(6)) == [True, False, True]


def test_the_same_set_under_another_name_is_the_same_figure():
    assert shown(range(6), range(6)) == [True, True]


def test_only_what_is_hidden_counts():
    hidden = one_year(*range(6))
    # the two groups differ by three whose values the reader sees anyway
    assert shown(range(6), range(9), hidden=hidden) == [True, True]
    assert shown([4, 5, 6, 7, 8, 9, 10], hidden=hidden) == [False]


def test_every_perspective_counts():
    everybody, insider = np.ones((COUNT, 1), bool), one_year(0, 1, 2, 3)
    views = [one_year(*range(12))]
    assert [bool(one[0]) for one in accepted(views, [everybody])] == [True]
    # the members of a circle of eight would be left with four
    assert [bool(one[0]) for one in accepted(views, [everybody, insider])] == [False]


def test_what_was_decided_stays_decided():
    assert shown(range(12), range(11), already=[np.array([False])]) == [False, True]


def test_no_views_at_all():
    assert accepted([], []) == []


def test_weights_that_leave_one():
    hidden = one_year(0, 1, 2, 3, 4)
    weights = np.full((COUNT, 1), 5.0)
    assert even_weights(hidden, weights).tolist() == [True]
    weights[:5, 0] = [1, 1, 2, 2, 3]
    assert even_weights(hidden, weights).tolist() == [False]
    assert even_weights(~np.ones((COUNT, 1), bool), weights).tolist() == [False]


def rebuilt(equations, places):
    """Return the places whose value follows from sums: those of which the unit vector lies in the row space."""
    if not len(equations):
        return []
    _u, sizes, rows = np.linalg.svd(np.array(equations, dtype=float))
    basis = rows[: int((sizes > 1e-9 * sizes.max()).sum())]
    # how much of a unit vector lies inside the row space
    inside = (basis**2).sum(axis=0)
    return [at for at in places if inside[at] > 1 - 1e-9]


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(st.sets(st.integers(0, COUNT - 1), min_size=1), min_size=2, max_size=6),
    st.sets(st.integers(0, COUNT - 1), min_size=1),
    st.lists(st.integers(1, 9), min_size=COUNT, max_size=COUNT),
)
def test_nobody_is_rebuilt_from_any_two_groups(sets, hidden, inhabitants):
    """Mean and weighted mean of two groups are four sums; what the reader sees by name is subtracted from them."""
    unseen = one_year(*hidden)
    weights = np.array(inhabitants, dtype=float)[:, None]
    views = [one_year(*one) for one in sets]
    allowed = [view for view, yes in zip(views, accepted(views, [unseen]), strict=True) if yes[0]]
    for at, first in enumerate(allowed):
        for second in allowed[at:]:
            equations = []
            for view in (first, second):
                members = (view & unseen)[:, 0]
                equations.append(members)
                if not even_weights(view & unseen, weights)[0]:
                    equations.append(members * weights[:, 0])
            assert rebuilt(equations, hidden) == []


def test_the_attack_of_this_test_works_where_nothing_is_withheld():
    assert rebuilt([one_year(*range(6))[:, 0], one_year(*range(5))[:, 0]], range(6)) == [5]
    weights = np.array([2.0] * 5 + [3.0] + [0.0] * 6)
    members = one_year(*range(6))[:, 0]
    assert rebuilt([members, members * weights], range(6)) == [5]


# ---- the same in the site ---------------------------------------------------------------------------------------


@pytest.fixture
def many(cast, figures):
    """Ten more municipalities in another province, none of them anybody's peer."""
    made = [municipality(f"GM2{at:03}", f"Ver {at}", province="Zeeland") for at in range(10)]
    for at, one in enumerate(made):
        figures.put(one, 2008, 40.0 + at)
    return made


def row(cast, user, group, code="GM0534"):
    result = asking.ask(asking.reader(user, code), cast.indicator, group=group)
    return {one.year: one for one in result.rows}[2008]


def peers(cast, *municipalities, by=None):
    return choose_peers(by=by or cast.participant, name="x", municipalities=municipalities)


def test_a_group_of_hidden_peers_may_be_seen(cast, many):
    group = peers(cast, *many[:5])
    assert row(cast, cast.participant, f"peers:{group.pk}").median == 42.0


def test_a_second_group_that_differs_by_one_may_not(cast, many):
    peers(cast, *many[:5])
    other = peers(cast, *many[:6])
    found = row(cast, cast.participant, f"peers:{other.pk}")
    assert (found.n, found.median, found.mean, found.weighted_mean, found.maximum) == (6, None, None, None, None)
    assert found.group_reason == "too-few"


def test_throwing_the_first_away_does_not_help(cast, many):
    first = peers(cast, *many[:5])
    drop_peers(by=cast.participant, group=first)
    other = peers(cast, *many[:6])
    assert row(cast, cast.participant, f"peers:{other.pk}").median is None


def test_changing_the_first_does_not_help(cast, many):
    group = peers(cast, *many[:5])
    assert row(cast, cast.participant, f"peers:{group.pk}").median == 42.0
    group = choose_peers(by=cast.participant, name="x", municipalities=many[:6], group=group)
    assert row(cast, cast.participant, f"peers:{group.pk}").median is None
    # and back to what was seen already
    group = choose_peers(by=cast.participant, name="x", municipalities=many[:5], group=group)
    assert row(cast, cast.participant, f"peers:{group.pk}").median == 42.0


def test_the_rest_of_all_may_not_be_chosen(cast, figures, many):
    """All minus one is a group too."""
    rest = [cast.hillegom, cast.zandvoort, cast.beverwijk, *figures.others, *many]
    assert len(rest) == 17  # all but Delft
    group = peers(cast, *rest)
    assert row(cast, cast.participant, "all").median is not None
    assert row(cast, cast.participant, f"peers:{group.pk}").median is None


def test_a_colleague_cannot_see_it_by_logging_out(cast, figures, many):
    """Delft's own kring has one member; to its participant a province of five would be one of four."""
    cast.kring_v.comparison_group.municipalities.add(*many[:9])
    # for the public Zeeland has ten values; for that kring one is left
    assert row(cast, None, "province", code="GM2001").median is None
    assert row(cast, cast.office, "province", code="GM2001").n == 10


def test_who_sees_every_name_gets_everything(cast, many):
    group = ComparisonGroup.objects.create(owner=cast.office, name="x")
    group.municipalities.set(many[:6])
    other = ComparisonGroup.objects.create(owner=cast.office, name="y")
    other.municipalities.set(many[:7])
    assert row(cast, cast.office, f"peers:{other.pk}").median == 43.0


def test_open_data_has_nothing_to_hide(cast, figures, many):
    from benchmark.models import Measurement

    Measurement.objects.update(dataset=figures.opened)
    peers(cast, *many[:5])
    other = peers(cast, *many[:6])
    assert row(cast, cast.participant, f"peers:{other.pk}").median == 42.5
