"""The role matrix: every route and method of the site, and what each viewpoint gets there.

`role_matrix.txt` has one line per route and method. The expected answers stand in the order of `VIEWPOINTS`:

    200 …    that status
    login    302 to the login page
    away     302 to somewhere else (after a saved form, or to the page one belongs)

A route of a library is covered by a prefix line that ends in `*`; its own line still wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

VIEWPOINTS = (
    "public",
    "participant",
    "facilitator",
    "editor",
    "validator",
    "office",
    "steering",
    "admin",
    "stranger",
    "deactivated",
)
METHODS = ("GET", "POST")
TABLE = Path(__file__).with_name("role_matrix.txt")


@dataclass(frozen=True)
class Row:
    """One line: a route, a method, an address to try and the ten expected answers."""

    route: str
    method: str
    address: str
    expected: tuple[str, ...]


def rows() -> list[Row]:
    """Read the table."""
    lines = (line.split("#")[0].split() for line in TABLE.read_text(encoding="utf-8").splitlines())
    return [
        Row("" if route == "-" else route, method, address, tuple(rest))
        for route, method, address, *rest in filter(None, lines)
    ]


def routes() -> Iterator[str]:
    """Yield every route of the site as one string, such as `kringen/<slug:slug>/`."""
    yield from _walk(get_resolver().url_patterns, "")


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, route)
        else:
            yield route


def uncovered(table: list[Row]) -> list[str]:
    """Return the routes and methods that no line speaks about."""
    known = {(row.route, row.method) for row in table}
    prefixes = tuple((row.route[:-1], row.method) for row in table if row.route.endswith("*"))
    return [
        f"{method} {route or '-'}"
        for route in sorted(set(routes()))
        for method in METHODS
        if (route, method) not in known and not any(route.startswith(start) and method == m for start, m in prefixes)
    ]
