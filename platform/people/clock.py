"""Which day it is for the benchmark year.

The demo content is one real year, 2009, and would be all past on any other day; there the setting `DEMO_TODAY`
holds the calendar still. Only dates of the domain (meetings, deadlines, goals, memberships) ask this clock;
messages, sessions and invitations keep real time.
"""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def today() -> dt.date:
    """Return the day of the domain in Europe/Amsterdam, or the demo's fixed day."""
    fixed: dt.date | None = settings.DEMO_TODAY
    return fixed or timezone.localdate()
