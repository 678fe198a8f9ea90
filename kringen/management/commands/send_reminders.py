"""Remind people of what they promised. Meant for a timer, once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kringen.promises import reminders


class Command(BaseCommand):
    """`./manage.py send_reminders`."""

    help = "Remind owners of actions in the week before the date and after it; each date once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remind them and say of how many."""
        before, after = reminders.send()
        print(f"Reminded of {before} actions that are due and of {after} that are late.")
