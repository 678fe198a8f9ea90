"""Django's registration of this app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GoodpracticesConfig(AppConfig):
    """Good practices."""

    name = "goodpractices"
    verbose_name = _("Good practices")

    def ready(self) -> None:
        """Keep the index in step with the practices, and make the permissions known."""
        from goodpractices import indexing, permissions  # noqa: F401 - registers the permissions

        indexing.listen()
