"""How a column is judged: each distinct text once, the verdict spread over the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from benchmark.imports.reading import Block, did_you_mean
from benchmark.imports.summary import Refusals

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


class Unknown(LookupError):  # noqa: N818 — an answer, not a fault
    """A text is not usable; the hint is only worked out for refusals that somebody will read."""

    def __init__(self, reason: str, written: str = "", known: Callable[[], list[str]] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.written = written
        self.known = known

    def sentence(self) -> str:
        """Return the reason, with what was probably meant."""
        return self.reason + (did_you_mean(self.written, self.known()) if self.known else "")


def refuse(  # noqa: PLR0913, PLR0917 — where and why
    refusals: Refusals,
    block: Block,
    good: Mask,
    key: str,
    wrong: Mask,
    reason: str | Callable[[int], str],
    *,
    shown: str = "",
) -> None:
    """Refuse the rows of `wrong` that were good so far.

    Args:
        refusals: takes them.
        block: the rows.
        good: which rows are usable; changed in place.
        key: the field whose column is pointed at.
        wrong: which rows are not usable.
        reason: a sentence, or what makes one from a place in the block.
        shown: another field to point at.
    """
    import numpy as np

    places = np.flatnonzero(wrong & good)
    if not len(places):
        return
    good[places] = False
    column = block.columns.get(shown or key)
    kept = min(refusals.room, len(places))
    refusals.total += len(places) - kept
    for place in places[:kept]:
        refusals.add(
            reason if isinstance(reason, str) else reason(int(place)),
            row=int(block.rows[place]),
            column=column.title if column else key,
            value=column.at(int(place)) if column else "",
        )


def each_text(refusals: Refusals, block: Block, good: Mask, key: str, judge: Callable[[str], int]) -> Ints:
    """Return a number per row, from a judge that is asked once per distinct text.

    The judge raises `Unknown` for what is not usable; such rows are refused and get 0.
    """
    import numpy as np

    column = block.columns[key]
    found = np.zeros(len(column.texts), dtype=np.int64)
    wrong: dict[int, Unknown] = {}
    for place, written in enumerate(column.texts):
        try:
            found[place] = judge(written)
        except Unknown as problem:
            wrong[place] = problem
    if wrong:
        is_wrong = np.zeros(len(column.texts), dtype=bool)
        is_wrong[list(wrong)] = True
        refuse(
            refusals,
            block,
            good,
            key,
            is_wrong[column.codes],
            lambda at: wrong[int(column.codes[at])].sentence(),
        )
    return found[column.codes]
