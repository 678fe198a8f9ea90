"""What the library keeps: practices with their versions, who tried them and what came of it, tags, saved searches."""

from .adoption import Adoption, Experience, ExperienceVersion
from .label import AreaTag, TagRedirect, TagSynonym
from .practice import (
    Evidence,
    GoodPractice,
    GoodPracticeQuerySet,
    LibraryRevision,
    NupSubject,
    OrganisationArea,
    PracticeVersion,
    Remark,
)
from .proposal import DismissedSuggestion, Proposal
from .result import Attachment, ResultFigure
from .saved_search import SavedSearch

__all__ = [
    "Adoption",
    "AreaTag",
    "Attachment",
    "DismissedSuggestion",
    "Evidence",
    "Experience",
    "ExperienceVersion",
    "GoodPractice",
    "GoodPracticeQuerySet",
    "LibraryRevision",
    "NupSubject",
    "OrganisationArea",
    "PracticeVersion",
    "Proposal",
    "Remark",
    "ResultFigure",
    "SavedSearch",
    "TagRedirect",
    "TagSynonym",
]
