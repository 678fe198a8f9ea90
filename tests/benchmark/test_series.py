"""What each reader may know of the same figures."""

import numpy as np
import pytest

from benchmark import asking
from benchmark.calculations import Line
from benchmark.groups import UnknownGroup
from benchmark.models import ComparisonGroup, IndicatorVersion, Measurement
from benchmark.series import UnknownReport


def rows(cast, user, code=None, **wanted):
    who = asking.reader(user, code)
    result = asking.ask(who, cast.indicator, **{"group": "all", **wanted})
    return {row.year: row for row in result.rows}


def test_own_kring_by_hand(cast, figures):
    row = rows(cast, cast.participant, group="kring")[2008]
    assert (row.value, row.n, row.median, row.mean) == (12.0, 3, 12.0, 14.0)
    # (12·20000 + 10·16000 + 20·40000) / 76000
    assert row.weighted_mean == pytest.approx(15.789473684)
    assert (row.p25, row.p75, row.minimum, row.maximum) == (11.0, 16.0, 10.0, 20.0)


def test_all_municipalities_by_hand(cast, figures):
    row = rows(cast, cast.participant)[2008]
    # 6 8 9 10 11 12 20 30
    assert (row.n, row.median, row.p25, row.p75) == (8, 10.5, 8.75, 14.0)
    assert row.quarter == 3


def test_three_visible_years_before_are_too_few_outside_the_kring(cast, figures):
    assert rows(cast, None)[2004].group_reason == "too-few"
    assert rows(cast, None)[2004].median is None
    assert rows(cast, None)[2004].n == 3
    # the same three are the participant's own circle
    assert rows(cast, cast.participant)[2004].median == 12.0


def test_the_public_sees_averages_and_no_name(cast, figures):
    row = rows(cast, None, "GM0534")[2008]
    assert (row.value, row.reason, row.status) == (None, "confidential", "")
    assert (row.n, row.median) == (8, 10.5)
    assert (row.minimum, row.maximum) == (None, None)


def test_the_public_sees_open_data_by_name(cast, figures):
    Measurement.objects.update(dataset=figures.opened)
    row = rows(cast, None, "GM0534")[2008]
    assert (row.value, row.maximum) == (12.0, 30.0)


def test_a_member_of_another_kring_sees_no_value_of_kring_c(cast, figures):
    found = rows(cast, cast.stranger, "GM0534")
    assert [row.value for row in found.values()] == [None] * 5
    assert {row.reason for row in found.values()} == {"too-few", "confidential"}
    assert found[2008].reason == "confidential"


def test_a_member_of_the_kring_sees_a_peer_by_name(cast, figures):
    assert rows(cast, cast.participant, "GM0473")[2008].value == 10.0
    assert rows(cast, cast.facilitator, "GM0473")[2008].value == 10.0
    assert rows(cast, cast.office, "GM0503")[2008].value == 6.0


@pytest.mark.parametrize("who", ["steering", "deactivated"])
def test_steering_and_the_deactivated_see_no_value_by_name(cast, figures, who):
    assert rows(cast, getattr(cast, who), "GM0534")[2008].value is None


def test_a_draft_is_for_the_own_municipality_and_counts_for_nobody(cast, figures):
    figures.put(cast.hillegom, 2009, 99.0, status="draft")
    figures.put(cast.zandvoort, 2009, 10.0)
    own = rows(cast, cast.participant, group="kring")[2009]
    assert (own.value, own.status, own.n, own.median) == (99.0, "draft", 1, 10.0)
    peer = rows(cast, cast.colleague, "GM0534", group="kring")[2009]
    assert (peer.value, peer.reason) == (None, "not-published")
    assert rows(cast, cast.validator, "GM0534")[2009].value == 99.0


def test_missing_has_a_reason(cast, figures):
    figures.put(cast.hillegom, 2009, None, reason="not-applicable")
    figures.put(cast.zandvoort, 2009, 10.0)
    assert rows(cast, cast.participant, group="kring")[2009].reason == "not-applicable"
    assert rows(cast, cast.colleague, "GM0375", group="kring")[2009].reason == "not-delivered"


def test_a_municipality_that_did_not_exist(cast, figures):
    figures.put(cast.zandvoort, 2009, 10.0)
    cast.hillegom.exists_until = 2009
    cast.hillegom.save()
    assert rows(cast, cast.participant, group="kring")[2009].reason == "did-not-exist"


