"""Bring a file of measurements in: `manage.py import_measurements FILE`."""

from __future__ import annotations

import hashlib
import json
import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from benchmark import imports
from benchmark.imports import profiles
from benchmark.imports.profiles import Profile
from benchmark.imports.questions import Answer

SHOWN = 10


class Command(BaseCommand):
    """Imports a file, whole or not at all: exit 0 and a summary, or exit 1, every refusal and nothing changed."""

    help = "Imports measurements from a .csv, .csv.gz, .xlsx or .ods file; all of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked."""
        parser.add_argument("file", help="the file to import")
        parser.add_argument("--profile", help="how to read it, such as neutral or iv3 (default: seen from its columns)")
        parser.add_argument("--dataset", help="slug of the dataset the values belong to (default: the profile's)")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument("--profile-file", help="how to read it, as a TOML file of your own")
        group = parser.add_mutually_exclusive_group()
        group.add_argument(
            "--accept-questions",
            metavar="NOTE",
            help="values that stand out are right, and this is why; the note stays with them",
        )
        group.add_argument(
            "--stop-on-questions", action="store_true", help="exit 1 and change nothing when values stand out"
        )
        parser.add_argument("--json", action="store_true", help="the answer as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say what happened."""
        try:
            summary = imports.run(
                Path(options["file"]),
                profile=self._profile(options["profile_file"]) or options["profile"],
                answer_all=Answer("right", note=note) if (note := options["accept_questions"]) is not None else None,
                stop_on_questions=options["stop_on_questions"],
                dataset=options["dataset"],
                dry_run=options["dry_run"],
                progress=self._progress if self.stderr.isatty() else None,
            )
        except imports.QuestionsOpen as open_:
            self._wipe()
            lines = [*open_.summary.question_sentences(), *(f"  {each.sentence}" for each in open_.questions)]
            lines.append(_("Nothing was imported. If they are right: --accept-questions “why”."))
            raise CommandError("\n".join(lines)) from open_
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
        for each in summary.questions[:SHOWN]:
            self.stdout.write(f"  {each['sentence']}")
        if summary.batch:
            self.stdout.write(
                _("Batch %(batch)s, %(seconds).1f seconds. Take it back with “manage.py undo_import %(batch)s”.")
                % {"batch": summary.batch, "seconds": summary.seconds}
            )

    def _profile(self, file: str | None) -> Profile | None:
        """Return the profile in a file of one's own."""
        if file is None:
            return None
        try:
            written = Path(file).read_bytes()
            fingerprint = hashlib.sha256(written).hexdigest()[:16]
            return profiles.parse(Path(file).stem, tomllib.loads(written.decode()), fingerprint=fingerprint)
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise CommandError(
                _("%(file)s is no profile: %(problem)s") % {"file": file, "problem": problem}
            ) from problem

    def _progress(self, stage: str, done: int, total: int | None) -> None:
        words = {"reading": _("reading"), "comparing": _("comparing"), "writing": _("writing")}
        counted = f"{done}/{total}" if total else str(done)
        self.stderr.write(f"\r{words[stage]}: {counted}", ending="")
        self.stderr.flush()

    def _wipe(self) -> None:
        if self.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")
