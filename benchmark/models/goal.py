"""What a municipality wants a figure to become, and when. Progress is computed, never typed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.models import Municipality

from .indicator import Indicator, Norm


class GoalQuerySet(models.QuerySet["Goal"]):
    """Goals, fetched as somebody may see them."""

    def standing(self) -> GoalQuerySet:
        """Keep the goals that were not withdrawn."""
        return self.filter(withdrawn_on__isnull=True)

    def visible_to(self, user: Any) -> GoalQuerySet:
        """Keep what a person may read: public goals, their municipality's own, and those shared in their kring."""
        from benchmark.permissions import viewer_for

        viewer = viewer_for(user)
        if viewer.is_office:
            return self.standing()
        return self.standing().filter(
            Q(visibility=Goal.Visibility.PUBLIC)
            | Q(municipality__in=viewer.own)
            | Q(visibility=Goal.Visibility.KRING, municipality__in=viewer.circle_members)
        )

    def for_board(self) -> GoalQuerySet:
        """Add what the cards show, so that a list costs one query."""
        return self.select_related("municipality", "indicator__area", "owner", "norm")


class Goal(models.Model):
    """An improvement goal of one municipality on one indicator."""

    class Kind(models.TextChoices):
        """What says whether it is reached: a figure, or for something that is there or not, who keeps the goal."""

        FIGURE = "figure", _("a figure")
        NORM = "norm", _("a norm")
        SURVEY = "survey", _("what people find of it")
        DELIVERABLE = "deliverable", _("something that is there or not")

    class SuccessFactor(models.TextChoices):
        """What is decisive for the success of the organisation (facts 8.1)."""

        SATISFACTION = "satisfaction", _("high customer satisfaction")
        EFFICIENCY = "efficiency", _("working efficiently")
        FLAWLESS = "flawless", _("working largely without mistakes")
        STAFF = "staff", _("high staff satisfaction")

    class Stage(models.TextChoices):
        """Where the work on it is in the circle of improving."""

        PLAN = "plan", _("plan")
        DO = "do", _("do")
        CHECK = "check", _("check")
        ACT = "act", _("act")

    class Visibility(models.TextChoices):
        """Who may see it besides the own municipality and the programme office."""

        OWN = "own", _("own municipality only")
        KRING = "kring", _("our kring")
        PUBLIC = "public", _("everybody")

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="goals", verbose_name=_("municipality"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="goals", verbose_name=_("indicator"))
    title = models.CharField(_("title"), max_length=160)
    why = models.TextField(_("why"), blank=True)
    baseline_value = models.FloatField(_("starting value"), null=True, blank=True)
    baseline_year = models.PositiveSmallIntegerField(_("starting year"), null=True, blank=True)
    target_value = models.FloatField(_("target"))
    target_date = models.DateField(_("to be reached by"))
    visibility = models.CharField(_("visible to"), max_length=8, choices=Visibility.choices, default=Visibility.KRING)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="goals", verbose_name=_("owner")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    submission = models.UUIDField(null=True, blank=True, unique=True, help_text="form id: sent twice, made once")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.FIGURE)
    norm = models.ForeignKey(
        Norm, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("norm it wants to meet")
    )
    learning_goal = models.TextField(_("what you want to learn"), blank=True)
    success_factor = models.CharField(
        _("success factor it serves"), max_length=12, choices=SuccessFactor.choices, blank=True
    )
    steps = models.JSONField(
        _("targets on the way"), default=list, blank=True, help_text="[year, value] pairs between start and target"
    )
    stage = models.CharField(_("stage"), max_length=5, choices=Stage.choices, default=Stage.PLAN)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    follows = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="followed_by")
    # How it stood by the published figures when that was last worked out (`benchmark/goal_states.py`).
    standing = models.CharField(max_length=10, default="unknown", editable=False)
    standing_why = models.CharField(max_length=16, default="", editable=False)
    standing_revision = models.PositiveBigIntegerField(default=0, editable=False)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["target_date", "title", "pk"]
        verbose_name = _("improvement goal")
        verbose_name_plural = _("improvement goals")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the goal's page."""
        return reverse("goals:detail", args=[self.pk])


class GoalTurn(models.Model):
    """A goal that came to stand otherwise, by figures or by the calendar."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="turns")
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    why = models.CharField(max_length=16)
    revision = models.PositiveBigIntegerField(help_text="of the figures")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.goal_id}: {self.before} → {self.after}"


class GoalChange(models.Model):
    """What somebody changed of a goal; what it was before is kept."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="changes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    before = models.JSONField(help_text="name of a field → what it was")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.goal_id}: {', '.join(self.before)}"


class GoalNote(models.Model):
    """A dated remark on the work, in one stage of it. Never a percentage: progress follows from the figures."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="notes")
    stage = models.CharField(_("stage"), max_length=5, choices=Goal.Stage.choices)
    date = models.DateField(_("date"))
    text = models.TextField(_("remark"), max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    submission = models.UUIDField(null=True, blank=True, unique=True, help_text="form id: sent twice, made once")

    class Meta:
        ordering = ["-date", "-pk"]
        verbose_name = _("remark on a goal")
        verbose_name_plural = _("remarks on goals")

    def __str__(self) -> str:
        return f"{self.goal_id} {self.date}"
