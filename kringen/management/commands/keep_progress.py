"""Keep the counts of every kring for today. Meant for a timer, once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kringen.circle import progress


class Command(BaseCommand):
    """`./manage.py keep_progress`."""

    help = "Keep how far every kring is today: counts, for the history on the progress page."

    def handle(self, *args: Any, **options: Any) -> None:
        """Keep them and say of how many kringen."""
        print(f"The counts of {progress.take_snapshots()} kringen were kept.")
