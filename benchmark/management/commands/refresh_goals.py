"""Work out again how every goal stands: `manage.py refresh_goals`, once a day, for dates pass without new figures."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from benchmark import goal_states


class Command(BaseCommand):
    """Refreshes the states of goals and tells who should know; asked again nothing happens."""

    help = "Works out how all goals stand, and tells owners and kringen which turned."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Refresh, and say how many turned."""
        turned = goal_states.refresh()
        self.stdout.write(ngettext("%(n)s goal turned.", "%(n)s goals turned.", turned) % {"n": turned})
