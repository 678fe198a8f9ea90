"""Where are we now: pure, on hand cases."""

import datetime as dt

import pytest
from django.utils import translation

from kringen.models import Milestone
from kringen.year import dates
from kringen.year.yearplan import Moment, timeline

D = dt.date


def milestone(pk: int, title: str, first: dt.date, last: dt.date | None = None, **fields) -> Milestone:
    last = last or first
    precision = fields.pop("precision", "exact" if first == last else "window")
    return Milestone(pk=pk, title=title, date_from=first, date_to=last, precision=precision, **fields)


# In the order of the printed plan of 2009, which is not the order of time: meeting 2 stands above the June reports.
YEAR = [
    milestone(1, "Start en eerste kringbijeenkomst", D(2009, 2, 12), kind="meeting"),
    milestone(2, "Start dataverzameling", D(2009, 2, 16)),
    milestone(3, "Aanmelden KTO", D(2009, 2, 23), kind="deadline"),
    milestone(4, "Deadline I", D(2009, 3, 27), kind="deadline"),
    milestone(5, "KTO", D(2009, 3, 1), D(2009, 4, 30), kind="survey"),
    milestone(12, "Kringbijeenkomst 2", D(2009, 6, 22), D(2009, 7, 2), kind="meeting"),
    milestone(10, "Rapportage KTO", D(2009, 6, 8), kind="report"),
    milestone(11, "Brief op Maat", D(2009, 6, 8), kind="report"),
    milestone(13, "Conceptrapport", D(2009, 9, 10), D(2009, 9, 20), precision="vague", label="medio september"),
    milestone(16, "Slotbijeenkomst", D(2009, 11, 19), kind="meeting"),
]
OWN = {12: D(2009, 6, 25)}


def titles(entries) -> list[str]:
    return [entry.milestone.title for entry in entries]


def test_unsorted_milestones_come_in_the_order_of_time():
    assert titles(timeline(YEAR, OWN, D(2009, 3, 5)).entries) == [
        "Start en eerste kringbijeenkomst",
        "Start dataverzameling",
        "Aanmelden KTO",
        "KTO",
        "Deadline I",
        "Rapportage KTO",
        "Brief op Maat",
        "Kringbijeenkomst 2",
        "Conceptrapport",
        "Slotbijeenkomst",
    ]


def test_a_window_over_today_is_now_and_the_deadline_inside_it_is_next():
    plan = timeline(YEAR, OWN, D(2009, 3, 5))
    assert titles(plan.current) == ["KTO"]
    assert plan.last_done.milestone.title == "Aanmelden KTO"
    assert plan.last_done.days == -10
    assert plan.next.milestone.title == "Deadline I"
    assert plan.next.days == 22
    assert plan.next_deadline.milestone.title == "Deadline I"


def test_a_deadline_of_today_is_now_and_still_the_next_deadline():
    plan = timeline(YEAR, OWN, D(2009, 3, 27))
    assert titles(plan.current) == ["KTO", "Deadline I"]
    assert plan.next_deadline.milestone.title == "Deadline I"
    assert plan.next_deadline.days == 0


def test_two_milestones_on_one_day_are_both_next():
    plan = timeline(YEAR, OWN, D(2009, 5, 30))
    assert [entry.milestone.title for entry in plan.entries if entry.moment is Moment.NEXT] == [
        "Rapportage KTO",
        "Brief op Maat",
    ]


def test_the_own_day_counts_instead_of_the_window():
    before = timeline(YEAR, OWN, D(2009, 6, 23))
    assert before.current == ()
    assert before.next.milestone.title == "Kringbijeenkomst 2"
    assert before.next.days == 2
    without = timeline(YEAR, {}, D(2009, 6, 23))
    assert titles(without.current) == ["Kringbijeenkomst 2"]
    after = timeline(YEAR, OWN, D(2009, 6, 26))
    assert after.last_done.milestone.title == "Kringbijeenkomst 2"


