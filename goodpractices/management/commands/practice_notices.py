"""`manage.py practice_notices`: mail who should look at a practice again, and who has news for a saved search."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from goodpractices import notices, saved_searches


class Command(BaseCommand):
    """Run it once a day; a second time on the same day sends nothing again."""

    help = "Send reminders of review dates and news for saved searches. For a daily timer."

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and say how much."""
        reviews, searches = notices.remind_of_reviews(), saved_searches.mail_news()
        self.stdout.write(f"{reviews} practices to look at again, {searches} saved searches with news.")
