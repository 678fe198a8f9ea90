"""The figures: what is measured, how it came in, against whom it is compared and what it should become."""

from .cycle import Cycle
from .goal import Goal
from .group import ComparisonGroup, GroupChoice
from .indicator import Area, Indicator, Norm, ReferenceValue
from .measurement import DataRevision, Dataset, ImportBatch, Measurement, MeasurementRevision, MissingReason

__all__ = [
    "Area",
    "ComparisonGroup",
    "Cycle",
    "DataRevision",
    "Dataset",
    "Goal",
    "GroupChoice",
    "ImportBatch",
    "Indicator",
    "Measurement",
    "MeasurementRevision",
    "MissingReason",
    "Norm",
    "ReferenceValue",
]
