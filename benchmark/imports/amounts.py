"""What a row says: its numbers, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from benchmark.imports.decimals import SIGNS, NumberColumn
from benchmark.imports.judging import refuse
from benchmark.imports.profiles import NUMBERS, Profile
from benchmark.imports.reading import Block
from benchmark.imports.reference import Indicators, Known
from benchmark.imports.staging import REASONS
from benchmark.imports.summary import Refusals
from benchmark.models import Indicator, MissingReason

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from benchmark.imports.judging import Floats, Ints, Mask

MOST_ANSWERS = 2_147_483_647
Limits = tuple[float | None, float | None]
PERCENTAGES: Limits = (0.0, 100.0)
GRADES: Limits = (1.0, 10.0)
BELOW = (SIGNS.index("<"), SIGNS.index("<="))


@dataclass
class Numbers:
    """The number columns of one block.

    Attributes:
        of: field → numbers, NaN where there is none.
        blank: field → which cells mean "missing".
        censored: place in `SIGNS` where the value is only known to lie below or above a bound; None without any.
    """

    of: dict[str, Floats]
    blank: dict[str, Mask]
    censored: NDArray[np.int8] | None = None


class Amounts:
    """Reads the numbers of a file and remembers how they were written."""

    def __init__(self, profile: Profile, refusals: Refusals, inhabitants: dict[tuple[int, int], int]) -> None:
        """Begin.

        Args:
            profile: how to read the file.
            refusals: takes what is not usable.
            inhabitants: (place, year) → count, where the profile divides by them.
        """
        self.profile = profile
        self.refusals = refusals
        self.inhabitants = inhabitants
        self.main = "numerator" if profile.divide_by else "value"
        self.columns: dict[str, NumberColumn] = {}
        self.defaulted = 0
        self.did_not_exist = 0
        self.censored: list[str] = []
        self.censored_count = 0
        self._words = {"", *(word.casefold() for word in profile.texts)}

    def numbers(self, block: Block, good: Mask) -> Numbers:
        """Return the numbers of every number column, and which cells mean "missing"."""
        import numpy as np

        found = Numbers({}, {})
        for key in NUMBERS:
            if key not in block.columns:
                continue
            column = block.columns[key]
            parser = self._parser(key, column.title)
            empty = np.array([written.casefold() in self._words for written in column.texts])
            blank = empty[column.codes]
            numbers, signs = parser.parse(column, block.rows, empty, self.refusals)
            good &= blank | ~np.isnan(numbers)
            if parser.sentinels:
                missing = np.isin(numbers, parser.sentinels)
                numbers[missing] = np.nan
                blank |= missing
            if parser.factor != 1:
                numbers = numbers * parser.factor
            found.of[key], found.blank[key] = numbers, blank
            if signs is not None:
                self._note_censored(column.texts, signs, column.codes)
                found.censored = signs[column.codes]
        return found

    def _parser(self, key: str, title: str) -> NumberColumn:
        if title not in self.columns:
            style = self.profile.style_of(title)
            self.columns[title] = NumberColumn(
                title,
                decimal=style.decimal,
                factor=style.factor,
                sentinels=(*self.profile.sentinels, *style.sentinels),
                bounds=key == "value" and self.profile.censored,
            )
        return self.columns[title]

    def _note_censored(self, texts: list[str], signs: NDArray[np.int8], codes: Ints) -> None:
        import numpy as np

        self.censored_count += int((signs > 0)[codes].sum())
        if not self.censored:
            self.censored = [texts[place] for place in np.flatnonzero(signs)[:1]]

    def open_up(self, numbers: Numbers, reason: NDArray[np.int8]) -> None:
        """Turn "<=5" into what it says: no value, confidential, and at most 5."""
        import numpy as np

        signs = numbers.censored
        if signs is None:
            return
        hit, value = signs > 0, numbers.of["value"]
        below = hit & np.isin(signs, BELOW)
        for key, chosen in (("upper", below), ("lower", hit & ~below)):
            there = numbers.of.get(key)
            numbers.of[key] = np.where(chosen, value, np.nan if there is None else there)
        value[hit] = np.nan
        numbers.blank["value"] |= hit
        reason[hit & (reason == 0)] = REASONS.index(MissingReason.CONFIDENTIAL)

    def missing(self, block: Block, good: Mask, blank: Mask, reason: NDArray[np.int8], existed: Mask) -> None:
        """A row has a value or a reason; a value needs a municipality that existed."""
        refuse(
            self.refusals,
            block,
            good,
            "reason",
            ~blank & (reason != 0),
            _("This row has a value and a reason why there is none. Keep one of the two."),
        )
        municipalities = block.columns["municipality"]
        years = block.columns["year"]
        refuse(
            self.refusals,
            block,
            good,
            self.main,
            ~blank & ~existed,
            lambda at: (
                _("%(municipality)s did not exist in %(year)s, so it can have no value then.")
                % {"municipality": municipalities.at(at), "year": years.at(at)}
            ),
            shown="municipality",
        )
        unexplained = good & blank & (reason == 0)
        reason[unexplained & ~existed] = REASONS.index(MissingReason.DID_NOT_EXIST)
        reason[unexplained & existed] = REASONS.index(MissingReason.NOT_DELIVERED)
        self.did_not_exist += int((unexplained & ~existed).sum())
        self.defaulted += int((unexplained & existed).sum())

    def fit(self, block: Block, good: Mask, amounts: dict[str, Floats]) -> None:
        """Judge the numbers that go with a value. Comparisons with NaN are false, so what is absent passes."""
        import numpy as np

        def wrong(key: str, mask: Mask, reason: str) -> None:
            refuse(self.refusals, block, good, key, mask, reason)

        if "n" in amounts:
            n = amounts["n"]
            odd = (n < 0) | (n > MOST_ANSWERS) | (n != np.floor(n)) & ~np.isnan(n)
            wrong("n", odd, _("The number of answers is a whole number, 0 or more."))
        if "denominator" in amounts:
            wrong("denominator", amounts["denominator"] <= 0, _("A denominator must be more than 0."))
        if "lower" in amounts and "upper" in amounts:
            wrong("lower", amounts["lower"] > amounts["upper"], _("The lower bound is above the upper bound."))
        for key in ("lower", "upper"):
            if key in amounts and "value" in amounts:
                value = amounts["value"]
                outside = value < amounts[key] if key == "lower" else value > amounts[key]
                wrong(key, outside, _("The value lies outside its own bounds."))

    def values(  # noqa: PLR0913, PLR0917 — one row, all its parts
        self, block: Block, good: Mask, amounts: dict[str, Floats], municipality: Ints, year: Ints, blank: Mask
    ) -> Floats:
        """Return the values; where the profile divides, numerator and denominator are brought in order too."""
        import numpy as np

        if not self.profile.divide_by:
            return amounts["value"]
        numerator = amounts["numerator"] * self.profile.factor
        if self.profile.divide_by == "inhabitants":
            known = self.inhabitants
            pairs = zip(municipality.tolist(), year.tolist(), strict=True)
            denominator = np.array([known.get(pair, np.nan) for pair in pairs], dtype=float)
            refuse(
                self.refusals,
                block,
                good,
                "numerator",
                ~blank & np.isnan(denominator),
                lambda at: (
                    _("The register does not know the number of inhabitants in %(year)s.") % {"year": int(year[at])}
                ),
                shown="municipality",
            )
        else:
            denominator = amounts["denominator"]
            refuse(
                self.refusals,
                block,
                good,
                "denominator",
                ~blank & np.isnan(denominator),
                _("A denominator is needed here."),
            )
        denominator[blank] = np.nan
        amounts["numerator"], amounts["denominator"] = numerator, denominator
        with np.errstate(divide="ignore", invalid="ignore"):  # such rows are refused already
            value: Floats = numerator / denominator
        return value

    def in_bounds(self, block: Block, good: Mask, value: Floats, indicator: Ints, indicators: Indicators) -> None:
        """Refuse what the indicator cannot be: a percentage of 140, a grade of 11, a negative count."""
        low, high = indicators.bounds()
        outside = (value < low[indicator]) | (value > high[indicator])
        if outside.any():
            refuse(
                self.refusals,
                block,
                good,
                self.main,
                outside,
                lambda at: impossible(indicators.all[indicator[at]]),
            )

    def notes(self) -> list[str]:
        """Return what a person should know about how the numbers were understood."""
        told = []
        if self.defaulted:
            told.append(
                _("%(count)s empty values without a reason count as “not delivered”.") % {"count": self.defaulted}
            )
        if self.did_not_exist:
            told.append(
                _("%(count)s empty values are of municipalities that did not exist in that year.")
                % {"count": self.did_not_exist}
            )
        if self.censored_count:
            told.append(
                _("%(count)s values are only a bound, such as “%(written)s”: they are kept as that, without a value.")
                % {"count": self.censored_count, "written": self.censored[0]}
            )
        told += [
            _("In column %(column)s every decimal has three digits. Are these not thousands?")
            % {"column": column.title}
            for column in self.columns.values()
            if column.doubtful
        ]
        return told


def impossible(known: Known) -> str:
    """Return the sentence that says between which bounds an indicator lies."""
    limits = (known.minimum, known.maximum)
    facts = {"name": known.name, "low": known.minimum, "high": known.maximum}
    if known.kind == Indicator.Kind.PERCENTAGE and limits == PERCENTAGES:
        return _("A percentage lies between 0 and 100.")
    if known.kind == Indicator.Kind.GRADE and limits == GRADES:
        return _("A grade lies between 1 and 10.")
    if known.maximum is None:
        return _("“%(name)s” cannot be less than %(low)g.") % facts
    if known.minimum is None:
        return _("“%(name)s” cannot be more than %(high)g.") % facts
    return _("“%(name)s” lies between %(low)g and %(high)g.") % facts
