"""Example figures: deterministic, plausible per indicator, and never to be taken for measured ones.

Every municipality gets a level of its own per indicator and a yearly change; both follow from the indicator and the
municipality alone, so the same demo has the same figures on every machine. About one value in ten is missing with a
reason, as in the real programme (10.9 % in 2009).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from benchmark.models import Indicator, MissingReason
from goodpractices.examples import effects
from kringsite.demo.content import read

YEARS = range(2004, 2009)
# Shares of what is missing: a product one does not offer, and a figure that was not handed in.
NOT_APPLICABLE = 0.02
NOT_DELIVERED = 0.09
# A survey asks about a hundred people; with a standard deviation of 1.2 that leaves a margin of 0.24 (facts 7.7).
ANSWERS = 100
MARGIN = 0.24

Row = dict[str, Any]


def around(indicator: Indicator) -> tuple[float, float, float]:
    """Return centre, spread and yearly change for an indicator: its own line, else what its kind suggests."""
    own = read("figures")["around"].get(indicator.code)
    if own:
        centre, spread, step = own
        return float(centre), float(spread), float(step)
    kinds = Indicator.Kind
    if indicator.kind == kinds.GRADE:
        return 7.1, 0.3, 0.04
    if indicator.kind == kinds.EFFORT:
        return 2.6, 0.25, -0.03
    if indicator.kind == kinds.PERCENTAGE:
        return {"up": (78.0, 7.0, 0.9), "down": (13.0, 4.0, -0.4)}.get(indicator.direction, (42.0, 9.0, 0.5))
    return 20.0, 4.0, 0.2


def _with_a_goal() -> set[tuple[str, str]]:
    """Return (indicator, municipality) of every demo goal: there the figures are complete, so that goals can move."""
    return {(goal["indicator"], goal["code"]) for goal in read("kring_c")["goals"]}


def _steady(indicator: Indicator, code: str) -> tuple[float, float] | None:
    """Return first value and yearly change where an example goes straight on, else None."""
    found = read("figures")["steady"].get(indicator.code, {}).get(code)
    return (float(found[0]), float(found[1])) if found else None


def rows(indicators: list[Indicator], codes: list[str]) -> Iterator[Row]:
    """Yield rows of the neutral measurement file for every indicator, municipality (CBS code) and year."""
    steady = {(indicator, code) for indicator, places in read("figures")["steady"].items() for code in places}
    complete = _with_a_goal() | set(effects()) | steady
    for indicator in indicators:
        for code in codes:
            yield from _series(indicator, code, complete=(indicator.code, code) in complete)


def _series(indicator: Indicator, code: str, *, complete: bool) -> Iterator[Row]:
    dice = random.Random(f"{indicator.code}|{code}")  # noqa: S311 - example figures, not secrets
    centre, spread, step = around(indicator)
    level = dice.gauss(0, spread)
    pace = step * dice.uniform(0.2, 1.9)
    switched_on = dice.choice([2005, 2006, 2007, 2008, 2010, 2011])
    applies = dice.random() > NOT_APPLICABLE or complete
    for year in YEARS:
        noise = dice.gauss(0, spread / 6)
        delivered = dice.random() > NOT_DELIVERED or complete
        row: Row = {"gm_code": code, "indicator": indicator.code, "year": year, "value": None, "reason": ""}
        if not applies:
            row["reason"] = MissingReason.NOT_APPLICABLE.value
        elif not delivered:
            row["reason"] = MissingReason.NOT_DELIVERED.value
        elif indicator.kind == Indicator.Kind.YES_NO:
            row["value"] = float(year >= switched_on)
        else:
            value = centre + level + pace * (year - YEARS[0]) + noise
            if straight := _steady(indicator, code):
                value = straight[0] + straight[1] * (year - YEARS[0]) + noise / 20
            started, change = effects().get((indicator.code, code), (year, 0.0))
            row["value"] = _bounded(indicator, value + (change if year > started else 0.0), centre)
            if indicator.kind == Indicator.Kind.GRADE:
                row |= _survey(row["value"])
        yield row


def _bounded(indicator: Indicator, value: float, centre: float) -> float:
    """Keep a value inside what the indicator can be, and clear of an implausible zero."""
    low = indicator.minimum if indicator.minimum is not None else 0.0
    value = max(value, low, centre * 0.1)
    if indicator.maximum is not None:
        value = min(value, indicator.maximum)
    return round(value, max(indicator.decimals, 1) if abs(centre) >= 1 else 5)


def _survey(value: float) -> Row:
    return {"n": ANSWERS, "lower": round(max(value - MARGIN, 1), 2), "upper": round(min(value + MARGIN, 10), 2)}
