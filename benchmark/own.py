"""One municipality's values by name, as far as a reader may see them: the one place where a name and a value meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmark.cube import ABSENT, PUBLISHED, STATUSES, Cube, Place, Slice
from benchmark.models import MissingReason
from benchmark.permissions import Viewer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Reasons that are not a property of the figure but of who looks, or of what they asked.
CONFIDENTIAL = MissingReason.CONFIDENTIAL.value
NOT_PUBLISHED = "not-published"
NO_MUNICIPALITY = "no-municipality"
TOO_FEW = "too-few"
NO_VALUES = "no-values"


@dataclass(frozen=True, slots=True)
class Own:
    """One municipality's values as a reader may see them, Y years long."""

    value: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    provisional: NDArray[np.bool_]
    status: list[str]
    reason: list[str]
    converted: list[bool]


def own_values(  # noqa: PLR0913, PLR0917 — the one place where a name and a value meet, so everything must be said
    part: Slice,
    report: int,
    wanted: NDArray[np.bool_],
    place: Place | None,
    cube: Cube,
    viewer: Viewer,
    *,
    reported: Slice | None = None,
) -> Own:
    """Return one municipality's values by name, as far as this reader may see them.

    Args:
        part: the indicator, in the boundaries asked for.
        report: place of the report.
        wanted: truth values: which years of the slice.
        place: whose values, None for nobody's.
        cube: where the slice is from.
        viewer: who asks.
        reported: the indicator as reported, where boundaries were converted: of a value that was made of others, all
            of them must be visible.
    """
    import numpy as np

    years = part.years[wanted].tolist()
    nothing = np.full(len(years), np.nan)
    if place is None:
        no = np.zeros(len(years), dtype=bool)
        return Own(
            nothing, nothing, nothing, no, [""] * len(years), [NO_MUNICIPALITY] * len(years), [False] * len(years)
        )
    at = cube.register.index[place.id]
    status = part.status[report, at, wanted]
    published = status == PUBLISHED
    named = viewer.may_name(place.id) | cube.public_mask(part, report)[at, wanted]
    if reported is not None and part.parts:
        named = named & _parts_named(part, report, at, cube, viewer, reported)[wanted]
    seen = np.where(published, named, viewer.may_see_drafts_of(place.id) & (status != ABSENT))

    def shown(array: NDArray[np.float64] | None) -> NDArray[np.float64]:
        return nothing if array is None else np.where(seen, array[report, at, wanted], np.nan)

    def why(index: int, year: int) -> str:
        if seen[index]:
            return part.reasons[int(part.reason[report, at, wanted][index])]
        if status[index] == PUBLISHED and viewer.may_name(place.id):
            return CONFIDENTIAL  # computed from others' values that this reader may not see
        if not viewer.may_name(place.id) and not _all_open(cube, part, report):
            return CONFIDENTIAL
        if not place.existed_in(year):
            return MissingReason.DID_NOT_EXIST.value
        return NOT_PUBLISHED if status[index] != ABSENT else MissingReason.NOT_DELIVERED.value

    return Own(
        value=shown(part.value),
        lower=shown(part.lower),
        upper=shown(part.upper),
        provisional=np.asarray(seen & part.provisional[report, at, wanted]),
        status=[STATUSES[int(one)] if ok else "" for one, ok in zip(status, seen, strict=True)],
        reason=[why(index, year) for index, year in enumerate(years)],
        converted=[False] * len(years) if part.converted is None else part.converted[report, at, wanted].tolist(),
    )


def _parts_named(  # noqa: PLR0913, PLR0917 — as above
    part: Slice, report: int, at: int, cube: Cube, viewer: Viewer, reported: Slice
) -> NDArray[np.bool_]:
    """Return for every year of a slice whether all that a value was made of may be named."""
    import numpy as np

    public = cube.public_mask(reported, report)
    named = np.ones(len(part.years), dtype=bool)
    for (place, year), parts in (part.parts or {}).items():
        if place == at:
            named[year] = all(public[one, year] or viewer.may_name(cube.register.places[one].id) for one in parts)
    return named


def _all_open(cube: Cube, part: Slice, report: int) -> bool:
    """Say whether everything known of this report is open data: then even its absence is no secret."""
    sources = cube.sources_of(part, report)
    return bool(sources) and all(source.is_public for source in sources)
