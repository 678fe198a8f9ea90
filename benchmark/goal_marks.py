"""What is done for a goal, with its dates: practices taken over and promises made, told by the apps that keep them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from benchmark.models import Goal


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that is done for a goal.

    Attributes:
        day: when it began or should be done; None when no day was said.
        word: what it is, in a word, for beside the line of the chart.
        text: what it is, in a sentence without its day.
        url: its page.
    """

    day: dt.date | None
    word: str
    text: str
    url: str = ""


Provider = Callable[[Goal, Any], Iterable[Mark]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Let an app to the left say what is done for a goal.

    Args:
        provider: called with a goal and a reader; returns what that reader may know of.
    """
    if provider not in _providers:
        _providers.append(provider)


def of(goal: Goal, user: Any) -> tuple[Mark, ...]:
    """Return what is done for a goal, as far as a reader may know; the earliest first, without a day last."""
    found = [mark for provider in _providers for mark in provider(goal, user)]
    return tuple(sorted(found, key=lambda mark: (mark.day is None, mark.day or dt.date.min, mark.text)))
