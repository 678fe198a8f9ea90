"""`./manage.py demo`: example content, as often as you like."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kringsite.demo import load
from kringsite.demo.people import PASSWORD

LOGINS = [
    "deelnemer@hillegom.example",
    "begeleider@kringen.example",
    "redacteur@beverwijk.example",
    "validator@kringen.example",
    "bureau@kringen.example",
    "stuurgroep@kringen.example",
    "beheer@kringen.example",
    "deelnemer@delft.example",
]


class Command(BaseCommand):
    """Loads the demo content; what people entered since is kept."""

    help = "Loads the demo content (Kring C, 2009). Safe to repeat: what was entered since is kept."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then say what there is and who can log in."""
        if not settings.DEMO:
            raise CommandError("The demo has accounts with a known password. It loads only where DEMO is on.")
        for kind, count in load().items():
            self.stdout.write(f"  {kind}: {count}")
        self.stdout.write(f"Log in with the password “{PASSWORD}” as one of:")
        for address in LOGINS:
            self.stdout.write(f"  {address}")
        self.stdout.write("  deelnemer@<gemeente>.example for every municipality of Kring C")
