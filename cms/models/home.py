"""The public front page."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import BodyBlock
from cms.models.event import EventPage
from cms.models.news import NewsPage
from cms.models.story import StoryPage


class HomePage(Page):
    """What a visitor sees first: what this is, and what is new. A logged-in member sees their own day instead."""

    hero_title = models.CharField(_("large title"), max_length=120, blank=True)
    hero_text = models.TextField(_("text under the large title"), max_length=400, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("hero_title"),
        FieldPanel("hero_text"),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("hero_text"), index.SearchField("body")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.StandardPage", "cms.NewsIndexPage", "cms.EventIndexPage", "cms.StoryIndexPage"]
    max_count = 1
    template = "cms/home_page.html"

    class Meta:
        verbose_name = _("front page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the newest three stories and news items and the next three events."""
        context = super().get_context(request, *args, **kwargs)
        stories = StoryPage.objects.live().public().descendant_of(self).select_related("municipality", "area")
        news = NewsPage.objects.live().public().descendant_of(self)
        context["stories"] = stories.order_by("-date", "-pk")[:3]
        context["news"] = news.order_by("-date", "-pk")[:3]
        context["events"] = EventPage.objects.live().public().descendant_of(self).upcoming()[:3]
        return context
