"""The words of the library in memory: which practice has a stem, and how much it says about it.

Why not ask the database's full-text index: with 10,000 practices a word that half of them use took 35–50 ms on SQLite
and 100–220 ms on PostgreSQL, because each match must be ranked and brought over before it can be counted for the reader.
Reading the same stems from arrays takes 1–5 ms on both, gives both the same order, and the sets that come out can be
cut with the sets of the catalogue. The database keeps its index too: Wagtail's search reads it, and so does the site
search for pages (`fulltext.py`).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodpractices.words import Term, stems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# BM25. The usual length is a constant: an average would change every weight with each new practice.
_K1 = 1.2
_B = 0.5
_USUAL_LENGTH = 400
_WEIGHT_BITS = 10
_WEIGHT_MASK = (1 << _WEIGHT_BITS) - 1
_SCALE = _WEIGHT_MASK / (_K1 + 1)
# What another form says, compared with the word itself.
_SYNONYM = 0.6
_COMPOUND = 0.4
_SPLIT = 0.5
_MOST_READINGS = 128  # words of which is kept where they stand; 80 kB each with 10,000 practices
_LONGEST = 40  # letters of a word that is looked at for its parts
_SHORTEST_PART = 4
# What looks like the second part of a compound and is only the ending of a word.
_ENDINGS = ("baar", "heid", "heden", "lijk", "lijks", "loos", "zaam", "schap", "achtig", "isch", "atie", "ier", "ing")
_LINKS = ("", "s", "e", "en", "n")


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Where a word stands: the set of positions, and for every position what it says there (0: nothing)."""

    bits: int
    scores: NDArray[np.float64]


