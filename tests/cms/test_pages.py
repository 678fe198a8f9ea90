"""What visitors read: lists, stories, calendar, feed; and what they never see."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmark.models import Area
from cms.models import EventPage, NewsIndexPage, NewsPage, StoryIndexPage, StoryPage

DAY = dt.date(2009, 3, 5)  # "today" of the suite


def titles(rows) -> list[str]:
    return [row.title for row in rows]


def test_front_page_shows_the_newest_of_everything(client, add_story, add_news, add_event):
    for number in range(1, 5):
        add_story(f"Verhaal {number}", date=DAY - dt.timedelta(days=number))
        add_news(f"Nieuws {number}", DAY - dt.timedelta(days=number))
    add_event("Geweest", DAY - dt.timedelta(days=1))
    add_event("Later", DAY + dt.timedelta(days=9))
    add_event("Vandaag", DAY)

    page = client.get("/").context

    assert titles(page["stories"]) == ["Verhaal 1", "Verhaal 2", "Verhaal 3"]
    assert titles(page["news"]) == ["Nieuws 1", "Nieuws 2", "Nieuws 3"]
    assert titles(page["events"]) == ["Vandaag", "Later"]


def test_an_event_of_several_days_stays_until_its_last_day(client, add_event):
    add_event("Week van de balie", DAY - dt.timedelta(days=2), until=DAY)
    add_event("Geweest", DAY - dt.timedelta(days=2), until=DAY - dt.timedelta(days=1))

    page = client.get("/agenda/").context

    assert titles(page["upcoming"]) == ["Week van de balie"]
    assert titles(page["past"]) == ["Geweest"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"until": DAY - dt.timedelta(days=1)}, "until"),
        ({"starts_at": dt.time(13), "ends_at": dt.time(13)}, "ends_at"),
    ],
)
def test_an_event_does_not_end_before_it_begins(add_event, fields, field):
    with pytest.raises(ValidationError) as refusal:
        add_event("Onmogelijk", DAY, **fields)
    assert list(refusal.value.error_dict) == [field]


def test_stories_can_be_narrowed_to_an_area(client, cast, add_story):
    add_story("Wachten", area=cast.area)
    add_story("Kosten", area=Area.objects.create(slug="kosten", name="Kosten", position=9))

    everything, narrowed, nonsense = (client.get(f"/verhalen/{q}").context for q in ("", "?gebied=kosten", "?gebied=x"))

    assert sorted(titles(everything["items"])) == ["Kosten", "Wachten"]
    assert [area.slug for area in everything["areas"]] == ["wachttijden", "kosten"]
    assert titles(narrowed["items"]) == ["Kosten"]
    assert sorted(titles(nonsense["items"])) == ["Kosten", "Wachten"]


def test_a_story_shows_its_own_figures_and_says_when_they_are_examples(client, add_story):
    story = add_story(
        figure_label="Wachttijd balie in minuten",
        before_value="18",
        after_value="9",
        figures_are_examples=True,
        quote="Ze wilden vooral niet wachten.",
        quote_name="Teamleider",
        quote_job="gemeente Hillegom",
    )

    page = client.get(story.url).content.decode()

    assert "Wachttijd balie in minuten" in page
    assert page.index(">18<") < page.index(">9<")
    assert "k-demo-mark" in page
    assert "Teamleider, gemeente Hillegom" in page


def test_drafts_appear_nowhere(client, add_story, add_news):
    draft = add_story("Geheim verhaal", live=False)
    hidden = add_news("Geheim nieuws", live=False)
    add_news("Gewoon nieuws")

    assert client.get(draft.get_url()).status_code == 404
    assert client.get(hidden.get_url()).status_code == 404
    for address in ("/", "/verhalen/", "/nieuws/", "/nieuws/feed/"):
        assert "Geheim" not in client.get(address).content.decode()


def test_the_feed_has_the_newest_first(client, add_news):
    add_news("Oud", DAY - dt.timedelta(days=30))
    add_news("Nieuw", DAY)

    answer = client.get("/nieuws/feed/")

    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"
    text = answer.content.decode()
    assert text.index("<title>Nieuw</title>") < text.index("<title>Oud</title>")
    assert "Thu, 05 Mar 2009 12:00:00 +0100" in text


@pytest.mark.parametrize("address", ["/", "/verhalen/", "/nieuws/", "/agenda/"])
def test_lists_cost_the_same_with_one_and_with_three(client, add_story, add_news, add_event, address):
    def fill(number: int) -> None:
        add_story(f"Verhaal {number}")
        add_news(f"Nieuws {number}")
        add_event(f"Dag {number}", DAY + dt.timedelta(days=number))
        add_event(f"Toen {number}", DAY - dt.timedelta(days=number))

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(address)
        return len(caught)

    fill(1)
    client.get(address)
    with_one = queries()
    fill(2)
    fill(3)
    assert queries() == with_one


def test_pages_hold_twelve_and_nonsense_gives_the_nearest(client, add_news):
    for number in range(13):
        add_news(f"Bericht {number}", DAY - dt.timedelta(days=number))

    assert len(client.get("/nieuws/").context["items"]) == 12
    assert titles(client.get("/nieuws/?pagina=2").context["items"]) == ["Bericht 12"]
    assert titles(client.get("/nieuws/?pagina=99").context["items"]) == ["Bericht 12"]
    assert len(client.get("/nieuws/?pagina=abc").context["items"]) == 12


@pytest.mark.parametrize(
    ("kind", "children"),
    [(StoryIndexPage, {StoryPage}), (NewsIndexPage, {NewsPage}), (StoryPage, set()), (EventPage, set())],
)
def test_each_kind_of_page_has_its_place(kind, children):
    assert set(kind.allowed_subpage_models()) == children


def test_the_sitemap_names_public_pages_only(client, add_story):
    add_story("Voor iedereen", slug="voor-iedereen")
    add_story("Nog niet", slug="nog-niet", live=False)

    text = client.get("/sitemap.xml").content.decode()

    assert "/verhalen/voor-iedereen/</loc>" in text
    assert "nog-niet" not in text
