"""Which one number stands for a group: its median or one of two means, each by its full name."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext as _

from benchmark.series import Row


class Statistic(StrEnum):
    """The number that stands for a group."""

    MEDIAN = "median"
    MEAN = "mean"
    WEIGHTED = "weighted"

    @classmethod
    def of(cls, code: str) -> Statistic:
        """Return the statistic of a code from an address; the median for anything else."""
        return cls(code) if code in set(cls) else cls.MEDIAN

    @property
    def label(self) -> str:
        """The name in a form, a title or at the end of a line."""
        return {
            Statistic.MEDIAN: _("median"),
            Statistic.MEAN: _("mean"),
            Statistic.WEIGHTED: _("weighted mean"),
        }[self]

    @property
    def explained(self) -> str:
        """What it is, in one sentence."""
        return {
            Statistic.MEDIAN: _("The median is the municipality in the middle: half lie below it, half above."),
            Statistic.MEAN: _(
                "The mean counts every municipality once, large or small; one very high value pulls it up."
            ),
            Statistic.WEIGHTED: _("The weighted mean counts every inhabitant once, so large municipalities decide it."),
        }[self]

    def of_row(self, row: Row) -> float | None:
        """Return it for one year."""
        return {
            Statistic.MEDIAN: row.median,
            Statistic.MEAN: row.mean,
            Statistic.WEIGHTED: row.weighted_mean,
        }[self]
