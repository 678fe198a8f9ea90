"""Which group figures a reader must not get, because they would give a municipality away.

Everybody can look at many groups: all, each size class, each province, the peers they chose. What holds for one of
them alone (`calculations.too_few`) is not enough; the difference of two must not name anybody either
(`calculations.accepted`). The groups that follow from the register are decided for all readers at once, safe for the
public as well as for each circle, whose members know each other's values and may look without logging in. What somebody
chose themselves is decided after those, the oldest first, and what they threw away still counts.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmark import calculations, groups
from benchmark.cube import PUBLISHED, Cube, Slice
from benchmark.groups import Group
from benchmark.models import ComparisonGroup
from benchmark.permissions import ALL, Viewer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Company:
    """Who else may look: what a decision about one reader must know of all others.

    Attributes:
        circles: the municipalities of every circle, by its group.
        seen: every group of peers this reader may have seen figures of, the oldest first.
    """

    circles: Mapping[int, frozenset[int]] = field(default_factory=dict)
    seen: tuple[ComparisonGroup, ...] = ()

    @property
    def fingerprint(self) -> Hashable:
        """What decisions for all readers depend on."""
        return frozenset(self.circles.values())


def company(viewer: Viewer, seen: Sequence[ComparisonGroup]) -> Company:
    """Return the company of a reader; one query, none for who sees everything anyway."""
    return Company() if viewer.named == ALL else Company(groups.circles(), tuple(seen))


@dataclass(frozen=True, slots=True)
class Figures:
    """The values under decision: one report of an indicator, in the boundaries asked for and as reported.

    Attributes:
        part: in the boundaries asked for.
        reported: as reported; the same when no boundaries were converted.
        report: place of the report.
        now: the year whose boundaries count, None for those of each year.
    """

    part: Slice
    reported: Slice
    report: int
    now: int | None


def withheld(group: Group, of: Figures, *, cube: Cube, viewer: Viewer, company: Company) -> Bools:
    """Return per year of the slice whether this reader must not get the figures of a group.

    Args:
        group: resolved for all years of the slice.
        of: the values.
        cube: whose register and sources they belong to.
        viewer: who asks.
        company: who else may look.
    """
    import numpy as np

    values = np.where(group.members, of.part.published(of.report), np.nan)
    few = calculations.too_few(values, inside=groups.inside(viewer, cube))
    hidden = unseen(of, cube, viewer) & ~np.isnan(values)
    if not hidden.any():
        return few
    count = hidden.sum(axis=0)
    few |= (count > 0) & (count < calculations.FEWEST)
    if group.key.startswith("peers:"):
        safe = _own_choice(group, of, cube, viewer, company)
    else:
        safe = _of_register(group, of, cube, company)
    return np.asarray(few | ((count > 0) & ~safe))


def unseen(of: Figures, cube: Cube, viewer: Viewer) -> Bools:
    """Return M × Y truth values: whose values this reader may not see by name."""
    hidden: Bools = groups.hidden(viewer, cube)[:, None] & ~cube.public_mask(of.part, of.report)
    for (place, year), parts in (of.part.parts or {}).items():
        hidden[place, year] = hidden[place, year] or bool(hidden_parts(of, cube, viewer, parts, year))
    return hidden


def hidden_parts(of: Figures, cube: Cube, viewer: Viewer, parts: Sequence[int], year: int) -> list[int]:
    """Return those of the places that a converted value was made of, whose values this reader may not see."""
    public = cube.public_mask(of.reported, of.report)
    return [at for at in parts if not viewer.may_name(cube.register.places[at].id) and not public[at, year]]


# ---- the groups that follow from the register -------------------------------------------------------------------

Key = tuple[str, Hashable]


def _register_views(cube: Cube, years: NDArray[np.int64], now: int | None) -> dict[Key, Bools]:
    """Return the groups everybody can ask for, in the order in which they go before each other."""
    import numpy as np

    def make() -> dict[Key, Bools]:
        count = len(cube.register.places)
        found: dict[Key, Bools] = {("all", None): np.ones((count, len(years)), dtype=bool)}
        classes = groups.size_classes(cube, years, now)
        for size in np.unique(classes[classes >= 0]).tolist():
            found["size", size] = classes == size
        provinces = np.array([place.province for place in cube.register.places])
        for name in sorted(set(provinces.tolist()) - {""}):
            found["province", name] = np.repeat((provinces == name)[:, None], len(years), axis=1)
        urbanity, _used = cube.register.urbanity.nearest(years)
        for degree in np.unique(urbanity[~np.isnan(urbanity)]).tolist():
            found["urbanity", degree] = urbanity == degree
        return found

    views: dict[Key, Bools] = cube.remembered(("views", years.tobytes(), now), make)
    return views


def _known(part: Slice, report: int) -> Bools:
    import numpy as np

    return (part.status[report] == PUBLISHED) & ~np.isnan(part.value[report])


def _under(view: Bools, of: Figures) -> Bools:
    """Return which reported values go into the figures of a group in the boundaries asked for."""
    members = view & _known(of.part, of.report)
    if of.part.converted is None or of.part.parts is None:
        return members
    found = members & ~of.part.converted[of.report]
    reported = _known(of.reported, of.report)
    for (place, year), parts in of.part.parts.items():
        if members[place, year]:
            found[list(parts), year] = reported[list(parts), year]
    return found


def _decided(of: Figures, cube: Cube, company: Company) -> dict[tuple[Key, bool], tuple[Bools, Bools]]:
    """Return for each group of the register (as reported and, where asked, converted) its values and decision.

    Decided once per revision for all readers.
    """

    def make() -> dict[tuple[Key, bool], tuple[Bools, Bools]]:
        plain = Figures(of.reported, of.reported, of.report, None)
        views = {(key, False): _under(view, plain) for key, view in _register_views(cube, years, None).items()}
        if of.now is not None:
            views |= {(key, True): _under(view, of) for key, view in _register_views(cube, years, of.now).items()}
        closed = _known(of.reported, of.report) & ~cube.public_mask(of.reported, of.report)
        insiders = [closed & ~cube.register.mask(members)[:, None] for members in company.circles.values()]
        shown = calculations.accepted(list(views.values()), [closed, *insiders])
        return {key: (view, safe) for (key, view), safe in zip(views.items(), shown, strict=True)}

    years = of.part.years
    key = ("decided", of.part.indicator_id, of.report, of.now, company.fingerprint)
    found: dict[tuple[Key, bool], tuple[Bools, Bools]] = cube.remembered(key, make)
    return found


def _of_register(group: Group, of: Figures, cube: Cube, company: Company) -> Bools:
    """Return per year whether a group of the register is safe: that of the class the municipality was in then."""
    import numpy as np

    years = of.part.years
    decided = _decided(of, cube, company)
    safe = np.zeros(len(years), dtype=bool)
    for (kind, _value), view in _register_views(cube, years, of.now).items():
        if kind == group.key:
            same = (view == group.members).all(axis=0)
            safe |= same & decided[(kind, _value), of.now is not None][1]
    return safe


# ---- what somebody chose themselves -----------------------------------------------------------------------------


def _own_choice(group: Group, of: Figures, cube: Cube, viewer: Viewer, company: Company) -> Bools:
    """Return per year whether a group of peers is safe beside those of the register and the reader's earlier ones."""
    import numpy as np

    decided = list(_decided(of, cube, company).values())
    plain = Figures(of.reported, of.reported, of.report, None)
    mine = _known(of.reported, of.report) & unseen(plain, cube, viewer)
    views = []
    for boundaries in [plain] if of.now is None else [plain, of]:
        for one in company.seen:
            members = cube.register.mask(groups.members_of(one))[:, None]
            views.append(_under(np.repeat(members, len(of.part.years), axis=1), boundaries))
            if boundaries.now == of.now and f"peers:{one.pk}" == group.key:
                break
    shown = calculations.accepted([view for view, _ in decided] + views, [mine], already=[safe for _, safe in decided])
    return shown[-1]
