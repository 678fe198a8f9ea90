"""Files that are made to hurt: refused in words, within 200 MB and a few seconds, and nothing changed.

All of them are opened by one process (`hostile.py`), each in a child with little memory.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .hostile import FILES

# One worker opens them all: the files are made and read once.
pytestmark = [pytest.mark.once, pytest.mark.xdist_group("hostile")]

SCRIPT = Path(__file__).with_name("hostile.py")
MOST_MEGABYTES = 200
# Five seconds of work; a machine that runs the suite on all its cores needs more by the clock.
MOST_SECONDS = 5


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> dict[str, dict]:
    """What became of every file."""
    database = tmp_path_factory.mktemp("hostile") / "site.sqlite3"
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(database)], capture_output=True, text=True, check=False, timeout=280
    )
    assert done.returncode == 0, done.stderr
    return {answer["name"]: answer for answer in map(json.loads, done.stdout.splitlines())}


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("name", "where", "said"), [(f[0], f[3], f[4]) for f in FILES], ids=[f[0] for f in FILES])
def test_a_hostile_file_is_refused_before_it_costs_anything(told, name, where, said):
    answer = told[name]
    assert "died" not in answer, answer
    assert (answer["row"], answer["column"]) == where
    assert said in answer["reason"]
    assert answer["megabytes"] <= MOST_MEGABYTES
    assert answer["processor_seconds"] <= MOST_SECONDS
    assert not answer["changed"]
