"""Django's registration of this app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BenchmarkConfig(AppConfig):
    """Benchmark."""

    name = "benchmark"
    verbose_name = _("Benchmark")

    def ready(self) -> None:
        """Let goals follow the figures, and their owners hear of it."""
        from benchmark import goal_notices, goal_states
        from benchmark.models import figures_changed

        goal_notices.register()
        figures_changed.connect(goal_states.follow, dispatch_uid="benchmark.goals")
