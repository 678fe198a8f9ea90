"""The search of the whole site: sections, counts, rights."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction, Site

from cms.models import StoryIndexPage, StoryPage
from cms.structure import ensure_pages
from goodpractices.models import GoodPractice
from kringen.models import AgendaItem, Minutes, MinutesItem
from tests.cast import Cast


def _practice(cast: Cast, title: str, **fields) -> GoodPractice:
    values = {
        "slug": title.lower().replace(" ", "-"),
        "title": title,
        "municipality": cast.hillegom,
        "summary": "s",
        "situation": "x",
        "approach": "y",
        "state": GoodPractice.State.PUBLISHED,
        "visibility": GoodPractice.Visibility.PUBLIC,
        "published_at": timezone.now(),
    }
    return GoodPractice.objects.create(**(values | fields))


@pytest.fixture
def home(db) -> Page:
    """The root of the public site."""
    Locale.objects.get_or_create(language_code="nl")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    top = root.add_child(instance=Page(title="Begin", slug="begin"))
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=top, is_default_site=True)
    return top


def _page(home: Page, title: str, **fields) -> Page:
    return home.add_child(instance=Page(title=title, slug=title.lower().replace(" ", "-"), **fields))


def test_practices_and_pages_in_sections_with_counts(client, cast: Cast, home):
    _practice(cast, "Afspraken aan de balie")
    _page(home, "Een afspraak maken", search_description="Over afspraken <b>maken</b>")
    _page(home, "Iets anders")
    answer = client.get("/zoeken/", {"q": "afspraak"})
    html = answer.content.decode()
    assert (answer.context["found"].total, answer.context["number_of_pages"], answer.context["total"]) == (1, 1, 2)
    assert "<mark>Afspraken</mark> aan de balie" in html
    assert "Een <mark>afspraak</mark> maken" in html
    assert 'href="/een-afspraak-maken/"' in html
    assert "Iets anders" not in html
    assert "<b>maken" not in html


def test_word_forms_find_pages(client, cast: Cast, home):
    _page(home, "Nieuwe afspraken")
    assert client.get("/zoeken/", {"q": "afspraak"}).context["number_of_pages"] == 1


def test_what_is_not_public_is_in_no_list_and_no_count(client, cast: Cast, home):
    _page(home, "Balie open")
    _page(home, "Balie concept", live=False)
    secret = _page(home, "Balie afgeschermd")
    PageViewRestriction.objects.create(page=secret, restriction_type=PageViewRestriction.LOGIN)
    _practice(cast, "Balie voor de kring", visibility=GoodPractice.Visibility.KRING)
    _practice(cast, "Balie als concept", state=GoodPractice.State.DRAFT)
    expected = {"participant": 1, "facilitator": 1, "office": 1, "admin": 1}
    for name, user in cast.everyone().items():
        client.logout()
        if user is not None:
            client.force_login(user)
        answer = client.get("/zoeken/", {"q": "balie"})
        assert answer.context["found"].total == expected.get(name, 0), name
        assert answer.context["number_of_pages"] == 1, name
        for hidden in ("Balie concept", "Balie afgeschermd", "Balie als concept"):
            assert hidden not in answer.content.decode(), (name, hidden)


@pytest.mark.parametrize(
    "query", ["", " ", '"', "*", "NEAR(a b)", "🙂", "de het", "x" * 4000, "a' OR 1=1 --", "\x00", "%_"]
)
def test_hostile_questions_are_only_words(client, cast: Cast, home, query):
    assert client.get("/zoeken/", {"q": query}).status_code == 200


def test_a_typing_error_is_answered_with_a_question(client, cast: Cast, home):
    _practice(cast, "Kennisbank")
    html = client.get("/zoeken/", {"q": "kenisbank"}).content.decode()
    assert 'href="?q=kennisbank"' in html


def test_the_number_of_queries_is_the_same_for_1_and_3(client, cast: Cast, home, django_assert_max_num_queries):
    client.force_login(cast.participant)
    seen = []
    for number in (1, 2, 3):
        _practice(cast, f"Balie {number}")
        _page(home, f"Balie pagina {number}")
        client.get("/zoeken/", {"q": "balie"})
        with django_assert_max_num_queries(30) as used:
            assert client.get("/zoeken/", {"q": "balie"}).context["total"] == 2 * number
        seen.append(len(used))
    assert len(set(seen)) == 1, seen


def test_meetings_and_minutes_are_found_by_who_may_see_them_and_counted_for_nobody_else(client, cast: Cast, home):
    AgendaItem.objects.create(
        meeting=cast.meeting, position=1, title="Servicenormen", notes="Wij spraken af de **normen** rond te sturen."
    )
    for who in (cast.participant, cast.facilitator):
        client.force_login(who)
        answer = client.get("/zoeken/", {"q": "norm rondsturen"})
        assert (answer.context["number_of_meetings"], answer.context["total"]) == (0, 0)
        answer = client.get("/zoeken/", {"q": "norm sturen"})
        assert answer.context["number_of_meetings"] == 1
        assert "<mark>normen</mark>" in answer.content.decode()
        assert f'href="{cast.meeting.get_absolute_url()}"' in answer.content.decode()
    client.force_login(cast.stranger)
    answer = client.get("/zoeken/", {"q": "servicenormen"})
    assert (answer.context["number_of_meetings"], answer.context["total"]) == (0, 0)
    client.logout()
    assert client.get("/zoeken/", {"q": "servicenormen"}).context["number_of_meetings"] == 0


def test_minutes_are_found_by_who_may_read_them_and_counted_for_nobody_else(client, cast: Cast, home):
    minutes = Minutes.objects.create(meeting=cast.meeting)
    MinutesItem.objects.create(minutes=minutes, position=1, title="Rondvraag", text="De **kennisbank** komt terug.")
    readers = {
        Minutes.State.DRAFT: {"facilitator", "office", "admin"},
        Minutes.State.AMENDING: {"facilitator", "office", "admin", "participant"},
        Minutes.State.ADOPTED: {"facilitator", "office", "admin", "participant", "steering"},
    }
    for state, expected in readers.items():
        minutes.state, minutes.amend_until = state, dt.date(2009, 7, 1)
        minutes.save()
        for name, user in cast.everyone().items():
            client.logout()
            if user is not None:
                client.force_login(user)
            answer = client.get("/zoeken/", {"q": "kennisbank"})
            assert answer.context["number_of_meetings"] == (name in expected), (state, name)
            assert answer.context["total"] == (name in expected), (state, name)
            html = answer.content.decode()
            assert ("<mark>kennisbank</mark>" in html) is (name in expected), (state, name)
            assert ("/bijeenkomsten/1/verslag/" in html) is (name in expected), (state, name)


def test_stories_have_a_section_of_their_own(client, cast: Cast):
    ensure_pages()
    stories = StoryIndexPage.objects.get()
    made = StoryPage(
        title="Rust aan het loket",
        municipality=cast.hillegom,
        intro="Wachten duurt korter.",
        consent=True,
        search_description="",
    )
    stories.add_child(instance=made)
    made.save_revision().publish()
    stories.add_child(instance=StoryPage(title="Loket geheim", municipality=cast.hillegom, intro="x", live=False))
    answer = client.get("/zoeken/", {"q": "loket"})
    assert (answer.context["number_of_stories"], answer.context["number_of_pages"]) == (1, 0)
    html = answer.content.decode()
    assert "Rust aan het <mark>loket</mark>" in html
    assert "Wachten duurt korter." in html
    assert "Loket geheim" not in html
