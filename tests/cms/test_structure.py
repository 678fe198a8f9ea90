"""The layout of the public site: pages, rights, approval; and that it can be laid out again."""

from __future__ import annotations

import pytest
from wagtail.models import GroupPagePermission, Locale, Page, Site, Workflow

from cms import examples
from cms.models import HomePage, StandardPage, StoryIndexPage, StoryPage
from cms.structure import ensure_pages
from people.models import Municipality

ADDRESSES = ["/verhalen/", "/nieuws/", "/agenda/", "/over/", "/toegankelijkheid/", "/privacy/", "/contact/"]


def test_the_site_begins_at_the_front_page(client, home):
    assert Site.objects.get().root_page_id == home.pk
    assert client.get("/").context["page"].specific == home


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_public_address_exists(client, home, address):
    page = client.get(address)
    assert page.status_code == 200
    assert page.context["page"].url == address


def test_laying_out_again_keeps_what_editors_changed(home):
    privacy = StandardPage.objects.get(slug="privacy")
    privacy.intro = "Zelf geschreven."
    privacy.save_revision().publish()
    before = Page.objects.count(), GroupPagePermission.objects.count(), Workflow.objects.count()

    assert ensure_pages() == home

    assert (Page.objects.count(), GroupPagePermission.objects.count(), Workflow.objects.count()) == before
    assert StandardPage.objects.get(slug="privacy").intro == "Zelf geschreven."


def test_the_welcome_page_of_wagtail_is_replaced(db):
    Locale.objects.get_or_create(language_code="nl")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    welcome = root.get_children().first() or root.add_child(
        instance=Page(title="Welcome to your new Wagtail site!", slug="home")
    )
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=welcome, is_default_site=True)

    ensure_pages()

    assert Site.objects.get().root_page.specific == HomePage.objects.get()
    assert not Page.objects.filter(title__startswith="Welcome").exists()


def test_examples_are_made_once(cast, home):
    Municipality.objects.create(code="GM1525", name="Teylingen")

    assert examples.load() == 8
    assert examples.load() == 8
    assert sorted(StoryPage.objects.values_list("municipality__name", flat=True)) == [
        "Beverwijk",
        "Hillegom",
        "Teylingen",
    ]
    assert set(StoryPage.objects.values_list("figures_are_examples", flat=True)) == {True}


def test_a_story_of_an_unknown_municipality_is_left_out(cast, home):
    assert examples.load() == 7
    assert StoryIndexPage.objects.get().get_children().count() == 2
