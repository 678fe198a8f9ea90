"""Taking a batch back: every figure as it was before, or a sentence why that cannot be."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from benchmark.imports import store
from benchmark.imports.scopes import EVERYBODY, Scope
from benchmark.models import DataRevision, ImportBatch, Indicator, Measurement, MeasurementRevision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

AT_A_TIME = 5_000


class UndoRefused(Exception):  # noqa: N818 — a refusal is an answer, not a fault
    """The batch stays as it is; the text is a sentence for people."""


def undo(*, batch: ImportBatch, scope: Scope = EVERYBODY) -> ImportBatch:
    """Take a batch back: values it brought are gone, values it changed are what they were.

    Args:
        batch: an imported batch.
        scope: how far the word of who asks goes.

    Raises:
        UndoRefused: it was taken back already, or a later batch changed the same values.
    """
    with transaction.atomic():
        revision = DataRevision.locked()
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.state == ImportBatch.State.UNDONE:
            raise UndoRefused(_("Batch %(batch)s was taken back already. Nothing changed.") % {"batch": batch.pk})
        later = (
            MeasurementRevision.objects.filter(before__batch_id=batch.pk, batch__isnull=False)
            .order_by("batch_id")
            .values_list("batch_id", flat=True)
            .distinct()
        )
        if later:
            raise UndoRefused(
                _(
                    "Batch %(batch)s stays as it is: later imports changed the same figures (batch %(later)s). "
                    "Take those back first."
                )
                % {"batch": batch.pk, "later": ", ".join(map(str, later))}
            )
        if Measurement.objects.filter(batch=batch).exclude(status__in=scope.may_replace).exists():
            raise UndoRefused(
                _(
                    "Batch %(batch)s stays as it is: some of its figures are validated or published. Ask the "
                    "validator to send them back first."
                )
                % {"batch": batch.pk}
            )
        touched = _indicators_of(batch)
        store.delete_made_by(batch.pk)
        old = _before(batch)
        while part := list(islice(old, AT_A_TIME)):
            store.update(part)
        batch.revisions.all().delete()
        _forget_indicators(batch.details.get("new_indicators", []))
        batch.state, batch.undone_at = ImportBatch.State.UNDONE, timezone.now()
        batch.save(update_fields=["state", "undone_at"])
        revision.raise_by_one(indicators=touched)
    return batch


def _indicators_of(batch: ImportBatch) -> set[int]:
    """Return the indicators of which a batch holds values; what it changed is in it too."""
    return set(Measurement.objects.filter(batch=batch).order_by().values_list("indicator_id", flat=True).distinct())


def _before(batch: ImportBatch) -> Iterator[tuple[Any, ...]]:
    """Yield tuples for `store.update` out of the revisions."""
    rows = list(batch.revisions.order_by("pk").values_list("measurement_id", "before"))
    for pk, before in rows:
        yield (*(before[name] for name in store.CHANGING), pk)


def _forget_indicators(codes: list[str]) -> None:
    """Delete the indicators that the batch made, as far as nothing hangs on them by now."""
    for indicator in Indicator.objects.filter(code__in=codes):
        if Measurement.objects.filter(indicator=indicator).exists():
            continue
        try:
            with transaction.atomic():
                indicator.delete()
        except ProtectedError:  # a goal was set on it meanwhile
            continue
