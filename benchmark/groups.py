"""With whom to compare: from a key in an address to the municipalities of a group, year by year.

Keys: `all`, `size` (the size class of the year), `province`, `urbanity` (that of the year), `kring` (or `kring:<id>`
for somebody in several), and `peers:<id>` (chosen and kept by the reader, or frozen for their kring). A group that the reader may not know of does not exist for them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from benchmark.cube import Cube
from benchmark.models import ComparisonGroup, GroupChoice
from benchmark.permissions import ALL, Viewer
from people import sizes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEFAULT = "all"


class UnknownGroup(LookupError):  # noqa: N818 — it is an answer to a person
    """The key names no group this reader can use; the text says which exist."""

    def __init__(self, key: str, available: list[str], why: str = "") -> None:
        self.key, self.available = key, available
        said = why or _("There is no comparison group “%(key)s”.") % {"key": key}
        super().__init__(said + " " + _("Choose one of: %(keys)s.") % {"keys": ", ".join(available)})


@dataclass(frozen=True, slots=True)
class Choice:
    """A group somebody may choose, for a form or a list."""

    key: str
    label: str
    kind: str
    group: ComparisonGroup | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A group resolved for some years.

    Attributes:
        key: as in the address.
        name: in words, without the number: "Kring C", "municipalities with 25,000 to 50,000 inhabitants".
        members: M × Y truth values.
        note: what a reader must know, such as that inhabitants of another year were used; often empty.
    """

    key: str
    name: str
    members: NDArray[np.bool_]
    note: str = ""

    @property
    def fingerprint(self) -> bytes:
        """What figures of this group depend on, short enough to be a key."""
        return hashlib.blake2b(self.members.tobytes(), digest_size=16).digest()

    def described(self, n: int) -> str:
        """Return the group with how many of it have a value: "8 municipalities (Kring C)", "341 municipalities"."""
        count = ngettext("%(n)s municipality", "%(n)s municipalities", n) % {"n": n}
        return count if self.key == DEFAULT else f"{count} ({self.name})"


def available(
    viewer: Viewer, municipality_id: int | None, seen: Sequence[ComparisonGroup] | None = None
) -> list[Choice]:
    """Return the groups this reader may compare with; four queries at most, none for the public.

    Args:
        viewer: who asks.
        municipality_id: the municipality that is compared, if any; `size`, `province` and `urbanity` need it.
        seen: `seen_by(viewer)`, when it is at hand.
    """
    found = [Choice("all", _("all municipalities"), "all")]
    if municipality_id is not None:
        found += [
            Choice("size", _("municipalities of the same size"), "size"),
            Choice("province", _("municipalities in the same province"), "province"),
            Choice("urbanity", _("municipalities that are as urban"), "urbanity"),
        ]
    if not viewer.takes_part:
        return found
    circles = circles_for(viewer, municipality_id)
    if circles:
        found.append(Choice("kring", circles[0].name, "kring", circles[0]))
        found += [Choice(f"kring:{one.pk}", one.name, "kring", one) for one in circles[1:]]
    seen = seen_by(viewer) if seen is None else seen
    kept = sorted((one for one in seen if one.retired_at is None), key=lambda one: one.name)
    found += [Choice(f"peers:{one.pk}", one.name, "peers", one) for one in kept]
    return found


URBANITY = {
    1: gettext_lazy("very urban"),
    2: gettext_lazy("urban"),
    3: gettext_lazy("moderately urban"),
    4: gettext_lazy("hardly urban"),
    5: gettext_lazy("not urban"),
}


