"""What a municipality wants a figure to become, and when. Progress is computed, never typed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.models import Municipality

from .indicator import Indicator


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
        return self.select_related("municipality", "indicator__area", "owner")


class Goal(models.Model):
    """An improvement goal of one municipality on one indicator."""

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
