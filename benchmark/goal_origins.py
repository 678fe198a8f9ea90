"""Where a goal came from: the app that keeps the thing is told which goal it became."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmark.models import Goal

Receiver = Callable[[int, Goal, Any], None]
_receivers: dict[str, Receiver] = {}


def register(kind: str, receiver: Receiver) -> None:
    """Let an app to the left hear that a goal was made of something it keeps.

    Args:
        kind: a word for the thing, as it stands in addresses: "action" in "action:12".
        receiver: called in the transaction that makes the goal, with the key of the thing, the goal and who made it.
            It looks for itself whether this person may do that; what they may not is left alone.
    """
    _receivers[kind] = receiver


def tell(origin: str, *, goal: Goal, by: Any) -> None:
    """Say that a goal was made of something; an origin that names nothing is no origin."""
    kind, _colon, key = origin.partition(":")
    if kind in _receivers and key.isascii() and key.isdecimal() and len(key) < 19:  # noqa: PLR2004 — a key fits in it
        _receivers[kind](int(key), goal, by)
