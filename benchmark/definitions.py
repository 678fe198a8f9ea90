"""Saying what an indicator meant over the years."""

from __future__ import annotations

from django.db import transaction

from benchmark.models import DataRevision, IndicatorVersion


def keep(*, version: IndicatorVersion) -> IndicatorVersion:
    """Keep a version. Trends are judged anew, because none is drawn across a break."""
    with transaction.atomic():
        version.save()
        DataRevision.locked().raise_by_one(indicators=[version.indicator_id])
    return version


def forget(*, version: IndicatorVersion) -> None:
    """Take a version back."""
    with transaction.atomic():
        indicator = version.indicator_id
        version.delete()
        DataRevision.locked().raise_by_one(indicators=[indicator])
