"""The way of a figure from its municipality to everybody: handed in, validated, published, or sent back.

Each step is a verb. It takes the values that may take that step now, leaves the others as they are and says how many
and why. What a value was before, who took the step and why stays with the value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark.models import DataRevision, Measurement, MeasurementRevision
from benchmark.permissions import can_import_measurements, can_validate_measurements, edited_by

if TYPE_CHECKING:
    from people.models import User

Status = Measurement.Status
Action = MeasurementRevision.Action
# What a revision keeps, as an import does.
KEPT = (
    "status",
    "provisional",
    "reason",
    "source",
    "censored",
    "value",
    "numerator",
    "denominator",
    "n",
    "lower",
    "upper",
    "dataset_id",
    "batch_id",
)
AT_A_TIME = 2000


class StepRefused(Exception):  # noqa: N818 — an answer, not a fault
    """Nothing changed; the text is a sentence for people."""


@dataclass(frozen=True)
class Pair:
    """All values of one municipality and indicator: what a person ticks in a list."""

    municipality_id: int
    indicator_id: int


@dataclass(frozen=True)
class Outcome:
    """What a step did.

    Attributes:
        done: values that took it.
        own: values that were left because who asks brought them in.
    """

    done: int
    own: int = 0

    def sentence(self, action: str) -> str:
        """Return what happened, in words.

        Args:
            action: an `Action`.
        """
        told = {
            Action.SUBMITTED: ngettext(
                "%(count)s figure was handed in.", "%(count)s figures were handed in.", self.done
            ),
            Action.VALIDATED: ngettext(
                "%(count)s figure was validated.", "%(count)s figures were validated.", self.done
            ),
            Action.PUBLISHED: ngettext(
                "%(count)s figure was published.", "%(count)s figures were published.", self.done
            ),
            Action.REJECTED: ngettext(
                "%(count)s figure was sent back.", "%(count)s figures were sent back.", self.done
            ),
        }[Action(action)] % {"count": self.done}
        if self.own:
            told += " " + ngettext(
                "%(count)s figure you brought in yourself; somebody else must look at it.",
                "%(count)s figures you brought in yourself; somebody else must look at them.",
                self.own,
            ) % {"count": self.own}
        return told


def submit(*, pairs: Iterable[Pair], by: User) -> Outcome:
    """Hand drafts in for validation.

    Args:
        pairs: whose figures of what.
        by: an editor of those municipalities, or somebody who brings figures in for all.
    """
    values = _of(pairs).filter(status=Status.DRAFT)
    if not can_import_measurements(by):
        values = values.filter(municipality__in=edited_by(by))
    return _step(values, Status.SUBMITTED, Action.SUBMITTED, by)


def validate(*, pairs: Iterable[Pair], by: User) -> Outcome:
    """Say that figures are right. Never one's own: four eyes see what two overlook."""
    _must_validate(by)
    values = _of(pairs).filter(status=Status.SUBMITTED)
    own = Q(batch__imported_by=by) | Q(municipality__in=edited_by(by))
    handed_in = MeasurementRevision.objects.filter(action=Action.SUBMITTED, by=by, measurement__status=Status.SUBMITTED)
    own |= Q(pk__in=handed_in.values("measurement"))
    left = values.filter(own).count()
    done = _step(values.exclude(pk__in=values.filter(own).values("pk")), Status.VALIDATED, Action.VALIDATED, by)
    return Outcome(done.done, left)


def publish(*, pairs: Iterable[Pair], by: User) -> Outcome:
    """Show validated figures to everybody who may see them."""
    _must_validate(by)
    return _step(_of(pairs).filter(status=Status.VALIDATED), Status.PUBLISHED, Action.PUBLISHED, by)


def reject(*, pairs: Iterable[Pair], by: User, why: str, published_too: bool = False) -> Outcome:
    """Send figures back to their municipality as drafts.

    Args:
        pairs: whose figures of what.
        by: a validator or the office.
        why: what must be looked at; the municipality reads it.
        published_too: withdraw what is published as well; else only what waits is sent back.

    Raises:
        StepRefused: no reason was given.
    """
    _must_validate(by)
    if not why.strip():
        raise StepRefused(_("Say why you send these figures back; the municipality must know what to look at."))
    statuses = [Status.SUBMITTED, Status.VALIDATED, *([Status.PUBLISHED] if published_too else [])]
    return _step(_of(pairs).filter(status__in=statuses), Status.DRAFT, Action.REJECTED, by, why.strip()[:300])


def _must_validate(by: User) -> None:
    if not can_validate_measurements(by):
        raise StepRefused(_("Only a validator or the programme office does this."))


def _of(pairs: Iterable[Pair]) -> Any:
    wanted = Q(pk__in=[])
    for pair in pairs:
        wanted |= Q(municipality_id=pair.municipality_id, indicator_id=pair.indicator_id)
    return Measurement.objects.filter(wanted)


def _step(values: Any, status: str, action: str, by: User, why: str = "") -> Outcome:
    """Move values on, keep what they were, and tell that figures changed; all or nothing."""
    with transaction.atomic():
        revision = DataRevision.locked()
        found = list(values.order_by("pk").values("pk", "indicator_id", *KEPT))
        if not found:
            return Outcome(0)
        MeasurementRevision.objects.bulk_create(
            (
                MeasurementRevision(
                    measurement_id=row["pk"], action=action, by=by, why=why, before={name: row[name] for name in KEPT}
                )
                for row in found
            ),
            batch_size=AT_A_TIME,
        )
        ids = [row["pk"] for row in found]
        for start in range(0, len(ids), AT_A_TIME):
            Measurement.objects.filter(pk__in=ids[start : start + AT_A_TIME]).update(status=status)
        revision.raise_by_one(indicators={row["indicator_id"] for row in found})
    return Outcome(len(found))
