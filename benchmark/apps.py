"""Django's registration of this app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BenchmarkConfig(AppConfig):
    """Benchmark."""

    name = "benchmark"
    verbose_name = _("Benchmark")
