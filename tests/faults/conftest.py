"""Tests with real servers and real kills: they need PostgreSQL and Redis (`make test-services`, `make faults`)."""

import json
import os
import platform
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.faults.rooms_site import Rooms, Template, running_rooms
from tests.faults.services import OwnRedis
from tests.servers import ROOT

FULL = os.environ.get("FAULTS") == "full"
REPORT = ROOT / "reports" / "faults.jsonl"
MEASURED = pytest.StashKey[list[dict[str, Any]]]()

Measured = Callable[..., None]

collect_ignore = [] if FULL else ["test_soak.py"]


def size(short: int, full: int) -> int:
    """Return how much of something: for every run, or for `make faults`."""
    return full if FULL else short


def limit(seconds: float) -> float:
    """Return a limit in seconds, stretched where the machine is busy with other things. Counts are never stretched."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here, and leave it out where the services are not named."""
    for item in items:
        if "/faults/" in str(item.path):
            item.add_marker(pytest.mark.faults)
            item.add_marker(pytest.mark.xdist_group("live"))
            item.add_marker(pytest.mark.timeout(5400 if FULL else 300))
            if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
                item.add_marker(pytest.mark.skip(reason="needs DATABASE_URL and REDIS_URL: make test-services"))


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Measured:
    """Write down what a fault did: its number in docs/live.md and figures by name, in seconds unless named else."""

    def write(fault: str, what: str, **figures: float | str) -> None:
        line = {
            "fault": fault,
            "what": what,
            "form": "full" if FULL else "short",
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "load": round(os.getloadavg()[0], 1),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            **{name: round(value, 3) if isinstance(value, float) else value for name, value in figures.items()},
        }
        request.config.stash.setdefault(MEASURED, []).append(line)

    return write


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print what was measured, and keep it when it is the full form."""
    lines = config.stash.get(MEASURED, [])
    if not lines:
        return
    terminalreporter.section("faults")
    rest = {"fault", "what", "form", "at", "load", "cores", "python"}
    for line in lines:
        figures = ", ".join(f"{name} {value}" for name, value in line.items() if name not in rest)
        terminalreporter.write_line(f"{line['fault']:5} {line['what']:46} load {line['load']:4}  {figures}")
    if FULL:
        REPORT.parent.mkdir(exist_ok=True)
        with REPORT.open("a") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


@pytest.fixture(scope="session")
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnRedis]:
    """A Redis that the tests may kill; whoever does starts it again."""
    made = OwnRedis(tmp_path_factory.mktemp("redis"))
    made.start()
    yield made
    made.kill()


@pytest.fixture(scope="session")
def shared_house(
    room_template: Template, own_redis: OwnRedis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rooms]:
    """Two server processes on PostgreSQL and a Redis that may be killed."""
    folder: Path = tmp_path_factory.mktemp("house")
    with running_rooms(
        room_template, folder, processes=2, REDIS_URL=own_redis.url, LIVE_SOCKETS_PER_PERSON="2000"
    ) as rooms:
        yield rooms


@pytest.fixture
def house(shared_house: Rooms, own_redis: OwnRedis) -> Iterator[Rooms]:
    """The shared house, with everything running again after the test."""
    yield shared_house
    if own_redis.process is None or own_redis.process.poll() is not None:
        own_redis.start()
    for site in shared_house.sites:
        if site.process is None or site.process.poll() is not None:
            site.start()
