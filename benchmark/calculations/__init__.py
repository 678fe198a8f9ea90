"""Pure functions on arrays: what a group looks like, the place of one in it, and whether a difference means something.

Arrays are M municipalities × Y years unless said otherwise; NaN is "no value" and never counts as 0.
"""

from .course import POINTS, Course, Line, course, moved
from .places import Steadiness, quarters, steadiness
from .realism import Realism, realism
from .sums import Statistics, blanked, quantiles, statistics
from .suppression import FEWEST, accepted, even_weights, too_few
from .verdicts import WINDOW, Check, Outcome, Verdict, gaps, verdicts

__all__ = [
    "FEWEST",
    "POINTS",
    "WINDOW",
    "Check",
    "Course",
    "Line",
    "Outcome",
    "Realism",
    "Statistics",
    "Steadiness",
    "Verdict",
    "accepted",
    "blanked",
    "course",
    "even_weights",
    "gaps",
    "moved",
    "quantiles",
    "quarters",
    "realism",
    "statistics",
    "steadiness",
    "too_few",
    "verdicts",
]
