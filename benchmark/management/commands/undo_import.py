"""Take an import back: `manage.py undo_import BATCH`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from benchmark import imports
from benchmark.models import ImportBatch


class Command(BaseCommand):
    """Puts every figure back as it was before a batch."""

    help = "Takes one import back: every figure becomes what it was before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked."""
        parser.add_argument("batch", type=int, help="the number of the batch")

    def handle(self, *args: Any, **options: Any) -> None:
        """Undo and say what happened."""
        batch = ImportBatch.objects.filter(pk=options["batch"]).first()
        if batch is None:
            last = ImportBatch.objects.values_list("pk", flat=True)[:10]
            known = ", ".join(map(str, last)) or "–"
            raise CommandError(
                _("There is no batch %(batch)s. The latest are: %(known)s.")
                % {"batch": options["batch"], "known": known}
            )
        try:
            imports.undo(batch=batch)
        except imports.UndoRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            _("Batch %(batch)s (%(file)s) was taken back: every figure is what it was before.")
            % {"batch": batch.pk, "file": batch.file_name}
        )
