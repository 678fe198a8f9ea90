"""Is every row of a file usable? One pass, block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from benchmark.imports.amounts import Amounts
from benchmark.imports.judging import Unknown, each_text, refuse
from benchmark.imports.profiles import Profile
from benchmark.imports.reading import Block
from benchmark.imports.scopes import EVERYBODY, Scope
from benchmark.imports.staging import REASONS, STATUSES, Pool, Staged
from benchmark.imports.subjects import Subjects
from benchmark.imports.summary import Refusals

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from benchmark.imports.judging import Mask

SOURCE_LENGTH = 200
PROVISIONAL = "provisional"


class Validation:
    """Validates a file block by block, and remembers what only the whole file can tell."""

    def __init__(self, profile: Profile, refusals: Refusals, scope: Scope = EVERYBODY) -> None:
        """Load what the file is held against.

        Args:
            profile: how to read the file.
            refusals: takes what is not usable.
            scope: for whom the sender may speak, and how far.
        """
        self.profile = profile
        self.refusals = refusals
        self.scope = scope
        self.subjects = Subjects(profile, refusals, scope.municipalities)
        self.municipalities = self.subjects.municipalities
        self.indicators = self.subjects.indicators
        self.reports = self.subjects.reports
        self.sources = Pool()
        by_inhabitants = profile.divide_by == "inhabitants"
        self.amounts = Amounts(profile, refusals, self.municipalities.inhabitants() if by_inhabitants else {})

    def block(self, block: Block) -> Staged:
        """Return the usable rows of a block; the others are refused."""
        import numpy as np

        good = np.ones(len(block.rows), dtype=bool)
        year = self.subjects.years(block, good)
        report = self.subjects.reports_of(block, good, year)
        indicator = self.subjects.indicators_of(block, good)
        municipality = self.subjects.municipalities_of(block, good, year)
        status, provisional = self._statuses(block, good)
        numbers = self.amounts.numbers(block, good)
        reason = self._reasons(block, good)
        source = self._sources(block, good)
        self.amounts.open_up(numbers, reason)
        existed = np.ones(len(good), dtype=bool)
        existed[good] = self.municipalities.existed(municipality[good], year[good])
        blank = numbers.blank[self.amounts.main]
        self.amounts.missing(block, good, blank, reason, existed)
        self.amounts.fit(block, good, numbers.of)
        value = self.amounts.values(block, good, numbers.of, municipality, year, blank)
        self.amounts.in_bounds(block, good, value, indicator, self.indicators)
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
            numerator=numbers.of.get("numerator"),
            denominator=numbers.of.get("denominator"),
            n=numbers.of.get("n"),
            lower=numbers.of.get("lower"),
            upper=numbers.of.get("upper"),
            censored=numbers.censored,
        )
        return staged if good.all() else staged.take(good)

    def close(self) -> None:
        """Judge what only shows over the whole file."""
        for column in self.amounts.columns.values():
            column.close(self.refusals)

    def in_words(self, staged: Staged, place: int) -> str:
        """Return which value a row is about: "GM0534 wac_balie_gem 2008"."""
        code = self.municipalities.all[staged.municipality[place]].code
        indicator = self.indicators.all[staged.indicator[place]].code
        report = self.reports.texts[staged.report[place]]
        return " ".join(filter(None, [code, indicator, str(staged.year[place]), report]))

    def notes(self) -> list[str]:
        """Return what a person should know about how the file was understood."""
        return [*self.amounts.notes(), *self.subjects.notes()]

    def _statuses(self, block: Block, good: Mask) -> tuple[NDArray[np.int8], Mask]:
        import numpy as np

        usual = STATUSES.index(self.scope.status)
        if "status" not in block.columns:
            return np.full(len(good), usual, dtype=np.int8), np.zeros(len(good), dtype=bool)
        known = [*STATUSES, PROVISIONAL]

        def judge(written: str) -> int:
            if written and written not in known:
                raise Unknown(
                    _("This status is not known. Known are: %(known)s.") % {"known": ", ".join(known)},
                    written,
                    lambda: known,
                )
            return known.index(written) if written else usual

        found = each_text(self.refusals, block, good, "status", judge)
        provisional = found == known.index(PROVISIONAL)
        found = np.where(provisional, usual, found)
        too_far = ~np.isin(found, [STATUSES.index(status) for status in self.scope.statuses])
        reason = _("You deliver figures as %(statuses)s; validating and publishing is done by somebody else.")
        refuse(self.refusals, block, good, "status", too_far, reason % {"statuses": ", ".join(self.scope.statuses)})
        return found.astype(np.int8), provisional

    def _reasons(self, block: Block, good: Mask) -> NDArray[np.int8]:
        import numpy as np

        if "reason" not in block.columns:
            return np.zeros(len(good), dtype=np.int8)

        def judge(written: str) -> int:
            if written not in REASONS:
                raise Unknown(
                    _("This reason is not known. Known are: %(known)s.") % {"known": ", ".join(REASONS[1:])},
                    written,
                    lambda: REASONS[1:],
                )
            return REASONS.index(written)

        return each_text(self.refusals, block, good, "reason", judge).astype(np.int8)

    def _sources(self, block: Block, good: Mask) -> NDArray[np.int32]:
        import numpy as np

        if "source" not in block.columns:
            return np.zeros(len(good), dtype=np.int32)

        def judge(written: str) -> int:
            if len(written) > SOURCE_LENGTH:
                raise Unknown(_("A source has at most %(length)s characters.") % {"length": SOURCE_LENGTH})
            return self.sources.place(written)

        return each_text(self.refusals, block, good, "source", judge).astype(np.int32)
