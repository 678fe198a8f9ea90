"""Example pages of the demo: three improvement stories, two news items, three events. Roles, no real persons."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from wagtail.models import Page

from benchmark.models import Area, Indicator
from cms.models import EventIndexPage, EventPage, NewsIndexPage, NewsPage, StoryIndexPage, StoryPage
from cms.structure import ensure_pages, read, stream
from people.models import Municipality


@transaction.atomic
def load() -> int:
    """Make the example pages that are missing; a story whose municipality is not known is left out.

    Returns:
        How many example pages there are.
    """
    home = ensure_pages()
    examples = read("examples")
    made = [
        *(_story(home, fields) for fields in examples["stories"]),
        *(_below(home, NewsIndexPage, NewsPage, fields) for fields in examples["news"]),
        *(_below(home, EventIndexPage, EventPage, fields) for fields in examples["events"]),
    ]
    return sum(made)


def _story(home: Page, fields: dict[str, Any]) -> bool:
    """Make one story; its figures are marked as examples."""
    municipality = Municipality.objects.filter(code=fields.pop("code")).first()
    if municipality is None:
        return False
    fields["municipality"] = municipality
    fields["area"] = Area.objects.filter(slug=fields.pop("area")).first()
    fields["indicator"] = Indicator.objects.filter(code=fields.pop("indicator")).first()
    return _below(home, StoryIndexPage, StoryPage, {**fields, "consent": True, "figures_are_examples": True})


def _below(home: Page, index: type[Page], kind: type[Page], fields: dict[str, Any]) -> bool:
    """Make one page under its list, unless a page with its slug is there."""
    parent = index.objects.child_of(home).get()
    if not parent.get_children().filter(slug=fields["slug"]).exists():
        for name in ("starts_at", "ends_at"):
            if name in fields:
                fields[name] = dt.time.fromisoformat(fields[name])
        fields["date"] = dt.date.fromisoformat(fields["date"])
        parent.add_child(instance=kind(**{**fields, "body": stream(*fields["body"])}))
    return True