def test_an_own_day_outside_the_window_moves_the_milestone_and_is_said():
    plan = timeline(YEAR, {12: D(2009, 6, 1)}, D(2009, 5, 30))
    assert plan.next.milestone.title == "Kringbijeenkomst 2"
    assert plan.next.own_date_outside
    assert not timeline(YEAR, OWN, D(2009, 5, 30)).entries[7].own_date_outside


def test_all_past():
    plan = timeline(YEAR, OWN, D(2010, 1, 1))
    assert {entry.moment for entry in plan.entries} == {Moment.PAST}
    assert (plan.current, plan.next, plan.next_deadline) == ((), None, None)
    assert plan.last_done.milestone.title == "Slotbijeenkomst"


def test_all_future():
    plan = timeline(YEAR, OWN, D(2009, 1, 1))
    assert plan.last_done is None
    assert plan.current == ()
    assert plan.next.milestone.title == "Start en eerste kringbijeenkomst"
    assert plan.next.days == 42


def test_last_done_is_what_ended_last_not_what_began_last():
    long = milestone(1, "Lang", D(2009, 1, 1), D(2009, 3, 1))
    short = milestone(2, "Kort", D(2009, 2, 1))
    assert timeline([long, short], {}, D(2009, 3, 5)).last_done.milestone.title == "Lang"


def test_no_milestones():
    plan = timeline([], {}, D(2009, 3, 5))
    assert (plan.entries, plan.current, plan.next, plan.last_done) == ((), (), None, None)


def test_every_moment_is_a_word_and_a_shape():
    with translation.override("en"):
        plan = timeline(YEAR, OWN, D(2009, 3, 5))
        said = {(str(entry.word), entry.shape) for entry in plan.entries}
    assert said == {("has been", "✓"), ("now", "●"), ("next", "▶"), ("later", "○")}


@pytest.mark.parametrize(
    ("pk", "announced"),
    [
        (1, "donderdag 12 februari 2009 (week 7)"),
        (5, "1 maart – 30 april 2009 (week 9–18)"),
        (12, "22 juni – 2 juli 2009 (week 26 & 27)"),
        (13, "medio september 2009"),
        (10, "maandag 8 juni 2009 (week 24)"),
    ],
)
def test_three_precisions_as_they_were_announced(pk, announced):
    plan = timeline(YEAR, OWN, D(2009, 3, 5))
    with translation.override("nl"):
        assert next(entry.announced for entry in plan.entries if entry.milestone.pk == pk) == announced


def test_the_own_day_is_shown_with_its_weekday():
    plan = timeline(YEAR, OWN, D(2009, 3, 5))
    entry = next(entry for entry in plan.entries if entry.own_date)
    with translation.override("nl"):
        assert entry.when == "donderdag 25 juni 2009 (week 26)"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (D(2009, 4, 1), D(2009, 4, 10), "1–10 april 2009 (week 14 & 15)"),
        (D(2009, 9, 28), D(2009, 10, 9), "28 september – 9 oktober 2009 (week 40 & 41)"),
        (D(2009, 12, 28), D(2010, 1, 8), "28 december 2009 – 8 januari 2010 (week 53 & 1)"),
        (D(2009, 6, 8), D(2009, 6, 8), "8 juni 2009 (week 24)"),
    ],
)
def test_periods_say_month_and_year_once(first, last, text):
    with translation.override("nl"):
        assert dates.window_text(first, last) == text


@pytest.mark.parametrize(
    ("label", "text"),
    [("medio september", "medio september 2009"), ("begin april 2009", "begin april 2009"), ("", "1–10 april 2009")],
)
def test_a_vague_date_keeps_its_words(label, text):
    with translation.override("nl"):
        assert dates.vague_text(label, D(2009, 4, 1), D(2009, 4, 10)) == text


def test_days_in_words():
    with translation.override("en"):
        assert [dates.days_text(days) for days in (-2, -1, 0, 1, 2)] == [
            "2 days ago",
            "1 day ago",
            "today",
            "tomorrow",
            "in 2 days",
        ]
