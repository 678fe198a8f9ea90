"""For whom a sender may speak, and how far their word goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmark.models import Measurement

Status = Measurement.Status


@dataclass(frozen=True)
class Scope:
    """What a sender of figures may do.

    Attributes:
        municipalities: ids of the municipalities; None for all.
        status: what a row without a status becomes.
        statuses: what a row may say.
        may_replace: statuses of values that this sender may replace by others.
    """

    municipalities: frozenset[int] | None = None
    status: str = Status.PUBLISHED
    statuses: tuple[str, ...] = tuple(Status.values)
    may_replace: tuple[str, ...] = tuple(Status.values)


EVERYBODY = Scope()


def for_user(user: Any) -> Scope:
    """Return how far somebody's word goes: an editor speaks for the own municipality only."""
    from benchmark.permissions import can_import_measurements, edited_by

    return EVERYBODY if can_import_measurements(user) else own(edited_by(user))


def own(municipalities: frozenset[int]) -> Scope:
    """Return the scope of an editor: the own municipality, up to handing in.

    What is validated or published is not replaced by them: a second pair of eyes looked at it, and a public figure
    would disappear for as long as the new one waits. A validator rejects it first.
    """
    return Scope(
        municipalities=municipalities,
        status=Status.DRAFT,
        statuses=(Status.DRAFT, Status.SUBMITTED),
        may_replace=(Status.DRAFT, Status.SUBMITTED),
    )
