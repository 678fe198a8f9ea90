"""What a person may be, where and for how long."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people import clock


class RoleName(models.TextChoices):
    """The roles of the programme. The scope says where: a kring, a municipality, or the whole programme."""

    PARTICIPANT = "participant", _("participant")
    FACILITATOR = "facilitator", _("facilitator")
    EDITOR = "editor", _("municipality editor")
    VALIDATOR = "validator", _("validator")
    OFFICE = "office", _("programme office")
    STEERING = "steering", _("steering group")
    COUNCIL = "council", _("council member")
    ADMIN = "admin", _("administrator")


class RoleQuerySet(models.QuerySet["Role"]):
    """Roles as the permission checks need them."""

    def current(self, on: dt.date | None = None) -> RoleQuerySet:
        """Keep the roles that hold on a day (half-open: not any more on the day `until`)."""
        day = on or clock.today()
        return self.filter(Q(since__isnull=True) | Q(since__lte=day), Q(until__isnull=True) | Q(until__gt=day))


class Role(models.Model):
    """One person holds one role in one scope, for a period. No scope means the whole programme."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="roles", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=12, choices=RoleName.choices)
    scope_type = models.ForeignKey(ContentType, models.CASCADE, null=True, blank=True)
    scope_id = models.PositiveBigIntegerField(null=True, blank=True)
    scope = GenericForeignKey("scope_type", "scope_id")
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        ordering = ["user", "role"]
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        indexes = [models.Index(fields=["scope_type", "scope_id", "role"])]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "scope_type", "scope_id", "since"], name="role_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gt=models.F("since")),
                name="role_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