def circles_for(viewer: Viewer, municipality_id: int | None) -> list[ComparisonGroup]:
    """Return the kring groups this reader may compare with, the newest first.

    Their own circles; for who sees everything, those of the municipality that is compared.
    """
    groups = ComparisonGroup.objects.filter(kind=ComparisonGroup.Kind.KRING).prefetch_related("municipalities")
    own = Q(pk__in=viewer.circles)
    if viewer.named == ALL and municipality_id is not None:
        own |= Q(municipalities=municipality_id)
    elif not viewer.circles:
        return []
    found = list(groups.filter(own).distinct().order_by("-pk"))
    # The circle in which the compared municipality itself sits comes first.
    if len(found) > 1 and municipality_id is not None:
        found.sort(key=lambda one: municipality_id not in members_of(one))
    return found


def seen_by(viewer: Viewer) -> list[ComparisonGroup]:
    """Return every group of peers of which this reader may have seen figures, the oldest first.

    What was changed or thrown away is among them: its figures cannot be unseen.
    """
    if viewer.user_id is None:
        return []
    kinds = ComparisonGroup.Kind
    mine = Q(kind=kinds.CHOSEN, owner_id=viewer.user_id) | Q(kind=kinds.FROZEN, circle__in=viewer.circles)
    return list(ComparisonGroup.objects.filter(mine).order_by("created_at", "pk").prefetch_related("municipalities"))


def circles() -> dict[int, frozenset[int]]:
    """Return the municipalities of every circle; they see each other's values. One query."""
    through = ComparisonGroup.municipalities.through.objects
    rows = through.filter(comparisongroup__kind=ComparisonGroup.Kind.KRING)
    found: dict[int, set[int]] = {}
    for group, municipality in rows.values_list("comparisongroup_id", "municipality_id"):
        found.setdefault(group, set()).add(municipality)
    return {group: frozenset(members) for group, members in found.items()}


def members_of(group: ComparisonGroup) -> set[int]:
    """Return the municipalities of a group that was fetched with them."""
    return {municipality.pk for municipality in group.municipalities.all()}


def preferred(viewer: Viewer, choices: list[Choice]) -> str:
    """Return the group to start with: the last one chosen, else the own kring, else everybody."""
    keys = [choice.key for choice in choices]
    if viewer.user_id is not None:
        last = GroupChoice.objects.filter(user_id=viewer.user_id).values_list("key", flat=True).first()
        if last in keys:
            return last
    return "kring" if "kring" in keys else DEFAULT


def resolve(  # noqa: PLR0913 — a group depends on all of these
    key: str,
    *,
    cube: Cube,
    viewer: Viewer,
    years: NDArray[np.int64],
    municipality_id: int | None,
    choices: list[Choice] | None = None,
    now: int | None = None,
) -> Group:
    """Return the group of a key.

    Args:
        key: from the address.
        cube: the figures, for the register.
        viewer: who asks.
        years: the Y years to resolve for.
        municipality_id: the municipality that is compared, if any.
        choices: `available(…)`, when it is at hand.
        now: the year whose boundaries count; None for those of each year.

    Raises:
        UnknownGroup: when the key names nothing this reader can use.
    """
    import numpy as np

    choices = available(viewer, municipality_id) if choices is None else choices
    choice = next((one for one in choices if one.key == key), None)
    if choice is None:
        why = ""
        if key in {"size", "province", "urbanity"}:
            why = _("This group needs a municipality to compare.")
        raise UnknownGroup(key, [one.key for one in choices], why)
    everybody = np.ones((len(cube.register.places), len(years)), dtype=bool)
    if choice.kind == "all":
        return Group(key, choice.label, everybody)
    if choice.group is not None:
        members = cube.register.mask(members_of(choice.group))
        return Group(key, choice.label, members[:, None] & everybody)
    if municipality_id is None or municipality_id not in cube.register.index:
        raise UnknownGroup(key, ["all"], _("This group needs a municipality to compare."))
    at = cube.register.index[municipality_id]
    if choice.kind == "province":
        province = cube.register.places[at].province
        name = _("municipalities in %(province)s") % {"province": province} if province else choice.label
        return Group(key, name, _in_province(cube, at)[:, None] & everybody)
    make = _size_group if choice.kind == "size" else _urbanity_group
    held = (choice.kind, at, years.tobytes(), now, get_language())
    found: Group = cube.remembered(held, lambda: make(cube, years, at, now))
    return found