class Postings:
    """For each stem the positions that have it, in rising order, each with its weight in the low ten bits.

    Positions are only ever added. A practice that changes gets a new position, and its old one is in no set any more;
    so a reader who still holds an older catalogue is not disturbed by what is added meanwhile.
    """

    def __init__(self) -> None:
        self._of: dict[str, array[int]] = {}
        # Stems in order, and backwards in order, as (number of stems, one, other): renewed when there are more.
        self._sorted: tuple[int, list[str], list[str]] = (0, [], [])
        self._relatives: tuple[int, dict[str, tuple[str, ...]]] = (0, {})
        # What was read for a word among so many positions. It never changes: what is added comes behind them.
        self._readings: dict[tuple[Term, int], Reading] = {}

    def add(self, position: int, stems: str) -> None:
        """Add the stems of one practice (text as made by `words.stem_text`) at a position beyond all others."""
        counted = Counter(stems.split())
        room = _K1 * (1 - _B + _B * counted.total() / _USUAL_LENGTH)
        base = position << _WEIGHT_BITS
        for stem, times in counted.items():
            weight = int(_SCALE * times * (_K1 + 1) / (times + room))
            found = self._of.get(stem)
            if found is None:
                found = self._of[stem] = array("L")
            found.append(base | max(1, weight))

    def _each(self, stem: str, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return positions and weights of a stem, up to the size of the reader's catalogue."""
        import numpy as np

        packed = np.array(self._of.get(stem, ()), dtype=np.int64)
        packed = packed[: int(np.searchsorted(packed, size << _WEIGHT_BITS))]
        return packed >> _WEIGHT_BITS, packed & _WEIGHT_MASK

    def _orders(self) -> tuple[list[str], list[str]]:
        """Return all stems in order, and all stems backwards in order."""
        known = self._sorted
        if known[0] != len(self._of):
            every = list(self._of)
            known = self._sorted = (len(every), sorted(every), sorted(stem[::-1] for stem in every))
        return known[1], known[2]

    def compounds(self, stem: str) -> tuple[str, ...]:
        """Return the stems of compounds with this stem as first or last part ("balie": "baliemedewerker")."""
        if not _SHORTEST_PART <= len(stem) <= _LONGEST:
            return ()
        if self._relatives[0] != len(self._of):
            self._relatives = (len(self._of), {})
        kept = self._relatives[1]
        if stem not in kept:
            forwards, backwards = self._orders()
            begins = [
                other
                for other in _beginning(forwards, stem)
                if len(other) >= len(stem) + _SHORTEST_PART and not other[len(stem) :].startswith(_ENDINGS)
            ]
            ends = [
                other[::-1] for other in _beginning(backwards, stem[::-1]) if len(other) >= len(stem) + _SHORTEST_PART
            ]
            kept[stem] = tuple(dict.fromkeys((*begins, *ends)))
        return kept[stem]

    def splits(self, word: str) -> list[tuple[str, str]]:
        """Return the ways in which a word falls apart in two that occur ("wachttijdnorm": "wachttijd", "norm")."""
        found = []
        for at in range(_SHORTEST_PART, min(len(word), _LONGEST) - _SHORTEST_PART + 1):
            tail = word[at:]
            if not any(stem in self._of for stem in stems(tail)):
                continue
            for link in _LINKS:
                head = word[:at].removesuffix(link) if link else word[:at]
                if (link and head == word[:at]) or len(head) < _SHORTEST_PART:
                    continue
                if any(stem in self._of for stem in stems(head)):
                    found.append((head, tail))
                    break
        return found

    def forms(self, term: Term) -> dict[str, float]:
        """Return the stems that stand for a word, each with what it says compared with the word itself."""
        forms = {stem: _COMPOUND for own in term.stems for stem in self.compounds(own)}
        forms |= dict.fromkeys(term.synonyms, _SYNONYM)
        forms |= dict.fromkeys(term.stems, 1.0)
        return forms

    def read(self, term: Term, size: int) -> Reading:
        """Return where a word, one of its synonyms, a compound with it or both its parts stand, and what that says.

        The word counts once, by the best of its forms; rare words count more. What was read is kept: who follows a
        facet or turns a page asks for the same words again.
        """
        import numpy as np

        key = term, size
        kept = self._readings.get(key)
        if kept is not None:
            return kept
        best = np.zeros(size)
        for stem, worth in self.forms(term).items():
            self._raise(best, stem, worth, size)
        for head, tail in self.splits(term.word):
            parts = [np.zeros(size), np.zeros(size)]
            for part, word in zip(parts, (head, tail), strict=True):
                for stem in stems(word):
                    self._raise(part, stem, _SPLIT, size)
            both = (parts[0] > 0) & (parts[1] > 0)
            np.maximum(best, np.where(both, parts[0] + parts[1], 0), out=best)
        bits = int.from_bytes(np.packbits(best > 0, bitorder="little").tobytes(), "little")
        if len(self._readings) >= _MOST_READINGS:
            self._readings.clear()
        made = self._readings[key] = Reading(bits, best)
        return made

    def having(self, term: Term, size: int) -> int:
        """Return the set of positions that have a word, one of its synonyms, a compound with it or both its parts."""
        return self.read(term, size).bits

    def matching(self, terms: Sequence[Term], size: int, *, every: bool) -> int:
        """Return the set of positions that have every word, or at least one."""
        sets = [self.having(term, size) for term in terms]
        if not sets:
            return 0
        found = sets[0]
        for other in sets[1:]:
            found = found & other if every else found | other
        return found

    def ranked(self, terms: Iterable[Term], member: bytes, most: int | None = None) -> list[int]:
        """Return the positions of a set (a byte each, `Catalogue.members`), the best first, later ones before earlier.

        Args:
            terms: the words.
            member: the set.
            most: how many are needed; all of them when it is left out.
        """
        import numpy as np

        scores = np.zeros(len(member))
        for term in terms:
            scores += self.read(term, len(member)).scores
        found = np.flatnonzero(np.frombuffer(member, dtype=np.uint8))
        if most is not None and most < len(found):
            worth = scores[found]
            # Whoever is level with the last of the best comes along: among equals the position decides.
            found = found[worth >= np.partition(worth, len(found) - most)[len(found) - most]]
        ordered: list[int] = found[np.lexsort((-found, -scores[found]))].tolist()
        return ordered if most is None else ordered[:most]

    def _raise(self, best: NDArray[np.float64], stem: str, worth: float, size: int) -> None:
        """Lift the scores of the positions that have a stem to what it says there."""
        import numpy as np

        positions, weights = self._each(stem, size)
        if not len(positions):
            return
        rarity = worth * np.log(1 + (size - len(positions) + 0.5) / (len(positions) + 0.5))
        best[positions] = np.maximum(best[positions], weights * rarity)


def _beginning(ordered: list[str], start: str) -> list[str]:
    """Return what begins with `start` in a list in order."""
    first = bisect_left(ordered, start)
    return ordered[first : bisect_left(ordered, start + "\uffff", first)]
