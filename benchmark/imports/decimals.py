"""Texts that should be numbers: with a decimal comma or a decimal point, but one of them per column."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from benchmark.imports.reading import Column
from benchmark.imports.summary import Refusals

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# A whole column at once: numbers with a point, or nothing, one a line. Possessive, so that it fails fast.
_ONE = r"(?:[+-]?[0-9]{1,300}+(?:\.[0-9]{1,300}+)?+)?+"
PLAIN = re.compile(rf"{_ONE}(?:\n{_ONE})*+")
NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]{1,4})?")
GROUPED = re.compile(
    r"[+-]?[0-9]{1,3}(?:[. '][0-9]{3})+(?:,[0-9]+)?|[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|[+-]?[0-9]{1,3}(?:,[0-9]{3}){2,}"
)
CENSORED = re.compile(r"[<>≤≥]=?\s*[0-9.,]+")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]{2,4}")
THREE_DECIMALS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
FORMULA = ("=", "@")


class NumberColumn:
    """One column of numbers through a whole file; remembers where it first met a comma and a point."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.comma: tuple[int, str] | None = None
        self.point: tuple[int, str] | None = None
        self.only_three_decimals = True

    @property
    def found(self) -> str:
        """Return "comma", "point" or "whole"."""
        return "comma" if self.comma else "point" if self.point else "whole"

    @property
    def doubtful(self) -> bool:
        """Say whether every decimal could also be a thousand ("1.234"): worth a question."""
        return self.only_three_decimals and bool(self.comma or self.point)

    def parse(
        self, column: Column, rows: NDArray[np.int64], blank: NDArray[np.bool_], refusals: Refusals
    ) -> NDArray[np.float64]:
        """Return the numbers of a block's rows; NaN for an empty cell and for one that is refused.

        Args:
            column: the column of this block.
            rows: row numbers.
            blank: per distinct text whether it means "missing".
            refusals: takes what is not a number, once per row.
        """
        import numpy as np

        texts = ["" if empty else written for written, empty in zip(column.texts, blank, strict=True)]
        joined = "\n".join(texts)
        self._remember(texts, joined, column, rows)
        if joined.count("\n") == len(texts) - 1 and PLAIN.fullmatch(joined):
            numbers = np.array([float(written) if written else np.nan for written in texts], dtype=float)
            if not np.isinf(numbers).any():
                return numbers[column.codes]
        numbers = np.full(len(texts), np.nan)
        for place, written in enumerate(texts):
            if not written:
                continue
            number = float(written.replace(",", ".")) if NUMBER.fullmatch(written) else math.nan
            if math.isfinite(number):
                numbers[place] = number
                continue
            reason = why_not(written)
            for at in np.flatnonzero(column.codes == place):
                refusals.add(reason, row=int(rows[at]), column=column.title, value=written)
        return numbers[column.codes]

    def _remember(self, texts: list[str], joined: str, column: Column, rows: NDArray[np.int64]) -> None:
        """Note the first comma and the first point, and whether every decimal has three digits."""
        import numpy as np

        def first(place: int) -> tuple[int, str]:
            return int(rows[np.argmax(column.codes == place)]), texts[place]

        for place, written in enumerate(texts):
            wanted = (
                ("," in joined and not self.comma) or ("." in joined and not self.point) or self.only_three_decimals
            )
            if not wanted:
                return
            if not ("." in written or "," in written) or not NUMBER.fullmatch(written):
                continue
            if "," in written and not self.comma:
                self.comma = first(place)
            if "." in written and not self.point:
                self.point = first(place)
            if not THREE_DECIMALS.fullmatch(written):
                self.only_three_decimals = False

    def close(self, refusals: Refusals) -> None:
        """Refuse the column when it held both kinds of decimals, with a row of each."""
        if self.comma and self.point:
            reason = _(
                "Decimals with a comma (row %(comma_row)s: “%(comma)s”) and with a point (row %(point_row)s: "
                "“%(point)s”) stand in one column. Use one of the two."
            ) % {
                "comma_row": self.comma[0],
                "comma": self.comma[1],
                "point_row": self.point[0],
                "point": self.point[1],
            }
            later = max(self.comma, self.point)
            refusals.add(reason, row=later[0], column=self.title, value=later[1])


def why_not(written: str) -> str:  # noqa: PLR0911 — a list of reasons
    """Return the sentence that says why a text is not a usable number."""
    if CENSORED.fullmatch(written):
        return _("This is a bound, not a value. Leave the cell empty and give the reason “confidential”.")
    if written.startswith(FORMULA):
        return _("This is a formula; formulas are not computed. Put the value itself here.")
    if written.casefold().lstrip("+-") in {"nan", "inf", "infinity"} or NUMBER.fullmatch(written):
        return _("This number is not finite or too large to hold.")
    if GROUPED.fullmatch(written):
        return _("Thousands may not be separated here: write 1234,5 or 1234.5.")
    if written.endswith("%"):
        return _("Write the number without the percent sign.")
    if DATE.match(written):
        return _("Here stands a date where a number belongs. Did the spreadsheet turn the number into a date?")
    return _("Here stands text where a number belongs. Leave the cell empty when there is no value.")
