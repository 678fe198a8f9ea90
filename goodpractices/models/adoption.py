"""What others did with a practice: they adopt it, and tell what came of it. Also, and above all, when it failed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from benchmark.models import Goal
from people.models import Municipality

from .practice import GoodPractice


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    """Adoptions, as somebody may see them."""

    def visible_to(self, user: Any) -> AdoptionQuerySet:
        """Keep one's own, and for who takes part those of practices in the library; the public sees a number only."""
        from goodpractices.permissions import reach_of

        reach = reach_of(user)
        shown = Q(municipality__in=reach.own)
        if reach.takes_part:
            shown |= Q(practice__in=GoodPractice.objects.visible_to(user))
        return self.filter(shown)

    def started(self) -> AdoptionQuerySet:
        """Keep those that did more than think about it."""
        return self.exclude(state=Adoption.State.CONSIDERING)


class Adoption(models.Model):
    """One municipality that does, did or may do what a practice describes."""

    class State(models.TextChoices):
        """How far they are."""

        CONSIDERING = "considering", _("considering it")
        TRYING = "trying", _("trying it")
        RUNNING = "running", _("doing it")
        STOPPED = "stopped", _("stopped")

    class Degree(models.TextChoices):
        """How much of it they took over."""

        WHOLE = "whole", _("as described")
        ADAPTED = "adapted", _("adapted")
        PART = "part", _("a part of it")

    practice = models.ForeignKey(GoodPractice, models.CASCADE, related_name="adoptions")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="adoptions", verbose_name=_("municipality")
    )
    state = models.CharField(_("how far are you?"), max_length=12, choices=State.choices, default=State.CONSIDERING)
    degree = models.CharField(_("how much of it?"), max_length=8, choices=Degree.choices, default=Degree.WHOLE)
    started_on = models.DateField(_("started on"), null=True, blank=True)
    stopped_on = models.DateField(_("stopped on"), null=True, blank=True)
    stopped_why = models.TextField(_("why did you stop?"), blank=True)
    goal = models.ForeignKey(
        Goal, models.SET_NULL, null=True, blank=True, related_name="adoptions", verbose_name=_("goal it serves")
    )
    may_be_asked = models.BooleanField(_("colleagues may ask us about it"), default=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    is_demo = models.BooleanField(_("example"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        ordering = ["municipality__name", "pk"]
        verbose_name = _("adoption")
        verbose_name_plural = _("adoptions")
        constraints = [
            models.UniqueConstraint(fields=["practice", "municipality"], name="one_adoption_per_municipality"),
            models.CheckConstraint(
                condition=Q(state="considering") | Q(started_on__isnull=False), name="started_adoption_has_a_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} · {self.practice}"


class ExperienceQuerySet(models.QuerySet["Experience"]):
    """Experiences, as somebody may see them."""

    def visible_to(self, user: Any) -> ExperienceQuerySet:
        """Keep one's own, and those that are shared with this reader on a practice in the library."""
        from goodpractices.permissions import reach_of

        reach = reach_of(user)
        shared = reach.shared() & Q(practice__in=GoodPractice.objects.visible_to(user))
        return self.filter(shared | Q(municipality__in=reach.own))


class Experience(models.Model):
    """What a municipality met when it did the same."""

    class Outcome(models.TextChoices):
        """Whether it worked there. A failure counts as much as a success."""

        WORKED = "worked", _("it worked")
        PARTLY = "partly", _("it worked in part")
        FAILED = "failed", _("it did not work")

    class Again(models.TextChoices):
        """Whether they would do it again."""

        YES = "yes", _("yes, the same way")
        OTHERWISE = "otherwise", _("yes, but otherwise")
        NO = "no", _("no")

    practice = models.ForeignKey(GoodPractice, models.CASCADE, related_name="experiences")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="experiences", verbose_name=_("municipality")
    )
    context = models.TextField(_("your situation"), max_length=4000)
    result = models.TextField(_("what came of it"), max_length=4000)
    went_wrong = models.TextField(_("what went wrong"), max_length=4000, blank=True)
    outcome = models.CharField(_("did it work?"), max_length=8, choices=Outcome.choices)
    again = models.CharField(_("would you do it again?"), max_length=10, choices=Again.choices)
    visibility = models.CharField(
        _("visible to"),
        max_length=12,
        choices=GoodPractice.Visibility.choices,
        default=GoodPractice.Visibility.PARTICIPANTS,
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    is_demo = models.BooleanField(_("example"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    submission = models.UUIDField(null=True, blank=True, unique=True, help_text="form id: sent twice, made once")

    objects = ExperienceQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("experience")
        verbose_name_plural = _("experiences")
        constraints = [
            models.UniqueConstraint(fields=["practice", "municipality"], name="one_experience_per_municipality")
        ]

    def __str__(self) -> str:
        return f"{self.municipality} · {self.practice}"


class ExperienceVersion(models.Model):
    """The text of an experience as somebody saved it."""

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.JSONField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["experience", "number"], name="one_experience_version_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.experience_id} v{self.number}"
