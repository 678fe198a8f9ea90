"""Django's registration of this app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """People and municipalities."""

    name = "people"
    verbose_name = _("People and municipalities")

    def ready(self) -> None:
        """Offer the municipality as a scope of roles, and keep the audit trail of who may do what."""
        from auditlog.registry import auditlog

        from people import clock, municipalities, redaction, scopes
        from people.models import AccessToken, Invitation, Municipality, Role, User

        scopes.register(
            "municipality",
            model=Municipality,
            label=_("municipality"),
            lookup=municipalities.by_code_or_name,
            current=lambda: Municipality.objects.existing_in(clock.today().year),
        )
        auditlog.register(User, exclude_fields=["password", "last_login"])
        auditlog.register(Role)
        auditlog.register(Invitation, exclude_fields=["token_hash"])
        auditlog.register(AccessToken, exclude_fields=["token_hash", "last_used_at"])
        auditlog.register(Municipality)
        redaction.install()
