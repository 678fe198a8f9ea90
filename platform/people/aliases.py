"""The aliases that come with the product: what people write for a municipality beside its official name."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Alias:
    """A name in use beside the official one; `until` is the first year without."""

    name: str
    since: int | None = None
    until: int | None = None


@cache
def _all() -> dict[str, tuple[Alias, ...]]:
    text = Path(__file__).with_name("aliases.toml").read_text(encoding="utf-8")
    return {code: tuple(Alias(**each) for each in names) for code, names in tomllib.loads(text).items()}


def of(code: str) -> tuple[Alias, ...]:
    """Return the aliases of a code."""
    return _all().get(code, ())
