"""`./manage.py import_municipalities FILE`: bring the register of municipalities up to a file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from people.imports.outcome import ImportRefused
from people.imports.profiles import profiles
from people.imports.run import import_municipalities
from people.models import Municipality, MunicipalityName

SHOWN = 100


class Command(BaseCommand):
    """Read a file through a profile; all of it, or nothing."""

    help = "Import municipalities, their names, years, inhabitants and successions (csv, csv.gz, xlsx, ods)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and optionally the profile and a list of counts."""
        parser.add_argument("file")
        parser.add_argument("--profile", default="", help=f"one of: {', '.join(profiles())} (found by the columns)")
        parser.add_argument("--counts", action="store_true", help="print how many municipalities existed in each year")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what happened; exit 1 with every refusal when nothing was changed."""
        try:
            outcome = import_municipalities(source=options["file"], profile=options["profile"])
        except ImportRefused as refused:
            for refusal in refused.refusals[:SHOWN]:
                self.stderr.write(str(refusal))
            self.stderr.write(_("%(count)s refusals. Nothing was changed.") % {"count": len(refused.refusals)})
            sys.exit(1)
        for note in outcome.notes:
            self.stdout.write(note)
        self.stdout.write(outcome.sentence)
        if options["counts"]:
            self._write_counts()

    def _write_counts(self) -> None:
        spans = list(Municipality.objects.values_list("exists_from", "exists_until"))
        edges = {year for span in spans for year in span if year}
        edges |= {year for year in MunicipalityName.objects.values_list("year_from", flat=True) if year}
        if not edges:
            return
        counts = Counter(
            year
            for since, until in spans
            for year in range(min(edges) - 1, max(edges) + 1)
            if (since is None or since <= year) and (until is None or year < until)
        )
        for year, count in sorted(counts.items()):
            self.stdout.write(f"{year}: {count}")
