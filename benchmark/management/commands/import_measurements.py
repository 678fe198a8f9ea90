"""Bring a file of measurements in: `manage.py import_measurements FILE`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from benchmark import imports


class Command(BaseCommand):
    """Imports a file, whole or not at all: exit 0 and a summary, or exit 1, every refusal and nothing changed."""

    help = "Imports measurements from a .csv, .csv.gz, .xlsx or .ods file; all of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked."""
        parser.add_argument("file", help="the file to import")
        parser.add_argument("--profile", help="how to read it, such as neutral or iv3 (default: seen from its columns)")
        parser.add_argument("--dataset", help="slug of the dataset the values belong to (default: the profile's)")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument("--json", action="store_true", help="the answer as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say what happened."""
        try:
            summary = imports.run(
                Path(options["file"]),
                profile=options["profile"],
                dataset=options["dataset"],
                dry_run=options["dry_run"],
                progress=self._progress if self.stderr.isatty() else None,
            )
        except imports.ImportRefused as refused:
            self._wipe()
            if options["json"]:
                self.stdout.write(json.dumps(refused.as_dict(), ensure_ascii=False))
                raise CommandError(refused.headline) from refused
            lines = [refused.headline, *map(str, refused.refusals)]
            if refused.more:
                lines.append(_("And %(count)s more.") % {"count": refused.more})
            raise CommandError("\n".join(lines)) from refused
        self._wipe()
        if options["json"]:
            self.stdout.write(json.dumps(summary.as_dict(), ensure_ascii=False))
            return
        for sentence in summary.sentences():
            self.stdout.write(sentence)
        if summary.batch:
            self.stdout.write(
                _("Batch %(batch)s, %(seconds).1f seconds. Take it back with “manage.py undo_import %(batch)s”.")
                % {"batch": summary.batch, "seconds": summary.seconds}
            )

    def _progress(self, stage: str, done: int, total: int | None) -> None:
        words = {"reading": _("reading"), "writing": _("writing")}
        counted = f"{done}/{total}" if total else str(done)
        self.stderr.write(f"\r{words[stage]}: {counted}", ending="")
        self.stderr.flush()

    def _wipe(self) -> None:
        if self.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")
