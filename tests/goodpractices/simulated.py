"""A made-up world in which the effect of a practice is known, to see whether the calculation finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from goodpractices.effect import Effect, Start, measure

MUNICIPALITIES, YEARS = 342, np.arange(2001, 2011)


@dataclass(frozen=True)
class World:
    """What differs between the designs.

    Attributes:
        effect: what the practice does to the figure, in its unit.
        adopters: how many adopt it.
        worst: adopters come from this part of all, by the figure of the year before they start; 1 is everybody.
        drift: what changes by itself per year.
        missing: the part of all values that is not there.
        uneven: how much the effect differs from one adopter to the next.
    """

    effect: float = 0.0
    adopters: int = 20
    worst: float = 1.0
    drift: float = 0.0
    missing: float = 0.0
    uneven: float = 0.0


WORLDS = {
    "effect of -2": World(effect=-2.0),
    "effect of -2, adopters among the worst third": World(effect=-2.0, worst=1 / 3),
    "effect of -2, uneven, a fifth of the values missing": World(effect=-2.0, uneven=1.0, missing=0.2),
    "effect of -3, eight adopters": World(effect=-3.0, adopters=8),
    "no effect": World(),
    "no effect, adopters among the worst tenth": World(worst=0.1),
    "no effect, all get better by themselves": World(drift=-0.5, worst=1 / 3),
    "no effect, six adopters": World(adopters=6),
}


def simulate(world: World, seed: int) -> Effect:
    """Make figures for 342 municipalities and ten years, let some adopt, and compute the effect."""
    values, inhabitants, starts = figures(world, seed)
    return measure(values, YEARS, inhabitants, starts)


def figures(world: World, seed: int) -> tuple[Any, Any, list[Start]]:
    """Return values, inhabitants and adopters of one run."""
    chance = np.random.default_rng(seed)
    people = np.exp(chance.normal(10.3, 0.8, MUNICIPALITIES))
    inhabitants = np.repeat(people[:, None], len(YEARS), axis=1)
    level = 20 + chance.normal(0, 4, MUNICIPALITIES) + 0.8 * (np.log(people) - 10.3)
    wander = chance.normal(0, 0.5, (MUNICIPALITIES, len(YEARS))).cumsum(axis=1)
    values = level[:, None] + wander + world.drift * np.arange(len(YEARS)) + chance.normal(0, 2, wander.shape)
    # Lower is better. Who starts in 2006 or 2007 looks at the figure of the year before.
    at = chance.integers(5, 7, MUNICIPALITIES)
    seen = values[np.arange(MUNICIPALITIES), at - 1]
    willing = np.flatnonzero(seen >= np.quantile(seen, 1 - world.worst))
    chosen = chance.choice(willing, world.adopters, replace=False)
    for place in chosen:
        values[place, at[place] + 1 :] += world.effect + chance.normal(0, world.uneven)
        values[place, at[place]] += world.effect / 2
    values[chance.random(values.shape) < world.missing] = np.nan
    return values, inhabitants, [Start(int(place), int(YEARS[at[place]])) for place in chosen]


def table(runs: int = 100) -> list[tuple[str, float, float, int, int]]:
    """Return for each design: its name, the true effect, the mean estimate, runs covered and runs claimed."""
    rows = []
    for name, world in WORLDS.items():
        found = [simulate(world, seed) for seed in range(runs)]
        covered = sum(one.lower <= world.effect <= one.upper for one in found)
        claimed = sum(one.better(-1) is not None for one in found)
        rows.append((name, world.effect, float(np.mean([one.estimate for one in found])), covered, claimed))
    return rows