def _in_province(cube: Cube, at: int) -> NDArray[np.bool_]:
    """Return M truth values: who is in the same province, the municipality itself included."""
    import numpy as np

    def make() -> NDArray[np.bool_]:
        province = cube.register.places[at].province
        same = np.array([bool(province) and place.province == province for place in cube.register.places])
        same[at] = True
        return same

    found: NDArray[np.bool_] = cube.remembered(("province", at), make)
    return found


def size_classes(cube: Cube, years: NDArray[np.int64], now: int | None = None) -> NDArray[np.int64]:
    """Return the size class of every municipality in every year, M × Y; -1 where it is not known."""
    import numpy as np

    inhabitants, _used = cube.inhabitants_in(years, now)
    classes = np.digitize(np.nan_to_num(inhabitants, nan=-1.0), sizes.BOUNDS)
    return np.where(np.isnan(inhabitants), -1, classes)


def _urbanity_group(cube: Cube, years: NDArray[np.int64], at: int, now: int | None) -> Group:
    """Return the municipalities that were as urban in each year."""
    import numpy as np

    del now  # nobody knows how urban a municipality would have been in other boundaries
    urbanity, used = cube.register.urbanity.nearest(years)
    members = urbanity == urbanity[at][None, :]
    name, note = _("municipalities that are as urban"), ""
    if not len(years) or np.isnan(urbanity[at]).all():
        members = np.zeros(urbanity.shape, dtype=bool)
        members[at] = True
        return Group("urbanity", name, members, _("How urban the municipality is, is not known."))
    known = int(urbanity[at][-1])
    name = _("municipalities that are %(urbanity)s") % {"urbanity": URBANITY[known]}
    other = sorted({int(of) for year, of in zip(years.tolist(), used[at].tolist(), strict=True) if year != of})
    if other:
        note = _("How urban they are is that of %(used)s.") % {"used": ", ".join(map(str, other))}
    return Group("urbanity", name, members, note)


def _size_group(cube: Cube, years: NDArray[np.int64], at: int, now: int | None) -> Group:
    """Return the municipalities that were in the same size class in each year."""
    import numpy as np

    if not len(years):
        return Group("size", _("municipalities of the same size"), np.zeros((len(cube.register.places), 0), dtype=bool))
    inhabitants, used = cube.inhabitants_in(years, now)
    if np.isnan(inhabitants[at]).all():
        members = np.zeros(inhabitants.shape, dtype=bool)
        members[at] = True
        return Group(
            "size", _("municipalities of the same size"), members, _("The number of inhabitants is not known.")
        )
    classes = size_classes(cube, years, now)
    members = classes == classes[at][None, :]
    last = int(classes[at][-1])
    name = _("municipalities with %(size)s") % {"size": sizes.label(last)}
    notes = []
    if len(set(classes[at].tolist())) > 1:
        notes.append(_("The size class is that of each year; it changed in this period."))
    other = [(int(year), int(of)) for year, of in zip(years, used[at], strict=True) if year != of]
    if other:
        notes.append(
            _("For %(years)s the inhabitants of %(used)s were used.")
            % {"years": ", ".join(str(year) for year, _of in other), "used": other[-1][1]}
        )
    return Group("size", name, members, " ".join(notes))


def inside(viewer: Viewer, cube: Cube) -> NDArray[np.bool_]:
    """Return M truth values: which municipalities sit in the reader's own circle, where nothing is suppressed."""
    return cube.register.mask(viewer.circle_members | viewer.own)


def hidden(viewer: Viewer, cube: Cube) -> NDArray[np.bool_]:
    """Return M truth values: whose values this reader may not see by name (open data apart)."""
    import numpy as np

    if viewer.named == ALL:
        return np.zeros(len(cube.register.places), dtype=bool)
    return ~cube.register.mask(viewer.named | viewer.own)
