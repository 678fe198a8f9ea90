"""What a file is held against: the register of municipalities and the catalogue of indicators."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from benchmark.imports.judging import Unknown
from benchmark.imports.profiles import NewIndicators
from benchmark.imports.summary import ImportRefused
from benchmark.models import Indicator
from people.models import Municipality, MunicipalityYear
from people.municipalities import choose, code_index, name_index
from people.names import key
from people.tables import Refusal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# as the model has it (Indicator.code)
CODE_PATTERN = re.compile(r"[A-Za-z0-9_.]+")
CODE_LENGTH = 60
EVER = 9999
# More new indicators than this in one file are no indicators but a wrong column.
MOST_NEW = 2000


class Municipalities:
    """All municipalities as places in arrays, by code, by name and year."""

    def __init__(self) -> None:
        import numpy as np

        self.by_code = code_index()
        if not self.by_code:
            raise ImportRefused(
                [
                    Refusal(
                        _(
                            "The register of municipalities is empty, so no code can be checked. Fill it first with "
                            "“manage.py import_municipalities FILE”."
                        )
                    )
                ]
            )
        self.all = list(self.by_code.values())
        self.place = {each.pk: place for place, each in enumerate(self.all)}
        self.first = np.array([each.exists_from or 0 for each in self.all])
        self.until = np.array([each.exists_until or EVER for each in self.all])
        self._names: dict[int, Mapping[str, list[Municipality]]] = {}

    def of_code(self, code: str) -> int | None:
        """Return the place of a CBS code."""
        found = self.by_code.get(code)
        return None if found is None else self.place[found.pk]

    def of_name(self, name: str, year: int) -> int:
        """Return the place of the municipality that had this name in a year.

        Raises:
            Unknown: there is none, or more than one.
        """
        if year not in self._names:
            self._names[year] = name_index(year)
        index = self._names[year]
        try:
            return self.place[choose(name, year, index.get(key(name), [])).pk]
        except LookupError as problem:
            raise Unknown(
                str(problem), name, lambda: [each.name for found in index.values() for each in found]
            ) from problem

    def existed(self, places: NDArray[np.int64], years: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say for each pair whether the municipality existed on 1 January of the year."""
        existed: NDArray[np.bool_] = (self.first[places] <= years) & (years < self.until[places])
        return existed

    def inhabitants(self) -> dict[tuple[int, int], int]:
        """Return (place, year) → inhabitants, as far as they are known."""
        known = MunicipalityYear.objects.filter(inhabitants__isnull=False)
        return {
            (self.place[pk], year): count or 0
            for pk, year, count in known.values_list("municipality_id", "year", "inhabitants")
        }


@dataclass(slots=True)
class Known:
    """One indicator as a file is held against it; `pk` is None as long as it is only going to be made."""

    pk: int | None
    code: str
    name: str
    kind: str
    minimum: float | None
    maximum: float | None


class Indicators:
    """All indicators as places in arrays; new ones are added at the end."""

    def __init__(self, rules: NewIndicators) -> None:
        self.rules = rules
        self.new: list[Known] = []
        fields = ("pk", "code", "name", "kind", "minimum", "maximum")
        self.all = [Known(*row) for row in Indicator.objects.order_by("pk").values_list(*fields)]
        self.place = {each.code: place for place, each in enumerate(self.all)}

    def of_text(self, written: str) -> int:
        """Return the place of the indicator that a file means.

        Raises:
            Unknown: there is none, and this profile makes none.
        """
        code = self.rules.prefix + written
        if code in self.place:
            return self.place[code]
        if not written:
            raise Unknown(_("The code of the indicator is missing."))
        if not CODE_PATTERN.fullmatch(code) or len(code) > CODE_LENGTH:
            raise Unknown(
                _("A code has letters, digits, underscores and points, at most %(length)s.") % {"length": CODE_LENGTH}
            )
        if not self.rules.create:
            raise Unknown(_("There is no indicator “%(code)s”.") % {"code": code}, code, lambda: list(self.place))
        if len(self.new) >= MOST_NEW:
            raise Unknown(
                _("This file would make more than %(most)s new indicators. Is this the right column?")
                % {"most": MOST_NEW}
            )
        made = Known(None, code, self._name(written), self.rules.kind, None, None)
        self.new.append(made)
        self.all.append(made)
        self.place[code] = len(self.all) - 1
        return self.place[code]

    def _name(self, written: str) -> str:
        return self.rules.labels.get(written) or written.replace("_", " ").capitalize()

    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return lowest and highest possible value per indicator; infinite where there is none."""
        import numpy as np

        low = np.array([-np.inf if each.minimum is None else each.minimum for each in self.all], dtype=float)
        high = np.array([np.inf if each.maximum is None else each.maximum for each in self.all], dtype=float)
        return low, high
