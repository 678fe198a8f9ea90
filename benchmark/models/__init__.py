"""The figures: what is measured, how it came in, against whom it is compared and what it should become."""

from .cycle import Cycle
from .delivery import ImportProfile, QuestionAnswer
from .goal import Goal, GoalChange, GoalNote, GoalTurn
from .group import ComparisonGroup, GroupChoice
from .indicator import Area, Break, Indicator, IndicatorVersion, Norm, ReferenceValue, breaks
from .measurement import (
    Censored,
    DataRevision,
    Dataset,
    FiguresChange,
    ImportBatch,
    Measurement,
    MeasurementRevision,
    MissingReason,
    figures_changed,
    observation_status,
)
from .outline import Outline
from .talk import TalkOffer

__all__ = [
    "Area",
    "Break",
    "Censored",
    "ComparisonGroup",
    "Cycle",
    "DataRevision",
    "Dataset",
    "FiguresChange",
    "Goal",
    "GoalChange",
    "GoalNote",
    "GoalTurn",
    "GroupChoice",
    "ImportBatch",
    "ImportProfile",
    "Indicator",
    "IndicatorVersion",
    "Measurement",
    "MeasurementRevision",
    "MissingReason",
    "Norm",
    "Outline",
    "QuestionAnswer",
    "ReferenceValue",
    "TalkOffer",
    "breaks",
    "figures_changed",
    "observation_status",
]
