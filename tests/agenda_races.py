"""Two editors who save one agenda at the same moment, over and over, with threads and connections of their own.

    python -m tests.agenda_races 1000       on the database of this environment, which holds the cast; prints JSON

Of each race exactly one wins; the other is shown what is stored and still has what they typed, takes the winner's line
over and saves again. Nothing that anybody wrote may be missing after that.
"""

from __future__ import annotations

import json
import random
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 20  # seconds for both of a race


@dataclass
class Tally:
    """What came of a number of races.

    Attributes:
        races: how many there were.
        lost: lines that somebody wrote and that were gone after both had saved.
        odd: what else must never happen, in words.
    """

    races: int = 0
    lost: int = 0
    odd: list[str] = field(default_factory=list)


def run(meeting_id: int, races: int) -> Tally:
    """Let two editors save the agenda of a meeting at once, so many times.

    Args:
        meeting_id: of a meeting whose agenda may be anything afterwards.
        races: how many.
    """
    from kringen.models import Meeting

    tally = Tally()
    for race in range(races):
        _race(Meeting.objects.get(pk=meeting_id), race, tally)
        tally.races += 1
    return tally


def _race(meeting, race: int, tally: Tally) -> None:
    from django.db import connections

    from kringen.meetings import agendas
    from kringen.meetings.agendas import AgendaChanged, AgendaLine

    def line_of(item) -> AgendaLine:
        return AgendaLine(title=item.title, kind=item.kind, minutes=item.minutes, pk=item.pk)

    seen, before = meeting.agenda_version, [line_of(item) for item in meeting.agenda_items.order_by("position")][-5:]
    outcome: dict[str, str] = {}
    start = threading.Barrier(2)

    def save(name: str) -> None:
        mine = AgendaLine(title=f"{name} {race}")
        typed = [*random.sample(before, len(before)), mine]
        start.wait(PATIENCE)
        try:
            agendas.save_agenda(meeting=meeting, lines=typed, seen=seen)
            outcome[name] = "won"
        except AgendaChanged as conflict:
            # what the page of the loser shows: the stored agenda beside what they typed
            stored = list(conflict.meeting.agenda_items.order_by("position"))
            theirs = {item.title for item in stored} - {line.title for line in before}
            if conflict.meeting.agenda_version != seen + 1 or len(theirs) != 1 or mine.title in theirs:
                tally.odd.append(f"race {race}: {name} was shown {theirs} of version {conflict.meeting.agenda_version}")
            agendas.save_agenda(meeting=meeting, lines=[*map(line_of, stored), mine], seen=seen + 1)
            outcome[name] = "told"
        except Exception as error:  # noqa: BLE001 - whatever it is, the race is not won
            outcome[name] = repr(error)
        finally:
            connections.close_all()

    editors = [threading.Thread(target=save, args=(name,)) for name in ("a", "b")]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join(PATIENCE)
    if sorted(outcome.values()) != ["told", "won"]:
        tally.odd.append(f"race {race}: {outcome}")
    items = list(meeting.agenda_items.order_by("position"))
    tally.lost += len({f"a {race}", f"b {race}"} - {item.title for item in items})
    if [item.position for item in items] != list(range(1, len(items) + 1)):
        tally.odd.append(f"race {race}: positions {[item.position for item in items]}")


def main(races: int) -> None:
    """Run the races in the database of this environment and print what came of them."""
    root = Path(__file__).resolve().parents[1]
    sys.path[:0] = [str(root), str(root / "platform")]
    import django

    django.setup()
    from kringen.models import Kring, Meeting

    kring = Kring.objects.get(slug="kring-c")
    last = kring.meetings.order_by("-number").first()
    number = 1 if last is None else last.number + 1
    meeting = Meeting.objects.create(kring=kring, number=number, title="Wedloop", date="2009-06-25")
    tally = run(meeting.pk, races)
    sys.stdout.write(json.dumps(vars(tally)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
