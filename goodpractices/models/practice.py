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
from people import clock
from people.models import Municipality


class OrganisationArea(models.TextChoices):
    """The five organisation areas (organisatiegebieden)."""

    LEADERSHIP = "leiderschap", _("Leadership")
    PROCESSES = "processen", _("Processes")
    ICT = "ict", _("ICT and information")
    STAFF = "medewerkers", _("Staff")
    MEANS = "middelen", _("Means")


class Evidence(models.IntegerChoices):
    """How well it is known that a practice works; says nothing about how large the effect is, or what it costs."""

    NONE = 0, _("none yet")
    TOLD = 1, _("told")
    MEASURED = 2, _("measured")
    COMPARED = 3, _("compared")


class NupSubject(models.TextChoices):
    """The subjects of the national programme (NUP) that services of municipalities are built on."""

    SERVICE_CODE = "burgerservicecode", _("citizen service code")
    ARCHITECTURE = "nora-gemma", "NORA en GEMMA"
    OPEN = "open-standaarden", _("open standards and open source")
    ACCESSIBILITY = "webrichtlijnen", _("web guidelines")
    MY_GOVERNMENT = "mijnoverheid", "MijnOverheid (PIP)"
    ANSWER = "antwoord", _("Antwoord© and 14+netnummer")
    DIGID = "digid", _("DigiD for inhabitants and businesses")
    MANDATES = "machtigen", _("acting for somebody else (GMV)")
    BSN = "bsn", "BSN"
    REGISTERS = "basisregistraties", _("base registers")
    EXCHANGE = "informatie-uitwisseling", _("electronic exchange of information")
    ENVIRONMENT = "omgevingsvergunning", _("environmental permit (Wabo)")
    SCHOOL = "schoolverlaten", _("early school leaving")
    CLIENT_FILE = "klantdossier", _("digital client file (DKD)")
    SERVICES = "dienstenrichtlijn", _("EU services directive")
    SUPPORT = "regelhulp", _("Regelhulp (Wmo)")
    YOUTH = "verwijsindex", _("reference index for young people at risk (VIR)")


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
        """Keep the drafts and practices in review that a person writes: those of their own municipality."""
        from goodpractices.permissions import reach_of

        return self.filter(reach_of(user).written(), state__in=[GoodPractice.State.DRAFT, GoodPractice.State.REVIEW])

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
    went_wrong = models.TextField(_("what went wrong"), blank=True)
    conditions = models.TextField(_("what must be in place"), blank=True)
    for_size = models.CharField(_("fits which size"), max_length=120, blank=True)
    budget = models.CharField(_("budget"), max_length=120, blank=True)
    staff = models.CharField(_("staff"), max_length=120, blank=True)
    contact = models.CharField(_("contact"), max_length=160, blank=True, help_text=_("A role or a shared mailbox."))
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    areas = models.ManyToManyField(Area, related_name="practices", verbose_name=_("performance areas"))
    organisation_area = models.CharField(
        _("organisation area"), max_length=12, choices=OrganisationArea.choices, blank=True
    )
    phase = models.PositiveSmallIntegerField(_("phase"), choices=Phase.choices, null=True, blank=True)
    indicators = models.ManyToManyField(Indicator, related_name="practices", blank=True, verbose_name=_("indicators"))
    tags = TaggableManager(blank=True, verbose_name=_("tags"))
    nup_subjects = models.JSONField(_("NUP subjects"), default=list, blank=True)
    co_authors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="practices_written_along", blank=True, verbose_name=_("co-authors")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    visibility = models.CharField(
        _("visible to"), max_length=12, choices=Visibility.choices, default=Visibility.PARTICIPANTS
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="practices"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(_("published on"), null=True, blank=True)
    review_on = models.DateField(_("to be looked at again on"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="when its authors were reminded of that date")
    is_demo = models.BooleanField(_("example"), default=False)
    submission = models.UUIDField(null=True, blank=True, unique=True, help_text="form id: sent twice, made once")
    # What follows is derived: by standing.py from adoptions, experiences and figures, …
    evidence = models.PositiveSmallIntegerField(editable=False, choices=Evidence.choices, default=Evidence.NONE)
    adopters = models.PositiveIntegerField(editable=False, default=0, help_text="trying or running it now")
    proven = models.FloatField(
        editable=False, null=True, blank=True, help_text="lower end of the effect in spreads; empty: cannot be said yet"
    )
    # … and by indexing.py from the words.
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
    def is_due(self) -> bool:
        """Whether the day on which somebody should look at it again has come."""
        return self.review_on is not None and self.review_on <= clock.today()

    @property
    def nup_labels(self) -> list[str]:
        """Its NUP subjects as people call them."""
        return [str(NupSubject(value).label) for value in self.nup_subjects if value in NupSubject.values]

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


class PracticeVersion(models.Model):
    """The written fields of a practice as somebody saved them."""

    practice = models.ForeignKey(GoodPractice, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.JSONField(help_text="field → as written; relations as sorted lists of names")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="one_practice_version_per_number")]
        verbose_name = _("version")
        verbose_name_plural = _("versions")

    def __str__(self) -> str:
        return f"{self.practice_id} v{self.number}"


class LibraryRevision(models.Model):
    """One row: the number of the last change to any practice, so that every process knows whether it is up to date."""

    number = models.BigIntegerField(default=0)
    figures = models.BigIntegerField(
        default=-1, help_text="the revision of the figures that effects were computed from"
    )

    def __str__(self) -> str:
        return str(self.number)
