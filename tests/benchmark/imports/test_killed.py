"""Killed in the middle (kill -9): nothing changed, and the next try works."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("killed.py")
TABLES = ("benchmark_measurement", "benchmark_importbatch", "benchmark_indicator", "benchmark_dataset")
SECONDS = 120


def start(command: str, database: Path, file: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), command, str(file), str(database)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def counts(database: Path) -> tuple[int, ...]:
    """Return the rows of each table, read by a process that knows nothing of the killed one."""
    with sqlite3.connect(database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return tuple(connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in TABLES)


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """A database with a register, and a file of 60,000 rows."""
    place = tmp_path_factory.mktemp("killed")
    process = start("make", place / "site.sqlite3", place / "iv3.csv")
    _out, problem = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, problem
    return place


# Two moments always; ten with the tests that kill servers (`make test-services`).
OFTEN = [f"{stage} {rows}" for stage in ("reading", "writing") for rows in (20000, 40000, 60000)]
MOMENTS = [
    "reading 40000",
    "writing 40000",
    *(pytest.param(moment, marks=pytest.mark.faults) for moment in (*OFTEN[::2], "comparing", "writing 20000")),
]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.timeout(300)
def test_killed_in_the_middle_leaves_nothing(ready, tmp_path, moment):
    database = tmp_path / "site.sqlite3"
    with sqlite3.connect(ready / "site.sqlite3") as source, sqlite3.connect(database) as target:
        source.backup(target)
    process = start("import", database, ready / "iv3.csv")
    try:
        lines = iter(process.stdout.readline, "")
        assert next(line for line in lines if line.startswith(moment))
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait(SECONDS)
        process.stdout.close()
        process.stderr.close()
    assert process.returncode == -signal.SIGKILL
    assert counts(database) == (0, 0, 0, 0)
    if not moment.startswith("writing"):
        return
    # and the next try finds nothing in its way
    process = start("import", database, ready / "iv3.csv")
    out, problem = process.communicate(timeout=SECONDS)
    assert out.endswith("done 60000\n"), problem
    assert counts(database) == (60_000, 1, 25, 1)
