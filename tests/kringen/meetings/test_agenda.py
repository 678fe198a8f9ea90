"""The times of an agenda, computed."""

import datetime as dt

from django.utils import translation

from kringen.meetings.agenda import timetable
from kringen.models import AgendaItem

T = dt.time
# The agenda of the first meeting of Kring C (facts 4.1): five items, the last one without an end.
FIRST = [
    AgendaItem(title="Opening en nieuws", minutes=15),
    AgendaItem(title="Jaaropzet", minutes=15),
    AgendaItem(title="Kennismaking", minutes=30),
    AgendaItem(title="Thema's", minutes=20),
    AgendaItem(title="Afsluiting"),
]


def starts(table) -> list[dt.time | None]:
    return [slot.start for slot in table.slots]


def test_start_times_add_up_and_the_last_item_is_open():
    table = timetable(FIRST, T(13), None)
    assert starts(table) == [T(13), T(13, 15), T(13, 30), T(14), T(14, 20)]
    assert [slot.open_ended for slot in table.slots] == [False, False, False, False, True]
    assert (table.planned, table.available) == (80, None)
    with translation.override("en"):
        assert table.sentence == (
            "The items together take 80 minutes. The last item has an open end. The meeting has no end time."
        )


def test_typed_times_win_and_give_the_length_of_the_item_before():
    items = [AgendaItem(title="a"), AgendaItem(title="b", starts_at=T(13, 45), minutes=10), AgendaItem(title="c")]
    table = timetable(items, T(13), T(15))
    assert starts(table) == [T(13), T(13, 45), T(13, 55)]
    assert [slot.minutes for slot in table.slots] == [45, 10, None]
    assert [slot.end for slot in table.slots] == [T(13, 45), T(13, 55), None]


def test_overlap_is_said_and_nothing_is_moved():
    items = [AgendaItem(title="a", minutes=60), AgendaItem(title="b", starts_at=T(13, 30), minutes=30)]
    table = timetable(items, T(13), T(15))
    assert [slot.overlaps for slot in table.slots] == [False, True]
    assert [slot.item.title for slot in table.overlaps] == ["b"]
    assert starts(table) == [T(13), T(13, 30)]


def test_an_item_before_one_that_is_open_overlaps_too():
    items = [AgendaItem(title="a", starts_at=T(14)), AgendaItem(title="b", starts_at=T(13, 30))]
    assert [slot.overlaps for slot in timetable(items, T(13), None).slots] == [False, True]


def test_two_open_items_at_the_same_time_overlap():
    items = [AgendaItem(title="a", starts_at=T(14)), AgendaItem(title="b", starts_at=T(14))]
    assert [slot.overlaps for slot in timetable(items, T(13), None).slots] == [False, True]


def test_the_first_item_may_begin_before_the_meeting():
    assert not timetable([AgendaItem(title="inloop", starts_at=T(12, 30))], T(13), None).slots[0].overlaps


def test_without_any_time_nothing_is_invented():
    table = timetable(FIRST, None, None)
    assert starts(table) == [None] * 5
    assert table.planned == 80


def test_too_long_and_left_over_in_words():
    with translation.override("en"):
        over = timetable([AgendaItem(title="a", minutes=61)], T(13), T(14))
        assert over.too_long
        assert over.sentence == (
            "The items together take 61 minutes. That is 1 minute more than the 60 minutes of the meeting."
        )
        left = timetable([AgendaItem(title="a", minutes=45)], T(13), T(14))
        assert not left.too_long
        assert left.sentence == ("The items together take 45 minutes. The meeting has 60 minutes, so 15 are left.")


def test_past_midnight_does_not_break():
    table = timetable([AgendaItem(title="a", minutes=90), AgendaItem(title="b", minutes=5)], T(23), None)
    assert starts(table) == [T(23), T(0, 30)]


def test_an_empty_agenda():
    table = timetable([], T(13), T(15))
    assert (table.slots, table.planned, table.available, table.open_ended) == ((), 0, 120, False)
