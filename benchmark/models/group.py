"""With whom to compare."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Municipality


class ComparisonGroup(models.Model):
    """A named set of municipalities: the members of a kring, or peers that somebody chose and keeps.

    `all`, `size` and the other groups that follow from the register need no row; see `benchmark/groups.py`.
    """

    class Kind(models.TextChoices):
        """A kring's own group is kept in step by the kringen app; its members see each other's values.

        Peers that a facilitator froze for a kring never change; who wants others freezes again.
        """

        KRING = "kring", _("own kring")
        CHOSEN = "chosen", _("chosen peers")
        FROZEN = "frozen", _("peers of the kring")

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.CHOSEN)
    name = models.CharField(_("name"), max_length=80)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="comparison_groups"
    )
    municipalities = models.ManyToManyField(
        Municipality, related_name="comparison_groups", verbose_name=_("municipalities")
    )
    recipe = models.JSONField(
        default=dict, blank=True, help_text="how the nearest were found: of whom, features, weights, year, reasons"
    )
    circle = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="frozen",
        help_text="the group of the kring for which these peers were frozen",
    )
    retired_at = models.DateTimeField(
        null=True, blank=True, help_text="no longer offered; its figures were seen, so later groups must differ enough"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    submission = models.UUIDField(null=True, blank=True, unique=True, help_text="form id: sent twice, made once")

    class Meta:
        ordering = ["kind", "name"]
        verbose_name = _("comparison group")
        verbose_name_plural = _("comparison groups")

    def __str__(self) -> str:
        return self.name


class GroupChoice(models.Model):
    """With whom somebody compared last; the pages start there the next time."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="group_choice")
    key = models.CharField(max_length=40, help_text="all, size, kring, peers:<id>, …: see benchmark/groups.py")

    def __str__(self) -> str:
        return self.key
