"""Two editors at the same moment, with real threads on a real database: one wins, the other loses nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.servers import ROOT, Postgres, environment

RACES = 20


@pytest.mark.server
def test_of_two_editors_one_wins_and_nothing_written_disappears(room_template, tmp_path):
    shutil.copy(room_template.var / "secret", tmp_path / "secret")
    server, name = None, f"kringen_races_{os.getpid()}"
    if room_template.postgres:
        server = Postgres(os.environ["DATABASE_URL"])
        database = server.create(name, room_template.postgres)
    else:
        shutil.copy(room_template.var / "kringen.sqlite3", tmp_path)
        database = f"sqlite:///{tmp_path / 'kringen.sqlite3'}"
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.agenda_races", str(RACES)],
            env=environment(tmp_path, 8000, DATABASE_URL=database),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
    finally:
        if server:
            server.drop(name)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"races": RACES, "lost": 0, "odd": []}
