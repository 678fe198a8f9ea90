"""An invitation: a link that makes one address one role, once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .municipality import Municipality
from .role import RoleName


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations as the office and the facilitators need them."""

    def visible_to(self, user: Any) -> InvitationQuerySet:
        """Keep what a person may see: the office all, a facilitator those for participants of their own kringen."""
        from people.permissions import can_invite_anybody, scopes_with

        if can_invite_anybody(user):
            return self
        own = Q(pk__in=[])
        for scope_type, scope_id in scopes_with(user, RoleName.FACILITATOR):
            own |= Q(scope_type=scope_type, scope_id=scope_id, role=RoleName.PARTICIPANT)
        return self.filter(own)

    def open(self) -> InvitationQuerySet:
        """Keep those that can still be accepted."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """Only the hash of the token is kept: who reads the database cannot accept for another."""

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(_("role"), max_length=12, choices=RoleName.choices)
    scope_type = models.ForeignKey(ContentType, models.CASCADE, null=True, blank=True)
    scope_id = models.PositiveBigIntegerField(null=True, blank=True)
    scope = GenericForeignKey("scope_type", "scope_id")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    submission = models.UUIDField(null=True, unique=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"

    @property
    def state(self) -> str:
        """Where it stands: used, revoked, expired or open."""
        if self.used_at:
            return "used"
        if self.revoked_at:
            return "revoked"
        return "open" if self.expires_at > timezone.now() else "expired"

    @property
    def is_open(self) -> bool:
        """Say whether it can still be accepted."""
        return self.state == "open"

    @property
    def can_be_resent(self) -> bool:
        """Say whether a new link may be sent: also after it expired, not after it was used or taken back."""
        return self.state in {"open", "expired"}
