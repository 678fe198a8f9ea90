"""Database work of everything live, in a thread pool of its own.

`sync_to_async` runs the work of all sockets in one thread, where one slow query stands in the way of everybody.
Here eight threads share it, and the loop that serves the sockets never waits for a database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import connections

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 8

_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="live")


def _tidy() -> None:
    """Give connections back: to Django's pool on PostgreSQL; SQLite keeps its file open unless something broke."""
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            continue
        if connection.vendor != "sqlite" or connection.errors_occurred:
            connection.close()


def _call(work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        _tidy()


async def run(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `function` in the pool and return what it returns; its exceptions come through."""
    work = partial(function, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_pool, _call, work)
