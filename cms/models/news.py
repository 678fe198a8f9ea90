"""News of the programme."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Page, PageQuerySet
from wagtail.search import index

from cms.blocks import BodyBlock
from cms.listing import page_of
from people import clock


class NewsIndexPage(RoutablePageMixin, Page):
    """The list of news, newest first, and its feed."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.NewsPage"]
    max_count_per_parent = 1
    template = "cms/news_index_page.html"

    class Meta:
        verbose_name = _("news list")

    def news(self) -> PageQuerySet[NewsPage]:
        """Return what everybody may read, newest first."""
        return NewsPage.objects.live().public().child_of(self).order_by("-date", "-pk")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of the list."""
        return {**super().get_context(request, *args, **kwargs), "items": page_of(self.news(), request)}

    @path("feed/")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """Answer the RSS feed."""
        from cms.feeds import NewsFeed

        return NewsFeed(self)(request)


class NewsPage(Page):
    """One news item."""

    date = models.DateField(_("date"), default=clock.today)
    intro = models.CharField(_("introduction"), max_length=300)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("date"), FieldPanel("intro"), FieldPanel("body")]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
        index.FilterField("date"),
    ]
    parent_page_types = ["cms.NewsIndexPage"]
    subpage_types: list[str] = []
    template = "cms/news_page.html"

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")
