"""Improvement stories (verbeterverhalen): what a municipality changed, with a figure before and after."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageQuerySet
from wagtail.search import index

from benchmark.models import Area, Indicator
from cms.blocks import BodyBlock
from cms.listing import page_of
from cms.permissions import municipalities_to_write_for
from people import clock
from people.models import Municipality

NO_CONSENT = _(
    "Everybody who is named or quoted must have agreed before this is published. "
    "Nothing of your text is lost: ask them, tick the box and submit it again."
)


class StoryIndexPage(Page):
    """All stories, to be narrowed to one performance area."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.StoryPage"]
    max_count_per_parent = 1
    template = "cms/story_index_page.html"

    class Meta:
        verbose_name = _("list of stories")

    def stories(self) -> PageQuerySet[StoryPage]:
        """Return what everybody may read, newest first."""
        pages = StoryPage.objects.live().public().child_of(self)
        return pages.select_related("municipality", "area").order_by("-date", "-pk")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of stories and the areas that have any; an unknown area in the address shows all."""
        stories = self.stories()
        areas = list(Area.objects.filter(stories__in=stories).distinct())
        area = next((area for area in areas if area.slug == request.GET.get("gebied")), None)
        if area:
            stories = stories.filter(area=area)
        return {
            **super().get_context(request, *args, **kwargs),
            "items": page_of(stories, request),
            "areas": areas,
            "area": area,
        }


class StoryForm(WagtailAdminPageForm):
    """An editor writes for their own municipality; nothing is submitted or published without consent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:  # noqa: SLF001 - Django's own way to ask; a new page is live until it is saved
            self.instance.live = False
        if "municipality" in self.fields and isinstance(self.fields["municipality"], forms.ModelChoiceField):
            self.fields["municipality"].queryset = municipalities_to_write_for(self.for_user)

    def clean(self) -> dict[str, Any]:
        """Ask for consent as soon as it is more than a draft."""
        cleaned = super().clean()
        if not self.is_deferred_validation and not cleaned.get("consent"):
            self.add_error("consent", NO_CONSENT)
        return cleaned


class StoryPage(Page):
    """One story. It names its own figures only; what stands beside them is the average of all."""

    date = models.DateField(_("date"), default=clock.today)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="stories", verbose_name=_("municipality")
    )
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="stories", verbose_name=_("performance area")
    )
    indicator = models.ForeignKey(
        Indicator, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("indicator")
    )
    before_value = models.CharField(_("before"), max_length=40, blank=True, help_text=_("For example: 18 minutes"))
    before_when = models.CharField(_("when was that"), max_length=40, blank=True)
    after_value = models.CharField(_("after"), max_length=40, blank=True, help_text=_("For example: 9 minutes"))
    after_when = models.CharField(_("when was that"), max_length=40, blank=True)
    figure_label = models.CharField(
        _("what was measured"), max_length=160, blank=True, help_text=_("With its unit; leave empty without figures.")
    )
    figures_are_examples = models.BooleanField(_("the figures are examples"), default=False)
    intro = models.CharField(_("introduction"), max_length=300)
    quote = models.TextField(_("quote"), max_length=400, blank=True)
    quote_name = models.CharField(_("who says it"), max_length=80, blank=True)
    quote_job = models.CharField(_("function"), max_length=120, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    consent = models.BooleanField(
        _("everybody named or quoted agreed to publication"),
        default=False,
        help_text=_("Without this the story stays a draft."),
    )

    base_form_class = StoryForm
    content_panels = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("municipality"), FieldPanel("date")]),
        FieldPanel("area"),
        FieldPanel("intro"),
        MultiFieldPanel(
            [
                FieldPanel("figure_label"),
                FieldRowPanel([FieldPanel("before_value"), FieldPanel("before_when")]),
                FieldRowPanel([FieldPanel("after_value"), FieldPanel("after_when")]),
                FieldPanel("figures_are_examples"),
                FieldPanel("indicator"),
            ],
            heading=_("Before and after"),
        ),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("quote"), FieldRowPanel([FieldPanel("quote_name"), FieldPanel("quote_job")])],
            heading=_("Quote"),
        ),
        FieldPanel("consent"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("quote"),
        index.SearchField("body"),
        index.RelatedFields("municipality", [index.SearchField("name")]),
        index.FilterField("date"),
    ]
    parent_page_types = ["cms.StoryIndexPage"]
    subpage_types: list[str] = []
    template = "cms/story_page.html"

    class Meta:
        verbose_name = _("improvement story")
        verbose_name_plural = _("improvement stories")

    def clean(self) -> None:
        """Refuse a public story without consent, a quote of nobody and half a comparison."""
        super().clean()
        errors: dict[str, Any] = {}
        if self.live and not self.consent:
            errors["consent"] = NO_CONSENT
        if self.quote and not self.quote_name:
            errors["quote_name"] = _("Say whose words these are: a name or a role.")
        if (self.before_value or self.after_value) and not self.figure_label:
            errors["figure_label"] = _("Say what was measured, with its unit: a number alone says nothing.")
        if errors:
            raise ValidationError(errors)
