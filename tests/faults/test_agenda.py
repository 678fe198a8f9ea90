"""Two facilitators and one agenda (F-14): whoever is second is told, and nothing is lost."""

from __future__ import annotations

import pytest

from tests import agenda_races
from tests.cast import make_cast
from tests.faults.conftest import Measured, size


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_one_wins_and_the_other_sees_both(measured: Measured):
    meeting = make_cast().meeting
    races = size(60, 1000)
    tally = agenda_races.run(meeting.pk, races)
    assert (tally.lost, tally.odd) == (0, [])
    meeting.refresh_from_db()
    assert meeting.agenda_version == 2 * races  # each won once and, having seen the other's, saved once more
    measured("F-14", "two editors, one agenda", races=races, lost=tally.lost)