def test_one_hidden_member_among_chosen_peers_stays_hidden(cast, figures):
    """The mean of four visible values and a hidden one would give the hidden one away."""
    group = ComparisonGroup.objects.create(owner=cast.participant, name="Slim")
    group.municipalities.set([cast.hillegom, cast.zandvoort, cast.beverwijk, cast.delft, figures.others[0]])
    row = rows(cast, cast.participant, group=f"peers:{group.pk}")[2008]
    assert (row.n, row.median, row.mean, row.maximum, row.group_reason) == (5, None, None, None, "too-few")


def test_peers_from_the_own_kring_may_be_few(cast, figures):
    group = ComparisonGroup.objects.create(owner=cast.participant, name="Twee")
    group.municipalities.set([cast.zandvoort, cast.beverwijk])
    row = rows(cast, cast.participant, group=f"peers:{group.pk}")[2008]
    assert (row.n, row.median) == (2, 15.0)


def test_somebody_elses_group_does_not_exist(cast, figures):
    group = ComparisonGroup.objects.create(owner=cast.colleague, name="Van haar")
    with pytest.raises(UnknownGroup) as error:
        rows(cast, cast.participant, group=f"peers:{group.pk}")
    assert error.value.available == ["all", "size", "province", "urbanity", "kring"]


def test_the_kring_is_no_group_for_the_public_or_the_stranger(cast, figures):
    with pytest.raises(UnknownGroup):
        rows(cast, None, group="kring")
    # the stranger's kring is their own
    assert rows(cast, cast.stranger, group="kring")[2008].n == 1


def test_the_size_class_is_half_open(cast, figures):
    """20,000, 16,000 and the four of 24,999; not the 40,000 of Beverwijk nor the 100,000 of Delft."""
    who = asking.reader(cast.office, "GM0534")
    result = asking.ask(who, cast.indicator, group="size")
    assert {row.year: row.n for row in result.rows}[2008] == 6
    assert result.group.note.count("2008") == 1


def test_the_province(cast, figures):
    assert rows(cast, cast.office, "GM0534", group="province")[2008].n == 2


def test_reports_are_kept_apart(cast, figures):
    Measurement.objects.all().delete()
    for year, report, value in [(2007, "begroting", 1.0), (2007, "jaarrekening", 2.0), (2008, "begroting", 3.0)]:
        figures.put(cast.hillegom, year, value, report=report)
    assert {year: row.value for year, row in rows(cast, cast.participant).items()} == {2007: 2.0}
    planned = rows(cast, cast.participant, report="begroting")
    assert {year: row.value for year, row in planned.items()} == {2007: 1.0, 2008: 3.0}
    with pytest.raises(UnknownReport) as error:
        rows(cast, cast.participant, report="raming")
    assert error.value.available == ["begroting", "jaarrekening"]


def test_an_indicator_without_values(cast):
    assert rows(cast, cast.participant) == {}


def test_years_are_a_period(cast, figures):
    assert list(rows(cast, cast.participant, first=2006, last=2007)) == [2006, 2007]


def test_stable_difference_is_told(cast, figures):
    row = rows(cast, cast.colleague, group="kring")[2008]
    assert (row.verdict.outcome, row.verdict.same_side, row.verdict.of) == ("better", 5, 5)


def test_nearest_inhabitants(cast, figures):
    who = asking.reader(cast.office)
    inhabitants, used = who.cube.inhabitants_in(np.array([2004, 2008, 2020]))
    at = who.cube.register.index[cast.hillegom.pk]
    assert inhabitants[at].tolist() == [20_000.0] * 3
    assert used[at].tolist() == [2008] * 3


def test_the_trend_begins_after_the_last_break(cast, figures):
    for year, value in zip(range(1999, 2004), (2.0, 4.0, 6.0, 8.0, 10.0), strict=True):
        figures.put(cast.hillegom, year, value)
    who = asking.reader(cast.participant)

    def trend():
        return asking.ask(who, cast.indicator, group="kring", **asking.lines(who, cast.indicator)).course

    assert (trend().points, trend().first) == (5, 2004)
    IndicatorVersion.objects.create(indicator=cast.indicator, name="eerst")
    IndicatorVersion.objects.create(indicator=cast.indicator, year_from=2006, what_changed="Alleen aan de balie.")
    assert (trend().line, trend().points) == (Line.UNKNOWN, 3)
    # a break still to come changes nothing of what is known
    IndicatorVersion.objects.update(year_from=None)
    IndicatorVersion.objects.filter(what_changed="").delete()
    assert trend().points == 5
