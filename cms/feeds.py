"""The feed of the public news."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.syndication.views import Feed
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from cms.models import NewsIndexPage, NewsPage

ITEMS = 20


class NewsFeed(Feed):
    """The last items that everybody may read, as RSS."""

    title = _("News of Kringen")
    description = _("News about learning circles of municipalities.")

    def __init__(self, index: NewsIndexPage) -> None:
        self.index = index

    def link(self) -> str:
        """Return the address of the list."""
        return self.index.url or "/"

    def items(self) -> list[NewsPage]:
        """Return the newest items."""
        return list(self.index.news()[:ITEMS])

    def item_title(self, item: NewsPage) -> str:
        """Return the title."""
        return item.title

    def item_description(self, item: NewsPage) -> str:
        """Return the introduction."""
        return item.intro

    def item_link(self, item: NewsPage) -> str:
        """Return the address."""
        return item.url or "/"

    def item_pubdate(self, item: NewsPage) -> dt.datetime:
        """Return noon of its day: readers want a moment."""
        return timezone.make_aware(dt.datetime.combine(item.date, dt.time(12)))
