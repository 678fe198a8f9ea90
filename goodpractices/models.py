"""A good practice: what a municipality did, what came of it, and where it belongs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import Tag
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


class GoodPracticeQuerySet(models.QuerySet["GoodPractice"]):
    """Practices as the people and pages that ask for them need them."""

    def visible_to(self, user: Any) -> GoodPracticeQuerySet:
        """Keep all that a person may open: what is published to them, own work, and work to review."""
        from goodpractices.permissions import reach_of

        return self.filter(reach_of(user).everything())

    def published_to(self, user: Any) -> GoodPracticeQuerySet:
        """Keep what the library shows a person: published practices only, never a draft."""
        from goodpractices.permissions import reach_of

        return self.filter(reach_of(user).published())

    def in_progress_for(self, user: Any) -> GoodPracticeQuerySet:
        """Keep the drafts and practices in review of a person's own municipality."""
        from goodpractices.permissions import reach_of

        return self.filter(
            municipality__in=reach_of(user).own, state__in=[GoodPractice.State.DRAFT, GoodPractice.State.REVIEW]
        )

    def for_review_by(self, user: Any) -> GoodPracticeQuerySet:
        """Keep what waits for this reviewer, except what they wrote themselves."""
        from goodpractices.permissions import reach_of

        waiting = self.filter(reach_of(user).reviewed(), state=GoodPractice.State.REVIEW)
        return waiting.exclude(author_id=user.pk) if user.pk else waiting.none()

    def for_cards(self) -> GoodPracticeQuerySet:
        """Fetch along what a card shows: municipality, areas and tags (two queries more, whatever the number).

        The areas and tags come as plain lists: a prefetched manager builds a query per practice that is never asked,
        which took a third of the time of a page of twenty.
        """
        return self.select_related("municipality").prefetch_related(
            models.Prefetch("areas", to_attr="fetched_areas"), models.Prefetch("tags", to_attr="fetched_tags")
        )


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
    # What follows is derived and written by indexing.py only.
    stems = models.TextField(editable=False, blank=True, help_text="what full-text search reads")
    words = models.TextField(editable=False, blank=True, help_text="what a typing error may be corrected to")
    revision = models.BigIntegerField(editable=False, default=0, db_index=True, help_text="when it last changed")

    objects = GoodPracticeQuerySet.as_manager()

    # indexing.py writes the entry in the same transaction: a published practice is found at once, also where
    # background tasks wait for a worker.
    search_auto_update = False
    search_fields = [
        index.SearchField("title"),
        index.SearchField("stems"),
        index.FilterField("state"),
        index.FilterField("visibility"),
        index.FilterField("municipality_id"),
    ]

    class Meta:
        ordering = ["-published_at", "title"]
        verbose_name = _("good practice")
        verbose_name_plural = _("good practices")

    def __str__(self) -> str:
        return self.title

    @property
    def shown_areas(self) -> list[Area]:
        """Its areas; without a query after `for_cards`."""
        fetched: list[Area] | None = getattr(self, "fetched_areas", None)
        return list(self.areas.all()) if fetched is None else fetched

    @property
    def shown_tags(self) -> list[Tag]:
        """Its tags; without a query after `for_cards`."""
        fetched: list[Tag] | None = getattr(self, "fetched_tags", None)
        return list(self.tags.all()) if fetched is None else fetched

    @property
    def is_published(self) -> bool:
        """Whether it is in the library."""
        return self.state == self.State.PUBLISHED


class Remark(models.Model):
    """What a reviewer wrote when sending a practice back; kept, so that the next reviewer can see it too."""

    practice = models.ForeignKey(GoodPractice, models.CASCADE, related_name="remarks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("remark"), max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")

    def __str__(self) -> str:
        return self.text[:60]


class LibraryRevision(models.Model):
    """One row: the number of the last change to any practice, so that every process knows whether it is up to date."""

    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
