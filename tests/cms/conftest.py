"""The public site as `ensure_pages` lays it out, and pages to put in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group

from cms.models import EventIndexPage, EventPage, HomePage, NewsIndexPage, NewsPage, StoryIndexPage, StoryPage
from cms.structure import ensure_pages
from people.roles import EDITORS, OFFICE
from tests.cast import Cast


@pytest.fixture
def home(cast: Cast) -> HomePage:
    """The laid-out site; the editor and the office are in their groups."""
    made = ensure_pages()
    cast.editor.groups.add(Group.objects.get(name=EDITORS))
    cast.office.groups.add(Group.objects.get(name=OFFICE))
    return made


@pytest.fixture
def add_story(cast: Cast, home: HomePage) -> Callable[..., StoryPage]:
    """Make stories of Hillegom."""
    parent = StoryIndexPage.objects.get()

    def add(title: str = "Korter wachten", **fields: object) -> StoryPage:
        values = {"municipality": cast.hillegom, "intro": "Van achttien naar negen.", "consent": True, **fields}
        return parent.add_child(instance=StoryPage(title=title, **values))

    return add


@pytest.fixture
def add_news(home: HomePage) -> Callable[..., NewsPage]:
    """Make news."""
    parent = NewsIndexPage.objects.get()

    def add(title: str, day: dt.date = dt.date(2009, 3, 1), **fields: object) -> NewsPage:
        return parent.add_child(instance=NewsPage(title=title, date=day, intro=f"Over {title}.", **fields))

    return add


@pytest.fixture
def add_event(home: HomePage) -> Callable[..., EventPage]:
    """Make events."""
    parent = EventIndexPage.objects.get()

    def add(title: str, day: dt.date, **fields: object) -> EventPage:
        return parent.add_child(instance=EventPage(title=title, date=day, intro="Komt u ook?", **fields))

    return add
