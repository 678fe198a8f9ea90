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
CENSORED = re.compile(r"(?P<sign>[<>]=?|≤|≥)\s*(?P<bound>[0-9]+(?:[.,][0-9]+)?)")
# A value of which only a bound is known; the place in this list is what a row keeps.
SIGNS = ("", "<", "<=", ">", ">=")
SIGN_OF = {"≤": "<=", "≥": ">="}
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]{2,4}")
THREE_DECIMALS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
THOUSANDS = {
    "comma": re.compile(r"[+-]?[0-9]{1,3}(?:[. '][0-9]{3})+(?:,[0-9]+)?"),
    "point": re.compile(r"[+-]?[0-9]{1,3}(?:[, '][0-9]{3})+(?:\.[0-9]+)?"),
}
FORMULA = ("=", "@")


class NumberColumn:
    """One column of numbers through a whole file; remembers where it first met a comma and a point."""

    def __init__(
        self,
        title: str,
        *,
        decimal: str = "",
        factor: float = 1.0,
        sentinels: tuple[float, ...] = (),
        bounds: bool = False,
    ) -> None:
        """Begin.

        Args:
            title: the column's name in the file.
            decimal: "comma" or "point" when somebody said so (the other mark then separates thousands), else "".
            factor: what the numbers are multiplied by afterwards.
            sentinels: numbers that mean "missing", as they stand in the file.
            bounds: whether "<=5" is taken for a bound; else it is refused.
        """
        self.title = title
        self.decimal = decimal
        self.factor = factor
        self.sentinels = sentinels
        self.bounds = bounds
        self.comma: tuple[int, str] | None = None
        self.point: tuple[int, str] | None = None
        self.only_three_decimals = True

    @property
    def found(self) -> str:
        """Return "comma", "point" or "whole"."""
        if self.decimal:
            return self.decimal
        return "comma" if self.comma else "point" if self.point else "whole"

    @property
    def doubtful(self) -> bool:
        """Say whether every decimal could also be a thousand ("1.234"): worth a question."""
        return not self.decimal and self.only_three_decimals and bool(self.comma or self.point)

    def parse(
        self, column: Column, rows: NDArray[np.int64], blank: NDArray[np.bool_], refusals: Refusals
    ) -> tuple[NDArray[np.float64], NDArray[np.int8] | None]:
        """Return the numbers of a block's rows; NaN for an empty cell and for one that is refused.

        The second array is per distinct text its place in `SIGNS`, or None when every text is a plain number; a
        bound stands among the numbers.

        Args:
            column: the column of this block.
            rows: row numbers.
            blank: per distinct text whether it means "missing".
            refusals: takes what is not a number, once per row.
        """
        import numpy as np

        texts = ["" if empty else written for written, empty in zip(column.texts, blank, strict=True)]
        wrong: dict[int, str] = {}
        if self.decimal:
            texts = [self._agreed(place, written, wrong) for place, written in enumerate(texts)]
        joined = "\n".join(texts)
        if not self.decimal:
            self._remember(texts, joined, column, rows)
        if not wrong and joined.count("\n") == len(texts) - 1 and PLAIN.fullmatch(joined):
            numbers = np.array([float(written) if written else np.nan for written in texts], dtype=float)
            if not np.isinf(numbers).any():
                return numbers[column.codes], None
        signs: NDArray[np.int8] | None = None
        numbers = np.full(len(texts), np.nan)
        for place, written in enumerate(texts):
            if not written or place in wrong:
                continue
            number = float(written.replace(",", ".")) if NUMBER.fullmatch(written) else math.inf
            if math.isfinite(number):
                numbers[place] = number
                continue
            bound = CENSORED.fullmatch(written) if self.bounds else None
            if bound is None:
                wrong[place] = why_not(column.texts[place])
                continue
            signs = np.zeros(len(texts), dtype=np.int8) if signs is None else signs
            signs[place] = SIGNS.index(SIGN_OF.get(bound["sign"], bound["sign"]))
            numbers[place] = float(bound["bound"].replace(",", "."))
        if wrong:
            self._refuse(wrong, column, rows, refusals)
        return numbers[column.codes], signs

    def _refuse(self, wrong: dict[int, str], column: Column, rows: NDArray[np.int64], refusals: Refusals) -> None:
        """Refuse the rows whose text is no number; of a long list only the first are put into words."""
        import numpy as np

        is_wrong = np.zeros(len(column.texts), dtype=bool)
        is_wrong[list(wrong)] = True
        places = np.flatnonzero(is_wrong[column.codes])
        kept = min(refusals.room, len(places))
        refusals.total += len(places) - kept
        for at in places[:kept]:
            reason = wrong[int(column.codes[at])]
            refusals.add(reason, row=int(rows[at]), column=column.title, value=column.at(int(at)))

    def _agreed(self, place: int, written: str, wrong: dict[int, str]) -> str:
        """Return a number as Python writes it, where somebody said which mark the decimals have."""
        decimal, other = (",", ".") if self.decimal == "comma" else (".", ",")
        if THOUSANDS[self.decimal].fullmatch(written):
            written = re.sub(rf"[{re.escape(other)} ']", "", written)
        elif other in written and NUMBER.fullmatch(written):
            wrong[place] = _("The decimals of this column are marked by “%(decimal)s”; here stands “%(other)s”.") % {
                "decimal": decimal,
                "other": other,
            }
        return written.replace(",", ".") if NUMBER.fullmatch(written) else written

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
        if self.comma and self.point and not self.decimal:
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
    if written.startswith("#"):
        return _("This cell holds an error of the spreadsheet. Correct it there and send the file again.")
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
