"""The municipalities as the figures need them: the first axis of every array, their sizes, and what became of whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from people.models import Municipality, MunicipalityYear, Succession

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality as the figures need it."""

    id: int
    code: str
    name: str
    province: str
    exists_from: int | None
    exists_until: int | None

    def existed_in(self, year: int) -> bool:
        """Say whether the municipality existed on 1 January of `year`."""
        return (self.exists_from is None or self.exists_from <= year) and (
            self.exists_until is None or year < self.exists_until
        )


@dataclass(frozen=True, slots=True)
class Transfer:
    """A part of a municipality that went over into another one.

    Attributes:
        predecessor, successor: places on the axis.
        year: the first year in which the successor had it.
        share: 0–1 of the predecessor; None when it is not known.
    """

    predecessor: int
    successor: int
    year: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Yearly:
    """Something known of municipalities in some years.

    Attributes:
        years: the Y years for which anything is known, ascending.
        values: M × Y, NaN where unknown.
    """

    years: NDArray[np.int64]
    values: NDArray[np.float64]

    def nearest(self, years: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the values of other years; of the nearest known year where one is not known.

        Of two equally near years the earlier counts, as in `people.sizes`.

        Args:
            years: Y years.

        Returns:
            M × Y values (NaN where nothing is known at all), and M × Y the years they are of.
        """
        import numpy as np

        shape = (len(self.values), len(years))
        if not len(self.years) or not len(years):
            return np.full(shape, np.nan), np.zeros(shape, dtype=np.int64)
        distance = np.abs(self.years[None, :] - years[:, None]).astype(float)  # Y × known years
        far = np.where(np.isnan(self.values)[:, None, :], np.inf, distance[None, :, :])
        nearest = far.argmin(axis=2)
        return np.take_along_axis(self.values, nearest, axis=1), self.years[nearest]


@dataclass(frozen=True, slots=True)
class Register:
    """All municipalities, in the order of every array's first axis.

    Attributes:
        places: M municipalities, by id.
        index: municipality id → place on the axis.
        by_code: CBS code → municipality id.
        inhabitants: M × years.
        urbanity: M × years, 1 (very urban) to 5 (not).
        transfers: what went over into what, by year.
    """

    places: tuple[Place, ...]
    index: dict[int, int]
    by_code: dict[str, int]
    inhabitants: Yearly
    urbanity: Yearly
    transfers: tuple[Transfer, ...] = ()

    def place(self, municipality_id: int) -> Place:
        """Return one municipality."""
        return self.places[self.index[municipality_id]]

    def mask(self, ids: Iterable[int]) -> NDArray[np.bool_]:
        """Return M truth values: which municipalities are in `ids`."""
        import numpy as np

        found = np.zeros(len(self.places), dtype=bool)
        for pk in ids:
            if pk in self.index:
                found[self.index[pk]] = True
        return found

    def existing(self, years: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return M × Y truth values: which municipalities existed on 1 January of each year."""
        import numpy as np

        first = np.array([place.exists_from or 0 for place in self.places], dtype=np.int64)
        until = np.array([place.exists_until or 9999 for place in self.places], dtype=np.int64)
        return (first[:, None] <= years) & (years < until[:, None])


def load() -> Register:
    """Read the register; three queries."""
    import numpy as np

    places = tuple(
        Place(*row)
        for row in Municipality.objects.order_by("pk").values_list(
            "pk", "code", "name", "province", "exists_from", "exists_until"
        )
    )
    index = {place.id: at for at, place in enumerate(places)}
    known = list(MunicipalityYear.objects.values_list("municipality_id", "year", "inhabitants", "urbanity"))
    transfers = Succession.objects.order_by("year", "pk").values_list("predecessor_id", "successor_id", "year", "share")

    def yearly(column: int) -> Yearly:
        rows = [(row[0], row[1], row[column]) for row in known if row[column] is not None and row[0] in index]
        years = sorted({year for _, year, _ in rows})
        at_year = {year: at for at, year in enumerate(years)}
        values = np.full((len(places), len(years)), np.nan)
        for pk, year, value in rows:
            values[index[pk], at_year[year]] = value
        return Yearly(np.array(years, dtype=np.int64), values)

    return Register(
        places=places,
        index=index,
        by_code={place.code: place.id for place in places},
        inhabitants=yearly(2),
        urbanity=yearly(3),
        transfers=tuple(
            Transfer(index[old], index[new], year, None if share is None else float(share))
            for old, new, year, share in transfers
            if old in index and new in index
        ),
    )
