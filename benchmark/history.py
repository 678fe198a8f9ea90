"""Whether figures changed since somebody talked about them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from benchmark.models import FiguresChange, ImportBatch, Indicator, Measurement, MeasurementRevision


def changed_since(indicator: Indicator, moment: dt.datetime, *, revision: int, now: int) -> bool:
    """Say whether values of an indicator came, changed or went after a version of the figures: at most two queries.

    Args:
        indicator: which.
        moment: when that version was the latest, for versions so old that nobody kept what changed after them.
        revision: that version.
        now: the latest version.
    """
    if now <= revision:
        return False
    changed = FiguresChange.between(revision, now)
    if changed is None:
        return _import_since(indicator, moment)
    if indicator.pk in changed.indicators:
        return True
    brought = Measurement.objects.filter(batch__in=changed.batches, indicator=indicator)
    revised = MeasurementRevision.objects.filter(batch__in=changed.batches, measurement__indicator=indicator)
    return bool(changed.batches) and brought.exists() | revised.exists()


def _import_since(indicator: Indicator, moment: dt.datetime) -> bool:
    """Say whether an import touched an indicator after a moment; one that was taken back counts for all of them."""
    values = Measurement.objects.filter(indicator=indicator, batch=OuterRef("pk"))
    brought = Q(Exists(values), imported_at__gt=moment)
    taken_back = Q(undone_at__gt=moment, imported_at__lte=moment)
    return ImportBatch.objects.filter(brought | taken_back).exists()
