"""A personal token: with it a program of somebody's own asks the API what that person may see."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    """Tokens as their owner and the door see them."""

    def visible_to(self, user: Any) -> AccessTokenQuerySet:
        """Keep a person's own tokens: nobody else sees that they exist."""
        return self.filter(user_id=getattr(user, "pk", None))

    def usable(self) -> AccessTokenQuerySet:
        """Keep those that open the door now."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=timezone.now(), user__is_active=True)

    def listed(self) -> AccessTokenQuerySet:
        """Keep those that were not revoked, the newest first."""
        return self.filter(revoked_at__isnull=True).order_by("-created_at", "-pk")


class AccessToken(models.Model):
    """Only the hash is kept: who reads the database cannot ask anything with it."""

    class Scope(models.TextChoices):
        """What a program may do with it; never more than its owner."""

        READ = "read", _("read only")
        WRITE = "write", _("read and write")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="access_tokens")
    name = models.CharField(_("what it is for"), max_length=60)
    scope = models.CharField(_("what it may do"), max_length=5, choices=Scope.choices, default=Scope.READ)
    start = models.CharField(max_length=12, help_text="the first characters, to recognise it by")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("personal token")
        verbose_name_plural = _("personal tokens")
        indexes = [models.Index(fields=["user", "revoked_at"], name="token_of_user")]

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"

    @property
    def is_expired(self) -> bool:
        """Say whether its time is over."""
        return self.expires_at <= timezone.now()

    @property
    def may_write(self) -> bool:
        """Say whether it may change anything."""
        return self.scope == self.Scope.WRITE
