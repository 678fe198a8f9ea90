"""A goal that many tests start from, as an aim and as the form that makes it."""

import datetime as dt
import re
import uuid

from benchmark.goals import Aim

AIM = Aim(
    title="Korter wachten", target_value=8.0, target_date=dt.date(2010, 12, 31), baseline_value=12.0, baseline_year=2006
)


def text(html):
    """Return what a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def form(**changes):
    """Return what somebody fills in for a goal of the cast's indicator."""
    return {
        "indicator": "wac_balie_gem",
        "title": "Korter wachten",
        "baseline_value": "12,0",
        "baseline_year": "2008",
        "target_value": "9,5",
        "target_date": "2010-12-31",
        "visibility": "kring",
        "submission": str(uuid.uuid4()),
        **changes,
    }
