"""`manage.py bring_up`: what `make run` does with the database, in one process instead of three."""

from __future__ import annotations

import gc
import io
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

HOMES = (settings.ROOT, settings.ROOT / "platform")


class Command(BaseCommand):
    """Migrate, set the site up and, where asked, load the demo. Safe to repeat.

    Nearly all the time of the first migration goes into Django rebuilding its picture of the models after each of
    some 240 steps, most of them Wagtail's history. Two things make that cheaper without changing what is done: the
    steps of others go first, while our models (which nearly all hang on the user) are not in the picture yet; and the
    garbage collector does not search the many short-lived classes every few hundred objects.
    """

    help = "Migrate, set the site up and load the demo (--demo). Safe to repeat: what was entered is kept."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--demo`."""
        parser.add_argument("--demo", action="store_true", help="load the demo content as well")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the three steps."""
        usual = gc.get_threshold()
        gc.set_threshold(50_000, 20, 20)
        self._migrate()
        gc.set_threshold(*usual)
        call_command("setup_site")
        if options["demo"]:
            # who can log in is said when the site starts
            call_command("demo", stdout=io.StringIO())

    def _migrate(self) -> None:
        """Apply every migration; on an empty database those of others, and what they need of ours, first."""
        executor = MigrationExecutor(connection)
        if not executor.loader.applied_migrations:
            own = {app.label for app in apps.get_app_configs() if Path(app.path).parent in HOMES}
            executor.migrate([leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] not in own])
        call_command("migrate", verbosity=0, skip_checks=True)
