"""Size classes, as the benchmark uses them: half-open, so that exactly 25,000 has one place.

The class is that of the year itself. A year without a figure takes the nearest year that has one (of two equally
near the earlier), and says so: growing municipalities change class, and a figure for 2009 beside a class of 2017 is
only honest with that note.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Municipality, MunicipalityYear

BOUNDS = (25_000, 50_000, 100_000)
LABELS = (
    gettext_lazy("fewer than 25,000 inhabitants"),
    gettext_lazy("25,000 to 50,000 inhabitants"),
    gettext_lazy("50,000 to 100,000 inhabitants"),
    gettext_lazy("100,000 inhabitants or more"),
)


def size_class(inhabitants: int) -> int:
    """Return the class of a number of inhabitants: 0 for [0, 25000), 1, 2, and 3 for [100000, ∞).

    Raises:
        ValueError: for a negative number.
    """
    if inhabitants < 0:
        raise ValueError(f"A municipality cannot have {inhabitants} inhabitants.")
    return bisect_right(BOUNDS, inhabitants)


def label(index: int) -> str:
    """Return what people call a class."""
    return str(LABELS[index])


@dataclass(frozen=True)
class Size:
    """The size of one municipality in one year, and from which year the figure is."""

    year: int
    figure_year: int
    inhabitants: int

    @property
    def index(self) -> int:
        """The class, 0 to 3."""
        return size_class(self.inhabitants)

    @property
    def label(self) -> str:
        """What people call the class."""
        return label(self.index)

    @property
    def note(self) -> str:
        """Say so when the figure is of another year; else empty."""
        if self.figure_year == self.year:
            return ""
        return _("The register has no inhabitants for %(year)s; this is the size of %(figure_year)s.") % {
            "year": self.year,
            "figure_year": self.figure_year,
        }


def nearest(known: dict[int, int], year: int) -> Size | None:
    """Return the size in `year` from the inhabitants per known year, or None when no year is known."""
    if not known:
        return None
    chosen = min(known, key=lambda each: (abs(each - year), each))
    return Size(year, chosen, known[chosen])


def size_in(municipality: Municipality, year: int) -> Size | None:
    """Return the size of one municipality in a year (one query), or None when it is not known at all."""
    return sizes_in(year, [municipality]).get(municipality.pk)


def sizes_in(year: int, municipalities: Iterable[Municipality] | None = None) -> dict[int, Size]:
    """Return the sizes of many municipalities in a year by their primary key, in one query.

    Args:
        year: the year of the comparison.
        municipalities: which; by default all of the register. Those without any known figure are left out.
    """
    rows = _known() if municipalities is None else _known(municipality__in=list(municipalities))
    known: dict[int, dict[int, int]] = {}
    for pk, each, inhabitants in rows.values_list("municipality_id", "year", "inhabitants"):
        known.setdefault(pk, {})[each] = inhabitants or 0
    return {pk: size for pk, figures in known.items() if (size := nearest(figures, year)) is not None}


def _known(**where: Any) -> QuerySet[MunicipalityYear]:
    return MunicipalityYear.objects.filter(inhabitants__isnull=False, **where)
