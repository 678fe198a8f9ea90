"""A person who logs in with an e-mail address."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .municipality import Municipality
from .role import Role


class UserQuerySet(models.QuerySet["User"]):
    """People as others may see them."""

    def visible_to(self, user: Any) -> UserQuerySet:
        """Keep whom a person may know of: the office all, others those of their own kringen and municipality.

        Of the deactivated only the office and they themselves know.
        """
        from people.permissions import can_list_users, scope_keys

        if can_list_users(user):
            return self
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        known = Q(pk=user.pk)
        if user.municipality_id:
            known |= Q(municipality=user.municipality_id, is_active=True)
        for scope_type, scope_id in scope_keys(user):
            together = Role.objects.current().filter(scope_type=scope_type, scope_id=scope_id)
            known |= Q(pk__in=together.values("user"), is_active=True)
        return self.filter(known)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes people; the address is stored in lower case, so that one person cannot have two accounts."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a person; without a password they can only log in through a link or another provider."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a technical administrator for the command line."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a person by address, whatever its capitals."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person; belongs to a municipality, or to the programme when that is empty."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("municipality")
    )
    language = models.CharField(
        _("language"), max_length=2, choices=[("nl", "Nederlands"), ("en", "English")], default="nl"
    )
    shows_presence = models.BooleanField(
        _("let the others in a room see that I am there and that I am writing"), default=True
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("technical administrator"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_address")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """Return the name as shown to others."""
        return str(self)

    def get_short_name(self) -> str:
        """Return the name as shown to others."""
        return str(self)
