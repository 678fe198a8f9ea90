"""What a row is about: year, report, indicator and municipality."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from benchmark.imports.judging import Unknown, each_text, refuse
from benchmark.imports.profiles import Profile
from benchmark.imports.reading import Block
from benchmark.imports.reference import Indicators, Municipalities
from benchmark.imports.staging import Pool
from benchmark.imports.summary import Refusals
from people.municipalities import clean_code

if TYPE_CHECKING:
    from benchmark.imports.judging import Ints, Mask

YEAR = re.compile(r"[0-9]{4}")
CODE = re.compile(r"(?:GM)?\s*[0-9]{1,4}", re.IGNORECASE)
LOOKS_LIKE_CODE = re.compile(r"GM\S*\d", re.IGNORECASE)
REPORT = re.compile(r"[a-z0-9-]{1,12}")
FIRST_YEAR = 1980
YEARS_AHEAD = 5
BY_NAME = -2
# Each report is a text of its own in the database and in every chart; a file with more has the wrong column.
MOST_REPORTS = 200


class Subjects:
    """Resolves the four parts of a key, and remembers what it had to complete."""

    def __init__(self, profile: Profile, refusals: Refusals, only: frozenset[int] | None) -> None:
        """Load the register and the catalogue.

        Args:
            profile: how to read the file.
            refusals: takes what is not usable.
            only: ids of the municipalities that the sender may speak for; None for all.
        """
        self.profile = profile
        self.refusals = refusals
        self.only = only
        self.municipalities = Municipalities()
        self.indicators = Indicators(profile.indicator)
        self.reports = Pool()
        self.completed: dict[str, str] = {}
        self.last_year = timezone.localdate().year + YEARS_AHEAD

    def years(self, block: Block, good: Mask) -> Ints:
        """Return the years of the rows."""

        def judge(written: str) -> int:
            if not YEAR.fullmatch(written):
                raise Unknown(_("A year has four digits, such as 2009."))
            if not FIRST_YEAR <= int(written) <= self.last_year:
                raise Unknown(
                    _("A year lies between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": self.last_year}
                )
            return int(written)

        return each_text(self.refusals, block, good, "year", judge)

    def reports_of(self, block: Block, good: Mask, year: Ints) -> Ints:
        """Return the reports of the rows, as places in `reports`."""
        import numpy as np

        if "report" not in block.columns:
            return np.zeros(len(good), dtype=np.int64)
        pattern, kinds = self.profile.report_pattern, self.profile.report_kinds
        said: dict[str, int] = {}

        def judge(written: str) -> int:
            if pattern is None:
                if written and not REPORT.fullmatch(written):
                    raise Unknown(_("A report is a short word in small letters, such as begroting or jaarrekening."))
                if len(self.reports.texts) > MOST_REPORTS:
                    raise Unknown(
                        _("There are more than %(most)s different reports. Is this the right column?")
                        % {"most": MOST_REPORTS}
                    )
                return self.reports.place(written)
            match = pattern.fullmatch(written)
            kind = match["kind"] if match else ""
            if match is None or kind not in kinds:
                raise Unknown(_("This report is not known. Known are: %(kinds)s.") % {"kinds": ", ".join(kinds)})
            if "year" in pattern.groupindex:
                said[written] = int(match["year"])
            return self.reports.place(kinds[kind])

        found = each_text(self.refusals, block, good, "report", judge)
        if said:
            column = block.columns["report"]
            own_year = np.array([said.get(written, 0) for written in column.texts])[column.codes]
            refuse(
                self.refusals,
                block,
                good,
                "report",
                own_year != year,
                lambda at: _("The report is about another year than the row (%(year)s).") % {"year": int(year[at])},
            )
        return found

    def indicators_of(self, block: Block, good: Mask) -> Ints:
        """Return the indicators of the rows, as places in `indicators.all`."""
        return each_text(self.refusals, block, good, "indicator", self.indicators.of_text)

    def municipalities_of(self, block: Block, good: Mask, year: Ints) -> Ints:
        """Return the municipalities of the rows, as places in `municipalities.all`."""
        found = each_text(self.refusals, block, good, "municipality", self._code)
        if (found == BY_NAME).any():
            self._by_name(block, good, year, found)
        if self.only is not None:
            import numpy as np

            own = np.array([each.pk in self.only for each in self.municipalities.all])
            names = ", ".join(each.name for each in self.municipalities.all if each.pk in self.only)
            reason = _("You deliver figures for %(own)s only. Take the rows of other municipalities out.")
            refuse(self.refusals, block, good, "municipality", ~own[found], reason % {"own": names or "–"})
        return found

    def _code(self, written: str) -> int:
        if not written:
            raise Unknown(_("The code of the municipality is missing."))
        if not CODE.fullmatch(written):
            if LOOKS_LIKE_CODE.match(written):
                raise Unknown(_("A code is GM and four digits, such as GM0534."))
            return BY_NAME
        code = clean_code(written.replace(" ", ""))
        place = self.municipalities.of_code(code)
        if place is None:
            raise Unknown(
                _("The code “%(code)s” is not in the register of municipalities.") % {"code": code},
                code,
                lambda: list(self.municipalities.by_code),
            )
        if code != written:
            self.completed[written] = code
        return place

    def _by_name(self, block: Block, good: Mask, year: Ints, found: Ints) -> None:
        """Look names up in the year of their row, once per name and year."""
        import numpy as np

        column = block.columns["municipality"]
        named = np.flatnonzero((found == BY_NAME) & good)
        found[found == BY_NAME] = 0
        answers: dict[tuple[int, int], int | Unknown] = {}
        wrong: dict[int, Unknown] = {}
        for at, code, in_year in zip(named.tolist(), column.codes[named].tolist(), year[named].tolist(), strict=True):
            asked = (code, in_year)
            if asked not in answers:
                try:
                    answers[asked] = self.municipalities.of_name(column.texts[code], in_year)
                except Unknown as problem:
                    answers[asked] = problem
            answer = answers[asked]
            if isinstance(answer, Unknown):
                wrong[at] = answer
            else:
                found[at] = answer
        is_wrong = np.zeros(len(good), dtype=bool)
        is_wrong[list(wrong)] = True
        refuse(self.refusals, block, good, "municipality", is_wrong, lambda at: wrong[at].sentence())

    def notes(self) -> list[str]:
        """Return what was completed."""
        if not self.completed:
            return []
        written, code = next(iter(self.completed.items()))
        return [
            _("%(count)s codes were completed, such as “%(written)s” to %(code)s.")
            % {"count": len(self.completed), "written": written, "code": code}
        ]
