"""A good practice: what a municipality did, what came of it, and where it belongs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.search import index

from benchmark.models import Area, Indicator
from benchmark.phases import Phase
from people.models import Municipality


class OrganisationArea(models.TextChoices):
    """The five organisation areas (organisatiegebieden)."""

    LEADERSHIP = "leiderschap", _("Leadership")
    PROCESSES = "processen", _("Processes")
    ICT = "ict", _("ICT and information")
    STAFF = "medewerkers", _("Staff")
    MEANS = "middelen", _("Means")


class GoodPractice(index.Indexed, models.Model):
    """Located by performance area × organisation area × phase; found by its words."""

    class State(models.TextChoices):
        """Only published ones are found."""

        DRAFT = "draft", _("draft")
        REVIEW = "review", _("in review")
        PUBLISHED = "published", _("published")
        ARCHIVED = "archived", _("archived")

    class Visibility(models.TextChoices):
        """How wide the circle of readers is once published."""

        KRING = "kring", _("our kring")
        PARTICIPANTS = "participants", _("all kringen")
        PUBLIC = "public", _("everybody")

    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(_("title"), max_length=160)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="practices", verbose_name=_("municipality")
    )
    summary = models.CharField(_("in one sentence"), max_length=240)
    situation = models.TextField(_("situation"))
    approach = models.TextField(_("approach"))
    result = models.TextField(_("result"), blank=True)
    cost = models.TextField(_("cost and effort"), blank=True)
    contact = models.CharField(_("contact"), max_length=160, blank=True, help_text=_("A role or a shared mailbox."))
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    areas = models.ManyToManyField(Area, related_name="practices", verbose_name=_("performance areas"))
    organisation_area = models.CharField(
        _("organisation area"), max_length=12, choices=OrganisationArea.choices, blank=True
    )
    phase = models.PositiveSmallIntegerField(_("phase"), choices=Phase.choices, null=True, blank=True)
    indicators = models.ManyToManyField(Indicator, related_name="practices", blank=True, verbose_name=_("indicators"))
    tags = TaggableManager(blank=True, verbose_name=_("tags"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    visibility = models.CharField(
        _("visible to"), max_length=12, choices=Visibility.choices, default=Visibility.PARTICIPANTS
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="practices"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(_("published on"), null=True, blank=True)
    is_demo = models.BooleanField(_("example"), default=False)
    submission = models.UUIDField(null=True, blank=True, unique=True, help_text="form id: sent twice, made once")

    class Meta:
        ordering = ["-published_at", "title"]
        verbose_name = _("good practice")
        verbose_name_plural = _("good practices")

    def __str__(self) -> str:
        return self.title
