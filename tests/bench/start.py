"""Seconds until a site that was prepared before answers again (`make run`, the second time)."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.servers import ROOT, free_port

TARGET = 10  # seconds
PATIENCE = 300


def run(record: Callable[..., Any]) -> None:
    """Prepare a site in a folder of its own, then start it as a user does and wait for its first page."""
    with tempfile.TemporaryDirectory(prefix="kringen-bench-start-") as folder:
        port = free_port()
        env = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL", "MAKEFLAGS", "MAKELEVEL"}}
        env |= {"KRINGEN_VAR": folder, "PORT": str(port), "DEMO": "1"}
        began = time.monotonic()
        subprocess.run(["make", "prepare"], cwd=ROOT, env=env, check=True, capture_output=True)
        prepared = time.monotonic() - began
        began = time.monotonic()
        with (Path(folder) / "log").open("wb") as log:
            site = subprocess.Popen(["make", "run"], cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
        try:
            while not _answers(f"http://127.0.0.1:{port}/"):
                if site.poll() is not None or time.monotonic() - began > PATIENCE:
                    raise RuntimeError((Path(folder) / "log").read_text())
                time.sleep(0.1)
            took = time.monotonic() - began
        finally:
            os.killpg(site.pid, signal.SIGINT)
            site.wait(20)
    record(
        id="start.again",
        value=round(took, 1),
        unit="s",
        baseline=round(prepared, 1),
        target=TARGET,
        note="`make run` until the first page; baseline: preparing database and static files for the first time",
    )


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
