"""`manage.py setup_site`: what every site needs before anybody logs in, demo or not."""

from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Load the 155 indicators with their areas and make the public pages. Safe to repeat."""

    help = "Load the indicator catalogue and make the pages every site has. Safe to repeat: nothing is made twice."

    def handle(self, *args: Any, **options: Any) -> None:
        """Call the verbs of the apps; each says itself what it makes."""
        # Here and not above: both pull in half the house, and `manage.py help` needs none of it.
        from benchmark.catalogue import load
        from cms.structure import ensure_pages

        load()
        ensure_pages()
