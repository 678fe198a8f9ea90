"""The public calendar. Meetings of a kring are not here: they are confidential and live in `kringen`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PageQuerySet
from wagtail.search import index

from cms.blocks import BodyBlock
from cms.listing import page_of
from people import clock


class EventQuerySet(PageQuerySet["EventPage"]):
    """Events as the calendar shows them."""

    def upcoming(self) -> EventQuerySet:
        """Keep what is not over yet, soonest first; the last day counts."""
        today = clock.today()
        return self.filter(Q(date__gte=today) | Q(until__gte=today)).order_by("date", "starts_at", "pk")

    def past(self) -> EventQuerySet:
        """Keep what is over, latest first."""
        today = clock.today()
        return self.filter(date__lt=today).exclude(until__gte=today).order_by("-date", "-pk")


EventManager = PageManager.from_queryset(EventQuerySet)


class EventIndexPage(Page):
    """What is coming, and what was."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.EventPage"]
    max_count_per_parent = 1
    template = "cms/event_index_page.html"

    class Meta:
        verbose_name = _("calendar")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add all that is coming and one page of what was."""
        events = EventPage.objects.live().public().child_of(self)
        return {
            **super().get_context(request, *args, **kwargs),
            "upcoming": events.upcoming(),
            "past": page_of(events.past(), request),
        }


class EventPage(Page):
    """One event; it may last several days."""

    date = models.DateField(_("date"))
    until = models.DateField(_("last day"), null=True, blank=True)
    starts_at = models.TimeField(_("starts at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    intro = models.CharField(_("introduction"), max_length=300)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    objects = EventManager()

    content_panels = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("date"), FieldPanel("until")]),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldPanel("place"),
        FieldPanel("intro"),
        FieldPanel("body"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("place"),
        index.SearchField("body"),
        index.FilterField("date"),
    ]
    parent_page_types = ["cms.EventIndexPage"]
    subpage_types: list[str] = []
    template = "cms/event_page.html"

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def clean(self) -> None:
        """Refuse an end before the beginning."""
        super().clean()
        # None until the form has a date for it, whatever the field's type says
        begins: dt.date | None = self.date
        if self.until and begins and self.until < begins:
            raise ValidationError(
                {"until": _("The last day is before the first. Choose a later day or leave it empty.")}
            )
        one_day = not self.until or self.until == self.date
        if one_day and self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The end is not after the beginning. Choose a later time.")})
