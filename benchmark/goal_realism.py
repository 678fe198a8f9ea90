"""How realistic a goal is for one reader: what comparable municipalities did in the same time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from benchmark import calculations, disclosure, groups, series
from benchmark import cube as cubes
from benchmark.asking import Reader
from benchmark.calculations import Realism
from benchmark.disclosure import Figures
from benchmark.goal_progress import Aim
from benchmark.groups import Choice, Group
from benchmark.models import Indicator
from benchmark.models.indicator import breaks
from benchmark.permissions import viewer_for


class Unsaid(StrEnum):
    """Why nothing is said of how realistic a goal is."""

    NO_START = "no-start"
    NO_CHANGE = "no-change"
    NO_SPAN = "no-span"
    TOO_FEW = "too-few"


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer.

    Attributes:
        why: why nothing is said, None when something is.
        found: what comparable municipalities did, None without a start or figures over so many years.
        group: in which group was looked, None when in none.
    """

    why: Unsaid | None
    found: Realism | None = None
    group: Group | None = None


def for_many(user: Any) -> Reader:
    """Return a reader that judges the goals of any municipality, in its size class and among all.

    The groups that a municipality's own people may choose cost queries; these do not.
    """
    viewer = viewer_for(user)
    choices = [
        Choice("size", _("municipalities of the same size"), "size"),
        Choice("all", _("all municipalities"), "all"),
    ]
    return Reader(user, viewer, cubes.current(), None, choices, disclosure.company(viewer, groups.seen_by(viewer)))


def judge(who: Reader, indicator: Indicator, aim: Aim, *, municipality_id: int, group: str = "") -> Judged:
    """Return how realistic an aim is, as far as this reader may know.

    Args:
        who: who looks.
        indicator: with its versions fetched, where many are judged.
        aim: start, target and date.
        municipality_id: whose aim it is.
        group: in which group to look; by default the own size class, and all municipalities where that has too few.
    """
    start, since = aim.baseline_value, aim.baseline_year
    if start is None or since is None or since >= aim.target_date.year:
        return Judged(Unsaid.NO_START)
    if start == aim.target_value:
        return Judged(Unsaid.NO_CHANGE)
    part = who.cube.slice(indicator.pk)
    if part.is_empty or municipality_id not in who.cube.register.index:
        return Judged(Unsaid.NO_SPAN)
    keys = [one.key for one in who.choices]
    answer = Judged(Unsaid.NO_SPAN)
    for key in [group] if group in keys else ["size", "all"]:
        found, among = _among(who, indicator, aim, municipality_id, key)
        if found.margin is None:
            continue
        answer = Judged(Unsaid.TOO_FEW if found.achieved is None else None, found, among)
        if answer.why is None:
            break
    return answer


def _among(who: Reader, indicator: Indicator, aim: Aim, municipality_id: int, key: str) -> tuple[Realism, Group]:
    part = who.cube.slice(indicator.pk)
    report = part.reports.index(series.default_report(part))
    of = Figures(part, part, report, None)
    among = groups.resolve(
        key,
        cube=who.cube,
        viewer=who.viewer,
        years=part.years,
        municipality_id=municipality_id,
        choices=who.choices,
    )
    _shown, withheld = series.figures_of_group(among, of, cube=who.cube, viewer=who.viewer, company=who.company)
    assert aim.baseline_value is not None and aim.baseline_year is not None  # noqa: S101, PT018 — `judge` looked
    found = calculations.realism(
        values=part.published(report),
        members=among.members,
        years=part.years,
        own=who.cube.register.index[municipality_id],
        start=aim.baseline_value,
        target=aim.target_value,
        span=aim.target_date.year - aim.baseline_year,
        breaks=[one.year for one in breaks(indicator)],
        hidden=disclosure.unseen(of, who.cube, who.viewer),
        withheld=withheld,
    )
    return found, among
