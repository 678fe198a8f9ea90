"""Django's registration of this app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KringsiteConfig(AppConfig):
    """Site."""

    name = "kringsite"
    verbose_name = _("Site")

    def ready(self) -> None:
        """Make the system checks known."""
        from kringsite import checks  # noqa: F401
