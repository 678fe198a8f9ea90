"""Is every row of a file usable? Looks at each distinct text once and spreads the verdict over the rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from benchmark.imports.decimals import NumberColumn
from benchmark.imports.profiles import NUMBERS, Profile
from benchmark.imports.reading import Block, Column, did_you_mean
from benchmark.imports.reference import Indicators, Municipalities
from benchmark.imports.staging import PUBLISHED, REASONS, STATUSES, Pool, Staged
from benchmark.imports.summary import Refusals
from benchmark.models import Indicator, MissingReason
from people.municipalities import clean_code

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

YEAR = re.compile(r"[0-9]{4}")
CODE = re.compile(r"(?:GM)?\s*[0-9]{1,4}", re.IGNORECASE)
LOOKS_LIKE_CODE = re.compile(r"GM\S*\d", re.IGNORECASE)
REPORT = re.compile(r"[a-z0-9-]{1,12}")
FIRST_YEAR = 1980
YEARS_AHEAD = 5
NOBODY, BY_NAME = -1, -2
SOURCE_LENGTH = 200
MOST_ANSWERS = 2_147_483_647
PROVISIONAL = "provisional"
PERCENTAGES, GRADES = (0, 100), (1, 10)


class Validation:
    """Validates a file block by block, and remembers what only the whole file can tell."""

    def __init__(self, profile: Profile, titles: dict[str, str], refusals: Refusals) -> None:
        """Load what the file is held against.

        Args:
            profile: how to read the file.
            titles: field → the column's name in this file.
            refusals: takes what is not usable.
        """
        self.profile = profile
        self.titles = titles
        self.refusals = refusals
        self.municipalities = Municipalities()
        self.indicators = Indicators(profile.indicator)
        self.reports = Pool()
        self.sources = Pool()
        self.numbers = {key: NumberColumn(title) for key, title in titles.items() if key in NUMBERS}
        self.inhabitants = self.municipalities.inhabitants() if profile.divide_by == "inhabitants" else {}
        self.completed: dict[str, str] = {}
        self.defaulted = 0
        self.did_not_exist = 0
        self.last_year = timezone.localdate().year + YEARS_AHEAD

    # ---- one block --------------------------------------------------------------------------------------------
    def block(self, block: Block) -> Staged:
        """Return the usable rows of a block; the others are refused."""
        import numpy as np

        good = np.ones(len(block.rows), dtype=bool)
        year = self._years(block, good)
        report = self._reports(block, good, year)
        indicator = self._indicators(block, good)
        municipality = self._municipalities(block, good, year)
        status, provisional = self._statuses(block, good)
        amounts, blank = self._amounts(block, good)
        reason = self._reasons(block, good)
        source = self._sources(block, good)
        existed = np.ones(len(good), dtype=bool)
        existed[good] = self.municipalities.existed(municipality[good], year[good])
        main = "numerator" if self.profile.divide_by else "value"
        self._missing(block, good, main, blank[main], reason, existed)
        self._numbers_fit(block, good, amounts)
        value = self._values(block, good, amounts, municipality, year, blank[main])
        self._bounds(block, good, value, indicator)
        staged = Staged(
            rows=block.rows,
            indicator=indicator.astype(np.int32),
            municipality=municipality.astype(np.int32),
            year=year.astype(np.int16),
            report=report.astype(np.int16),
            status=status,
            provisional=provisional,
            reason=reason,
            source=source,
            value=value,
            **{name: amounts.get(name) for name in NUMBERS if name != "value"},
        )
        return staged if good.all() else staged.take(good)

    def close(self) -> None:
        """Judge what only shows over the whole file."""
        for column in self.numbers.values():
            column.close(self.refusals)

    # ---- helpers ----------------------------------------------------------------------------------------------
    def _refuse(  # noqa: PLR0913 — where and why
        self, block: Block, good: Mask, key: str, wrong: Mask, reason: str | Callable[[int], str], *, shown: str = ""
    ) -> None:
        """Refuse the rows of `wrong` that were good so far, pointing at the column of `key`."""
        import numpy as np

        places = np.flatnonzero(wrong & good)
        if not len(places):
            return
        good[places] = False
        column = block.columns.get(shown or key)
        for place in places:
            if self.refusals.is_full:
                self.refusals.total += 1
                continue
            self.refusals.add(
                reason if isinstance(reason, str) else reason(int(place)),
                row=int(block.rows[place]),
                column=self.titles.get(shown or key, key),
                value=column.at(int(place)) if column else "",
            )

    def _each_text(self, block: Block, good: Mask, key: str, judge: Callable[[str], int]) -> Ints:
        """Return a number per row, from a judge that is asked once per distinct text.

        The judge raises LookupError with a sentence for what is not usable; such rows are refused and get 0.
        """
        import numpy as np

        column = block.columns[key]
        found = np.zeros(len(column.texts), dtype=np.int64)
        wrong: dict[int, str] = {}
        for place, written in enumerate(column.texts):
            try:
                found[place] = judge(written)
            except LookupError as problem:
                wrong[place] = str(problem.args[0])
        if wrong:
            bad = np.isin(column.codes, list(wrong))
            self._refuse(block, good, key, bad, lambda at: wrong[int(column.codes[at])])
        return found[column.codes]

    # ---- what a row is about ----------------------------------------------------------------------------------
    def _years(self, block: Block, good: Mask) -> Ints:
        def judge(written: str) -> int:
            if not YEAR.fullmatch(written):
                raise LookupError(_("A year has four digits, such as 2009."))
            if not FIRST_YEAR <= int(written) <= self.last_year:
                raise LookupError(
                    _("A year lies between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": self.last_year}
                )
            return int(written)

        return self._each_text(block, good, "year", judge)

    def _reports(self, block: Block, good: Mask, year: Ints) -> Ints:
        import numpy as np

        if "report" not in block.columns:
            return np.zeros(len(good), dtype=np.int64)
        pattern, kinds = self.profile.report_pattern, self.profile.report_kinds
        said: dict[str, int] = {}

        def judge(written: str) -> int:
            if pattern is None:
                if written and not REPORT.fullmatch(written):
                    raise LookupError(
                        _("A report is a short word in small letters, such as begroting or jaarrekening.")
                    )
                return self.reports.place(written)
            match = pattern.fullmatch(written)
            kind = match["kind"] if match else ""
            if match is None or kind not in kinds:
                raise LookupError(_("This report is not known. Known are: %(kinds)s.") % {"kinds": ", ".join(kinds)})
            if "year" in pattern.groupindex:
                said[written] = int(match["year"])
            return self.reports.place(kinds[kind])

        found = self._each_text(block, good, "report", judge)
        if said:
            column = block.columns["report"]
            own_year = np.array([said.get(written, 0) for written in column.texts])[column.codes]
            self._refuse(
                block,
                good,
                "report",
                own_year != year,
                lambda at: _("The report is about another year than the row (%(year)s).") % {"year": int(year[at])},
            )
        return found

    def _indicators(self, block: Block, good: Mask) -> Ints:
        return self._each_text(block, good, "indicator", self.indicators.of_text)

    def _municipalities(self, block: Block, good: Mask, year: Ints) -> Ints:

        def judge(written: str) -> int:
            if not written:
                raise LookupError(_("The code of the municipality is missing."))
            if not CODE.fullmatch(written):
                if LOOKS_LIKE_CODE.match(written):
                    raise LookupError(_("A code is GM and four digits, such as GM0534."))
                return BY_NAME
            code = clean_code(written.replace(" ", ""))
            place = self.municipalities.of_code(code)
            if place is None:
                raise LookupError(
                    _("The code “%(code)s” is not in the register of municipalities.") % {"code": code}
                    + did_you_mean(code, list(self.municipalities.by_code))
                )
            if code != written:
                self.completed[written] = code
            return place

        found = self._each_text(block, good, "municipality", judge)
        if (found == BY_NAME).any():
            self._by_name(block, good, year, found)
        return found

    def _by_name(self, block: Block, good: Mask, year: Ints, found: Ints) -> None:
        """Look names up in the year of their row, once per name and year."""
        import numpy as np

        column = block.columns["municipality"]
        named = np.flatnonzero((found == BY_NAME) & good)
        found[found == BY_NAME] = 0
        answers: dict[tuple[str, int], int | str] = {}
        for at in named.tolist():
            asked = (column.at(at), int(year[at]))
            if asked not in answers:
                try:
                    answers[asked] = self.municipalities.of_name(*asked)
                except LookupError as problem:
                    answers[asked] = str(problem.args[0])
            answer = answers[asked]
            if isinstance(answer, int):
                found[at] = answer
            else:
                one = np.zeros(len(good), dtype=bool)
                one[at] = True
                self._refuse(block, good, "municipality", one, answer)

    # ---- what a row says --------------------------------------------------------------------------------------
    def _statuses(self, block: Block, good: Mask) -> tuple[NDArray[np.int8], Mask]:
        import numpy as np

        if "status" not in block.columns:
            return np.full(len(good), PUBLISHED, dtype=np.int8), np.zeros(len(good), dtype=bool)
        known = [*STATUSES, PROVISIONAL]

        def judge(written: str) -> int:
            if written and written not in known:
                raise LookupError(
                    _("This status is not known. Known are: %(known)s.") % {"known": ", ".join(known)}
                    + did_you_mean(written, known)
                )
            return known.index(written) if written else PUBLISHED

        found = self._each_text(block, good, "status", judge)
        provisional = found == known.index(PROVISIONAL)
        return np.where(provisional, PUBLISHED, found).astype(np.int8), provisional

    def _reasons(self, block: Block, good: Mask) -> NDArray[np.int8]:
        import numpy as np

        if "reason" not in block.columns:
            return np.zeros(len(good), dtype=np.int8)

        def judge(written: str) -> int:
            if written not in REASONS:
                raise LookupError(
                    _("This reason is not known. Known are: %(known)s.") % {"known": ", ".join(REASONS[1:])}
                    + did_you_mean(written, REASONS[1:])
                )
            return REASONS.index(written)

        return self._each_text(block, good, "reason", judge).astype(np.int8)

    def _sources(self, block: Block, good: Mask) -> NDArray[np.int32]:
        import numpy as np

        if "source" not in block.columns:
            return np.zeros(len(good), dtype=np.int32)

        def judge(written: str) -> int:
            if len(written) > SOURCE_LENGTH:
                raise LookupError(_("A source has at most %(length)s characters.") % {"length": SOURCE_LENGTH})
            return self.sources.place(written)

        return self._each_text(block, good, "source", judge).astype(np.int32)

    def _amounts(self, block: Block, good: Mask) -> tuple[dict[str, Floats], dict[str, Mask]]:
        """Return the numbers of every number column, and which cells mean "missing"."""
        import numpy as np

        words = {"", *(word.casefold() for word in self.profile.texts)}
        amounts: dict[str, Floats] = {}
        blanks: dict[str, Mask] = {}
        for key, parser in self.numbers.items():
            column: Column = block.columns[key]
            empty = np.array([written.casefold() in words for written in column.texts])
            blank = empty[column.codes]
            numbers = parser.parse(column, block.rows, empty, self.refusals)
            good &= blank | ~np.isnan(numbers)
            if self.profile.sentinels:
                missing = np.isin(numbers, self.profile.sentinels)
                numbers[missing] = np.nan
                blank |= missing
            amounts[key], blanks[key] = numbers, blank
        return amounts, blanks

    def _missing(  # noqa: PLR0913, PLR0917 — one row, all its parts
        self, block: Block, good: Mask, main: str, blank: Mask, reason: NDArray[np.int8], existed: Mask
    ) -> None:
        """A row has a value or a reason; a value needs a municipality that existed."""
        self._refuse(
            block,
            good,
            "reason",
            ~blank & (reason != 0),
            _("This row has a value and a reason why there is none. Keep one of the two."),
        )
        municipalities = block.columns["municipality"]
        years = block.columns["year"]
        self._refuse(
            block,
            good,
            main,
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

    def _numbers_fit(self, block: Block, good: Mask, amounts: dict[str, Floats]) -> None:
        """Judge the numbers that go with a value. Comparisons with NaN are false, so what is absent passes."""
        import numpy as np

        if "n" in amounts:
            n = amounts["n"]
            wrong = (n < 0) | (n > MOST_ANSWERS) | (n != np.floor(n)) & ~np.isnan(n)
            self._refuse(block, good, "n", wrong, _("The number of answers is a whole number, 0 or more."))
        if "denominator" in amounts:
            self._refuse(
                block, good, "denominator", amounts["denominator"] <= 0, _("A denominator must be more than 0.")
            )
        if "lower" in amounts and "upper" in amounts:
            self._refuse(
                block,
                good,
                "lower",
                amounts["lower"] > amounts["upper"],
                _("The lower bound is above the upper bound."),
            )
        for key in ("lower", "upper"):
            if key in amounts and "value" in amounts:
                value = amounts["value"]
                outside = value < amounts[key] if key == "lower" else value > amounts[key]
                self._refuse(block, good, key, outside, _("The value lies outside its own bounds."))

    def _values(  # noqa: PLR0913, PLR0917 — one row, all its parts
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
            self._refuse(
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
            self._refuse(block, good, "denominator", ~blank & np.isnan(denominator), _("A denominator is needed here."))
        denominator[blank] = np.nan
        amounts["numerator"], amounts["denominator"] = numerator, denominator
        with np.errstate(divide="ignore", invalid="ignore"):  # such rows are refused already
            value: Floats = numerator / denominator
        return value

    def _bounds(self, block: Block, good: Mask, value: Floats, indicator: Ints) -> None:
        """Refuse what the indicator cannot be: a percentage of 140, a grade of 11, a negative count."""
        low, high = self.indicators.bounds()
        outside = (value < low[indicator]) | (value > high[indicator])
        if not outside.any():
            return

        def reason(at: int) -> str:
            known = self.indicators.all[indicator[at]]
            facts = {"name": known.name, "low": known.minimum, "high": known.maximum}
            limits = (known.minimum, known.maximum)
            if known.kind == Indicator.Kind.PERCENTAGE and limits == PERCENTAGES:
                return _("A percentage lies between 0 and 100.")
            if known.kind == Indicator.Kind.GRADE and limits == GRADES:
                return _("A grade lies between 1 and 10.")
            if known.maximum is None:
                return _("“%(name)s” cannot be less than %(low)g.") % facts
            if known.minimum is None:
                return _("“%(name)s” cannot be more than %(high)g.") % facts
            return _("“%(name)s” lies between %(low)g and %(high)g.") % facts

        self._refuse(block, good, "value" if "value" in block.columns else "numerator", outside, reason)

    # ---- afterwards -------------------------------------------------------------------------------------------
    def notes(self) -> list[str]:
        """Return what a person should know about how the file was understood."""
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
        if self.completed:
            written, code = next(iter(self.completed.items()))
            told.append(
                _("%(count)s codes were completed, such as “%(written)s” to %(code)s.")
                % {"count": len(self.completed), "written": written, "code": code}
            )
        told += [
            _("In column %(column)s every decimal has three digits. Are these not thousands?")
            % {"column": column.title}
            for column in self.numbers.values()
            if column.doubtful
        ]
        return told
