"""Who is looked at one by one at a heartbeat: whose standing has another mark, or was never looked at."""

from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError

from kringen.live import rechecks
from kringen.live.rechecks import Rechecks


class Tab:
    """A socket that counts how often it was looked at."""

    session = "key"

    def __init__(self, user_id: int, *, could: bool = True) -> None:
        self.user_id = user_id
        self.seats: dict[int, object] = {}
        self.closed = False
        self.mark: bytes | None = None
        self.looks = 0
        self.could = could

    async def recheck(self) -> bool:
        """Count a look."""
        self.looks += 1
        return self.could


@pytest.fixture
def marks(monkeypatch) -> dict[int, bytes | None]:
    """The marks that the database would give, by person; an exception is raised."""
    given: dict[int, bytes | None] = {}

    async def run(function, asked):
        if 0 in given:
            raise given[0]  # type: ignore[misc]
        return [given[user_id] for _key, user_id, _rooms in asked]

    monkeypatch.setattr(rechecks, "run", run)
    return given


async def beat(line: Rechecks, *tabs: Tab) -> list[int]:
    for tab in tabs:
        line.add(tab)
    await line.work_off()
    return [tab.looks for tab in tabs]


async def test_only_who_changed_is_looked_at_again(marks):
    line, one, other = Rechecks(), Tab(1), Tab(2)
    marks.update({1: b"a", 2: b"b"})
    assert await beat(line, one, other) == [1, 1]
    assert await beat(line, one, other) == [1, 1]
    marks[2] = b"c"
    assert await beat(line, one, other) == [1, 2]
    marks[1] = None
    assert await beat(line, one, other) == [2, 2]
    assert await beat(line, one, other) == [3, 2], "who is gone is looked at until the socket is closed"


async def test_who_could_not_be_looked_at_is_looked_at_the_next_time(marks):
    line, tab = Rechecks(), Tab(1, could=False)
    marks[1] = b"a"
    assert await beat(line, tab) == [1]
    assert await beat(line, tab) == [2]


async def test_who_left_meanwhile_is_not_asked_about(marks):
    line, tab = Rechecks(), Tab(1)
    line.add(tab)
    tab.closed = True
    await line.work_off()
    assert tab.looks == 0


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
async def test_without_a_database_everybody_stays_until_the_next_time(marks, error):
    line, tab = Rechecks(), Tab(1)
    marks[0] = error("away")  # type: ignore[assignment]
    assert await beat(line, tab) == [0]
    del marks[0]
    marks[1] = b"a"
    assert await beat(line, tab) == [1]
