"""Django's registration of this app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GoodpracticesConfig(AppConfig):
    """Good practices."""

    name = "goodpractices"
    verbose_name = _("Good practices")

    def ready(self) -> None:
        """Keep index and effects in step with practices and figures, and make the permissions known."""
        from benchmark.goal_marks import register
        from goodpractices import indexing, permissions, standing  # noqa: F401 - registers the permissions
        from goodpractices.goal_marks import adoptions

        register(adoptions)
        indexing.listen()
        standing.listen()
