"""Adopt minutes of which the amendment round is over. Meant for a timer, once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kringen.meetings import minutes


class Command(BaseCommand):
    """`./manage.py adopt_minutes`."""

    help = "Adopt minutes whose last day to amend has passed; those with an unanswered amendment wait."

    def handle(self, *args: Any, **options: Any) -> None:
        """Adopt them and say how many."""
        print(f"{len(minutes.adopt_silently())} minutes were adopted.")
