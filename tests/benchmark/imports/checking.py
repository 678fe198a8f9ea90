"""What the tests of the import share: a file out of text, and what is in the tables."""

from __future__ import annotations

import hashlib
import io

from benchmark.models import (
    Area,
    DataRevision,
    Dataset,
    ImportBatch,
    Indicator,
    Measurement,
    MeasurementRevision,
)


def file_of(text: str | bytes) -> io.BytesIO:
    """Return a file with this content."""
    return io.BytesIO(text if isinstance(text, bytes) else text.encode())


def checksum() -> str:
    """Return a fingerprint of every table that an import may touch."""
    digest = hashlib.sha256()
    for model in (Area, Dataset, ImportBatch, Indicator, Measurement, MeasurementRevision, DataRevision):
        for row in model.objects.order_by("pk").values():
            digest.update(repr((model.__name__, sorted(row.items()))).encode())
    return digest.hexdigest()


def figures() -> list[tuple[object, ...]]:
    """Return what a reader sees of all values, ids left out."""
    fields = ("indicator__code", "municipality__code", "year", "report", "value", "status", "provisional", "reason")
    more = ("numerator", "denominator", "n", "lower", "upper", "source", "dataset__slug")
    return sorted(Measurement.objects.values_list(*fields, *more), key=repr)
