"""Asking pages as somebody, in a process with the site's settings: time and queries. No network."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from tests.servers import ROOT

WARM, ROUNDS = 5, 60


def child(module: str, env: dict[str, str], step: str) -> dict[str, Any]:
    """Run one step of a bench in a process of its own and return what it says.

    Raises:
        RuntimeError: it failed; with what it printed.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, step], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{step} failed:\n{done.stdout}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def ask(pages: Mapping[str, str], *, email: str) -> dict[str, dict[str, float]]:
    """Ask every page as a person; milliseconds (p50, p95) and queries of the last round, by name of the page.

    Raises:
        RuntimeError: a page answers something else than 200.
    """
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    import kringsite.asgi  # noqa: F401 - a server's views and its pace of collecting garbage
    from people.models import User

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend")
    found = {}
    for name, path in pages.items():
        took = []
        for number in range(WARM + ROUNDS):
            began = time.perf_counter()
            answer = client.get(path)
            if number >= WARM:
                took.append(1000 * (time.perf_counter() - began))
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answered {answer.status_code}")
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        found[name] = {
            "p50": round(statistics.median(took), 1),
            "p95": round(statistics.quantiles(took, n=20)[-1], 1),
            "queries": len(queries),
        }
    return found
