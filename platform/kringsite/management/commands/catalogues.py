"""`manage.py catalogues`: gather, check and compile the texts of the site."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from kringsite import catalogues


class Command(BaseCommand):
    """Hand everything to `kringsite.catalogues`, which also runs without Django (`make run` needs it early)."""

    help = "Gather the texts of the site into locale/, take translations in (--merge), check (--check) or compile them."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Take the arguments as they are."""
        sys.exit(catalogues.main(argv[2:]))

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the default: gather and compile."""
        catalogues.main([])
