"""Is this process alive, and can it do its work? For the proxy in front of it and for whoever keeps watch.

Answers name the part that fails and nothing else: addresses and errors are for the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)

_migrated: set[str] = set()


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Say that this process answers. Looks at nothing: a database that is away is no reason to restart it."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Say whether requests can be served: 200, or 503 with the parts that fail."""
    parts = {name: _try(name, check) for name, check in CHECKS.items()}
    good = all(state != "failing" for state in parts.values())
    return JsonResponse(
        {"status": "ready" if good else "not ready", "parts": parts},
        status=200 if good else 503,
        headers={"Cache-Control": "no-store"},
    )


def _try(name: str, check: Callable[[], str]) -> str:
    """Run one check; what goes wrong is logged and called "failing"."""
    try:
        return check()
    except Exception:
        log.exception("%s is failing", name)
        return "failing"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    """Compare the migrations on disk with those applied; once equal they stay so for the life of a process."""
    if connection.alias not in _migrated:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            raise DatabaseError(f"{len(missing)} migrations are not applied, {missing[0][0]} first")
        _migrated.add(connection.alias)
    return "ok"


def _redis() -> str:
    """Ask Redis whether it is there. Without one the site works; rooms then follow by the one-second tail."""
    if not settings.REDIS_URL:
        return "not used"
    import redis

    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
        client.ping()
    return "ok"


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "migrations": _migrations, "redis": _redis}
