"""From a table to blocks of columns, with every distinct text of a column named once."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rapidfuzz import process

from benchmark.imports.profiles import Profile
from benchmark.imports.summary import Refusals
from people.tables import Refusal, Table, TableRefused, text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Rows that are in memory as text at one time.
BLOCK_ROWS = 20_000
# More rows than a spreadsheet holds, and as much as 200 MB of memory carry.
MOST_ROWS = 1_000_000
# How alike two spellings must be (of 100) to be suggested.
ALIKE = 70


def did_you_mean(written: str, known: list[str]) -> str:
    """Return " Did you mean “…”?" for the most alike of what is known, or nothing."""
    folded = {each.casefold(): each for each in known}
    found = process.extractOne(written.casefold(), list(folded), score_cutoff=ALIKE)
    return " " + _("Did you mean “%(name)s”?") % {"name": folded[found[0]]} if found else ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a block.

    Attributes:
        title: its name in the file.
        codes: for each row the place in `texts`.
        texts: the distinct cells as stripped text.
    """

    title: str
    codes: NDArray[np.int64]
    texts: list[str]

    def at(self, place: int) -> str:
        """Return the text of a row of the block."""
        return self.texts[self.codes[place]]


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a file.

    Attributes:
        rows: row numbers as a spreadsheet counts them.
        columns: field of the profile → column.
    """

    rows: NDArray[np.int64]
    columns: dict[str, Column]


def sha256_of(stream: IO[bytes]) -> str:
    """Return the fingerprint of a file and put it back at its beginning."""
    stream.seek(0)
    digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    stream.seek(0)
    return digest


def match_columns(table: Table, profile: Profile, refusals: Refusals) -> dict[str, int]:
    """Return field → place of its column; what is missing, double or unknown is refused by name.

    A column that the profile does not know is refused too: passed over in silence, a misspelled `status` would
    publish what was meant as a draft.
    """
    titles = [title.strip().casefold() for title in table.header]
    places: dict[str, int] = {}
    for key, names in _wanted(profile).items():
        found = [place for place, title in enumerate(titles) if title in {name.casefold() for name in names}]
        if len(found) > 1:
            refusals.add(
                _("This column stands in the file more than once. Keep one of them."),
                row=1,
                column=table.header[found[1]],
            )
        if found:
            places[key] = found[0]
    used = set(places.values())
    ignored = {title.casefold() for title in profile.ignore}
    unknown = [
        place
        for place, title in enumerate(titles)
        if place not in used and title not in ignored and not _is_double(place, titles)
    ]
    wanted = _wanted(profile)
    required = [*profile.required, *(wide_key(at) for at in range(len(profile.values)))]
    absent = [wanted[key][0] for key in required if key not in places and key not in profile.fixed]
    for name in absent:
        refusals.add(
            _("This column is missing. The file has: %(columns)s.") % {"columns": ", ".join(table.header)}
            + did_you_mean_column(name, [table.header[place] for place in unknown]),
            row=1,
            column=name,
        )
    spare = [names[0] for key, names in profile.columns.items() if key not in places]
    for place in unknown:
        title = table.header[place]
        refusals.add(
            _("This column is not known. Known are: %(columns)s.")
            % {"columns": ", ".join(names[0] for names in profile.columns.values())}
            + did_you_mean(title, spare),
            row=1,
            column=title or str(place + 1),
        )
    return places


def did_you_mean_column(name: str, titles: list[str]) -> str:
    """Return a hint when an unknown column looks like the missing one."""
    folded = {each.casefold(): each for each in titles}
    found = process.extractOne(name.casefold(), list(folded), score_cutoff=ALIKE)
    return " " + _("Is it the column “%(name)s”?") % {"name": folded[found[0]]} if found else ""


def _is_double(place: int, titles: list[str]) -> bool:
    return titles[place] in titles[:place]


def wide_key(at: int) -> str:
    """Return the name under which the values of one column of a wide file go."""
    return f"value {at}"


def _wanted(profile: Profile) -> dict[str, tuple[str, ...]]:
    """Return field → names of its column, the value columns of a wide file included."""
    return {**profile.columns, **{wide_key(at): (wide.column,) for at, wide in enumerate(profile.values)}}


def spread(block: Block, profile: Profile) -> Iterator[Block]:
    """Add what is the same in the whole file, and make a wide block long: one block per column of values."""
    import numpy as np

    nothing = np.zeros(len(block.rows), dtype=np.int64)
    columns = {key: Column(key, nothing, [written]) for key, written in profile.fixed.items()} | block.columns
    if not profile.values:
        yield Block(block.rows, columns)
        return
    common = {key: column for key, column in columns.items() if not key.startswith("value ")}
    for at, wide in enumerate(profile.values):
        values = columns[wide_key(at)]
        indicator = Column(values.title, nothing, [wide.indicator])
        yield Block(block.rows, {**common, "indicator": indicator, "value": values})


def blocks(table: Table, places: dict[str, int]) -> Iterator[Block]:
    """Yield the rows of a table in blocks of `BLOCK_ROWS`.

    The cells of a block are kept in one flat list: a list per row would keep Python's garbage collector busy for
    longer than all the rest takes.
    """
    import numpy as np

    width = len(table.header)
    is_text = table.kind.startswith("csv")
    rows = table.rows
    read = 0
    while True:
        numbers: list[int] = []
        flat: list[Any] = []
        for number, cells in itertools.islice(rows, BLOCK_ROWS):
            numbers.append(number)
            flat += cells
        if not numbers:
            return
        read += len(numbers)
        if read > MOST_ROWS:
            reason = _("A file may have at most %(most)s rows. Split it and send the parts.") % {"most": MOST_ROWS}
            raise TableRefused(Refusal(reason, sheet=table.sheet, row=numbers[MOST_ROWS - read + len(numbers)]))
        columns = {}
        for key, place in places.items():
            values = flat[place::width]
            if not is_text:
                values = [text(cell) for cell in values]
            # insertion order makes the first occurrence of a text its place
            places_of = {cell: at for at, cell in enumerate(dict.fromkeys(values))}
            codes = np.fromiter(map(places_of.__getitem__, values), dtype=np.int64, count=len(values))
            columns[key] = Column(table.header[place], codes, [each.strip() for each in places_of])
        yield Block(np.array(numbers), columns)
