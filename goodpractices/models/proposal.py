"""A new version of a published practice that waits for a reviewer; the library shows the published one meanwhile."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .practice import GoodPractice


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Proposals, as somebody may see them."""

    def visible_to(self, user: Any) -> ProposalQuerySet:
        """Keep those of one's own municipality, and those handed in to this reviewer."""
        from goodpractices.permissions import reach_of

        reach = reach_of(user)
        own = models.Q(practice__municipality__in=reach.own)
        if reach.writer is not None:
            own |= models.Q(author=reach.writer)
        if reach.is_office:
            return self.filter(own | models.Q(is_waiting=True))
        return self.filter(own | models.Q(is_waiting=True, practice__municipality__in=reach.reviews))

    def for_review_by(self, user: Any) -> ProposalQuerySet:
        """Keep what waits for this reviewer, except what they wrote themselves; the longest waiting first."""
        from goodpractices.permissions import reach_of

        reach = reach_of(user)
        waiting = self.filter(is_waiting=True, practice__state=GoodPractice.State.PUBLISHED)
        if not reach.is_office:
            waiting = waiting.filter(practice__municipality__in=reach.reviews)
        return waiting.exclude(author=user).exclude(practice__author=user).order_by("changed_at", "pk")


class Proposal(models.Model):
    """What the authors of a published practice would have it say; one at a time."""

    practice = models.OneToOneField(GoodPractice, models.CASCADE, related_name="proposal")
    values = models.JSONField(help_text="field → value; relations as primary keys, tags as names")
    text = models.JSONField(help_text="the same in words, as a version has it")
    is_waiting = models.BooleanField(_("waits for a reviewer"), default=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["changed_at", "pk"]
        verbose_name = _("proposed version")
        verbose_name_plural = _("proposed versions")

    def __str__(self) -> str:
        return f"{self.practice_id}: {self.changed_at}"


class DismissedSuggestion(models.Model):
    """A suggestion that somebody does not want to see again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80, help_text="what was suggested, such as practice:12")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_dismissal_per_person_and_key")]
        verbose_name = _("dismissed suggestion")
        verbose_name_plural = _("dismissed suggestions")

    def __str__(self) -> str:
        return f"{self.person_id}: {self.key}"
