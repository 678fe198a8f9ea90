"""Mail people who have unread notifications. Meant for a timer, every five minutes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from people import notifications


class Command(BaseCommand):
    """`./manage.py send_notifications`."""

    help = "Mail people who have unread notifications, one mail each; it says how many, never what."

    def handle(self, *args: Any, **options: Any) -> None:
        """Send them and say how many."""
        print(f"{notifications.send_mails()} mails sent.")
