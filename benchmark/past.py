"""The figures as they were: a link that names a version shows that version, also after later imports.

Every import leaves behind what it changed (`MeasurementRevision`) and which version it made (`FiguresChange`). Walking
those back from the figures of now gives the figures of then. What cannot be walked back any more is said, not guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from benchmark import calculations, groups
from benchmark.cube import Cube
from benchmark.models import FiguresChange, Measurement, MeasurementRevision
from benchmark.permissions import Viewer
from benchmark.slices import ABSENT, STATUSES, Slice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class VersionGone(LookupError):  # noqa: N818 — it is an answer to a person
    """The figures of this version cannot be shown; the text says why."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """A value that was different then; `before` is None where there was none at all."""

    municipality_id: int
    year: int
    report: str
    before: dict[str, Any] | None


def at_revision(cube: Cube, revision: int, *, indicator_ids: Iterable[int], viewer: Viewer) -> Cube:
    """Return the figures of an earlier version, for some indicators.

    Args:
        cube: the figures of now.
        revision: the version asked for.
        indicator_ids: the only indicators the answer holds.
        viewer: who asks; two versions beside each other must not give away what one of them does not.

    Raises:
        VersionGone: when that version lies ahead, is too long ago or cannot be shown to this reader.
    """
    if revision == cube.revision:
        return cube
    changed = FiguresChange.between(revision, cube.revision)
    wanted = list(indicator_ids)
    if changed is None or changed.indicators & set(wanted):
        raise VersionGone(
            _("Version %(old)s of these figures cannot be shown any more; you see version %(new)s.")
            % {"old": revision, "new": cube.revision}
        )
    parts = dict(cube.slices(wanted))
    for pk, cells in _changes(wanted, changed.batches).items():
        _check(cells, parts[pk], cube, viewer, revision)
        parts[pk] = _as_before(parts[pk], cells, cube)
    then = Cube(revision=revision, register=cube.register, sources=cube.sources)
    then.hold(parts)
    return then


def _changes(indicator_ids: list[int], batches: frozenset[int]) -> dict[int, list[_Cell]]:
    """Return what some batches changed or brought in, per indicator; two queries."""
    found: dict[int, list[_Cell]] = {}
    seen: set[int] = set()
    revised = MeasurementRevision.objects.filter(batch__in=batches, measurement__indicator__in=indicator_ids)
    fields = ("indicator_id", "municipality_id", "year", "report")
    rows = revised.order_by("pk").values_list("measurement_id", "before", *(f"measurement__{name}" for name in fields))
    for pk, before, indicator, municipality, year, report in rows:
        if pk not in seen:  # the first change after that version tells what stood there
            seen.add(pk)
            found.setdefault(indicator, []).append(_Cell(municipality, year, report, before))
    new = Measurement.objects.filter(batch__in=batches, indicator__in=indicator_ids).exclude(pk__in=seen)
    for indicator, municipality, year, report in new.values_list(*fields):
        found.setdefault(indicator, []).append(_Cell(municipality, year, report, None))
    return found


def _check(cells: list[_Cell], part: Slice, cube: Cube, viewer: Viewer, revision: int) -> None:
    """Refuse where the difference between two versions would rest on a few values this reader may not see."""
    hidden = groups.hidden(viewer, cube)
    at_year = {year: at for at, year in enumerate(part.years.tolist())}
    unseen: Counter[tuple[str, int]] = Counter()
    for cell in cells:
        place = cube.register.index[cell.municipality_id]
        report = part.reports.index(cell.report)
        if hidden[place] and not cube.public_mask(part, report)[place, at_year[cell.year]]:
            unseen[cell.report, cell.year] += 1
    if any(count < calculations.FEWEST for count in unseen.values()):
        raise VersionGone(
            _("Version %(old)s differs in too few municipalities to show it: it would give away whose figures changed.")
            % {"old": revision}
        )


def _as_before(part: Slice, cells: list[_Cell], cube: Cube) -> Slice:
    at_year = {year: at for at, year in enumerate(part.years.tolist())}
    reasons = list(part.reasons)
    reasons += sorted({cell.before["reason"] for cell in cells if cell.before} - set(reasons))

    def copied(array: NDArray[np.float64] | None) -> NDArray[np.float64] | None:
        return None if array is None else array.copy()

    made = replace(
        part,
        value=part.value.copy(),
        status=part.status.copy(),
        reason=part.reason.copy(),
        reasons=tuple(reasons),
        provisional=part.provisional.copy(),
        dataset=part.dataset.copy(),
        lower=copied(part.lower),
        upper=copied(part.upper),
    )
    for cell in cells:
        at = part.reports.index(cell.report), cube.register.index[cell.municipality_id], at_year[cell.year]
        before = cell.before or {}
        value = before.get("value")
        made.value[at] = float("nan") if value is None else value
        made.status[at] = STATUSES.index(before["status"]) if before else ABSENT
        made.reason[at] = reasons.index(before["reason"]) if before else 0
        made.provisional[at] = bool(before.get("provisional"))
        made.dataset[at] = before.get("dataset_id") or 0
        for bound, name in ((made.lower, "lower"), (made.upper, "upper")):
            if bound is not None:
                end = before.get(name)
                bound[at] = float("nan") if end is None else end
    return made
